/** Problems with the options, where the system of the job shows problems: one of its own for each. Standard error has them, too. */
import type { AdapterEnd } from '@fusegate/shared/adapter/run-adapter';
import type { JobLog } from '@fusegate/shared/options/job-log';

type Refused = Required<Pick<AdapterEnd, 'exitCode' | 'refused'>>;

/** @returns lines for standard output; none where the system shows problems only of what a job has written, or none at all */
export function refusalLines({ annotation, failure, mostErrors }: JobLog, { exitCode, refused }: Refused): string[] {
  const { title } = refused;
  const lines = withinLimit(refused.lines, mostErrors);
  // A build problem is shown by itself, without a title.
  if (failure) return lines.map((line, index) => failure(`Fusegate: ${line}`, exitCode, index + 1));
  return annotation ? lines.map((message) => annotation({ level: 'error', title, message })) : [];
}

function withinLimit(lines: readonly string[], most = Number.POSITIVE_INFINITY): readonly string[] {
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), `${lines.length - most + 1} more problems are in the log`];
}
