/** How often to ask the service whether a step is done. Pure. */
import type { Limits } from '../model/run-request.ts';

export type PollPace = Pick<Limits, 'pollMin' | 'pollMax'>;

/** How long a step took in earlier runs. */
export interface ExpectedWait {
  /** Milliseconds; the median. */
  ms: number;
  /** How far it may be off, as a share of `ms`. */
  spread: number;
}

/** Without earlier runs: what a pause has in addition to `poll-min`, as a share of the time that has passed. */
const SHARE_OF_ELAPSED = 0.035;
/** After the expected end, of the time since: the pause is 5 % of it at its end. */
const SHARE_AFTER = 0.05 / 0.95;
/** Before the expected end the build is only watched: its messages come with the answers, and it may fail early. */
const SHARE_BEFORE = 0.05;
const QUESTIONS_AROUND = 20;
/** The shortest pause around the expected end; they last a second in all. Whoever asks for longer pauses with `poll-min` gets those. */
const POLITE_MS = 50;
const IMPATIENT_MS = 500;

/**
 * Milliseconds to the next question: rarely before the expected end, often around it, and less and less often after it. Without an
 * expectation, the pause grows with the time that has passed.
 */
export function nextPollDelay(elapsedMs: number, { pollMin, pollMax }: PollPace, expected?: ExpectedWait): number {
  const within = (ms: number, least = pollMin) => Math.min(pollMax, Math.max(least, Math.round(ms)));
  if (expected === undefined) return within(pollMin + elapsedMs * SHARE_OF_ELAPSED);
  const { ms, spread } = expected;
  const begin = ms * (1 - spread);
  const end = ms * (1 + spread);
  if (elapsedMs < begin) {
    const watch = Math.max(pollMax, ms * SHARE_BEFORE);
    return Math.max(pollMin, Math.min(Math.ceil(begin - elapsedMs), Math.round(watch)));
  }
  const polite = pollMin > IMPATIENT_MS ? pollMin : Math.min(pollMin, POLITE_MS);
  const dense = (end - begin) / QUESTIONS_AROUND;
  return within(dense + Math.max(0, elapsedMs - end) * SHARE_AFTER, polite);
}
