/** The reports as files of the output folder. Each is a function of the one result. */
import { access, rm } from 'node:fs/promises';
import path from 'node:path';
import type { OutputFolder } from '../files/output-folder.ts';
import { ARCHIVE_FILES, VARIABLE_FILES } from '../files/output-paths.ts';
import type { ReportKind } from '../model/host.ts';
import type { FusegateResult } from '../model/result.ts';
import type { RunRequest } from '../model/run-request.ts';
import { renderHtml } from './html/render-html.ts';
import { attestationOf } from './in-toto.ts';
import { renderJUnit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';
import { outputVariables } from './outputs.ts';
import { renderSarif } from './sarif.ts';
import { type DetailOption, shownTo } from './withhold-names.ts';

interface ReportFile {
  kind: ReportKind;
  file: string;
  /** @returns undefined if this result has no such report */
  render(result: FusegateResult, option: DetailOption): string | undefined;
}

/** In the order in which they are written: what states the verdict to others comes last. */
const REPORTS: readonly ReportFile[] = [
  { kind: 'markdown', file: 'fusegate-summary.md', render: renderMarkdown },
  { kind: 'junit', file: 'fusegate-junit.xml', render: renderJUnit },
  { kind: 'html', file: 'fusegate-report.html', render: renderHtml },
  // CI systems start a job's step in the repository's folder.
  {
    kind: 'sarif',
    file: 'fusegate.sarif',
    render: (result, { detail }) => renderSarif(result, { detail, root: process.cwd() }),
  },
  { kind: 'statement', file: 'fusegate-predicate.json', render: statementText('predicate') },
  { kind: 'statement', file: 'fusegate-statement.json', render: statementText('statement') },
];

/** What a rule's author wrote may name the app's protections. */
function statementText(part: 'predicate' | 'statement'): ReportFile['render'] {
  return (result, option) => {
    const attestation = attestationOf(shownTo(result, option));
    if ('refused' in attestation) return undefined;
    const { statement } = attestation;
    return `${JSON.stringify(part === 'predicate' ? statement.predicate : statement, null, 2)}\n`;
  };
}

function wanted(request: RunRequest): ReportFile[] {
  return REPORTS.filter((report) => request.output.reports.includes(report.kind));
}

/** @returns kind and path of the reports that are now in the folder */
export async function reportFiles(
  folder: OutputFolder,
  request: RunRequest,
): Promise<Array<{ kind: ReportKind; path: string }>> {
  const found: Array<{ kind: ReportKind; path: string }> = [];
  for (const { kind, file } of wanted(request)) {
    const report = { kind, path: path.join(folder.dir, file) };
    const written = await access(report.path).then(
      () => true,
      () => false,
    );
    if (written) found.push(report);
  }
  return found;
}

/** Why a requested statement was not written; undefined if it was written or not requested. */
export function refusedStatement(result: FusegateResult, request: RunRequest): string | undefined {
  if (!request.output.reports.includes('statement')) return undefined;
  const attestation = attestationOf(result);
  return 'refused' in attestation ? `No in-toto statement was written: ${attestation.refused}.` : undefined;
}

/** @throws FusegateError output.unwritable */
export async function writeReports(folder: OutputFolder, result: FusegateResult, request: RunRequest): Promise<void> {
  for (const report of wanted(request)) {
    const text = report.render(result, request.gate);
    if (text !== undefined) await folder.write(report.file, text);
  }
  const variables = outputVariables(result, folder, request);
  for (const file of VARIABLE_FILES) await folder.write(file, variables[file]);
}

/**
 * Replaces reports that contradict the result. First they are removed, so that none is left that says PASSED; then those of this result are
 * written, unless the disk refuses. The pages of an archive are not written again. Never throws.
 */
export async function rewriteReports(folder: OutputFolder, result: FusegateResult, request: RunRequest): Promise<void> {
  const files = [...REPORTS.map(({ file }) => file), ...ARCHIVE_FILES, ...VARIABLE_FILES];
  for (const file of files) await rm(path.join(folder.dir, file), { force: true }).catch(() => {});
  await writeReports(folder, result, request).catch(() => {});
}
