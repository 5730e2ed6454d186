/** The only place that sends requests: authentication, redirects and retries. */
import { type Clock, sleep } from '../model/clock.ts';
import type { Deps } from '../model/deps.ts';
import type { Limits, ServerSettings } from '../model/run-request.ts';
import { VERSION } from '../model/version.ts';
import { Agents, type Connection, connectionTo, ignoredSettings } from './agents.ts';
import { toAbortError, toError } from './api-error.ts';
import { type ApiCall, type ApiResponse, type CallContext, fillPath } from './call.ts';
import { ENDPOINTS, type Endpoint, type Operation, type RequestRule, ruleOf } from './endpoints.ts';
import { exchange } from './exchange.ts';
import { AttemptFailure, failureOf } from './failure.ts';
import { apiBase, isAllowedTarget, isLoopback } from './origin.ts';
import {
  CLIENT_HEADER,
  orExpiredLink,
  type RequestHeaders,
  redirectTarget,
  whereOf,
  withoutIdentity,
} from './redirect.ts';
import { RetryBudget } from './retry.ts';
import { limitsOf, RetryStreak } from './retry-streak.ts';
import { TunnelAgent } from './tunnel-agent.ts';

/** The embedded build service identifies itself in every answer, so that no run against it can look real. */
const EMULATOR_HEADER = 'x-fusegate-emulator';

export interface TransportOptions {
  server: ServerSettings;
  limits: Pick<Limits, 'connect' | 'stall' | 'retries'>;
  /** Stall, connect, back-off and Retry-After: `deps.retryClock`. */
  clock: Clock;
  random: () => number;
  /** Applied to what the service says, before it is part of a sentence of ours; absent where there is nothing to hide. */
  maskForeign?: Deps['maskForeign'];
}

export class Transport {
  readonly #options: TransportOptions;
  readonly #base: URL;
  readonly #agents: Agents;
  readonly connection: Connection;
  /** What asks for connections without verification, and has no effect here. */
  readonly ignoredSettings: readonly string[];
  readonly #budget = new RetryBudget();
  /** Hosts and proxies that have answered during this run: what fails there now is an outage, not a wrong address. */
  readonly #answered = new Set<string>();
  #sawEmulator = false;

