/** Where a run begins: with an app, at a build that is given, or where the journal of an earlier run ends. */

import { hashFile } from '../files/hash-file.ts';
import { defined } from '../model/defined.ts';
import type { AppInput, RunRequest } from '../model/run-request.ts';
import { actionsFingerprint, fingerprintOf } from './fingerprint.ts';
import { digestInputs } from './input-digests.ts';
import {
  decideResume,
  type FoundJournal,
  foreignTo,
  hasPassed,
  type JournalRecord,
  type JournalStage,
  mayHaveBuild,
} from './journal-record.ts';
import { mayExist, mustNotContinue, nameLeftBuild } from './left-build.ts';
import type { PipelineIo } from './pipeline-io.ts';
import type { Scope } from './scope.ts';
import { hashing } from './trace-recorder.ts';

/** `sha256`: of the original app, where it has been read already. */
export type StartingPoint =
  /** `beginJournal` needs the app's hash, so it waits for the upload. */
  | { kind: 'app'; app: AppInput; sha256: string | undefined; beginJournal(sha256: string): void }
  | { kind: 'app-id'; appId: string; sha256: undefined; beginJournal(): void }
  /** An earlier run uploaded the app and stopped there. `beginJournal`: for the case that the service has lost it. */
  | { kind: 'uploaded'; appId: string; sha256: string | undefined; beginJournal(sha256: string): void }
  /** An earlier run started the build and stopped at `reached`. */
  | { kind: 'started'; buildId: string; reached: JournalStage; sha256: string | undefined }
  /** `reached`: what a journal on this disk knows of the build, for the same context and signing. */
  | {
      kind: 'build-id';
      buildId: string;
      reached: JournalStage | undefined;
      sha256: string | undefined;
      /** The journal names the build, not the user. */
      fromJournal?: boolean;
    };

/** What decides where the run begins, and whether an earlier one had the same inputs. */
type StartInputs = Pick<RunRequest, 'buildId' | 'app' | 'appId' | 'resume'> &
  Parameters<typeof fingerprintOf>[0] &
  Parameters<typeof digestInputs>[0];

/**
 * Decides by options and journal. Reads the app only where its hash decides something.
 *
 * A build that an earlier run left is continued, or named: it is never paid for twice without a word.
 * @throws FusegateError build.may-exist where an earlier run lost the answer to its build request, and under `resume: never` where it left
 * a build
 */
export async function findStart(request: StartInputs, io: PipelineIo, scope: Scope): Promise<StartingPoint> {
  const { buildId, app, resume } = request;
  const found = await io.journal.found();
  const digests = await digestInputs(request, scope.signal);
  const actions = actionsFingerprint(request, digests);
  const fingerprint = (subject: Subject) => fingerprintOf(request, subject, io.client.origin, digests);
  // Beside a build id the app is the original, for the gate to compare.
  if (buildId !== undefined) {
    const record = startAtBuild(buildId, found, { fingerprint: fingerprint({ buildId }), actions }, io);
    return { kind: 'build-id', buildId, reached: record, sha256: await hashOf(app, io, scope) };
  }

  const begin = (subject: Subject, appSha256?: string) =>
    io.journal.begin({
      fingerprint: fingerprint(subject),
      actions,
      ...defined({ appSha256, fusionSetId: request.fusionSetId }),
    });
  const record = resume === 'new' ? leave(found, io) : followed(found, resume, io);
  if (record === undefined || resume === 'new') return newStart(request, undefined, begin);

  const sha256 = await hashOf(app, io, scope);
  const decision = decideResume(
    record,
    fingerprint(sha256 === undefined ? { appId: request.appId ?? '' } : { sha256 }),
    resume,
  );
  if (decision.action === 'refuse') {
    io.record.addIds(record.ids);
    throw decision.why === 'uncertain' ? mayExist() : mustNotContinue(record.ids.buildId);
  }
  if (decision.action === 'start' && decision.left !== undefined) nameLeftBuild(record.ids, decision.left, io);
  const resumed =
    decision.action === 'continue' ? startAfter(record, sha256, record.actions === actions, begin) : undefined;
  if (resumed === undefined) return newStart(request, sha256, begin);
  io.journal.adopt({ ...record, actions });
  io.record.addIds({ appId: record.ids.appId });
  const { startedAt, ids } = record;
  io.log('info', `Continuing the run from ${startedAt}${ids.buildId === undefined ? '' : `, build ${ids.buildId}`}.`);
  return resumed;
}

type Subject = Parameters<typeof fingerprintOf>[1];
type BeginJournal = (subject: Subject, appSha256?: string) => void;

