/** One record of the journal: what a run has done at the service, and whether the next one continues from there. Ids, a stage and hashes, never a secret. */

import { defined } from '../model/defined.ts';
import type { ServiceIds } from '../model/errors.ts';
import type { RunRequest } from '../model/run-request.ts';
import { DAY_MS } from '../text/calendar-day.ts';

/** In the order in which a run passes through them. */
export const JOURNAL_STAGES = [
  'uploaded',
  'build-intent',
  'building',
  'built',
  'context-intent',
  'context-running',
  'context-done',
  'sign-intent',
  'signing',
  'signed',
  'finished',
] as const;
export type JournalStage = (typeof JOURNAL_STAGES)[number];

export interface JournalRecord {
  version: 1;
  /** Hash of the inputs that the build depends on. */
  fingerprint: string;
  /** The CI run, where the system has an id for it. */
  runId?: string;
  /** ISO 8601, UTC. */
  startedAt: string;
  updatedAt: string;
  stage: JournalStage;
  ids: Pick<ServiceIds, 'appId' | 'buildId'>;
  /** Of the uploaded app, lower-case hex. */
  appSha256?: string;
}

/** Whether a run that reached `reached` has `stage` behind it. */
export function hasPassed(reached: JournalStage, stage: JournalStage): boolean {
  return JOURNAL_STAGES.indexOf(reached) >= JOURNAL_STAGES.indexOf(stage);
}

/** @returns undefined for a file that is not ours, is damaged, or has another version */
export function parseRecord(text: string): JournalRecord | undefined {
  let value: Partial<Record<keyof JournalRecord, unknown>>;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || value.version !== 1) return undefined;
  const { fingerprint, runId, startedAt, updatedAt, stage, ids, appSha256 } = value;
  if (typeof fingerprint !== 'string' || typeof startedAt !== 'string' || Number.isNaN(Date.parse(startedAt)))
    return undefined;
  const known = JOURNAL_STAGES.find((each) => each === stage);
  if (known === undefined || typeof ids !== 'object' || ids === null) return undefined;
  const { appId, buildId } = ids as Record<string, unknown>;
  return {
    version: 1,
    fingerprint,
    startedAt,
    updatedAt: typeof updatedAt === 'string' ? updatedAt : startedAt,
    stage: known,
    ids: defined({ appId: textOf(appId), buildId: textOf(buildId) }),
    ...defined({ runId: textOf(runId), appSha256: textOf(appSha256) }),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** An older build is left alone: the next day's run is meant to be a new one. */
const MAX_AGE_MS = DAY_MS;

type ResumeDecision = { action: 'start' } | { action: 'continue'; record: JournalRecord } | { action: 'refuse' };

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
