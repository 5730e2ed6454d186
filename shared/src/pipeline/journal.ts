/**
 * What a run has done at the service, so that a run after a killed runner goes on with the same build instead of paying for another.
 *
 * A file in the private part of the output folder, written by rename so that it is whole or not there. It holds ids, a stage and hashes,
 * never a secret.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { hashFile } from '../files/hash-file.ts';
import type { Clock } from '../model/clock.ts';
import { FusegateError, type ServiceIds } from '../model/errors.ts';
import type { RunRequest } from '../model/run-request.ts';
import { withoutSecrets } from '../secrets/secret-overrides.ts';
import { buildOverrides } from './build.ts';

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
  /** The CI run, where the system tells one. */
  runId?: string;
  /** ISO 8601, UTC. */
  startedAt: string;
  updatedAt: string;
  stage: JournalStage;
  ids: Pick<ServiceIds, 'appId' | 'buildId'>;
  /** Of the app that was uploaded, lower-case hex. */
  appSha256?: string;
}

/** A build older than this is not gone on with: the next day's run is meant to be a new one. */
const MAX_AGE_MS = 24 * 60 * 60_000;

/** Whether a run that reached `reached` has `stage` behind it. */
export function hasPassed(reached: JournalStage, stage: JournalStage): boolean {
  return JOURNAL_STAGES.indexOf(reached) >= JOURNAL_STAGES.indexOf(stage);
}

/** SHA-256 of the files that a build is made from or changed with, by the name of their option; of lists, in their order. */
export type InputDigests = Record<string, string[]>;

/**
 * Reads the files that decide what the build is. Keystore and p12 are not among them: with another one the same build is signed again,
 * where signing had failed, and is not paid for twice.
 */
export async function digestInputs(request: RunRequest, signal: AbortSignal): Promise<InputDigests> {
  const { buildFiles = {}, context, sign } = request;
  const groups: Record<string, readonly string[]> = {
    baselineProfile: some(buildFiles.baselineProfile),
    startupProfile: some(buildFiles.startupProfile),
    inputMapping: some(buildFiles.inputMapping),
    certPinning: some(buildFiles.certPinningZip),
    appIcon: some(context?.appIcon),
    iconOverlay: some(context?.iconOverlay),
    provisioningProfiles: sign?.provisioningProfiles ?? [],
    entitlements: sign?.entitlements ?? [],
  };
  const digests: InputDigests = {};
  for (const [name, files] of Object.entries(groups)) {
    if (files.length > 0) digests[name] = await Promise.all(files.map((file) => hashFile(file, signal)));
  }
  return digests;
}

function some(file: string | undefined): string[] {
  return file === undefined ? [] : [file];
}

/** A hash of what makes two runs the same build. Signing secrets are not among it. */
export function fingerprintOf(
  request: RunRequest,
  app: { sha256: string } | { appId: string },
  origin: string,
  files: InputDigests = {},
): string {
  const { server, sign, context, fusionSetId, buildToTest } = request;
  const { appIcon: _icon, iconOverlay: _overlay, ...changes } = context ?? {};
  const inputs = {
    app,
    fusionSetId: fusionSetId?.toLowerCase(),
    teamId: server.teamId ?? 'personal',
    origin,
    overrides: buildOverrides(request),
    buildToTest,
    context: context === undefined ? undefined : changes,
    files,
    sign: {
      method: sign?.method,
      fingerprint: sign?.signingFingerprint,
      upgrade: sign?.signingFingerprintUpgrade,
      googlePlay: sign?.googlePlaySigning === true,
      trusted: sign?.trustedFingerprints,
      overrides: sign?.overrides === undefined ? undefined : withoutSecrets(JSON.parse(sign.overrides.reveal())),
    },
  };
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex');
}

export type ResumeDecision = { action: 'start' } | { action: 'continue'; record: JournalRecord } | { action: 'refuse' };

