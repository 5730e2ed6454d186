/** Where a run begins: from nothing, from the journal of an earlier one, or at a build that is given. */

import { hashFile } from '../files/hash-file.ts';
import { FusegateError } from '../model/errors.ts';
import type { RunRequest } from '../model/run-request.ts';
import { decideResume, digestInputs, fingerprintOf, type JournalStage } from './journal.ts';
import type { PipelineIo } from './pipeline-io.ts';
import type { Scope } from './scope.ts';

export type RunPlan =
  /** `begin` starts the journal, as soon as the app's hash is known. */
  | { kind: 'start'; sha256: string | undefined; begin(sha256: string | undefined): void }
  | {
      kind: 'continue';
      reached: JournalStage;
      appId: string | undefined;
      buildId: string | undefined;
      sha256: string | undefined;
      begin(sha256: string | undefined): void;
    }
  /** `reached`: what a journal on this disk knows of the build. */
  | { kind: 'attach'; buildId: string; reached: JournalStage | undefined; sha256: string | undefined };

/**
 * Decides by options and journal. Reads the app only where its hash decides something.
 * @throws FusegateError build.may-exist when an earlier run lost the answer to its build request
 */
export async function planRun(request: RunRequest, io: PipelineIo, scope: Scope): Promise<RunPlan> {
  const { buildId, app, appId } = request;
  const record = request.resume === 'new' ? undefined : await io.journal.live();
  if (buildId !== undefined) {
    io.ids.buildId = buildId;
    const own = record?.ids.buildId === buildId ? record : undefined;
    if (own !== undefined) {
      io.journal.adopt(own);
      if (own.ids.appId !== undefined) io.ids.appId = own.ids.appId;
    }
    // Beside a build id the app is the original, for the gate to compare.
    const sha256 = app === undefined ? undefined : await hashFile(app.path, scope.signal);
    return { kind: 'attach', buildId, reached: own?.stage, sha256 };
  }

  const files = await digestInputs(request, scope.signal);
  const begin = (sha256: string | undefined) => {
    const subject = sha256 === undefined ? { appId: io.ids.appId ?? '' } : { sha256 };
    io.journal.begin(fingerprintOf(request, subject, io.client.origin, files), sha256);
  };
  if (record === undefined) return { kind: 'start', sha256: undefined, begin };

  const sha256 = app === undefined ? undefined : await hashFile(app.path, scope.signal);
  const subject = sha256 === undefined ? { appId: appId ?? '' } : { sha256 };
  const decision = decideResume(record, fingerprintOf(request, subject, io.client.origin, files), request.resume);
  switch (decision.action) {
    case 'start':
      return { kind: 'start', sha256, begin };
    case 'refuse':
      if (record.ids.appId !== undefined) io.ids.appId = record.ids.appId;
      throw new FusegateError(
        'build.may-exist',
        'An earlier run asked for this build and never learnt whether it was started.',
        {
          stage: 'build',
          hint: 'Look in the console for a build of this app. Run again with build-id and its id, or with resume: new to start another one.',
        },
      );
    case 'continue': {
      const { stage, ids } = decision.record;
      io.journal.adopt(decision.record);
      io.log(
        'info',
        `Going on with the run of ${decision.record.startedAt}${ids.buildId === undefined ? '' : `, build ${ids.buildId}`}.`,
      );
      return { kind: 'continue', reached: stage, appId: ids.appId, buildId: ids.buildId, sha256, begin };
    }
  }
}
