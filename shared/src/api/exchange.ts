/**
 * One HTTP request and its answer, with the connect clock, the stall clock and the caller's signal.
 *
 * axios only does the HTTP: no redirects, no parsing, no status check, no limits of its own.
 */
import type { Agent } from 'node:http';
import axios, { type AxiosResponse } from 'axios';
import type { Clock } from '../model/clock.ts';
import { defined } from '../model/defined.ts';
import { FusegateError } from '../model/errors.ts';
import type { Limits } from '../model/run-request.ts';
import { errorText } from '../text/server-text.ts';
import { AttemptClocks } from './attempt-clocks.ts';
import type { ApiResponse, CallContext, OpenedBody, RequestBegun, RequestEnded } from './call.ts';
import { AttemptFailure, type Failure, failureOf } from './failure.ts';
import { isNetworkError, networkFailure } from './network-failure.ts';
import { readErrorBody } from './read-body.ts';
import { isRedirect, type RequestHeaders, whereOf } from './redirect.ts';
import { parseRetryAfter } from './retry.ts';
import { TunnelAgent } from './tunnel-agent.ts';

export interface Exchange<T> {
  url: URL;
  method: string;
  headers: RequestHeaders;
  body: OpenedBody | undefined;
  /** The raw bytes: nothing is decompressed. */
  raw: boolean;
  read: (response: ApiResponse) => Promise<T>;
  context: Pick<CallContext, 'signal' | 'onRequest' | 'observer'>;
  begun: Pick<RequestBegun, 'operation' | 'attempt'>;
  /** Proxy and CAs included. */
  agent: Agent;
  limits: Pick<Limits, 'connect' | 'stall'>;
  /** As in the table of requests. */
  slowAnswer: boolean;
  clock: Clock;
  maskForeign(text: string, end?: 'may be missing'): string;
  /** Every answer, whatever its status. */
  onResponse(response: ApiResponse): void;
  /** Called after a failure: whether the request may have reached the service. */
  onSent(sent: boolean): void;
}

/**
 * Sends the request.
 * @returns the value that was read, or where the request was redirected
 * @throws AttemptFailure, or what the reader or the body throws
 */
export async function exchange<T>(
  request: Exchange<T>,
): Promise<{ value: T } | { location: string | undefined; status: number }> {
  const { body, context, limits, clock } = request;
  const where = whereOf(request.url, request.headers);
  const ours = new AbortController();
  let fired: Failure | undefined;
  const signal = AbortSignal.any([context.signal, ours.signal]);
  const clocks = new AttemptClocks({
    clock,
    signal,
    connectMs: limits.connect,
    stallMs: limits.stall,
    slowAnswer: request.slowAnswer,
    onFire: (which) => {
      const stalled = which === 'stalled';
      const proxy = !stalled && request.agent instanceof TunnelAgent ? request.agent.waitingFor : undefined;
      const message = stalled
        ? `no byte for ${seconds(limits.stall)}`
        : `no connection${proxy === undefined ? '' : ' through the proxy'} within ${seconds(limits.connect)}`;
      fired = { ...failureOf({ ...where, ...(proxy && { host: proxy }) }, which, message), sent: stalled };
      ours.abort(fired);
    },
  });
  context.onRequest?.();
  const ended = context.observer?.request({ ...request.begun, method: request.method, host: where.host });
  let status: number | undefined;
  let kind: RequestEnded['failed'];
  try {
    const answer = await send(request, signal, clocks.transport);
    // Without a listener an abort between two reads would be an uncaught error.
    answer.data.on('error', () => {});
    status = answer.status;
    try {
      const response: ApiResponse = {
        status: answer.status,
        header: (name) => headerText(answer.headers[name]),
        body: answer.data,
        masked: request.maskForeign,
        ...where,
      };
      request.onResponse(response);
      if (isRedirect(answer.status)) return { location: response.header('location'), status: answer.status };
      if (answer.status < 200 || answer.status > 299) throw await statusFailure(response, clock);
      return { value: await request.read(response) };
    } finally {
      answer.data.destroy();
    }
  } catch (error) {
    request.onSent(clocks.connected);
    kind = kindOf(error, fired, context.signal);
    if (fired !== undefined) throw new AttemptFailure(fired);
    if (error instanceof AttemptFailure || error instanceof FusegateError) throw error;
    const failed = body?.failure?.();
    if (failed !== undefined) throw failed;
    if (!isNetworkError(error)) throw error;
    throw networkFailure(error, { ...where, sent: clocks.connected });
  } finally {
    clocks.stop();
    ended?.({ ...defined({ status, failed: kind }), ...clocks.moved });
  }
}

function kindOf(error: unknown, fired: Failure | undefined, signal: AbortSignal): RequestEnded['failed'] {
  if (fired !== undefined) return fired.kind;
  if (error instanceof AttemptFailure) return error.failure.kind;
  if (signal.aborted) return 'cancelled';
  return isNetworkError(error) ? 'network' : 'other';
}

function send(
  { url, method, headers, body, raw, agent }: Exchange<unknown>,
  signal: AbortSignal,
  transport: AttemptClocks['transport'],
): Promise<AxiosResponse> {
  return axios.request({
    url: url.href,
    method,
    headers: { ...headers, ...body?.headers },
    data: body?.data,
    responseType: 'stream',
    // We handle redirects: axios would follow them with its own idea of which headers to keep.
    maxRedirects: 0,
    maxBodyLength: -1,
    maxContentLength: -1,
    decompress: !raw,
    validateStatus: null,
    transformRequest: [],
    transformResponse: [],
    httpAgent: agent,
    httpsAgent: agent,
    // The agent has chosen it; axios would read the environment, and otherwise than curl.
    proxy: false,
    signal,
    transport,
  });
}

async function statusFailure(response: ApiResponse, clock: Clock): Promise<AttemptFailure> {
  const body = await readErrorBody(response);
  const text = errorText(body, response.masked);
  const retryAfterMs = parseRetryAfter(response.header('retry-after'), clock.now());
  const message = `the service answered ${response.status}${text === '' ? '' : `: ${text}`}`;
  return new AttemptFailure({
    ...failureOf(response, 'status', message, response.status),
    ...defined({ retryAfterMs }),
    ...(response.fromApi && /^\s*\{/.test(body) && { isJson: true }),
  });
}

function headerText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.join(', ') : undefined;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
