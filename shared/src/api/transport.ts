/**
 * The only place that sends a request: authentication, redirects, clocks, proxy and CA, and the retries.
 *
 * axios does the HTTP and nothing else: no redirects, no parsing, no status check, no limits of its own.
 */
import axios from 'axios';
import { type Clock, sleep } from '../clock.ts';
import { FusegateError } from '../errors.ts';
import type { Limits, ServerSettings } from '../options/run-request.ts';
import { VERSION } from '../version.ts';
import { makeAgents, proxyFor } from './agents.ts';
import { toAbortError, toError } from './api-error.ts';
import { AttemptClocks } from './attempt-clocks.ts';
import type { ApiCall, ApiResponse, CallContext, OpenedBody } from './call.ts';
import { AttemptFailure, type Failure, failureOf } from './failure.ts';
import { isNetworkError, networkFailure, refuseProxyAnswer } from './network-failure.ts';
import { apiBase, isAllowedTarget, isLoopback } from './origin.ts';
import { readErrorBody } from './read-body.ts';
import {
  CLIENT_HEADER,
  isRedirect,
  type RequestHeaders,
  redirectTarget,
  whereOf,
  withoutIdentity,
} from './redirect.ts';
import { parseRetryAfter, RetryBudget, shouldRetry } from './retry.ts';
import { type OperationRule, ruleOf } from './retry-table.ts';
import { errorText } from './server-text.ts';

/** The embedded build service announces itself in every answer, so that no run against it can look real. */
const EMULATOR_HEADER = 'x-fusegate-emulator';
export interface TransportOptions {
  server: ServerSettings;
  limits: Pick<Limits, 'connect' | 'stall' | 'retries'>;
  /** Stall, connect, back-off and Retry-After: `deps.retryClock`. */
  clock: Clock;
  random: () => number;
}

export class Transport {
  readonly #options: TransportOptions;
  readonly #base: URL;
  readonly #agents: ReturnType<typeof makeAgents>;
  readonly #budget = new RetryBudget();
  #sawEmulator = false;

