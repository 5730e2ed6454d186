/** Waiting for a task of the build, with its messages. */
import type { TaskStatus } from '../api/tasks.ts';
import type { ErrorCode } from '../model/errors.ts';
import type { RunRequest } from '../model/run-request.ts';
import type { PipelineIo } from './pipeline-io.ts';
import { pollUntilDone } from './poll.ts';
import type { Stage } from './stages.ts';
import type { WorkflowLog } from './workflow-log.ts';

/** One question about the build; its new messages go to the host. */
export async function askStatus(
  io: PipelineIo,
  stage: Stage,
  buildId: string,
  workflow: WorkflowLog,
): Promise<TaskStatus> {
  const status = await io.client.taskStatus(buildId, workflow.lastDate, stage);
  const fresh = workflow.take(status.messages);
  io.messages?.push(...fresh);
  for (const message of fresh) stage.report('message', { detail: message.text });
  return status;
}

/** Waits until the build is idle again. All stages of a build are polled under the build's own id (appdome-api.md §1.7). */
export function awaitTask(input: {
  request: RunRequest;
  io: PipelineIo;
  stage: Stage;
  buildId: string;
  workflow: WorkflowLog;
  failed: { code: ErrorCode; what: string; hint: string };
}): Promise<TaskStatus> {
  const { request, io, stage, buildId, workflow, failed } = input;
  const ask = () => askStatus(io, stage, buildId, workflow);
  return pollUntilDone({ io, stage, limits: request.limits, failed, ask });
}
