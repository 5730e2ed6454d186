/** What is done to a finished build: context and signing. Both post an action and wait until the build is idle again. */
import { answerWasLost } from '../api/failure.ts';
import { fileParts as parts } from '../api/file-parts.ts';
import { mergedContextOverrides, mergedSignOverrides } from '../api/sign-overrides.ts';
import type { TaskStatus } from '../api/tasks.ts';
import { FusegateError } from '../model/errors.ts';
import type { ContextRequest, Limits, RunRequest, SignRequest } from '../model/run-request.ts';
import type { JournalStage } from './journal-record.ts';
import type { PipelineIo, PipelineRun } from './pipeline-io.ts';
import type { TaskFailure } from './poll.ts';
import type { PollPace } from './poll-pace.ts';
import type { Stage } from './stages.ts';
import { askStatus, awaitTask } from './task.ts';

/** How far the action has come: not posted; posted, and it may not have arrived (a lost answer, a killed runner); accepted. */
export type ActionState = 'new' | 'uncertain' | 'accepted';

interface BuildActionStep {
  name: 'context' | 'sign';
  /** `before` is where a run continues after the action has failed: the build is there, and only the action is repeated. */
  journal: { before: JournalStage; intent: JournalStage; running: JournalStage; done: JournalStage };
  failed: TaskFailure;
  post(stage: Stage): Promise<void>;
}

interface ActionInput extends PipelineRun {
  buildId: string;
  state: ActionState;
  limits: PollPace & Pick<Limits, 'sign'>;
  /** Called once the service is at work on it: from there on, this process has time. */
  accepted?(): void;
}

type SignedApp = Pick<RunRequest, 'app' | 'platform'>;

/** Changes bundle id, version, build number, display name or icon of the build. */
export function addContext(context: ContextRequest, input: ActionInput): Promise<TaskStatus> {
  const { buildId, io } = input;
  return act(input, {
    name: 'context',
    journal: { before: 'built', intent: 'context-intent', running: 'context-running', done: 'context-done' },
    failed: {
      code: 'service.context-failed',
      what: 'The context step failed',
      hint: 'Check the new bundle id, version, build number, display name, icon and context-overrides, then run again.',
    },
    post(stage) {
      const files = [...parts('appIcon', context.appIcon), ...parts('iconOverlay', context.iconOverlay)];
      return io.client.context({ buildId, overrides: mergedContextOverrides(context), files }, stage);
    },
  });
}

/**
 * Signs the build, or prepares it for its owner to sign.
 * @param before where a run continues after a failed signing
 */
export function signBuild(
  sign: SignRequest,
  app: SignedApp,
  before: 'built' | 'context-done',
  input: ActionInput,
): Promise<TaskStatus> {
  const { buildId, io } = input;
  return act(input, {
    name: 'sign',
    journal: { before, intent: 'sign-intent', running: 'signing', done: 'signed' },
    failed: {
      code: 'service.sign-failed',
      what: 'The signing failed',
      hint: `Check ${whatSigns(app, sign)}, then run again with build-id: the build exists and costs nothing more.`,
    },
    post: (stage) => postSigning(sign, app, buildId, io, stage),
  });
}

function whatSigns({ app, platform }: SignedApp, { method }: SignRequest): string {
  const ios = (app?.platform ?? platform) === 'ios';
  if (method === 'on-appdome') {
    return ios ? 'the p12, its password and the provisioning profiles' : 'the keystore, its alias and both passwords';
  }
  return ios ? 'the provisioning profiles and entitlements' : 'the signing fingerprint';
}

/** One case for each method. An .aar is not signed and never gets here. */
function postSigning(sign: SignRequest, app: SignedApp, buildId: string, io: PipelineIo, stage: Stage): Promise<void> {
  const action = {
    buildId,
    overrides: mergedSignOverrides(sign, app),
    files: [
      ...(sign.method === 'on-appdome' ? [...parts('keystore', sign.keystore), ...parts('p12', sign.p12)] : []),
      ...parts('provisioningProfile', sign.provisioningProfiles),
      ...parts('entitlements', sign.entitlements),
    ],
  };
  switch (sign.method) {
    case 'on-appdome':
      if (sign.keystore ?? sign.p12) return io.client.sign(action, stage);
      throw new FusegateError('usage.invalid', 'There is nothing to sign with.', {
        hint: 'Give a keystore for Android, a p12 for iOS.',
      });
    case 'private':
      return io.client.seal(action, stage);
    case 'auto-dev':
      return io.client.signScript(action, stage);
    case 'none':
      throw new Error('sign none has nothing to post');
  }
}

/**
 * Posts the action and waits for it. Context and sign share the deadline of signing: they take a minute or two.
 *
 * After a lost answer the status decides, because the service changes it before it answers (appdome-api.md §1.7, inferred): anything
 * but `completed` is the action at work; `completed` means that it did not arrive, or that it is done already, and then repeating it does
 * no harm.
 */
async function act(input: ActionInput, step: BuildActionStep): Promise<TaskStatus> {
  const { state, io, scope, limits } = input;
  const deadline = { ms: limits.sign, code: 'timeout.sign' } as const;
  return io.stages.run(io, scope, { name: step.name, deadline }, async (stage) => {
    const isIdle = async () => (await askStatus(input, stage)).status === 'completed';
    let accepted = state === 'accepted' || (state === 'uncertain' && !(await isIdle()));
    const begun = accepted;
    for (let lost = 0; !accepted; ) {
      await io.journal.record(step.journal.intent, io.record.ids);
      try {
        await step.post(stage);
        accepted = true;
      } catch (error) {
        if (stage.signal.aborted || lost > 0 || !answerWasLost(error)) throw error;
        lost += 1;
        io.log('notice', `The answer to the ${step.name} request was lost; asking for the state of the build.`);
        accepted = !(await isIdle());
      }
    }
    await io.journal.record(step.journal.running, io.record.ids);
    input.accepted?.();
    try {
      const status = await awaitTask(input, stage, limits, { ...step.failed, begun });
      await io.journal.record(step.journal.done, io.record.ids);
      return status;
    } catch (error) {
      if (error instanceof FusegateError && error.code === step.failed.code) {
        await io.journal.record(step.journal.before, io.record.ids);
      }
      throw error;
    }
  });
}