  /** @throws FusegateError `usage.invalid` for a server URL, CA file or proxy that cannot be used */
  constructor(options: TransportOptions) {
    this.#options = options;
    this.#base = apiBase(options.server.url);
    proxyFor(this.#base, options.server.proxy);
    this.#agents = makeAgents(options.server);
  }

  /** Scheme, host and port of the API. */
  get origin(): string {
    return this.#base.origin;
  }

  /** The API is on this machine, or an answer announced that it comes from an embedded build service. */
  get isRehearsal(): boolean {
    return this.#sawEmulator || isLoopback(this.#base);
  }

  /** Closes the connections that are kept. */
  close(): void {
    this.#agents.destroy();
  }

  /**
   * Sends a request, repeats it where the table allows, and gives the successful answer to `read`. `read` runs once for every attempt,
   * so it must start from nothing each time; what it throws as AttemptFailure counts as a failed attempt, anything else ends the call.
   * @throws FusegateError network.*, api.*, auth.*, service.refused, download.corrupt, the rule's `lost`, or the reason of the signal
   */
  async send<T>(call: ApiCall, context: CallContext, read: (response: ApiResponse) => Promise<T>): Promise<T> {
    const rule = ruleOf(call.operation);
    let previous: AttemptFailure | undefined;
    for (let attempts = 1; ; attempts += 1) {
      const attempt: AttemptState = { sent: false };
      const abortError = () =>
        toAbortError({
          rule,
          reason: context.signal.reason,
          sent: attempt.sent,
          previous,
          attempts: attempts - 1,
          context,
        });
      if (context.signal.aborted) throw abortError();
      let failure: AttemptFailure;
      try {
        const value = await this.#attempt(call, rule, context, attempt, read);
        this.#budget.refill();
        return value;
      } catch (error) {
        if (context.signal.aborted) throw abortError();
        if (!(error instanceof AttemptFailure)) throw error;
        failure = error;
      }
      const decision = shouldRetry({
        rule,
        failure: failure.failure,
        attempts,
        retries: this.#options.limits.retries,
        budget: this.#budget,
        random: this.#options.random,
        ...(context.remaining === undefined ? {} : { remainingMs: context.remaining() }),
      });
      if (!decision.retry) throw toError({ rule, failure, attempts, reason: decision.reason, context });
      this.#budget.spend(failure.failure);
      previous = failure;
      attempt.sent = false;
      context.log?.(
        'debug',
        `${rule.doing} failed: ${failure.failure.message}; trying again in ${(decision.delayMs / 1000).toFixed(1)} s (${attempts})`,
      );
      try {
        await sleep(this.#options.clock, decision.delayMs, context.signal);
      } catch {
        throw toAbortError({ rule, reason: context.signal.reason, sent: false, previous, attempts, context });
      }
    }
  }

  /** One attempt, its redirects included. */
  async #attempt<T>(
    call: ApiCall,
    rule: OperationRule,
    context: CallContext,
    attempt: AttemptState,
    read: (response: ApiResponse) => Promise<T>,
  ): Promise<T> {
    const body = await call.body?.();
    try {
      let url = this.#urlOf(call);
      let headers = this.#headersOf(call, url);
      for (let hops = 0; ; hops += 1) {
        const next = await this.#hop({ call, rule, context, attempt, url, headers, body, read });
        if ('value' in next) return next.value;
        const target = redirectTarget(rule, url, next.location, hops);
        if (typeof target === 'string') {
          throw new AttemptFailure(failureOf(whereOf(url, headers), 'redirect', target, next.status));
        }
        // Dropped for good: a chain that comes back to the API could otherwise be led through a stranger's hands.
        if (target.origin !== url.origin) headers = withoutIdentity(headers);
        url = target;
      }
    } finally {
      body?.close();
    }
  }

  /** One HTTP request: the value that was read, or where to go instead. */
  async #hop<T>(hop: {
    call: ApiCall;
    rule: OperationRule;
    context: CallContext;
    attempt: AttemptState;
    url: URL;
    headers: RequestHeaders;
    body: OpenedBody | undefined;
    read: (response: ApiResponse) => Promise<T>;
  }): Promise<{ value: T } | { location: string | undefined; status: number }> {
    const { call, rule, context, attempt, url, headers, body } = hop;
    const where = whereOf(url, headers);
    const abort = new AbortController();
    const onAbort = () => abort.abort(context.signal.reason);
    if (context.signal.aborted) onAbort();
    else context.signal.addEventListener('abort', onAbort, { once: true });
    let fired: Failure | undefined;
    const clocks = new AttemptClocks({
      clock: this.#options.clock,
      connectMs: this.#options.limits.connect,
      stallMs: this.#options.limits.stall,
      onFire: (which) => {
        const message =
          which === 'stalled'
            ? `no byte for ${seconds(this.#options.limits.stall)}`
            : `no connection within ${seconds(this.#options.limits.connect)}`;
        fired = { ...failureOf(where, which, message), sent: which === 'stalled' };
        abort.abort(fired);
      },
    });
    // A request that must not be repeated gets a connection of its own; see makeAgents.
    const agents = rule.repeat === 'unsent' ? this.#agents.fresh : this.#agents.kept;
    const proxy = proxyFor(url, this.#options.server.proxy);
    context.onRequest?.();
    try {
      const answer = await axios.request({
        url: url.href,
        method: rule.method,
        headers: { ...headers, ...body?.headers },
        data: body?.data,
        responseType: 'stream',
        // Redirects are ours: axios would follow them with its own idea of which headers may go along.
        maxRedirects: 0,
        maxBodyLength: -1,
        maxContentLength: -1,
        decompress: call.raw !== true,
        validateStatus: null,
        transformRequest: [],
        transformResponse: [],
        httpAgent: agents.http,
        httpsAgent: agents.https,
        ...(proxy === undefined ? {} : { proxy }),
        signal: abort.signal,
        transport: clocks.transport,
      });
      // Without a listener an abort between two reads would be an uncaught error.
      answer.data.on('error', ignore);
      try {
        const response: ApiResponse = {
          status: answer.status,
          header: (name) => headerText(answer.headers[name]),
          body: answer.data,
          ...where,
        };
        if (response.header(EMULATOR_HEADER) !== undefined) this.#sawEmulator = true;
        refuseProxyAnswer(answer.request, agents.https, response, url);
        if (isRedirect(answer.status)) return { location: response.header('location'), status: answer.status };
        if (answer.status < 200 || answer.status > 299) throw await this.#statusFailure(response);
        return { value: await hop.read(response) };
      } finally {
        answer.data.destroy();
      }
    } catch (error) {
      attempt.sent = clocks.connected;
      if (fired !== undefined) throw new AttemptFailure(fired);
      if (error instanceof AttemptFailure || error instanceof FusegateError) throw error;
      const failed = body?.failure?.();
      if (failed !== undefined) throw failed;
      if (!isNetworkError(error)) throw error;
      throw networkFailure(error, { ...where, sent: clocks.connected });
    } finally {
      clocks.stop();
      context.signal.removeEventListener('abort', onAbort);
    }
  }

  #urlOf(call: ApiCall): URL {
    const url = call.target instanceof URL ? new URL(call.target) : new URL(call.target, this.#base);
    if (!isAllowedTarget(url)) {
      const where = { host: url.host, fromApi: false };
      const failure = failureOf(where, 'unexpected', 'the address that it gave is neither https nor on this machine');
      throw new AttemptFailure({ ...failure, sent: false, permanent: true });
    }
    for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
    const { teamId } = this.#options.server;
    // Absent and `personal` are the same to the service (appdome-api.md §1.4, verified).
    const wantsTeam = !(call.target instanceof URL) && call.team !== false;
    if (wantsTeam && teamId !== undefined && teamId !== 'personal') url.searchParams.set('team_id', teamId);
    return url;
  }

  #headersOf(call: ApiCall, url: URL): RequestHeaders {
    const headers: RequestHeaders = {
      'User-Agent': `fusegate/${VERSION}`,
      Accept: '*/*',
      // `false` keeps axios from adding its own; a presigned PUT must have none (appdome-api.md §3.1).
      'Content-Type': false,
      ...(call.raw ? { 'Accept-Encoding': 'identity' } : {}),
    };
    // By origin and not by kind of call: whatever the caller says, the key goes nowhere else.
    if (call.target instanceof URL || url.origin !== this.#base.origin) return headers;
    headers[CLIENT_HEADER] = `Fusegate/${VERSION}`;
    // The raw token, without a scheme: what every official client sends (appdome-api.md §1.2, verified).
    if (this.#options.server.apiKey !== undefined) headers.Authorization = this.#options.server.apiKey.reveal();
    return headers;
  }

  async #statusFailure(response: ApiResponse): Promise<AttemptFailure> {
    const text = errorText(await readErrorBody(response));
    const retryAfterMs = parseRetryAfter(response.header('retry-after'), this.#options.clock.now());
    const message = `the service answered ${response.status}${text === '' ? '' : `: ${text}`}`;
    return new AttemptFailure({
      ...failureOf(response, 'status', message, response.status),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }
}

interface AttemptState {
  /** The connection of the attempt was made. */
  sent: boolean;
}

function headerText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.join(', ') : undefined;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}

function ignore(): void {}
