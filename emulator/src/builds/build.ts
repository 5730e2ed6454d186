import { v1 as uuid } from 'uuid';
import { namesInApp } from '../apps/names-in-app.ts';
import { sha256Of } from '../apps/protected-app.ts';
import { eventsOf, type FusionSet } from '../fusion-sets/fusion-set.ts';
import type { RequestContext } from '../http/context.ts';
import type { Form } from '../http/form.ts';
import { maskJson } from '../record/masking.ts';
import { type Services, scaled } from '../services.ts';
import type { StageAction, StoredApp, StoredTask } from '../state/model.ts';
import { isCertified, taskWord } from '../state/timeline.ts';
import { certificateModel } from './certificate-model.ts';
import { mainOutput } from './outputs.ts';

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

/** How many builds of the team are at work. */
export function activeBuilds(context: RequestContext): number {
  const isActive = (task: StoredTask) => task.teamId === context.teamId && taskWord(task, context.now()) === 'progress';
  return context.state.tasks.filter(isActive).length;
}

/** The setting that says how long a stage takes. */
const DURATION = {
  fuse: 'fuseMs',
  context: 'contextMs',
  sign: 'signMs',
  seal: 'signMs',
  sign_script: 'signMs',
} as const;

export interface NewStage {
  action: StageAction;
  overrides: Record<string, unknown>;
  files: Form['files'];
  /** The text that it ends in `error` with, unless a fault has another. */
  failure?: string | undefined;
}

/** Adds a stage: from this moment on the status is `progress` (appdome-api.md §1.7.4), before the answer is sent. */
export function startStage(context: RequestContext, task: StoredTask, app: StoredApp, stage: NewStage): void {
  const { action, files } = stage;
  const startedAt = context.now();
  const injected = context.faultsOf('taskError').find((fault) => fault.stage === action)?.message;
  task.stages.push({
    action,
    startedAt,
    endsAt: startedAt + scaled(context.services, DURATION[action]),
    overrides: maskJson(stage.overrides) as Record<string, unknown>,
    files: files.map(({ field, sha256, size }) => ({ field, sha256, size })),
    failure: injected ?? stage.failure,
  });
  context.services.background(settleOutput(context.services, task, app));
}

/** Computes what the certificate and `output` will say: the stage does not end before it is known. */
export async function settleOutput(services: Services, task: StoredTask, app: StoredApp): Promise<void> {
  const stages = task.stages.length;
  if (task.stages.at(-1)?.failure !== undefined || task.output?.stages === stages) return;
  await searchListeners(services, task, app);
  const output = await mainOutput(services.store, task, app);
  const sha256 = await sha256Of(output, services.closing);
  if (task.stages.length !== stages) return;
  const stage = task.stages.at(-1);
  const now = services.clock.now();
  if (stage !== undefined && now > stage.endsAt) stage.settledAt = now;
  task.output = { stages, sha256, size: output.size };
  await services.store.save();
  if (stage !== undefined && now < stage.endsAt && isCertified(task, app))
    await services.certificates.pdf(certificateModel(task, app));
}

async function searchListeners(services: Services, task: StoredTask, app: StoredApp): Promise<void> {
  if (task.fusionSet.missingListeners !== 'search' || task.missingListeners !== undefined) return;
  const events = eventsOf(task.fusionSet);
  const found = await namesInApp(services.store.uploadPath(app.fileId), events, { signal: services.closing });
  task.missingListeners = events.filter((name) => !found.has(name));
}

/** After a restart: computes hashes that the previous process did not get to. */
export function settleAll(services: Services): void {
  for (const task of services.store.state.tasks) {
    const app = services.store.state.apps.find(({ id }) => id === task.appId);
    if (app !== undefined) services.background(settleOutput(services, task, app));
  }
}
