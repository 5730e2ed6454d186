import type { RequestContext } from '../http/context.ts';
import { Refusal } from '../http/reply.ts';
import type { StoredApp, StoredTask } from '../state/model.ts';
import { isCertified, taskWord } from '../state/timeline.ts';

interface NamedBuild {
  task: StoredTask;
  app: StoredApp;
}

/** @throws Refusal 404 (inferred) for an unknown id or one of another team, and records a violation */
export function namedBuild(context: RequestContext, id: string): NamedBuild {
  const task = context.state.tasks.find((entry) => entry.id === id && entry.teamId === context.teamId);
  const app = context.state.apps.find((entry) => entry.id === task?.appId);
  if (task === undefined || app === undefined) {
    context.violation('unknown-task', `Nobody started the build ${id} in this team.`);
    throw new Refusal(404, 'Task not found');
  }
  task.asked = true;
  return { task, app };
}

/** @throws Refusal with `settings.notReadyStatus` (inferred) for something that does not exist (yet) */
export function notReady(context: RequestContext, message: string): never {
  throw new Refusal(context.state.settings.notReadyStatus, message);
}

/**
 * The build that a download names, if its last stage is completed.
 * @throws Refusal if it is not
 */
export function completedBuild(context: RequestContext): NamedBuild {
  const build = namedBuild(context, context.param('taskId'));
  if (taskWord(build.task, context.now()) !== 'completed') notReady(context, 'The task is not completed');
  return build;
}

/** @throws Refusal for a build that has no certificate (yet) */
export function certifiedBuild(context: RequestContext): NamedBuild {
  const build = completedBuild(context);
  if (!isCertified(build.task, build.app)) notReady(context, 'The certificate is not ready');
  return build;
}