  /** @throws FusegateError `usage.invalid` for a server URL, CA file or proxy that cannot be used */
  constructor(options: TransportOptions) {
    this.#options = options;
    this.#base = apiBase(options.server.url);
    this.#agents = new Agents(options.server);
    this.connection = connectionTo(this.#base, options.server);
    this.ignoredSettings = ignoredSettings();
  }

  /** Scheme, host and port of the API. */
  get origin(): string {
    return this.#base.origin;
  }

  /** Whether the API is on this machine, or an answer said that it comes from an embedded build service. */
  get isRehearsal(): boolean {
    return this.#sawEmulator || isLoopback(this.#base);
  }

  close(): void {
    this.#agents.destroy();
  }

  /**
   * Sends a request, repeats it if the table allows, and passes the successful answer to `read`. `read` runs once per attempt, so it must
   * start afresh each time. If it throws an AttemptFailure, that counts as a failed attempt; anything else ends the call.
   * @throws FusegateError network.*, api.*, auth.*, service.refused, download.corrupt, the rule's `lost`, or the reason of the signal
   */
  async send<T>(call: ApiCall, context: CallContext, read: (response: ApiResponse) => Promise<T>): Promise<T> {
    const rule = ruleOf(call.operation);
    const streak = new RetryStreak(rule, context, this.#options, this.#budget);
    let previous: AttemptFailure | undefined;
    for (let attempts = 1; ; attempts += 1) {
      let sent = false;
      const abortError = (failed: number) =>
        toAbortError({ rule, reason: context.signal.reason, sent, previous, attempts: failed, context });
      if (context.signal.aborted) throw abortError(attempts - 1);
      let failure: AttemptFailure;
      try {
        const onSent = (connected: boolean) => {
          sent = connected;
        };
        const value = await this.#attempt(call, rule, context, { attempt: attempts, onSent }, read);
        streak.succeeded();
        return value;
      } catch (error) {
        if (context.signal.aborted) throw abortError(attempts - 1);
        if (!(error instanceof AttemptFailure)) throw error;
        failure = error;
      }
      // Nothing of a failed attempt counts as transferred.
      context.onBytes?.(0, undefined);
      const decision = streak.decide(failure.failure, attempts, this.#answered.has(failure.failure.host));
      if (!decision.retry) throw toError({ rule, failure, attempts, reason: decision.reason, context });
      context.onRetry?.();
      previous = failure;
      sent = false;
      const { retries } = this.#options.limits;
      const last = retries === undefined ? '' : ` of ${retries + 1}`;
      const pause = `trying again in ${(decision.delayMs / 1000).toFixed(1)} s (attempt ${attempts + 1}${last})`;
      context.log?.('notice', `${context.stage}: ${rule.doing} failed: ${failure.failure.message}; ${pause}`);
      const resumed = context.observer?.pause();
      await sleep(this.#options.clock, decision.delayMs, context.signal)
        .catch(() => {
          throw abortError(attempts);
        })
        .finally(resumed);
    }
  }

  /** One attempt, its redirects included. */
  async #attempt<T>(
    call: ApiCall,
    rule: RequestRule,
    context: CallContext,
    { attempt, onSent }: { attempt: number; onSent: (connected: boolean) => void },
    read: (response: ApiResponse) => Promise<T>,
  ): Promise<T> {
    const body = await call.body?.();
    try {
      let url = this.#urlOf(call);
      let headers = this.#headersOf(call, url);
      for (let hops = 0; ; hops += 1) {
        // A request that must not be repeated gets a connection of its own; see Agents.
        const agent = this.#agents.for(url, rule.repeat === 'unsent' ? 'fresh' : 'kept');
        const next = await exchange<T>({
          url,
          method: rule.method,
          headers,
          body,
          raw: call.raw === true,
          read,
          context,
          begun: { operation: call.operation, attempt },
          agent,
          limits: limitsOf(context, this.#options.limits),
          slowAnswer: rule.slowAnswer === true,
          clock: this.#options.clock,
          maskForeign: this.#options.maskForeign ?? ((text) => text),
          onSent,
          onResponse: (response) => {
            this.#answered.add(response.host);
            if (agent instanceof TunnelAgent) this.#answered.add(agent.address);
            if (response.header(EMULATOR_HEADER) !== undefined) this.#sawEmulator = true;
          },
        }).catch((error) => {
          throw hops === 0 ? error : orExpiredLink(error);
        });
        if ('value' in next) return next.value;
        const target = redirectTarget(rule, url, next.location, hops);
        if (typeof target === 'string') {
          throw new AttemptFailure(failureOf(whereOf(url, headers), 'redirect', target, next.status));
        }
        // Dropped for good: otherwise a redirect chain that returns to the API could pass through another host.
        if (target.origin !== url.origin) headers = withoutIdentity(headers);
        url = target;
      }
    } finally {
      body?.close();
    }
  }

  #urlOf(call: ApiCall): URL {
    const endpoint: Endpoint | undefined = call.target ? undefined : ENDPOINTS[call.operation as Operation];
    const url = new URL(endpoint ? `.${fillPath(endpoint.path, call.ids)}` : (call.target ?? ''), this.#base);
    if (!isAllowedTarget(url)) {
      const where = { host: url.host, fromApi: false };
      const failure = failureOf(where, 'unexpected', 'the address that it gave is neither https nor on this machine');
      throw new AttemptFailure({ ...failure, sent: false, permanent: true });
    }
    for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
    const { teamId } = this.#options.server;
    // To the service, absent and `personal` mean the same (appdome-api.md §1.4, verified).
    const wantsTeam = endpoint !== undefined && endpoint.team !== false;
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
    // Decided by origin, not by kind of call: whatever the caller says, the key goes nowhere else.
    if (call.target !== undefined || url.origin !== this.#base.origin) return headers;
    headers[CLIENT_HEADER] = `Fusegate/${VERSION}`;
    // The raw token, without a scheme: what every official client sends (appdome-api.md §1.2, verified).
    if (this.#options.server.apiKey !== undefined) headers.Authorization = this.#options.server.apiKey.reveal();
    return headers;
  }
}
