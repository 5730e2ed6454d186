/** One record of the journal: what a run has done at the service. Ids, a stage and hashes, never a secret. */
import { defined } from '../model/defined.ts';
import type { ServiceIds } from '../model/errors.ts';

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
