/** Where a run begins: with an app, at a build that is given, or where the journal of an earlier run ends. */

import { hashFile } from '../files/hash-file.ts';
import { FusegateError } from '../model/errors.ts';
import type { AppInput, RunRequest } from '../model/run-request.ts';
import { fingerprintOf } from './fingerprint.ts';
import { digestInputs } from './input-digests.ts';
import { decideResume, hasPassed, type JournalRecord, type JournalStage } from './journal-record.ts';
import type { PipelineIo } from './pipeline-io.ts';
import type { Scope } from './scope.ts';

/** `sha256`: of the original app, where it has been read already. */
export type StartingPoint =
  /** `beginJournal` needs the app's hash, so it waits for the upload. */
  | { kind: 'app'; app: AppInput; sha256: string | undefined; beginJournal(sha256: string): void }
  | { kind: 'app-id'; appId: string; sha256: undefined; beginJournal(): void }
  /** An earlier run uploaded the app and stopped there. */
  | { kind: 'uploaded'; appId: string; sha256: string | undefined }
  /** An earlier run started the build and stopped at `reached`. */
  | { kind: 'started'; buildId: string; reached: JournalStage; sha256: string | undefined }
  /** `reached`: what a journal on this disk knows of the build. */
  | { kind: 'build-id'; buildId: string; reached: JournalStage | undefined; sha256: string | undefined };

/** What decides where the run begins, and whether an earlier one had the same inputs. */
type StartInputs = Pick<RunRequest, 'buildId' | 'app' | 'appId' | 'resume'> &
  Parameters<typeof fingerprintOf>[0] &
  Parameters<typeof digestInputs>[0];

/**
 * Decides by options and journal. Reads the app only where its hash decides something.
 * @throws FusegateError build.may-exist when an earlier run lost the answer to its build request
 */
export async function findStart(request: StartInputs, io: PipelineIo, scope: Scope): Promise<StartingPoint> {
  const { buildId, app } = request;
  const record = request.resume === 'new' ? undefined : await io.journal.live();
  // Beside a build id the app is the original, for the gate to compare.
  if (buildId !== undefined) return startAtBuild(buildId, record, io, await hashOf(app, scope));

  const digests = await digestInputs(request, scope.signal);
  const fingerprint = (subject: { sha256: string } | { appId: string }) =>
    fingerprintOf(request, subject, io.client.origin, digests);
  if (record === undefined) return newStart(request, undefined, fingerprint, io);

  const sha256 = await hashOf(app, scope);
  const subject = sha256 === undefined ? { appId: request.appId ?? '' } : { sha256 };
  const decision = decideResume(record, fingerprint(subject), request.resume);
  if (decision.action === 'refuse') throw mayExist(record, io);
  const resumed = decision.action === 'continue' ? startAfter(decision.record, sha256, io) : undefined;
  if (resumed === undefined) return newStart(request, sha256, fingerprint, io);
  adopt(record, io);
  const { startedAt, ids } = record;
  io.log('info', `Continuing the run from ${startedAt}${ids.buildId === undefined ? '' : `, build ${ids.buildId}`}.`);
  return resumed;
}

function startAtBuild(
  buildId: string,
  record: JournalRecord | undefined,
  io: PipelineIo,
  sha256: string | undefined,
): StartingPoint {
  io.record.addIds({ buildId });
  const own = record?.ids.buildId === buildId ? record : undefined;
  if (own !== undefined) adopt(own, io);
  return { kind: 'build-id', buildId, reached: own?.stage, sha256 };
}

function newStart(
  { app, appId }: StartInputs,
  sha256: string | undefined,
  fingerprint: (subject: { sha256: string } | { appId: string }) => string,
  io: PipelineIo,
): StartingPoint {
  if (appId !== undefined) {
    const beginJournal = () => io.journal.begin(fingerprint({ appId }));
    return { kind: 'app-id', appId, sha256: undefined, beginJournal };
  }
  if (app === undefined) throw new Error('neither an app nor an id');
  const beginJournal = (uploaded: string) => io.journal.begin(fingerprint({ sha256: uploaded }), uploaded);
  return { kind: 'app', app, sha256, beginJournal };
}

/**
 * @returns undefined where the record does not even name the app
 * @throws FusegateError build.may-exist for a record that says there is a build and not which
 */
function startAfter(record: JournalRecord, sha256: string | undefined, io: PipelineIo): StartingPoint | undefined {
  const { appId, buildId } = record.ids;
  if (!hasPassed(record.stage, 'building')) {
    return appId === undefined ? undefined : { kind: 'uploaded', appId, sha256 };
  }
  if (buildId === undefined) throw mayExist(record, io);
  return { kind: 'started', buildId, reached: record.stage, sha256 };
}

function adopt(record: JournalRecord, io: PipelineIo): void {
  io.journal.adopt(record);
  io.record.addIds({ appId: record.ids.appId });
}

function mayExist({ ids }: JournalRecord, io: PipelineIo): FusegateError {
  io.record.addIds({ appId: ids.appId });
  const message = 'An earlier run requested this build and never learned whether it started.';
  const hint =
    'Look in the console for a build of this app. Run again with its build-id, or with resume: new to start another one.';
  return new FusegateError('build.may-exist', message, { stage: 'build', hint });
}

async function hashOf(app: AppInput | undefined, scope: Scope): Promise<string | undefined> {
  return app === undefined ? undefined : hashFile(app.path, scope.signal);
}
