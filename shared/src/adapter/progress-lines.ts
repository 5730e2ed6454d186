/** Progress for logs that are kept: a line when a stage starts, one when it ends, a heartbeat in between. Nothing per poll. */
import type { StageName } from '../model/errors.ts';
import type { Progress } from '../model/host.ts';
import { formatBytes, formatElapsed, formatRate } from '../text/progress-text.ts';

/** Reads the app to know it, and moves nothing. */
const READS_ONLY: ReadonlySet<StageName> = new Set<StageName>(['checksum']);

/**
 * What a finished stage has moved: `2.9 MiB at 1.2 MiB/s`; empty where it moved nothing.
 * @param bytes the last count of the stage: its end need not repeat it
 */
export function transferred({ stage, elapsedMs }: Progress, bytes: number | undefined): string {
  if (!bytes || READS_ONLY.has(stage)) return '';
  const rate = formatRate(bytes, elapsedMs);
  return `${formatBytes(bytes)}${rate ? ` at ${rate}` : ''}`;
}

export class ProgressLines {
  readonly #bytes = new Map<StageName, number>();

  /** @returns the line to log; undefined where there is nothing to say. Messages of the service only with `verbose`. */
  lineOf(progress: Progress, { verbose }: { verbose: boolean }): string | undefined {
    const { stage, kind, elapsedMs, detail, totalBytes } = progress;
    const about = detail ? `, ${detail}` : '';
    if (kind === 'start') this.#bytes.delete(stage);
    if (progress.bytes !== undefined) this.#bytes.set(stage, progress.bytes);
    const bytes = this.#bytes.get(stage);
    switch (kind) {
      case 'start':
        return `${stage}: started${totalBytes ? `, ${formatBytes(totalBytes)}` : ''}${about}`;
      case 'finish': {
        const amount = transferred(progress, bytes);
        return `${stage}: ended after ${formatElapsed(elapsedMs)}${amount ? `, ${amount}` : ''}${about}`;
      }
      case 'heartbeat': {
        const amount =
          bytes === undefined ? '' : `, ${formatBytes(bytes)}${totalBytes ? ` of ${formatBytes(totalBytes)}` : ''}`;
        return `${stage}: still running after ${formatElapsed(elapsedMs)}${amount}${about}`;
      }
      case 'message':
        return verbose && detail ? `${stage}: ${detail}` : undefined;
      case 'bytes':
      case 'poll':
        return undefined;
    }
  }
}
