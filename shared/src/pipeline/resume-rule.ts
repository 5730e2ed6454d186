/** Whether a run goes on where an earlier one stopped. */
import type { RunRequest } from '../model/run-request.ts';
import type { JournalRecord } from './journal-record.ts';

/** An older build is left alone: the next day's run is meant to be a new one. */
const MAX_AGE_MS = 24 * 60 * 60_000;

export type ResumeDecision = { action: 'start' } | { action: 'continue'; record: JournalRecord } | { action: 'refuse' };

/** Whether a record is of this CI run, young enough and not finished. It does not look at the inputs: that costs reading the app. */
export function isLive(record: JournalRecord, runId: string | undefined, now: number): boolean {
  const age = now - Date.parse(record.startedAt);
  return record.stage !== 'finished' && record.runId === runId && age >= 0 && age < MAX_AGE_MS;
}

/**
 * What to do with a live record. Between intent and answer there may or may not be a build, so the user decides: with its id, or with
 * `new`.
 */
export function decideResume(record: JournalRecord, fingerprint: string, resume: RunRequest['resume']): ResumeDecision {
  if (resume === 'new' || record.fingerprint !== fingerprint) return { action: 'start' };
  if (record.stage === 'build-intent') return { action: 'refuse' };
  return resume === 'never' ? { action: 'start' } : { action: 'continue', record };
}
