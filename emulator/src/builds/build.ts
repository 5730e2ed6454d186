/** Finds, starts and continues builds. */
import { v1 as uuid } from 'uuid';
import { sha256Of } from '../apps/protected-app.ts';
import type { FusionSet } from '../fusion-sets/fusion-set.ts';
import type { RequestContext } from '../http/context.ts';
import type { Form } from '../http/form.ts';
import { Refusal } from '../http/reply.ts';
import { type Services, scaled } from '../services.ts';
import type { StageAction, StoredApp, StoredStage, StoredTask, StoredTest } from '../state/model.ts';
import { mainOutput } from './outputs.ts';

/**
 * The build that a request names.
 * @throws Refusal 404 (inferred) for an unknown id or one of another team, and records a violation
 */
export function namedBuild(context: RequestContext, id: string): { task: StoredTask; app: StoredApp } {
  const task = context.state.tasks.find((entry) => entry.id === id && entry.teamId === context.teamId);
  const app = context.state.apps.find((entry) => entry.id === task?.appId);
  if (task === undefined || app === undefined) {
    context.violation('unknown-task', `Nobody started the build ${id} in this team.`);
    throw new Refusal(404, 'Task not found');
  }
  task.asked = true;
  return { task, app };
}

/** The run of Appdome Test with this id, if any. */
export function namedTest(context: RequestContext, id: string): StoredTest | undefined {
  return context.state.tests.find((entry) => entry.id === id && entry.teamId === context.teamId);
}

/** A build without any stage yet. The Fusion Set is copied, because sets are mutable. */
export function newBuild(context: RequestContext, app: StoredApp, fusionSet: FusionSet): StoredTask {
  return {
    id: uuid(),
    teamId: context.teamId,
    appId: app.id,
    client: String(context.request.headers['x-appdome-client'] ?? ''),
    fusionSet: structuredClone(fusionSet),
    stages: [],
    asked: false,
  };
}

/** What a stage remembers about the files of a form. */
export function storedFiles({ files }: Form): StoredStage['files'] {
  return files.map(({ field, sha256, size }) => ({ field, sha256, size }));
}

export interface NewStage {
  action: StageAction;
  duration: 'fuseMs' | 'contextMs' | 'signMs';
  /** Already masked. */
  overrides: Record<string, unknown>;
  files: StoredStage['files'];
  failure: string | undefined;
}

/** Adds a stage: from this moment on the status is `progress` (appdome-api.md §1.7.4), before the answer is sent. */
export async function startStage(
  context: RequestContext,
  task: StoredTask,
  app: StoredApp,
  stage: NewStage,
): Promise<void> {
  const startedAt = context.now();
  const { action, overrides, files, failure } = stage;
  const injected = context.faultsOf('taskError').find((fault) => fault.stage === action)?.message;
  const text = injected ?? failure;
  const endsAt = startedAt + scaled(context.services, stage.duration);
  task.stages.push({ action, startedAt, endsAt, overrides, files, ...(text === undefined ? {} : { failure: text }) });
  context.services.background(settleOutput(context.services, task, app));
  await context.services.store.save();
}

/** Computes the hash of what `output` will serve. The stage does not end before it is known. */
export async function settleOutput(services: Services, task: StoredTask, app: StoredApp): Promise<void> {
  const stages = task.stages.length;
  if (task.stages.at(-1)?.failure !== undefined || task.output?.stages === stages) return;
  const output = await mainOutput(services.store, task, app);
  const sha256 = await sha256Of(output, services.closing);
  if (task.stages.length !== stages) return;
  task.output = { stages, sha256, size: output.size };
  await services.store.save();
}

/** After a restart: computes hashes that the previous process did not get to. */
export function settleAll(services: Services): void {
  for (const task of services.store.state.tasks) {
    const app = services.store.state.apps.find(({ id }) => id === task.appId);
    if (app !== undefined) services.background(settleOutput(services, task, app));
  }
}
