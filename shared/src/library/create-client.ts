import { AppdomeClient } from '../api/client.ts';
import { SERVICE_ORIGIN } from '../api/origin.ts';
import { type Clock, systemClock } from '../model/clock.ts';
import { defined } from '../model/defined.ts';
import { Secret } from '../model/secret.ts';

export interface ClientOptions {
  /** From the console, Account and API. Sent to the origin of `url` and nowhere else. */
  apiKey: string | Secret;
  /** Origin and optional path prefix, without `/api/v1`; https, or http to this machine. Default: the service. */
  url?: string;
  /** UUID of the team; absent = the personal workspace. */
  teamId?: string;
  /** `http://USER:PASSWORD@HOST:PORT`. Default: HTTPS_PROXY and NO_PROXY of the environment. */
  proxy?: string;
  /** PEM file with CAs to trust in addition to the system's. */
  caFile?: string;
  /** Milliseconds until a connection must be made. Default 15 s. */
  connectMs?: number;
  /** Milliseconds without a byte in either direction after which a request ends. Default 60 s. */
  stallMs?: number;
  /** How often one request is retried at most, if it may be retried at all. Default: for two and a half minutes. */
  retries?: number;
  /** For tests: time and randomness (0 ≤ x < 1). */
  clock?: Clock;
  random?: () => number;
}

/**
 * A client with the defaults of the plugins.
 * @throws FusegateError `usage.invalid` for a URL, CA file or proxy that cannot be used
 */
export function createClient(options: ClientOptions): AppdomeClient {
  const { apiKey, url = SERVICE_ORIGIN, teamId, proxy, caFile } = options;
  return new AppdomeClient({
    server: {
      url,
      apiKey: typeof apiKey === 'string' ? new Secret(apiKey) : apiKey,
      ...defined({ teamId, proxy, caFile }),
    },
    limits: {
      connect: options.connectMs ?? 15_000,
      stall: options.stallMs ?? 60_000,
      ...defined({ retries: options.retries }),
    },
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
  });
}
