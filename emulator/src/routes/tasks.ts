import type { ActionRequest, BuildAction } from '../actions/action.ts';
import { appdomeTest } from '../actions/appdome-test.ts';
import { contextAction } from '../actions/context.ts';
import { fuse } from '../actions/fuse.ts';
import { sealAction, signScriptAction } from '../actions/seal.ts';
import { signAction } from '../actions/sign.ts';
import { namedBuild, startStage, storedFiles } from '../builds/build.ts';
import type { RequestContext, Route } from '../http/context.ts';
import type { Form } from '../http/form.ts';
import { jsonReply, Refusal, type Reply } from '../http/reply.ts';
import { reportUnknownParts } from '../http/unknown-parts.ts';
import { maskJson } from '../record/masking.ts';
import { taskWord } from '../state/timeline.ts';

const BUILD_ACTIONS: BuildAction[] = [contextAction, signAction, sealAction, signScriptAction];
const INVALID = 'Invalid request payload input';

/** POST /tasks (appdome-api.md §3.6, §3.8 to §3.11, §3.13). Actions on a build answer with the build's own id (inferred, §1.7.3). */
export const tasksRoute: Route = {
  method: 'POST',
  path: '/api/v1/tasks',
  area: 'api',
  query: ['team_id'],
  handle: (context) => answerAction(context, false),
};

/**
 * POST /build-to-test: a build for a device cloud (§3.7). The other actions are documented here too, but every client sends them to /tasks.
 */
export const buildToTestRoute: Route = {
  method: 'POST',
  path: '/api/v1/build-to-test',
  area: 'api',
  query: ['team_id'],
  handle: (context) => answerAction(context, true),
};

async function answerAction(context: RequestContext, buildToTest: boolean): Promise<Reply> {
  const form = await context.form();
  const request: ActionRequest = { context, form, overrides: overridesOf(form), buildToTest };
  const name = form.fields.get('action');
  if (name === 'fuse') return jsonReply({ task_id: await fuse(request) });
  if (name === 'appdome_test') return jsonReply({ task_id: await appdomeTest(request) });
  const action = BUILD_ACTIONS.find((entry) => entry.action === name);
  if (action === undefined) throw new Refusal(400, INVALID);
  return jsonReply({ task_id: await act(context, action, request) });
}

/** Text that contains a JSON object (§8.1.7). */
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
    context.violation('stage-out-of-order', `${action.action} was requested while the build was in ${word}.`);
    throw new Refusal(400, `The task is in ${word === 'error' ? 'failure' : word}`);
  }
  const failure = action.check({ ...request, task, app });
  await startStage(context, task, app, {
    action: action.action,
    duration: action.duration,
    overrides: maskJson(overrides) as Record<string, unknown>,
    files: storedFiles(form),
    failure,
  });
  return task.id;
}
