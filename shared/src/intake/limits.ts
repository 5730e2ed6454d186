/** Deadlines, repeats and pauses, and the rules between them. Pure. */

import { defined } from '../model/defined.ts';
import type { Limits } from '../model/run-request.ts';
import type { ParsedOptions } from '../options/parse-options.ts';
import type { InputProblem } from '../options/problem.ts';
import { formatDuration } from '../text/parse-duration.ts';

const PHASES = ['upload-timeout', 'analysis-timeout', 'build-timeout', 'sign-timeout', 'download-timeout'] as const;

export function limitsOf(options: ParsedOptions): { limits: Limits; problems: InputProblem[]; notices: string[] } {
  const problems: InputProblem[] = [];
  const limits: Limits = {
    run: options.get('timeout') ?? 0,
    connect: options.get('connect-timeout') ?? 0,
    stall: options.get('stall-timeout') ?? 0,
    upload: options.get('upload-timeout') ?? 0,
    analysis: options.get('analysis-timeout') ?? 0,
    build: options.get('build-timeout') ?? 0,
    sign: options.get('sign-timeout') ?? 0,
    download: options.get('download-timeout') ?? 0,
    ...defined({ retries: options.get('retries') }),
    pollMin: options.get('poll-min') ?? 0,
    pollMax: options.get('poll-max') ?? 0,
  };
  // A pause that was set alone moves the other one's default with it.
  const minGiven = options.origin('poll-min') !== undefined;
  const maxGiven = options.origin('poll-max') !== undefined;
  if (limits.pollMin > limits.pollMax && !options.failed('poll-min') && !options.failed('poll-max')) {
    if (minGiven && maxGiven) {
      const value = `${formatDuration(limits.pollMin)} > ${formatDuration(limits.pollMax)}`;
      const max = options.name('poll-max');
      problems.push(options.problemWith('poll-min', `is longer than ${max}`, `at most the value of ${max}`, value));
    } else if (minGiven) limits.pollMax = limits.pollMin;
    else limits.pollMin = limits.pollMax;
  }
  const whole = `the deadline of the whole run (timeout ${formatDuration(limits.run)})`;
  const notices = PHASES.filter(
    (id) => options.origin(id) && (options.get(id) ?? 0) > limits.run && limits.run > 0,
  ).map((id) => `${options.name(id)} is longer than ${whole}, which comes first.`);
  return { limits, problems, notices };
}