/** A new build was asked for; what an earlier run left is only named. */
function leave(found: FoundJournal, io: PipelineIo): undefined {
  if (found.state === 'damaged') nameLeftBuild(defined({ buildId: found.buildId }), 'damaged', io);
  if (found.state === 'whole' && mayHaveBuild(found.record)) nameLeftBuild(found.record.ids, 'unwanted', io);
  if (found.state === 'whole' && found.record.gone) nameLeftBuild(found.record.ids, 'gone', io);
}

/** @returns the unfinished record of this CI run, where there is one */
function followed(found: FoundJournal, resume: RunRequest['resume'], io: PipelineIo): JournalRecord | undefined {
  if (found.state === 'none') return undefined;
  if (found.state === 'damaged') {
    // It may stand for a build, and whoever says "never" does not want to pay for a second one.
    if (resume === 'never') throw mustNotContinue(found.buildId);
    nameLeftBuild(defined({ buildId: found.buildId }), 'damaged', io);
    return undefined;
  }
  const { record } = found;
  if (record.gone && resume === 'never') throw mustNotContinue(record.ids.buildId);
  if (record.gone) nameLeftBuild(record.ids, 'gone', io);
  if (record.stage === 'finished') return undefined;
  const foreign = foreignTo(record, io.journal.runId, io.deps.clock.now());
  if (foreign === undefined) return record;
  if (mayHaveBuild(record)) nameLeftBuild(record.ids, foreign, io);
  return undefined;
}

/**
 * The journal is about the given build from here on. If the answer to the build request had been lost, the user claims that this is the
 * build; it is in doubt until a certificate has been read.
 * @returns how far the build is known to have come, with the context and signing of this run
 */
function startAtBuild(
  buildId: string,
  found: FoundJournal,
  inputs: Pick<JournalRecord, 'fingerprint' | 'actions'>,
  io: PipelineIo,
): JournalStage | undefined {
  io.record.addIds({ buildId });
  const record = found.state === 'whole' ? found.record : undefined;
  const isLost = record !== undefined && (record.claimed || (record.stage === 'build-intent' && !record.ids.buildId));
  const isKnown = record?.ids.buildId === buildId;
  if (isKnown || isLost) {
    const { gone, fingerprint, fusionSetId, ids, ...rest } = record;
    io.journal.adopt({
      ...rest,
      ...defined({ fusionSetId }),
      ...inputs,
      fingerprint,
      ids: { ...ids, buildId },
      ...(isLost && { claimed: true }),
    });
    // The gate holds the certificate against them.
    io.record.addIds({ appId: ids.appId, fusionSetId: io.record.ids.fusionSetId ?? fusionSetId });
    if (isLost)
      io.log('notice', `The answer to an earlier build request was lost. Build ${buildId} is taken for that build.`);
    if (!isKnown || gone || !hasPassed(record.stage, 'building')) return undefined;
    const known = record.actions === inputs.actions || !hasPassed(record.stage, 'context-intent');
    return known ? record.stage : undefined;
  }
  if (record !== undefined && mayHaveBuild(record)) nameLeftBuild(record.ids, 'unwanted', io);
  io.journal.begin(inputs);
  return undefined;
}

function newStart({ app, appId }: StartInputs, sha256: string | undefined, begin: BeginJournal): StartingPoint {
  if (appId !== undefined) return { kind: 'app-id', appId, sha256: undefined, beginJournal: () => begin({ appId }) };
  if (app === undefined) throw new Error('neither an app nor an id');
  return { kind: 'app', app, sha256, beginJournal: (uploaded) => begin({ sha256: uploaded }, uploaded) };
}

/**
 * @param same whether the earlier run had the same context and signing; otherwise what it has done of them is done again
 * @returns undefined where the record does not even name the app
 */
function startAfter(
  { stage, ids }: JournalRecord,
  sha256: string | undefined,
  same: boolean,
  begin: BeginJournal,
): StartingPoint | undefined {
  const { appId, buildId } = ids;
  if (buildId !== undefined && hasPassed(stage, 'building')) {
    if (!same && hasPassed(stage, 'context-intent'))
      return { kind: 'build-id', buildId, reached: undefined, sha256, fromJournal: true };
    return { kind: 'started', buildId, reached: stage, sha256 };
  }
  if (appId === undefined) return undefined;
  return { kind: 'uploaded', appId, sha256, beginJournal: (uploaded) => begin({ sha256: uploaded }, uploaded) };
}

async function hashOf(
  app: AppInput | undefined,
  { stages }: Pick<PipelineIo, 'stages'>,
  scope: Scope,
): Promise<string | undefined> {
  if (app === undefined) return undefined;
  return stages.trace.during(hashing(app), () => hashFile(app.path, scope.signal));
}
