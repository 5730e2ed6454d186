/** The reports as files of the output folder. Each is a function of the one result. */
import { access, rm } from 'node:fs/promises';
import path from 'node:path';
import type { OutputFolder } from '../files/output-folder.ts';
import { ARCHIVE_FILES, VARIABLE_FILES } from '../files/output-paths.ts';
import type { ReportKind } from '../model/host.ts';
import type { FusegateResult } from '../model/result.ts';
import type { GateRequest, OutputRequest } from '../model/run-request.ts';
import { outputVariables } from '../report/outputs.ts';
import { REPORTS, type ReportFile } from '../report/report-files.ts';
import type { RunContext } from './build-result.ts';
import { reportPlace } from './report-place.ts';

/** What a request says about its reports. */
export interface Reporting {
  gate: Pick<GateRequest, 'detail'>;
  output: Pick<OutputRequest, 'reports'>;
}

function wanted({ reports }: Reporting['output']): ReportFile[] {
  return REPORTS.filter(({ kind }) => reports.includes(kind));
}

/** @returns kind and path of the reports that are now in the folder */
export async function reportFiles(
  folder: OutputFolder,
  output: Reporting['output'],
): Promise<Array<{ kind: ReportKind; path: string }>> {
  const found: Array<{ kind: ReportKind; path: string }> = [];
  for (const { kind, file } of wanted(output)) {
    const report = { kind, path: path.join(folder.dir, file) };
    const written = await access(report.path).then(
      () => true,
      () => false,
    );
    if (written) found.push(report);
  }
  return found;
}

/** @throws FusegateError output.unwritable */
export async function writeReports(
  folder: OutputFolder,
  result: FusegateResult,
  { gate, output }: Reporting,
  context: Pick<RunContext, 'root' | 'jobFile'>,
): Promise<void> {
  const place = await reportPlace(result, context, folder.dir);
  const reports = wanted(output).map(
    ({ file, render }) => [file, render(result, { detail: gate.detail, ...place })] as const,
  );
  const variables = outputVariables(result, { dir: folder.dir, reports: output.reports });
  const texts = [...reports, ...Object.entries(variables)];
  const writing = texts.map(([file, text]) => text !== undefined && folder.write(file, text));
  // Throws only once no file is being written, since `rewriteReports` removes those that contradict the result.
  const failed = (await Promise.allSettled(writing)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

/**
 * Replaces reports that contradict the result. First they are removed, so that none is left that says PASSED; then those of this result are
 * written, unless the disk refuses. The pages of an archive are not written again. Never throws.
 */
export async function rewriteReports(
  folder: OutputFolder,
  result: FusegateResult,
  request: Reporting,
  context: Pick<RunContext, 'root' | 'jobFile'>,
): Promise<void> {
  const files = [...REPORTS.map(({ file }) => file), ...ARCHIVE_FILES, ...VARIABLE_FILES];
  for (const file of files) await rm(path.join(folder.dir, file), { force: true }).catch(() => {});
  await writeReports(folder, result, request, context).catch(() => {});
}
