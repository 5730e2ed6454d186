import type { RequestContext } from '../http/context.ts';
import { Refusal } from '../http/reply.ts';
import type { StoredApp, StoredTask } from '../state/model.ts';
import { signingStage, taskWord } from '../state/timeline.ts';
import { namedBuild } from './build.ts';

/** @throws Refusal with `settings.notReadyStatus` (inferred) for something that does not exist (yet) */
export function notReady(context: RequestContext, message: string): never {
  throw new Refusal(context.state.settings.notReadyStatus, message);
}

/**
 * The build that a download names, if its last stage is completed.
 * @throws Refusal if it is not
 */
export function completedBuild(context: RequestContext): { task: StoredTask; app: StoredApp } {
  const build = namedBuild(context, context.param('taskId'));
  if (taskWord(build.task, context.now()) !== 'completed') notReady(context, 'The task is not completed');
  return build;
}

/** Certificates come after signing (appdome-api.md §3.15, inferred); SDKs need none (§3.26). */
export function isCertified(task: StoredTask, app: StoredApp, now: number): boolean {
  const sdk = app.identity?.type === 'aar' || app.identity?.type === 'zip';
  return taskWord(task, now) === 'completed' && (sdk || signingStage(task) !== undefined);
}

/** @throws Refusal for a build that has no certificate (yet) */
export function certifiedBuild(context: RequestContext): { task: StoredTask; app: StoredApp } {
  const build = completedBuild(context);
  if (!isCertified(build.task, build.app, context.now())) notReady(context, 'The certificate is not ready');
  return build;
}
