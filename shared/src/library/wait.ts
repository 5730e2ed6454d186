/** Waits for the service as the plugins do: polls often at first and less often later, and only documented words are final. */
import type { CallContext } from '../api/call.ts';
import type { AppdomeClient } from '../api/client.ts';
import type { TaskStatus, WorkflowMessage } from '../api/tasks.ts';
import { type Clock, systemClock } from '../model/clock.ts';
import { MessageCursor } from '../pipeline/message-cursor.ts';
import { type Polled, pollUntilDone } from '../pipeline/poll.ts';

export interface WaitOptions {
  /** Minimum and maximum milliseconds between two polls. Default 1 s and 10 s. */
  pollMin?: number;
  pollMax?: number;
  /** For tests. */
  clock?: Clock;
}

/**
 * Waits until the service has analysed an uploaded app.
 * @throws FusegateError service.analysis-failed, and what `uploadStatus` throws
 */
export async function waitForUpload(
  client: AppdomeClient,
  appId: string,
  context: CallContext,
  options: WaitOptions = {},
): Promise<void> {
  await wait(context, options, {
    failed: {
      code: 'service.analysis-failed',
      what: 'The service could not take the app',
      hint: 'Check that the app installs on a device and is not protected already, then run again.',
    },
    ask: () => client.uploadStatus(appId, context),
  });
}

/**
 * Waits until a build is idle again: after `fuse`, and after each of `context`, `sign`, `seal` and `signScript`, always with the build's
 * own id (appdome-api.md §1.7). The context's `stage` names the step in errors.
 * @param onMessage called once for each line of the service's workflow log, including those in the final answer
 * @returns the last status, which says whether there is a deobfuscation map
 * @throws FusegateError service.build-failed, service.context-failed, service.sign-failed, and what `taskStatus` throws
 */
export async function waitForBuild(
  client: AppdomeClient,
  buildId: string,
  context: CallContext,
  options: WaitOptions & { onMessage?: (message: WorkflowMessage) => void } = {},
): Promise<TaskStatus> {
  const cursor = new MessageCursor();
  const stage = context.stage === 'sign' || context.stage === 'context' ? context.stage : 'build';
  return wait(context, options, {
    failed: {
      code: `service.${stage}-failed`,
      what: `The ${stage} failed`,
      hint: 'The console shows the build with its log.',
    },
    ask: async () => {
      const status = await client.taskStatus(buildId, cursor.lastDate, context);
      for (const message of cursor.take(status.messages)) options.onMessage?.(message);
      return status;
    },
  });
}

function wait<T extends Polled>(
  context: CallContext,
  options: WaitOptions,
  task: Pick<Parameters<typeof pollUntilDone<T>>[0], 'failed' | 'ask'>,
): Promise<T> {
  const { pollMin = 1000, pollMax = 10_000, clock = systemClock } = options;
  return pollUntilDone<T>({
    ...task,
    io: { deps: { clock }, log: (level, text) => context.log?.(level, text) },
    stage: { signal: context.signal, report() {} },
    limits: { pollMin, pollMax },
  });
}
