/** What later steps take from a run: the outputs, and the same in files. */
import path from 'node:path';
import { RESULT_FILE, type VARIABLE_FILES } from '../files/output-paths.ts';
import { OUTPUT_NAMES, type OutputName } from '../model/host.ts';
import type { FusegateResult } from '../model/result.ts';
import type { OutputRequest } from '../model/run-request.ts';
import { shellWord } from '../text/shell-word.ts';
import { withoutLineBreaks } from '../text/white-space.ts';

/** The outputs of a run: always every name, empty if there is no value, so that a later step never sees a stale one. */
export function outputsOf(
  result: FusegateResult,
  { dir, reports }: Pick<OutputRequest, 'dir' | 'reports'>,
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
    result: path.join(dir, RESULT_FILE),
    'report-html': reports.includes('html') ? path.join(dir, 'fusegate-report.html') : undefined,
    sha256: app?.sha256,
  };
  return Object.fromEntries(OUTPUT_NAMES.map((name) => [name, values[name] ?? ''])) as Record<OutputName, string>;
}

/**
 * The outputs as variables in `private/`, in two forms: a POSIX shell sources `fusegate.env`; CI systems read `fusegate.dotenv` as a dotenv
 * report, where quotes would be part of the value. A line break inside a value becomes a blank, since neither form can hold one everywhere.
 */
export function outputVariables(
  result: FusegateResult,
  output: Pick<OutputRequest, 'dir' | 'reports'>,
): Record<(typeof VARIABLE_FILES)[number], string> {
  const pairs = Object.entries(outputsOf(result, output)).map(
    ([name, value]) => [name.replace(/-/g, '_').toUpperCase(), withoutLineBreaks(value)] as const,
  );
  const linesOf = (form: (value: string) => string) =>
    pairs.map(([name, value]) => `${name}=${form(value)}\n`).join('');
  return {
    'private/fusegate.env': linesOf((value) => (value === '' ? '' : shellWord(value))),
    'private/fusegate.dotenv': linesOf((value) => value),
  };
}
