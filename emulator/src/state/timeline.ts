/** The state of a stored object at a given moment: pure functions of its timestamps. */
import type { StageAction, StoredApp, StoredStage, StoredTask, StoredTest, StoredValidation } from './model.ts';

export type UploadWord = 'queued' | 'progress' | 'completed' | 'error';
export type ValidationWord = 'pending' | 'active' | 'completed';
export type TaskWord = 'progress' | 'completed' | 'error';

/** The status word of GET /upload/{id}/status (appdome-api.md §3.1d). */
export function uploadWord(app: StoredApp, now: number): UploadWord {
  if (now < app.queuedUntil) return 'queued';
  if (now < app.analysedAt) return 'progress';
  return app.refusal === undefined ? 'completed' : 'error';
}

/** The status word of GET /tasks/{id}/status (§3.12). A stage with a new output is only done once its hash is known. */
export function taskWord(task: StoredTask, now: number): TaskWord {
  const stage = task.stages.at(-1);
  if (stage === undefined || now < stage.endsAt) return 'progress';
  if (stage.failure !== undefined) return 'error';
  return task.output?.stages === task.stages.length ? 'completed' : 'progress';
}

/** The status word of a task of Appdome Test (§3.13). */
export function testWord(test: StoredTest, now: number): TaskWord {
  if (now < test.endsAt) return 'progress';
  return test.failure === undefined ? 'completed' : 'error';
}

/** The word of GET /validation/{id}/status (§3.17). */
export function validationWord({ pendingUntil, endsAt }: StoredValidation, now: number): ValidationWord {
  if (now < pendingUntil) return 'pending';
  return now < endsAt ? 'active' : 'completed';
}

export function signingStage(task: StoredTask): StoredStage | undefined {
  return task.stages.findLast(({ action }) => action === 'sign' || action === 'seal' || action === 'sign_script');
}

/** Whether a completed build has a certificate: it comes after signing (appdome-api.md §3.15, inferred); SDKs need none (§3.26). */
export function isCertified(task: StoredTask, { identity }: StoredApp): boolean {
  return identity?.type === 'aar' || identity?.type === 'zip' || signingStage(task) !== undefined;
}

export interface WorkflowMessage {
  message: { text: string };
  message_type: string;
  /** ISO 8601 with milliseconds. */
  creation_time: string;
}

/** Synthetic workflow messages: what the service says is unknown. No text contains a quotation mark (§1.9) or the word "error". */
const TEXTS: Record<StageAction | 'appdome_test', string[]> = {
  fuse: ['Preparing the app', 'Adding the protections of the Fusion Set', 'Packaging the protected app'],
  context: ['Adding context'],
  sign: ['Signing the app', 'Checking the signature'],
  seal: ['Sealing the app for private signing'],
  sign_script: ['Writing the signing script'],
  appdome_test: ['Starting devices', 'Running the app'],
};

/** Messages of the stages that exist at `now` and are newer than `after` (both in milliseconds). */
export function workflowMessages(
  stages: ReadonlyArray<Pick<StoredStage, 'startedAt' | 'endsAt'> & { action: StageAction | 'appdome_test' }>,
  now: number,
  after: number,
): WorkflowMessage[] {
  const messages: WorkflowMessage[] = [];
  let latest = Number.NEGATIVE_INFINITY;
  for (const { action, startedAt, endsAt } of stages) {
    const texts = TEXTS[action];
    for (const [index, text] of texts.entries()) {
      // No two messages have the same time, because the client asks for those after the last one that it has seen.
      const spread = startedAt + Math.floor(((endsAt - startedAt) * index) / texts.length);
      latest = Math.max(spread, latest + 1);
      if (latest > now || latest <= after) continue;
      messages.push({ message: { text }, message_type: 'info', creation_time: new Date(latest).toISOString() });
    }
  }
  return messages;
}