/** Whether a record is of this CI run, young enough and not finished: without looking at the inputs, which costs reading the app. */
export function isLive(record: JournalRecord, runId: string | undefined, now: number): boolean {
  const age = now - Date.parse(record.startedAt);
  return record.stage !== 'finished' && record.runId === runId && age >= 0 && age < MAX_AGE_MS;
}

/**
 * What to do with a live record.
 *
 * Between intent and answer nobody knows whether there is a build. Then only the user can go on: with its id, or with `new`.
 */
export function decideResume(record: JournalRecord, fingerprint: string, resume: RunRequest['resume']): ResumeDecision {
  if (resume === 'new' || record.fingerprint !== fingerprint) return { action: 'start' };
  if (record.stage === 'build-intent') return { action: 'refuse' };
  return resume === 'never' ? { action: 'start' } : { action: 'continue', record };
}

export class Journal {
  readonly #file: string;
  readonly #clock: Clock;
  readonly runId: string | undefined;
  #current: JournalRecord | undefined;

  constructor(options: { file: string; clock: Clock; runId?: string | undefined }) {
    this.#file = options.file;
    this.#clock = options.clock;
    this.runId = options.runId;
  }

  /** The record on disk, if it is whole and of this CI run, young enough and not finished. */
  async live(): Promise<JournalRecord | undefined> {
    let text: string;
    try {
      text = await readFile(this.#file, 'utf8');
    } catch {
      return undefined;
    }
    const record = parseRecord(text);
    return record !== undefined && isLive(record, this.runId, this.#clock.now()) ? record : undefined;
  }

  /** Begins a new record; it reaches the disk with the first `record`. */
  begin(fingerprint: string, appSha256?: string): void {
    this.#current = {
      version: 1,
      fingerprint,
      startedAt: this.#stamp(),
      updatedAt: this.#stamp(),
      stage: 'uploaded',
      ids: {},
      ...(this.runId === undefined ? {} : { runId: this.runId }),
      ...(appSha256 === undefined ? {} : { appSha256 }),
    };
  }

  /** Goes on with a record of an earlier process. */
  adopt(record: JournalRecord): void {
    this.#current = record;
  }

  /**
   * Writes down where the run is. Without `begin` or `adopt` (a re-attached build of which we know nothing) it does nothing.
   * @throws FusegateError output.unwritable: a build must not be started that could not be found again
   */
  async record(stage: JournalStage, ids: ServiceIds): Promise<void> {
    if (this.#current === undefined) return;
    const { appId, buildId } = ids;
    this.#current = {
      ...this.#current,
      stage,
      updatedAt: this.#stamp(),
      ids: { ...(appId === undefined ? {} : { appId }), ...(buildId === undefined ? {} : { buildId }) },
    };
    const temporary = path.join(path.dirname(this.#file), `.fusegate-${randomUUID()}.part`);
    try {
      await mkdir(path.dirname(this.#file), { recursive: true, mode: 0o700 });
      const handle = await open(temporary, 'wx', 0o600);
      try {
        await handle.writeFile(`${JSON.stringify(this.#current, null, 2)}\n`);
        // The one file that must survive the machine: it may know of a build that was paid for.
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, this.#file);
    } catch (cause) {
      await rm(temporary, { force: true }).catch(() => {});
      throw new FusegateError('output.unwritable', 'The journal cannot be written.', {
        hint: 'Check that output-dir is writable and the disk not full.',
        cause,
      });
    }
  }

  #stamp(): string {
    return new Date(this.#clock.now()).toISOString();
  }
}

/** A file that is not ours, or of another version, is no journal. */
function parseRecord(text: string): JournalRecord | undefined {
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
    ids: {
      ...(typeof appId === 'string' ? { appId } : {}),
      ...(typeof buildId === 'string' ? { buildId } : {}),
    },
    ...(typeof runId === 'string' ? { runId } : {}),
    ...(typeof appSha256 === 'string' ? { appSha256 } : {}),
  };
}
