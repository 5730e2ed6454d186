/** Waiting for a task of the build, with its messages. */
import type { TaskStatus } from '../api/tasks.ts';
import type { PipelineRun, ServiceIo } from './pipeline-io.ts';
import { pollUntilDone, type TaskFailure } from './poll.ts';
import type { PollPace } from './poll-pace.ts';
import type { Stage } from './stages.ts';

type Watched = Pick<PipelineRun<ServiceIo>, 'io' | 'workflow'> & { buildId: string };

/** One question about the build; its new messages go to the host. */
export async function askStatus({ io, workflow, buildId }: Watched, stage: Stage): Promise<TaskStatus> {
  const status = await io.client.taskStatus(buildId, workflow.lastDate, stage);
  const fresh = workflow.take(status.messages);
  io.record.addMessages(fresh);
  for (const message of fresh) stage.report('message', { detail: message.text });
  return status;
}

/** Waits until the build is idle again. `begun`: as for `pollUntilDone`. All stages of a build are polled under the build's own id (appdome-api.md §1.7). */
export function awaitTask(
  watched: Watched,
  stage: Stage,
  pace: PollPace,
  { begun = false, ...failed }: TaskFailure & { begun?: boolean },
): Promise<TaskStatus> {
  return pollUntilDone({ io: watched.io, stage, limits: pace, failed, begun, ask: () => askStatus(watched, stage) });
}
