/** Builds and what is done to them: fuse, context, sign, seal, status. */
import { type ApiCall, type CallContext, segment } from './call.ts';
import { openMultipart, type Part } from './multipart.ts';
import { type JsonObject, readJson, requiredId, requiredString } from './read-body.ts';
import type { Operation } from './retry-table.ts';
import { messageOf, oneLine } from './server-text.ts';
import type { Transport } from './transport.ts';

/** The overrides of an action; sent as a JSON string in a text field. May hold passwords: never print it. */
export type Overrides = Record<string, unknown>;

export interface FuseRequest {
  appId: string;
  fusionSetId: string;
  overrides: Overrides;
}

/** What context, sign and seal have in common. */
export interface BuildAction {
  buildId: string;
  overrides: Overrides;
}

export interface SignAction extends BuildAction {
  /** Path of the keystore. */
  keystore: string;
}

/** A line of the service's workflow log. */
export interface WorkflowMessage {
  /** One line, untrusted. */
  text: string;
  /** `creation_time` as it came (ISO 8601); what `lastDate` of the next call is made of. */
  createdAt?: string;
  /** `message_type`; its values are unknown (appdome-api.md §3.12). */
  type?: string;
}

export interface TaskStatus {
  /** `progress`, `completed`, `error`; any other word is not final. */
  status: string;
  /** Why it failed, one line, untrusted. */
  message?: string;
  messages: WorkflowMessage[];
  /** Whether there is a deobfuscation map; absent = the service does not say. */
  obfuscationMapExists?: boolean;
}

/**
 * Starts a build. It costs money and cannot be made idempotent, so it is sent once: see the row in `retry-table.ts`.
 * @returns the build id (`task_id`)
 * @throws FusegateError build.may-exist when the answer was lost; service.refused (unknown app or fusion set, licence); auth.*, network.*
 * @see appdome-api.md §3.6, verified
 */
export function fuse(transport: Transport, request: FuseRequest, context: CallContext): Promise<string> {
  const parts: Part[] = [
    { name: 'action', value: 'fuse' },
    { name: 'app_id', value: request.appId },
    { name: 'fusion_set_id', value: request.fusionSetId },
  ];
  // As the Python client does: no overrides, no field.
  if (Object.keys(request.overrides).length > 0) parts.push(overridesPart(request.overrides));
  return postTask(transport, 'fuse', parts, context);
}

/**
 * Starts the context step on a build: bundle id, version, build number, display name.
 * @throws FusegateError service.refused, auth.*, api.*, network.*; see `answerWasLost`
 * @see appdome-api.md §3.8, verified
 */
export async function context(transport: Transport, action: BuildAction, callContext: CallContext): Promise<void> {
  await postTask(transport, 'context', buildActionParts('context', action), callContext);
}

/**
 * Starts signing on Appdome (Android: keystore, its password, alias and key password in the overrides).
 * @throws FusegateError service.refused, usage.invalid (keystore unreadable), auth.*, api.*, network.*; see `answerWasLost`
 * @see appdome-api.md §3.9, verified
 */
export async function sign(transport: Transport, action: SignAction, callContext: CallContext): Promise<void> {
  const parts = buildActionParts('sign', action);
  parts.push({ name: 'signing_keystore', file: action.keystore, contentType: 'application/octet-stream' });
  await postTask(transport, 'sign', parts, callContext);
}

/**
 * Starts private signing: the service prepares an app that its owner signs. Android: fingerprint or Google Play keys in the overrides.
 * @throws FusegateError service.refused, auth.*, api.*, network.*; see `answerWasLost`
 * @see appdome-api.md §3.10, verified
 */
export async function seal(transport: Transport, action: BuildAction, callContext: CallContext): Promise<void> {
  await postTask(transport, 'seal', buildActionParts('seal', action), callContext);
}

/**
 * Asks for the state of a build, with the workflow messages newer than `lastDate`. Also the terminal answer carries messages; the
 * official Python client loses those.
 * @throws FusegateError service.refused for an unknown build; auth.*, api.*, network.*
 * @see appdome-api.md §3.12, verified; that only newer messages come is inferred
 */
export function taskStatus(
  transport: Transport,
  buildId: string,
  lastDate: string | undefined,
  callContext: CallContext,
): Promise<TaskStatus> {
  const call: ApiCall = {
    operation: 'task-status',
    target: `tasks/${segment(buildId)}/status`,
    query: { messages: 'true', ...(lastDate === undefined ? {} : { lastDate }) },
  };
  return transport.send(call, callContext, async (response) => {
    const json = await readJson(response);
    const message = messageOf(json);
    const map = booleanOf(json.obfuscationMapExists);
    return {
      status: requiredString(response, json, 'status').toLowerCase(),
      messages: workflowMessages(json),
      ...(message === undefined ? {} : { message }),
      ...(map === undefined ? {} : { obfuscationMapExists: map }),
    };
  });
}

function overridesPart(overrides: Overrides): Part {
  return { name: 'overrides', value: JSON.stringify(overrides) };
}

function buildActionParts(action: string, { buildId, overrides }: BuildAction): Part[] {
  return [{ name: 'action', value: action }, { name: 'parent_task_id', value: buildId }, overridesPart(overrides)];
}

/** @returns `task_id`; for the actions on a build it repeats the build id (inferred), so callers keep polling the build's own */
function postTask(
  transport: Transport,
  operation: Operation,
  parts: readonly Part[],
  callContext: CallContext,
): Promise<string> {
  const call: ApiCall = { operation, target: 'tasks', body: () => openMultipart(parts) };
  return transport.send(call, callContext, async (response) => {
    const json = await readJson(response);
    return requiredId(response, json.task_id, 'task_id', json);
  });
}

/** The bash client writes booleans as strings, so a server may do so too (appdome-api.md §1.8). */
function booleanOf(value: unknown): boolean | undefined {
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  return undefined;
}

function workflowMessages(json: JsonObject): WorkflowMessage[] {
  const { messages } = json;
  if (!Array.isArray(messages)) return [];
  const found: WorkflowMessage[] = [];
  for (const entry of messages as unknown[]) {
    const text = messageOf(entry);
    if (text === undefined) continue;
    const { creation_time: createdAt, message_type: type } = entry as {
      creation_time?: unknown;
      message_type?: unknown;
    };
    found.push({
      text,
      ...(typeof createdAt === 'string' ? { createdAt: oneLine(createdAt, 40) } : {}),
      ...(typeof type === 'string' ? { type: oneLine(type, 40) } : {}),
    });
  }
  return found;
}
