/** Applies faults to an answer before it is sent. Pure. */
import { boomReply, jsonReply, type Reply, textReply } from '../http/reply.ts';
import { isObject } from '../json.ts';
import type { FaultAction } from './instruction.ts';

/** What a request was sent to: the path with its query, and the Host header. */
export interface RedirectTarget {
  url: string;
  host: string;
}

const HTML =
  '<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>';

/**
 * @param request what a redirect leads back to
 * @returns the answer of a `status`, `html` or `redirect` fault, if there is one
 */
export function replyOfFault(faults: FaultAction[], request: RedirectTarget): Reply | undefined {
  for (const fault of faults) {
    if (fault.kind === 'redirect') return redirectReply(fault, request);
    if (fault.kind === 'html') return textReply(fault.code ?? 502, 'text/html; charset=utf-8', fault.body ?? HTML);
    if (fault.kind !== 'status') continue;
    const reply =
      fault.body === undefined
        ? boomReply(fault.code, 'Fault instruction of the emulator')
        : textReply(fault.code, fault.contentType ?? 'text/plain; charset=utf-8', fault.body);
    return { ...reply, headers: { ...reply.headers, ...fault.headers } };
  }
  return undefined;
}

function redirectReply({ to }: Extract<FaultAction, { kind: 'redirect' }>, { url, host }: RedirectTarget): Reply {
  const port = host.split(':')[1];
  // Another name of this machine is another origin.
  const origin = to === 'itself' ? `http://${host}` : `http://localhost${port === undefined ? '' : `:${port}`}`;
  const reply = boomReply(302, 'Found');
  return { ...reply, headers: { ...reply.headers, Location: new URL(url, origin).href } };
}

/**
 * @param now for the time of an injected message
 * @returns the answer with every change applied, in the order of the instructions
 */
export function changeReply(reply: Reply, faults: FaultAction[], request: RedirectTarget, now: number): Reply {
  return faults.reduce((changed, fault) => changeOnce(changed, fault, now), replyOfFault(faults, request) ?? reply);
}

function changeOnce(reply: Reply, fault: FaultAction, now: number): Reply {
  switch (fault.kind) {
    case 'replace':
      return replaced(reply, fault);
    case 'patchJson':
      return patched(reply, (object) => {
        for (const [path, value] of Object.entries(fault.set ?? {})) setPath(object, path.split('.'), value);
        for (const path of fault.delete ?? []) deletePath(object, path.split('.'));
      });
    case 'statusWord':
      return patched(reply, (object) => {
        object['validation_state' in object ? 'validation_state' : 'status'] = fault.word;
      });
    case 'uploadState':
      return patched(reply, (object) => {
        object.status = fault.state;
        if (fault.error !== undefined) object.error = fault.error;
      });
    case 'message':
      return patched(reply, (object) => {
        const messages = Array.isArray(object.messages) ? object.messages : [];
        const entry = { message: { text: fault.text }, message_type: fault.messageType ?? 'info' };
        object.messages = [...messages, { ...entry, creation_time: new Date(now).toISOString() }];
      });
    default:
      return reply;
  }
}

function replaced(reply: Reply, fault: Extract<FaultAction, { kind: 'replace' }>): Reply {
  const body =
    fault.base64 !== undefined
      ? Buffer.from(fault.base64, 'base64')
      : Buffer.from(fault.text ?? JSON.stringify(fault.json) ?? '');
  const headers = { ...reply.headers, ...(fault.contentType && { 'Content-Type': fault.contentType }) };
  return { status: fault.code ?? reply.status, headers, body };
}

/** Leaves answers that are not JSON objects unchanged. */
function patched(reply: Reply, change: (object: Record<string, unknown>) => void): Reply {
  if (!Buffer.isBuffer(reply.body)) return reply;
  let value: unknown;
  try {
    value = JSON.parse(reply.body.toString('utf8'));
  } catch {
    return reply;
  }
  if (!isObject(value)) return reply;
  change(value);
  return { ...jsonReply(value, reply.status), headers: reply.headers };
}

function setPath(object: Record<string, unknown>, path: string[], value: unknown): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  if (rest.length === 0) {
    defineOwn(object, key, value);
    return;
  }
  // Own keys only: the inherited `__proto__` is an object too, and shared by all.
  if (!Object.hasOwn(object, key) || !isObject(object[key])) defineOwn(object, key, {});
  setPath(object[key] as Record<string, unknown>, rest, value);
}

function deletePath(object: Record<string, unknown>, path: string[]): void {
  const [key, ...rest] = path;
  if (key === undefined || !Object.hasOwn(object, key)) return;
  if (rest.length === 0) delete object[key];
  else if (isObject(object[key])) deletePath(object[key], rest);
}

/** Like JSON.parse: `__proto__` becomes a key like any other. */
function defineOwn(object: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}
