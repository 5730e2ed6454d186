/** Actions on an existing build (context, sign, seal, sign_script, appdome_test), and its status. */

import { defined } from '../model/defined.ts';
import { messageOf, oneLine } from '../text/server-text.ts';
import type { ApiCall, CallContext } from './call.ts';
import type { MultipartFile } from './multipart.ts';
import { type JsonBody, readJson, requiredWord } from './read-body.ts';
import { type Overrides, overridesPart, postTask } from './task-request.ts';
import type { Transport } from './transport.ts';

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

/** Overrides are always sent, as the official clients do (appdome-api.md §1.8). */
function action(operation: 'context' | 'sign' | 'seal' | 'signScript') {
  return async (transport: Transport, { buildId, overrides, files = [] }: BuildAction, callContext: CallContext) => {
    const parts = [{ name: 'parent_task_id', value: buildId }, overridesPart(overrides), ...files];
    await postTask(transport, operation, parts, callContext);
  };
}

/**
 * Starts the context step on a build: bundle id, version, build number, display name; icon and icon overlay as files.
 * @throws FusegateError service.refused, usage.invalid (a file cannot be read), auth.*, api.*, network.*; see `answerWasLost`
 * @see appdome-api.md §3.8, verified
 */
export const context = action('context');

/**
 * Starts signing on Appdome. Android: keystore; its password, alias and key password in the overrides. iOS: p12, one or more
 * provisioning profiles, entitlements; `signing_p12_password` and `manual_entitlements_matching` in the overrides.
 * @throws FusegateError service.refused, usage.invalid (a file cannot be read), auth.*, api.*, network.*; see `answerWasLost`
 * @see appdome-api.md §3.9, verified
 */
export const sign = action('sign');

/**
 * Starts private signing: the service prepares an app that its owner signs. Android: fingerprint, Google Play keys or a trusted list in
 * the overrides. iOS: provisioning profiles.
 * @throws FusegateError service.refused, usage.invalid (a file cannot be read), auth.*, api.*, network.*; see `answerWasLost`
 * @see appdome-api.md §3.10, verified
 */
export const seal = action('seal');

/**
 * Starts Auto-DEV private signing: as `seal`, but the output is a shell script that signs. iOS: entitlements too.
 * @throws FusegateError service.refused, usage.invalid (a file cannot be read), auth.*, api.*, network.*; see `answerWasLost`
 * @see appdome-api.md §3.11, verified
 */
export const signScript = action('signScript');

/**
 * Starts a test of a build (Appdome Test). Builds of build-to-test are not eligible. Known from Appdome's own test suite, not from a released
 * client.
 * @returns the id of a new task, different from the build's: ask `taskStatus` for its state
 * @throws FusegateError service.refused, auth.*, api.*, network.*; see `answerWasLost`: a test may be running
 * @see appdome-api.md §3.13, from Appdome's tests
 */
export function appdomeTest(transport: Transport, buildId: string, callContext: CallContext): Promise<string> {
  return postTask(transport, 'appdomeTest', [{ name: 'parent_task_id', value: buildId }], callContext);
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
    query: defined({ lastDate }),
  };
  return transport.send(call, callContext, async (response) => {
    const json = await readJson(response);
    return {
      status: requiredWord(response, json, 'status'),
      messages: workflowMessages(json, response.masked),
      ...defined({
        message: messageOf(json, response.masked),
        obfuscationMapExists: booleanOf(json.obfuscationMapExists),
      }),
    };
  });
}

/** The bash client writes booleans as strings, so a server may do so too (appdome-api.md §1.8). */
function booleanOf(value: unknown): boolean | undefined {
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  return undefined;
}

/** More than a build of an hour writes; the newest of an answer are kept. */
const MAX_MESSAGES = 2_000;

function workflowMessages({ messages }: JsonBody, mask: (text: string) => string): WorkflowMessage[] {
  if (!Array.isArray(messages)) return [];
  const line = (value: unknown) => (typeof value === 'string' ? oneLine(value, 40) : undefined);
  const kept = messages.slice(-MAX_MESSAGES).flatMap((entry) => {
    const text = messageOf(entry, mask);
    if (text === undefined) return [];
    return [{ text, ...defined({ createdAt: line(entry.creation_time), type: line(entry.message_type) }) }];
  });
  const cut = messages.length - MAX_MESSAGES;
  return cut <= 0 ? kept : [{ text: `Fusegate left out ${cut} earlier messages of this answer.` }, ...kept];
}
