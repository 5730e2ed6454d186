/** Every action on a build is posted as a form with the action, an id, the overrides and files. */
import type { CallContext } from './call.ts';
import { ENDPOINTS, type Operation } from './endpoints.ts';
import { openMultipart, type Part } from './multipart.ts';
import { readJson, requiredId } from './read-body.ts';
import type { Transport } from './transport.ts';

/** The overrides of an action, sent as a JSON string in a text field. May contain passwords: never print them. */
export type Overrides = Record<string, unknown>;

/** One object in one text field, with real JSON types (appdome-api.md §1.8, verified). */
export function overridesPart(overrides: Overrides): Part {
  return { name: 'overrides', value: JSON.stringify(overrides) };
}

type TaskOperation = { [O in Operation]: (typeof ENDPOINTS)[O] extends { action: string } ? O : never }[Operation];

/**
 * Posts the action with its form.
 * @returns `task_id`; for the actions on a build it repeats the build id (inferred), so callers keep polling the build's own
 */
export function postTask(
  transport: Transport,
  operation: TaskOperation,
  parts: readonly Part[],
  context: CallContext,
): Promise<string> {
  const form = [{ name: 'action', value: ENDPOINTS[operation].action }, ...parts];
  return transport.send({ operation, body: () => openMultipart(form) }, context, async (response) => {
    const json = await readJson(response);
    return requiredId(response, json.task_id, 'task_id', json);
  });
}
