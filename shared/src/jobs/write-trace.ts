/** The trace as a file. It is for people who wonder where the time went, so nothing about it makes a run red. */
import { codeOf, replaceFile } from '../files/file-system.ts';
import { whatIsAt } from '../files/trace-file.ts';
import { chromeTrace } from '../pipeline/chrome-trace.ts';
import type { TraceContents } from '../pipeline/trace-recorder.ts';
import type { JobRuntime } from './frame.ts';

/** Replaces an earlier trace and nothing else, also not what came to be there during the run. */
export async function writeTrace(
  file: string,
  contents: TraceContents,
  mode: string,
  { host, deps, context }: JobRuntime,
): Promise<void> {
  try {
    if ((await whatIsAt(file)) === 'other') {
      host.log('warning', `The trace of this run is not written: ${file} is now another file.`);
      return;
    }
    await replaceFile(file, `${JSON.stringify(chromeTrace(contents, mode, context.mask))}\n`, deps.clock);
  } catch (error) {
    host.log('warning', `The trace of this run cannot be written to ${file} (${codeOf(error) ?? 'unknown error'}).`);
  }
}
