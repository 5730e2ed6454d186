import path from 'node:path';
import type { OutputFolder } from '../files/output-folder.ts';
import { OUTPUT_NAMES, type OutputName } from '../model/host.ts';
import type { FusegateResult } from '../model/result.ts';
import type { RunRequest } from '../model/run-request.ts';

/** The outputs of a run: always every name, empty if there is no value, so that a later step never sees a stale one. */
export function outputsOf(
  result: FusegateResult,
  folder: OutputFolder,
  request: RunRequest,
): Record<OutputName, string> {
  const file = (role: FusegateResult['files'][number]['role']) => result.files.find((each) => each.role === role);
  // The app that its owner signed is what ships; the run's own file is only its source then.
  const app = file('signed-app') ?? file('protected-app');
  const values: Partial<Record<OutputName, string | undefined>> = {
    'app-id': result.ids.appId,
    'build-id': result.ids.buildId,
    'protected-app': app?.path,
    'rejected-app': file('rejected-app')?.path,
    'second-output': result.exitCode === 0 ? file('second-output')?.path : undefined,
    'deobfuscation-map': file('deobfuscation-map')?.path,
    'certificate-json': file('certificate-json')?.path,
    'certificate-pdf': file('certificate-pdf')?.path,
    verdict: result.verdict,
    'missing-features': result.missingFeatures.join(','),
    result: path.join(folder.dir, 'fusegate-result.json'),
    'report-html': request.output.reports.includes('html') ? path.join(folder.dir, 'fusegate-report.html') : undefined,
    sha256: app?.sha256,
  };
  return Object.fromEntries(OUTPUT_NAMES.map((name) => [name, values[name] ?? ''])) as Record<OutputName, string>;
}
