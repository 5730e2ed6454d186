import type { ActionRequest, BuildAction } from '../actions/action.ts';
import { contextAction } from '../actions/context.ts';
import { fuse } from '../actions/fuse.ts';
import { sealAction, signScriptAction } from '../actions/seal.ts';
import { signAction } from '../actions/sign.ts';
import { namedBuild, startStage } from '../builds/build.ts';
import type { RequestContext, Route } from '../http/context.ts';
import type { Form } from '../http/form.ts';
import { jsonReply, Refusal } from '../http/reply.ts';
import { reportUnknownParts } from '../http/unknown-parts.ts';
import { maskJson } from '../record/masking.ts';
import { taskWord } from '../state/timeline.ts';

const BUILD_ACTIONS: BuildAction[] = [contextAction, signAction, sealAction, signScriptAction];
const INVALID = 'Invalid request payload input';

/** POST /tasks (appdome-api.md §3.6, §3.8 to §3.11). Actions on a build answer with the build's own id (inferred, §1.7.3). */
export const tasksRoute: Route = {
  method: 'POST',
  path: '/api/v1/tasks',
  area: 'api',
  query: ['team_id'],
  async handle(context) {
    const form = await context.form();
    const request: ActionRequest = { context, form, overrides: overridesOf(form) };
    const name = form.fields.get('action');
    if (name === 'fuse') return jsonReply({ task_id: await fuse(request) });
    const action = BUILD_ACTIONS.find((entry) => entry.action === name);
    if (action === undefined) throw new Refusal(400, INVALID);
    return jsonReply({ task_id: await act(context, action, request) });
  },
};

/** A text that holds a JSON object (§8.1.7). */
function overridesOf(form: Form): Record<string, unknown> {
  const text = form.fields.get('overrides');
  if (text === undefined) return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal(400, INVALID);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refusal(400, INVALID);
  return value as Record<string, unknown>;
}

async function act(context: RequestContext, action: BuildAction, request: ActionRequest): Promise<string> {
  const { form, overrides } = request;
  reportUnknownParts(context, form, action.parts);
  const parent = form.fields.get('parent_task_id');
  if (parent === undefined) throw new Refusal(400, INVALID);
  const { task, app } = namedBuild(context, parent);
  const word = taskWord(task, context.now());
  if (word !== 'completed') {
    context.violation('stage-out-of-order', `${action.action} was asked for while the build was in ${word}.`);
    throw new Refusal(400, `The task is in ${word === 'error' ? 'failure' : word}`);
  }
  const failure = action.check({ ...request, task, app });
  await startStage(context, task, app, {
    action: action.action,
    duration: action.duration,
    overrides: maskJson(overrides) as Record<string, unknown>,
    files: form.files.map(({ field, sha256, size }) => ({ field, sha256, size })),
    failure,
  });
  return task.id;
}
