/** Actions on an existing build (context, sign, seal, sign_script), and its status. */

import { messageOf, oneLine } from '../text/server-text.ts';
import type { ApiCall, CallContext } from './call.ts';
import type { MultipartFile } from './multipart.ts';
import { type JsonObject, readJson, requiredString } from './read-body.ts';
import { actionParts, type Overrides, postTask } from './task-request.ts';
import type { Transport } from './transport.ts';

export type { Overrides } from './task-request.ts';

/** An action on a build. */
export interface BuildAction {
  buildId: string;
  overrides: Overrides;
  /** One part for each file, in this order; see `filePart`. */
  files?: readonly MultipartFile[];
}

/** A line of the service's workflow log. */
export interface WorkflowMessage {
  /** One line, untrusted. */
  text: string;
  /** `creation_time` as received (ISO 8601); the next call's `lastDate` is made from it. */
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
  /** Whether there is a deobfuscation map; absent if the service does not say. */
  obfuscationMapExists?: boolean;
}

/**
 * Starts the context step on a build: bundle id, version, build number, display name; icon and icon overlay as files.
 * @throws FusegateError service.refused, usage.invalid (a file cannot be read), auth.*, api.*, network.*; see `answerWasLost`
 * @see appdome-api.md §3.8, verified
 */
export async function context(transport: Transport, action: BuildAction, callContext: CallContext): Promise<void> {
  await postTask(transport, 'context', actionParts(action), callContext);
}

/**
 * Starts signing on Appdome. Android: keystore; its password, alias and key password in the overrides. iOS: p12, one or more
 * provisioning profiles, entitlements; `signing_p12_password` and `manual_entitlements_matching` in the overrides.
 * @throws FusegateError service.refused, usage.invalid (a file cannot be read), auth.*, api.*, network.*; see `answerWasLost`
 * @see appdome-api.md §3.9, verified
 */
export async function sign(transport: Transport, action: BuildAction, callContext: CallContext): Promise<void> {
  await postTask(transport, 'sign', actionParts(action), callContext);
}

/**
 * Starts private signing: the service prepares an app that its owner signs. Android: fingerprint, Google Play keys or a trusted list in
 * the overrides. iOS: provisioning profiles.
 * @throws FusegateError service.refused, usage.invalid (a file cannot be read), auth.*, api.*, network.*; see `answerWasLost`
 * @see appdome-api.md §3.10, verified
 */
export async function seal(transport: Transport, action: BuildAction, callContext: CallContext): Promise<void> {
  await postTask(transport, 'seal', actionParts(action), callContext);
}

/**
 * Starts Auto-DEV private signing: as `seal`, but the output is a shell script that signs. iOS: entitlements too.
 * @throws FusegateError service.refused, usage.invalid (a file cannot be read), auth.*, api.*, network.*; see `answerWasLost`
 * @see appdome-api.md §3.11, verified
 */
export async function signScript(transport: Transport, action: BuildAction, callContext: CallContext): Promise<void> {
  await postTask(transport, 'signScript', actionParts(action), callContext);
}

/**
 * Asks for the state of a build, with the workflow messages newer than `lastDate`. The final answer carries messages too; the official
 * Python client loses those.
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
    operation: 'taskStatus',
    ids: { buildId },
    ...(lastDate === undefined ? {} : { query: { lastDate } }),
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
