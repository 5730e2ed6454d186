/** What every request goes through: record, faults, routing, key, handler, faults again, answer. Handlers see none of it. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { sleep } from '@fusegate/shared/model/clock';
import { VERSION } from '@fusegate/shared/model/version';
import { changeReply, type RedirectTarget, replyOfFault } from '../faults/change-reply.ts';
import type { FaultAction } from '../faults/instruction.ts';
import { maskHeaders, maskQuery } from '../record/masking.ts';
import type { RecordedRequest } from '../record/request-log.ts';
import { CONTROL_PREFIX, findRoute } from '../routes/index.ts';
import { isKey, type Services } from '../services.ts';
import { decidesWithoutEffect, FaultInterrupt, RequestContext, type Route } from './context.ts';
import { boomReply, Refusal, type Reply } from './reply.ts';
import { sendReply } from './send.ts';

/** On every answer, so that no run against the emulator can look real. */
export const ANNOUNCEMENT_HEADER = 'X-Fusegate-Emulator';

/** Only paths and queries are read. */
const ORIGIN = 'http://emulator.invalid';

export function createListener(services: Services): RequestListener {
  return (request, response) => {
    response.setHeader(ANNOUNCEMENT_HEADER, VERSION);
    const path = request.url ?? '/';
    if (!URL.canParse(path, ORIGIN)) {
      void sendReply(request, response, boomReply(400, 'Bad Request'), []);
      return;
    }
    const url = new URL(path, ORIGIN);
    const work = url.pathname.startsWith(`${CONTROL_PREFIX}/`)
      ? control(services, request, response, url)
      : recorded(services, request, response, url);
    // The client went away, or the emulator is closing: there is nobody to answer.
    work.catch(() => response.destroy());
  };
}

async function control(
  services: Services,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const reply = await answer(new RequestContext(services, request, url, newRecord(services, request, url, 0)));
  if (reply !== undefined) await sendReply(request, response, reply, []);
}

async function recorded(
  services: Services,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const started = services.clock.monotonic();
  const record = newRecord(services, request, url, services.log.nextNumber());
  request.on('data', (chunk: Buffer) => {
    record.bodyBytes += chunk.length;
  });
  request.pause();
  response.once('close', () => {
    record.status = response.headersSent ? response.statusCode : 0;
    record.durationMs = Math.round(services.clock.monotonic() - started);
    services.log.add(record);
  });
  const context = new RequestContext(services, request, url, record);
  context.takeFaults('headers', url.searchParams.get('action') ?? undefined);
  await delay(services, context.faults, 0);
  const reply = await decidedReply(context);
  if (reply === 'cut') return;
  await sendReply(request, response, reply, context.faults);
}

/** The answer after all faults, or `cut` when the connection was left or destroyed without one. */
async function decidedReply(context: RequestContext): Promise<Reply | 'cut'> {
  const { services, faults, request } = context;
  const before = faults.length;
  let reply: Reply | undefined;
  if (!faults.some(decidesWithoutEffect)) {
    reply = await answer(context);
    await delay(services, faults, before);
  }
  // What was answered survives a kill.
  await services.store.save();
  const target = { url: request.url ?? '/', host: request.headers.host ?? '' };
  return reply === undefined
    ? faultedReply(request, target, faults)
    : changeReply(reply, faults, target, context.now());
}

/** A fault without effect: its own answer, or none. */
async function faultedReply(
  request: IncomingMessage,
  target: RedirectTarget,
  faults: FaultAction[],
): Promise<Reply | 'cut'> {
  const reply = replyOfFault(faults, target);
  if (reply !== undefined) return reply;
  const reset = faults.find((fault) => fault.kind === 'reset');
  if (reset !== undefined) {
    const { socket } = request;
    if (reset.at === 'request-body') await readBytes(request, reset.bytes ?? 0);
    socket.resetAndDestroy();
  }
  return 'cut';
}

/** Resolves when so many bytes of the body arrived, or all of it. Leaves the connection as it is. */
function readBytes(request: IncomingMessage, bytes: number): Promise<void> {
  let left = bytes;
  // It may have been read as a form.
  if (request.readableEnded) return Promise.resolve();
  return new Promise((resolve) => {
    request.on('close', resolve);
    request.on('end', resolve);
    request.on('data', (chunk: Buffer) => {
      left -= chunk.length;
      if (left <= 0) resolve();
    });
    request.resume();
  });
}

/** Waits for the delays among the faults from an index on: those for the form apply later than those for the headers. */
async function delay(services: Services, faults: FaultAction[], from: number): Promise<void> {
  for (const fault of faults.slice(from)) {
    if (fault.kind !== 'delay') continue;
    await sleep(services.clock, fault.scaled === false ? fault.ms : fault.ms * services.timeScale, services.closing);
  }
}

/** @returns undefined when a fault for the form ended the request before it took effect */
async function answer(context: RequestContext): Promise<Reply | undefined> {
  try {
    const found = findRoute(context.record.method, context.url.pathname);
    if (found.route === undefined) return unknownPath(context, found.status);
    context.params = found.params;
    if (found.route.area !== 'control') admit(context, found.route);
    return await found.route.handle(context);
  } catch (error) {
    if (error instanceof Refusal) return boomReply(error.status, error.message);
    if (error instanceof FaultInterrupt) return undefined;
    context.services.report(error);
    return boomReply(500, 'An internal server error occurred');
  }
}

function unknownPath(context: RequestContext, status: 404 | 405): Reply {
  if (context.record.number > 0) {
    context.violation(
      'unknown-endpoint',
      `${context.record.method} ${context.url.pathname} is not part of the service.`,
    );
  }
  return boomReply(status, status === 404 ? 'Not Found' : 'Method Not Allowed');
}

/** Checks the key, and records what a careful client would not do. */
function admit(context: RequestContext, route: Route): void {
  for (const name of new Set(context.query.keys())) {
    if (route.area === 'api' && !route.query.includes(name)) {
      context.violation('unknown-query', `The query parameter ${name} is not one of ${route.method} ${route.path}.`);
    }
  }
  if (route.area !== 'api') return;
  if (context.request.headers['x-appdome-client'] === undefined) {
    if (isOfficialStatusWait(context, route))
      context.quirk('X-Appdome-Client is missing on a status call, as the bash client does.');
    else context.violation('missing-client-header', 'X-Appdome-Client is missing.');
  }
  const key = (context.request.headers.authorization ?? '').replace(/^Bearer /i, '');
  if (!isKey(context.services, key)) throw new Refusal(401, 'Invalid API token');
}

/** The official bash client is curl, and leaves its client header out where it waits for a status (appdome-api.md §1.3, verified). */
function isOfficialStatusWait({ request }: RequestContext, route: Route): boolean {
  return (
    route.method === 'GET' && route.path.endsWith('/status') && /^curl\//i.test(request.headers['user-agent'] ?? '')
  );
}

function newRecord(services: Services, request: IncomingMessage, url: URL, number: number): RecordedRequest {
  return {
    number,
    at: new Date(services.clock.now()).toISOString(),
    method: request.method ?? '',
    path: url.pathname,
    query: maskQuery(url.searchParams),
    headers: maskHeaders(request.headers),
    fields: {},
    files: [],
    bodyBytes: 0,
    status: 0,
    durationMs: 0,
  };
}
