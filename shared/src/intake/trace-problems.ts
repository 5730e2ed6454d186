/** The edge of `--trace`: where it would replace something other than an earlier trace. */
import { relative, sep } from 'node:path';
import { JOURNAL_FILE, LOCK_FILE, OWN_FILES, outputNamesOf, ownApps } from '../files/output-paths.ts';
import { whatIsAt } from '../files/trace-file.ts';
import type { RunRequest } from '../model/run-request.ts';
import type { ParsedOptions } from '../options/parse-options.ts';
import { type InputProblem, shownValue } from '../options/problem.ts';

/** The inputs of the run exist and are not traces, so they are refused as well. */
export async function traceProblems(
  options: ParsedOptions,
  request: Pick<RunRequest, 'trace' | 'durations' | 'output' | 'app' | 'sign'>,
): Promise<InputProblem[]> {
  const { trace } = request;
  if (trace === undefined) return [];
  const problem = (message: string) => [
    options.problemWith('trace', message, 'a new file, or the trace of an earlier run', shownValue(trace)),
  ];
  if ((await whatIsAt(trace)) === 'other') return problem('is there already and is not a trace, so it is not replaced');
  if (trace === request.durations) return problem(`is the same file as ${options.name('durations')}`);
  return isOutput(trace, request) ? problem('is where the run puts another of its files') : [];
}

/** What is written later in the run would be in the way of the trace; and after a red run a trace must not lie in the app's place. */
function isOutput(trace: string, request: Pick<RunRequest, 'output' | 'app' | 'sign'>): boolean {
  const name = relative(request.output.dir, trace).split(sep).join('/').toLowerCase();
  const own = ['', ...OWN_FILES, JOURNAL_FILE, LOCK_FILE, ...ownApps(outputNamesOf(request))];
  return own.some((each) => each.toLowerCase() === name);
}
