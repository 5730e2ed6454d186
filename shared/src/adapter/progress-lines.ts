/** Progress for stored logs: a line when a stage starts, one when it ends, a heartbeat in between. No line per poll. */
import type { StageName } from '../model/errors.ts';
import type { Progress } from '../model/host.ts';
import { formatBytes, formatElapsed } from '../text/progress-text.ts';
import { amountSoFar, type StageState, stageWords, stateAfter, transferred } from './stage-words.ts';

export class ProgressLines {
  readonly #states = new Map<StageName, StageState>();

  /** @returns the line to log; undefined if there is nothing to say. Messages of the service only with `verbose`. */
  lineOf(progress: Progress, { verbose }: { verbose: boolean }): string | undefined {
    const { stage, kind, elapsedMs, detail } = progress;
    const state = stateAfter(this.#states.get(stage), progress);
    this.#states.set(stage, state);
    const words = stageWords(stage, state);
    switch (kind) {
      case 'start':
        return listed([words, state.totalBytes ? formatBytes(state.totalBytes) : '']);
      case 'finish': {
        const end = progress.failed ? 'stopped' : 'done';
        return listed([`${words}: ${end} after ${formatElapsed(elapsedMs)}`, transferred(progress, state)]);
      }
      case 'heartbeat': {
        const line = listed([words, `${formatElapsed(elapsedMs)} so far`, amountSoFar(state)]);
        return state.note ? `${line}: ${state.note}` : line;
      }
      case 'message':
        return verbose && detail ? `${stage}: ${detail}` : undefined;
      case 'bytes':
      case 'poll':
        return undefined;
    }
  }
}

function listed(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(', ');
}
