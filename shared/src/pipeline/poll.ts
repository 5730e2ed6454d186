/** Waiting for the service: when an answer is final. */

import type { Clock } from '../model/clock.ts';
import { sleep } from '../model/clock.ts';
import { type ErrorCode, FusegateError } from '../model/errors.ts';
import { nextPollDelay, type PollPace } from './poll-pace.ts';
import type { Stage, StageIo } from './stages.ts';

export interface TaskFailure {
  code: ErrorCode;
  what: string;
  hint: string;
}

/** @param hint what to do about it, which depends on where the build comes from */
export function buildFailed(hint: string): TaskFailure {
  return { code: 'service.build-failed', what: 'The build failed', hint };
}

export interface Polled {
  status: string;
  /** Why it failed. */
  message?: string;
}

/**
 * Asks until the service says `completed` or `error`. Nothing else is final: `queued` and undocumented words mean that there is
 * more to come (appdome-api.md §1.7; taking `queued` for final is a defect of an official client).
 * @param input.begun the step was under way before this wait, so how long it takes in whole is not known
 * @throws FusegateError `failed.code` when the service says `error`; what `ask` throws; the reason of the stage's signal
 */
export async function pollUntilDone<T extends Polled>(input: {
  io: Pick<StageIo, 'log'> & { deps: { clock: Clock } };
  stage: Pick<Stage, 'signal' | 'report' | 'expected' | 'waited'> & Partial<Pick<Stage, 'during'>>;
  limits: PollPace;
  failed: TaskFailure;
  ask: () => Promise<T>;
  begun?: boolean;
}): Promise<T> {
  const { io, stage, limits, failed, ask, begun = false } = input;
  const expected = begun ? undefined : stage.expected;
  const { during = (_part, body) => body() }: Partial<Pick<Stage, 'during'>> = stage;
  const { clock } = io.deps;
  const began = clock.monotonic();
  const known = new Set(['progress', 'queued']);
  for (;;) {
    const answer = await during({ category: 'poll', name: 'poll' }, ask, ({ status }) => ({ said: status }));
    stage.report('poll', { detail: answer.status });
    if (answer.status === 'completed') {
      if (!begun) stage.waited?.(clock.monotonic() - began);
      return answer;
    }
    if (answer.status === 'error') {
      const { code, what, hint } = failed;
      throw new FusegateError(code, `${what}: ${answer.message ?? 'the service gives no reason'}`, { hint });
    }
    if (!known.has(answer.status)) {
      known.add(answer.status);
      const word = answer.status.slice(0, 60);
      io.log('notice', `The service says "${word}", which Fusegate does not know. Still waiting.`);
    }
    const pause = nextPollDelay(clock.monotonic() - began, limits, expected);
    await during({ category: 'wait', name: 'before the next poll' }, () => sleep(clock, pause, stage.signal));
  }
}
