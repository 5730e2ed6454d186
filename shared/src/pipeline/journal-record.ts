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
  fusionSetId?: string;
  /** Hash of what is done to the finished build: its new context and its signing. */
  actions?: string;
  /** The answer to the build request was lost, and the build id is the one that the user gave with `--build-id`. */
  claimed?: true;
  /** With `finished`: the service did not know the build, or took it no further. */
  gone?: true;
}

/** Whether a run that reached `reached` has `stage` behind it. */
export function hasPassed(reached: JournalStage, stage: JournalStage): boolean {
  return JOURNAL_STAGES.indexOf(reached) >= JOURNAL_STAGES.indexOf(stage);
}

/** What the disk has. `damaged`: not ours, cut short, or of another version; `buildId` is what can still be made out. */
export type FoundJournal =
  | { state: 'none' }
  | { state: 'damaged'; buildId?: string }
  | { state: 'whole'; record: JournalRecord };

/** @param text undefined where there is no file */
export function readJournal(text: string | undefined): FoundJournal {
  if (text === undefined) return { state: 'none' };
  const record = parseRecord(text);
  if (record !== undefined) return { state: 'whole', record };
  return { state: 'damaged', ...defined({ buildId: idOf(/"buildId"\s*:\s*"([^"]*)"/.exec(text)?.[1]) }) };
}

function parseRecord(text: string): JournalRecord | undefined {
  let value: Partial<Record<keyof JournalRecord, unknown>>;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || value.version !== 1) return undefined;
  const { fingerprint, runId, startedAt, updatedAt, stage, ids, appSha256, fusionSetId, actions, claimed, gone } =
    value;
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
    ids: defined({ appId: idOf(appId), buildId: idOf(buildId) }),
    ...defined({
      runId: textOf(runId),
      appSha256: textOf(appSha256),
      fusionSetId: idOf(fusionSetId),
      actions: textOf(actions),
    }),
    ...(claimed === true && { claimed }),
    ...(gone === true && { gone }),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** An id becomes part of an address and of a command to paste. */
function idOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w-]{1,100}$/.test(value) ? value : undefined;
}

/** An older build is left alone: the next day's run is meant to be a new one. */
const MAX_AGE_MS = DAY_MS;

/** Why a journal that may know of a build is not followed. */
export type NotFollowed = 'damaged' | 'other-run' | 'old' | 'other-inputs' | 'unwanted' | 'gone';

/**
 * Why the record is not one of this CI run, as far as that shows without reading the inputs. A start in the future is a clock that was set
 * back, and no reason to pay for a second build.
 */
export function foreignTo(
  record: Pick<JournalRecord, 'runId' | 'startedAt'>,
  runId: string | undefined,
  now: number,
): NotFollowed | undefined {
  if (record.runId !== runId) return 'other-run';
  return now - Date.parse(record.startedAt) < MAX_AGE_MS ? undefined : 'old';
}

/** Whether the record may stand for a build that was paid for and has no outcome yet. */
export function mayHaveBuild({ stage }: Pick<JournalRecord, 'stage'>): boolean {
  return stage !== 'finished' && hasPassed(stage, 'build-intent');
}

export type ResumeDecision =
  | { action: 'start'; left?: NotFollowed }
  | { action: 'continue' }
  /** `uncertain`: between intent and answer there may or may not be a build, so the user decides, with its id or with `new`. */
  | { action: 'refuse'; why: 'uncertain' | 'unwanted' };

/** What to do with an unfinished record of this CI run. */
export function decideResume(
  record: JournalRecord,
  fingerprint: string,
  resume: Exclude<RunRequest['resume'], 'new'>,
): ResumeDecision {
  const paid = mayHaveBuild(record);
  if (resume === 'never') return paid ? { action: 'refuse', why: 'unwanted' } : { action: 'start' };
  if (record.fingerprint !== fingerprint) return { action: 'start', ...(paid && { left: 'other-inputs' as const }) };
  const { stage, ids } = record;
  const lost = paid && (stage === 'build-intent' || ids.buildId === undefined);
  return lost ? { action: 'refuse', why: 'uncertain' } : { action: 'continue' };
}
