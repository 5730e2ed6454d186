/** The reports as files of the output folder. Each is a function of the one result. */
import path from 'node:path';
import type { ReportKind } from '../host.ts';
import type { RunRequest } from '../options/run-request.ts';
import type { OutputFolder } from '../pipeline/output-folder.ts';
import { fusegateEnvironment } from './environment-file.ts';
import { renderJUnit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';
import type { FusegateResult } from './result.ts';

interface ReportFile {
  kind: ReportKind;
  file: string;
  render(result: FusegateResult, request: RunRequest): string;
}

/** The reports of this version, in the order in which they are written. */
const REPORTS: readonly ReportFile[] = [
  {
    kind: 'markdown',
    file: 'fusegate-summary.md',
    render: (result, { gate }) => renderMarkdown(result, { detail: gate.detail }),
  },
  {
    kind: 'junit',
    file: 'fusegate-junit.xml',
    render: (result, { gate }) => renderJUnit(result, { detail: gate.detail }),
  },
];

/** @returns kind and path of the reports that a run writes */
export function reportFiles(folder: OutputFolder, request: RunRequest): Array<{ kind: ReportKind; path: string }> {
  return REPORTS.filter((report) => request.output.reports.includes(report.kind)).map(({ kind, file }) => ({
    kind,
    path: path.join(folder.dir, file),
  }));
}

/** @throws FusegateError output.unwritable */
export async function writeReports(folder: OutputFolder, result: FusegateResult, request: RunRequest): Promise<void> {
  for (const report of REPORTS) {
    if (!request.output.reports.includes(report.kind)) continue;
    await folder.write(report.file, report.render(result, request));
  }
  await folder.write('private/fusegate.env', fusegateEnvironment(result, folder));
}
