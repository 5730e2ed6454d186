/** Waiting for the service: how often to ask, and when an answer is final. */

import type { Clock } from '../model/clock.ts';
import { sleep } from '../model/clock.ts';
import { type ErrorCode, FusegateError } from '../model/errors.ts';
import type { Limits } from '../model/run-request.ts';
import type { Stage, StageIo } from './stages.ts';

/** Ask again after 8 % of the time that has passed: at most 8 % late on a long build, at once on a short one. */
const SHARE_OF_ELAPSED = 0.08;

export type PollPace = Pick<Limits, 'pollMin' | 'pollMax'>;

export interface TaskFailure {
  code: ErrorCode;
  what: string;
  hint: string;
}

/** @param hint what to do about it, which depends on where the build comes from */
export function buildFailed(hint: string): TaskFailure {
  return { code: 'service.build-failed', what: 'The build failed', hint };
}

/** Milliseconds to the next question. */
export function nextPollDelay(elapsedMs: number, limits: PollPace): number {
  return Math.min(limits.pollMax, Math.max(limits.pollMin, Math.round(elapsedMs * SHARE_OF_ELAPSED)));
}

export interface Polled {
  status: string;
  /** Why it failed. */
  message?: string;
}

/**
 * Asks until the service says `completed` or `error`. Nothing else is final: `queued` and undocumented words mean that there is
 * more to come (appdome-api.md §1.7; taking `queued` for final is a defect of an official client).
 * @throws FusegateError `failed.code` when the service says `error`; what `ask` throws; the reason of the stage's signal
 */
export async function pollUntilDone<T extends Polled>(input: {
  io: Pick<StageIo, 'log'> & { deps: { clock: Clock } };
  stage: Pick<Stage, 'signal' | 'report'>;
  limits: PollPace;
  failed: TaskFailure;
  ask: () => Promise<T>;
}): Promise<T> {
  const { io, stage, limits, failed, ask } = input;
  const { clock } = io.deps;
  const began = clock.monotonic();
  const known = new Set(['progress', 'queued']);
  for (;;) {
    const answer = await ask();
    stage.report('poll', { detail: answer.status });
    if (answer.status === 'completed') return answer;
    if (answer.status === 'error') {
      const { code, what, hint } = failed;
      throw new FusegateError(code, `${what}: ${answer.message ?? 'the service gives no reason'}`, { hint });
    }
    if (!known.has(answer.status)) {
      known.add(answer.status);
      const word = answer.status.slice(0, 60);
      io.log('notice', `The service says "${word}", which Fusegate does not know. Still waiting.`);
    }
    await sleep(clock, nextPollDelay(clock.monotonic() - began, limits), stage.signal);
  }
}
