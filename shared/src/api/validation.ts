/** Asks the service about an app that was signed elsewhere. */

import { defined } from '../model/defined.ts';
import { oneLine } from '../text/server-text.ts';
import { type ApiResponse, type CallContext, isPlainId } from './call.ts';
import { sendFile } from './file-body.ts';
import { openMultipart } from './multipart.ts';
import { readJson, requiredId, requiredWord } from './read-body.ts';
import type { Transport } from './transport.ts';

/** What the service says about an uploaded app. All texts are untrusted. */
export interface ValidationStatus {
  /** `pending`, `active`, `completed`, in lower case; other words are not known (appdome-api.md §3.17). */
  state: string;
  /** One line each, verbatim, from any depth of `message` and `messages`. */
  messages: string[];
  /** Build that made the app; absent if the service names none. */
  buildId?: string;
  appId?: string;
  /** `apk`, `aab`, `ipa`. */
  appType?: string;
  appName?: string;
  /** Bundle id or package name. */
  bundleId?: string;
  appVersion?: string;
  buildNumber?: string;
}

/**
 * Uploads an app for validation. It is not added to the library, and no team is named. Hashed while it is sent.
 * @param app path, size in bytes that the file must have, and the base name to send
 * @returns the id of the validation, and the lower-case hex SHA-256 of what was sent
 * @throws FusegateError upload.changed, auth.*, service.refused, api.*, network.*
 * @see appdome-api.md §3.17, verified
 */
export async function validationUpload(
  transport: Transport,
  app: { path: string; size: number; fileName: string },
  context: CallContext,
): Promise<{ validationId: string; sha256: string }> {
  const { size, fileName } = app;
  const { value, sha256 } = await sendFile(transport, { operation: 'validationUpload' }, app, context, readId, (body) =>
    openMultipart([{ name: 'file', body, size, fileName }]),
  );
  return { validationId: value, sha256 };
}

async function readId(response: ApiResponse): Promise<string> {
  const json = await readJson(response);
  return requiredId(response, json.id, 'id', json);
}

/**
 * Asks how far a validation has got and what it found.
 * @throws FusegateError service.refused for an unknown validation; auth.*, api.*, network.*
 * @see appdome-api.md §3.17, verified; the nesting of the messages is inferred, so they are looked for at any depth
 */
export function validationStatus(
  transport: Transport,
  validationId: string,
  context: CallContext,
): Promise<ValidationStatus> {
  return transport.send({ operation: 'validationStatus', ids: { validationId } }, context, async (response) => {
    const json = await readJson(response);
    const text = (name: string) =>
      typeof json[name] === 'string' && json[name] !== '' ? oneLine(json[name]) : undefined;
    const id = (name: string) => (typeof json[name] === 'string' && isPlainId(json[name]) ? json[name] : undefined);
    return {
      state: requiredWord(response, json, 'validation_state'),
      messages: capped([json.message, json.messages]),
      ...defined({
        buildId: id('build_id'),
        appId: id('app_id'),
        appType: text('app_type'),
        appName: text('app_name'),
        bundleId: text('app_pack_id'),
        appVersion: text('app_version'),
        buildNumber: text('app_build_number'),
      }),
    };
  });
}

const MESSAGE_FIELDS = ['message', 'messages', 'text'] as const;
/** Deeper than any real answer, but limited, so that no answer can exhaust the stack. */
const DEEPEST = 6;

/** More than any answer has. What is left out is said, and what is said so is understood as no confirmation. */
const MAX_MESSAGES = 1_000;

function capped(value: unknown): string[] {
  const found: string[] = [];
  for (const message of messagesIn(value)) {
    if (found.length === MAX_MESSAGES) return [...found, 'Fusegate left out the other messages of this answer.'];
    found.push(message);
  }
  return found;
}

const LINE_BREAK = /[\n\r\v\f\u0085\u2028\u2029]+/u;

/** Only texts under the message keys: an app's name could say anything. */
function* messagesIn(value: unknown, depth = 0): Generator<string> {
  if (typeof value === 'string') {
    // Each line is a sentence. Joined into one line, another sentence could pass for part of the expected one.
    for (const line of value.split(LINE_BREAK)) if (line.trim() !== '') yield oneLine(line);
    return;
  }
  if (depth > DEEPEST || typeof value !== 'object' || value === null) return;
  const fields = value as Record<string, unknown>;
  const within = Array.isArray(value) ? value : MESSAGE_FIELDS.map((name) => fields[name]);
  for (const each of within) yield* messagesIn(each, depth + 1);
}
