/** The end of a job on its host: the outputs first, then what people see, and the failure last. */
import type { ExitCode } from '../model/errors.ts';
import { type Annotation, type Host, type LogLevel, OUTPUT_NAMES, type OutputName } from '../model/host.ts';

export interface Announcement {
  /** Every other output is set to the empty string, so that a later step never sees a stale value. */
  outputs: Partial<Record<OutputName, string>>;
  log: ReadonlyArray<{ level: LogLevel; text: string }>;
  annotations: readonly Annotation[];
  /** Markdown. */
  summary: string;
  reports?: ReadonlyArray<Parameters<Host['attachReport']>[0]>;
  /** Absent = the job ends green. */
  failure?: { message: string; exitCode: ExitCode };
}

/** @throws what the host throws */
export async function announce(host: Host, told: Announcement): Promise<void> {
  for (const name of OUTPUT_NAMES) host.setOutput(name, told.outputs[name] ?? '');
  for (const { level, text } of told.log) host.log(level, text);
  for (const annotation of told.annotations) host.annotate(annotation);
  await host.summary(told.summary);
  for (const report of told.reports ?? []) await host.attachReport(report);
  if (told.failure) host.fail(told.failure.message, told.failure.exitCode);
}
