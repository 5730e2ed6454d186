/** Reads an answer's body, never more than its cap. */

import { isJsonObject } from '../model/json-object.ts';
import { looksLikeHtml, messageOf, oneLine } from '../text/server-text.ts';
import { type ApiResponse, isPlainId } from './call.ts';
import { AttemptFailure, failureOf } from './failure.ts';

const KIB = 1024;
/** The largest real answers are message lists and certificates of a few hundred kilobytes. */
export const MAX_JSON_BYTES = 5 * KIB * KIB;
/** Real certificates are 0.4 MB (appdome-api.md §6.1). */
export const MAX_PDF_BYTES = 32 * KIB * KIB;
export const MAX_ERROR_BYTES = 64 * KIB;

function tooLarge(response: ApiResponse, max: number): AttemptFailure {
  return unexpected(response, `the answer is larger than ${max / KIB} KiB`, { permanent: true });
}

export function unexpected(
  response: Pick<ApiResponse, 'status' | 'host' | 'fromApi'>,
  message: string,
  more: { permanent?: boolean; hint?: string; cause?: unknown } = {},
): AttemptFailure {
  const { cause, ...rest } = more;
  return new AttemptFailure({ ...failureOf(response, 'unexpected', message, response.status), ...rest }, cause);
}

/**
 * The whole body.
 * @param max bytes; a larger body is a failure and is not read to its end
 */
export async function readBytes(response: ApiResponse, max: number): Promise<Buffer> {
  const declared = Number(response.header('content-length') ?? 0);
  if (declared > max) throw tooLarge(response, max);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > max) throw tooLarge(response, max);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

/** The beginning of an error answer. The rest is cut off, since an error page may be endless. */
export async function readErrorBody(response: Pick<ApiResponse, 'body'>): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of response.body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= MAX_ERROR_BYTES) break;
    }
  } catch {
    // The status is what counts; half of the text is better than none.
  }
  return Buffer.concat(chunks, length).subarray(0, MAX_ERROR_BYTES).toString('utf8');
}

export type JsonBody = Record<string, unknown>;

/** The body as a JSON object. Anything else may be a gateway's answer for a moment, and is worth a retry. */
export async function readJson(response: ApiResponse): Promise<JsonBody> {
  const value = parseJson(response, await readText(response));
  if (!isJsonObject(value)) throw unexpected(response, 'the answer is not a JSON object');
  return value;
}

/**
 * The body as whatever JSON value it is.
 * @returns undefined for an empty body
 */
export async function readAnyJson(response: ApiResponse): Promise<unknown> {
  const text = await readText(response);
  return text.trim() === '' ? undefined : parseJson(response, text);
}

async function readText(response: ApiResponse): Promise<string> {
  return (await readBytes(response, MAX_JSON_BYTES)).toString('utf8');
}

function parseJson(response: ApiResponse, text: string): unknown {
  if (looksLikeHtml(text)) {
    throw unexpected(response, 'it answered with an HTML page instead of JSON', {
      hint: 'Check server-url, and whether a proxy wants a login: its page looks like this.',
    });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    const shown = oneLine(response.masked(text, 'may be missing'), 80);
    const message = shown === '' ? 'it answered with nothing' : `the answer is not JSON: ${shown}`;
    throw unexpected(response, message, { cause });
  }
}

/** A field that must be an id, since it goes into paths and into commands that people paste; `name` is for the message. */
export function requiredId(response: ApiResponse, value: unknown, name: string, json: JsonBody): string {
  if (typeof value === 'string' && isPlainId(value)) return value;
  const said = messageOf(json, response.masked);
  const problem = value === undefined ? `has no ${name}` : `has a ${name} that cannot be an id`;
  throw unexpected(response, `the answer ${problem}${said === undefined ? '' : `: ${said}`}`, { permanent: true });
}

/** More characters than any presigned link has. */
const MAX_STRING = 16_384;
/** More than any word for a state has. */
const MAX_WORD = 100;

export function requiredString(response: ApiResponse, json: JsonBody, name: string, max = MAX_STRING): string {
  const value = json[name];
  if (typeof value === 'string' && value !== '' && value.length <= max) return value;
  throw unexpected(response, `the answer has no usable ${name}`);
}

/** How far the service has got, in lower case. */
export function requiredWord(response: ApiResponse, json: JsonBody, name: string): string {
  return requiredString(response, json, name, MAX_WORD).toLowerCase();
}
