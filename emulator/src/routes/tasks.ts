import { type ActionRequest, BUILD_FIELDS, type BuildAction } from '../actions/action.ts';
import { appdomeTest } from '../actions/appdome-test.ts';
import { contextAction } from '../actions/context.ts';
import { fuse } from '../actions/fuse.ts';
import { sealAction, signAction, signScriptAction } from '../actions/signing.ts';
import { startStage } from '../builds/build.ts';
import { namedBuild } from '../builds/find.ts';
import type { RequestContext } from '../http/context.ts';
import type { Form } from '../http/form.ts';
import { INVALID_PAYLOAD, jsonReply, Refusal, type Reply } from '../http/reply.ts';
import { isObject } from '../json.ts';
import { taskWord } from '../state/timeline.ts';

const BUILD_ACTIONS: BuildAction[] = [contextAction, signAction, sealAction, signScriptAction];

/** POST /tasks (appdome-api.md §3.6, §3.8 to §3.11, §3.13). Actions on a build answer with the build's own id (inferred, §1.7.3). */
export function tasks(context: RequestContext): Promise<Reply> {
  return answerAction(context, false);
}

/**
 * POST /build-to-test: a build for a device cloud (§3.7). The other actions are documented here too, but every client sends them to /tasks.
 */
export function buildToTest(context: RequestContext): Promise<Reply> {
  return answerAction(context, true);
}

async function answerAction(context: RequestContext, buildToTest: boolean): Promise<Reply> {
  const form = await context.form();
  const request: ActionRequest = { context, form, overrides: overridesOf(form), buildToTest };
  if (context.state.settings.signingFiles === 'checked') {
    request.checkFiles = (await import('../actions/signing-files.ts')).checkSigningFiles;
  }
  return jsonReply({ task_id: act(request, form.fields.get('action')) });
}

/** Text that contains a JSON object (§8.1.7). */
function overridesOf(form: Form): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(form.fields.get('overrides') ?? '{}');
  } catch {
    throw new Refusal(400, INVALID_PAYLOAD);
  }
  if (!isObject(value)) throw new Refusal(400, INVALID_PAYLOAD);
  return value;
}

function act(request: ActionRequest, name: string | undefined): string {
  if (name === 'fuse') return fuse(request);
  if (name === 'appdome_test') return appdomeTest(request);
  const found = BUILD_ACTIONS.find(({ action }) => action === name);
  if (found === undefined) throw new Refusal(400, INVALID_PAYLOAD);
  const { action, files, check } = found;
  const { context, form, overrides } = request;
  context.reportUnknownParts(form, { fields: BUILD_FIELDS, files });
  const parent = form.fields.get('parent_task_id');
  if (parent === undefined) throw new Refusal(400, INVALID_PAYLOAD);
  const { task, app } = namedBuild(context, parent);
  const word = taskWord(task, context.now());
  if (word !== 'completed') {
    context.violation('stage-out-of-order', `${action} was requested while the build was in ${word}.`);
    throw new Refusal(400, `The task is in ${word === 'error' ? 'failure' : word}`);
  }
  const failure = check({ ...request, task, app });
  startStage(context, task, app, { action, overrides, files: form.files, failure });
  return task.id;
}
