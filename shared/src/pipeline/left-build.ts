/** A build that an earlier run left: naming it, so that nobody pays twice without knowing, and the ways to go on. */
import { isAnswerOfApi } from '../api/failure.ts';
import { FusegateError } from '../model/errors.ts';
import { goOnWith } from './go-on.ts';
import type { JournalRecord, NotFollowed } from './journal-record.ts';
import type { PipelineIo, StepIo } from './pipeline-io.ts';

const WHY: Record<NotFollowed, string> = {
  damaged: 'its journal is damaged, or of another version of Fusegate',
  'other-run': 'it belongs to another run of the CI system',
  old: 'it is more than a day old',
  'other-inputs': 'the app, the Fusion Set, the team or another input has changed since',
  unwanted: 'a new one was asked for',
  gone: 'the service did not know it, or refused to continue it',
};

/** Says which build is left alone, in the log before anything is paid for, and in the result. */
export function nameLeftBuild(
  { buildId, appId }: JournalRecord['ids'],
  why: NotFollowed,
  io: Pick<StepIo, 'log' | 'record'>,
): void {
  const which =
    buildId === undefined
      ? `An earlier run may have started a build${appId === undefined ? '' : ` of app ${appId}`}`
      : `An earlier run started build ${buildId}`;
  const message = `${which}, and this run does not continue it: ${WHY[why]}`;
  const hint =
    buildId === undefined
      ? 'Look for it in the console. To continue with it, run again with its `--build-id`.'
      : `To use that build instead of a new one: ${goOnWith(buildId)}.`;
  const level = why === 'unwanted' ? 'note' : 'warning';
  io.log(level === 'note' ? 'notice' : 'warning', `${message}. ${hint}`);
  io.record.addFinding({ code: 'journal.not-followed', level, message, hint });
}

/** The answer to the build request was lost. */
export function mayExist(): FusegateError {
  const message = 'An earlier run requested this build and never learned whether it started.';
  const hint =
    'Look in the console for a build of this app. Run again with its build-id, or with resume: new to start another one.';
  return new FusegateError('build.may-exist', message, { stage: 'build', hint });
}

/** `resume: never` stops where there is something to continue. */
export function mustNotContinue(buildId: string | undefined): FusegateError {
  const which = buildId === undefined ? 'may have started a build' : `left build ${buildId}`;
  const hint =
    buildId === undefined
      ? 'Look for it in the console. Run again with its build-id, or with resume: new to start another one.'
      : `To continue with it: ${goOnWith(buildId)}. To start another one, run again with resume: new.`;
  const message = `An earlier attempt ${which}, and resume: never stops there.`;
  return new FusegateError('build.may-exist', message, { stage: 'build', hint });
}

/**
 * A build that the service does not know (any more).
 * @param from who named it; `not-api`: the answer does not come from the API, so the journal stays
 */
export function unknownBuild(
  buildId: string,
  error: FusegateError,
  from: 'user' | 'journal' | 'not-api',
): FusegateError {
  const hint = {
    user: `Check build-id ${buildId}, team-id and server-url: the build may belong to another team, or have been deleted.`,
    journal: `The journal of an earlier run named ${buildId}. Run again to start a new build; if the build should exist, check team-id and server-url first.`,
    'not-api': `This is not an answer of the API. Check server-url and run again: it continues build ${buildId}. To start another build, run with resume: new.`,
  }[from];
  return new FusegateError(error.code, `The service does not know build ${buildId}: ${error.message}`, {
    hint,
    cause: error,
    status: error.status,
  });
}

/**
 * A build whose last step had failed, and that the service takes no other step for. The journal ends here, so that the next run does not
 * meet the same refusal for ever.
 */
export async function deadEnd(
  error: unknown,
  buildId: string,
  { journal }: Pick<PipelineIo, 'journal'>,
): Promise<unknown> {
  if (!(error instanceof FusegateError) || error.code !== 'service.refused' || !isAnswerOfApi(error)) return error;
  await journal.finish('gone');
  return new FusegateError(error.code, error.message, {
    stage: error.stage,
    ids: error.ids,
    hint: `Build ${buildId} failed before, and the service takes it no further. Run again, without build-id, to start a new build.`,
    cause: error,
    status: error.status,
  });
}
