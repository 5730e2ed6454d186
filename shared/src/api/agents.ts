/**
 * Connections: keep-alive, CAs and the proxy, handled as curl and requests do. A Node client has to do this itself.
 *
 * The transport's proxy and CA settings read the environment: the one exception to "shared/ is given the environment".
 */
import http from 'node:http';
import https from 'node:https';
import tls from 'node:tls';
import { defined } from '../model/defined.ts';
import type { ServerSettings } from '../model/run-request.ts';
import { proxyFor } from './proxy.ts';
import { caStoreOf, ignoredTlsSettings } from './tls-settings.ts';
import { digestOf, trustedCas } from './trusted-cas.ts';
import { TunnelAgent } from './tunnel-agent.ts';

type Route = Pick<ServerSettings, 'caFile' | 'proxy'>;

/** What is between this process and the service. A proxy or a custom CA could let another server pose as the service. */
export interface Connection {
  /** Origin of the proxy, without credentials. */
  proxy?: string;
  /** SHA-256 of the CA file given as an option, lower-case hex. */
  caSha256?: string;
  /** The same for the file that NODE_EXTRA_CA_CERTS names. */
  extraCaSha256?: string;
  /** Where the usual CAs come from, if not from Node itself. */
  caStore?: 'openssl' | 'system';
  /** SHA-256 of the file that SSL_CERT_FILE names, where OpenSSL's store counts. */
  storeSha256?: string;
}

export function connectionTo(url: URL, { caFile, proxy }: Route): Connection {
  const caStore = caStoreOf(process.env, process.execArgv);
  return defined({
    proxy: proxyFor(url, proxy, process.env)?.origin,
    caSha256: digestOf(caFile),
    extraCaSha256: digestOf(process.env.NODE_EXTRA_CA_CERTS),
    caStore,
    storeSha256: caStore === 'openssl' ? digestOf(process.env.SSL_CERT_FILE) : undefined,
  });
}

/** What asks for connections without verification; see `Agents`. */
export function ignoredSettings(): string[] {
  return ignoredTlsSettings(process.env, process.execArgv);
}

/**
 * Two sets of agents: `kept` for nearly everything, `fresh` for requests that must not be repeated. If the server has just closed a kept
 * connection, that looks like a lost answer, so a request that costs money gets a connection of its own.
 */
export class Agents {
  readonly #route: Route;
  readonly #trust: https.AgentOptions;
  readonly #kept = new Map<string, http.Agent>();
  readonly #fresh = new Map<string, http.Agent>();

  /** @throws FusegateError `usage.invalid` when the CA file cannot be used */
  constructor(route: Route) {
    this.#route = route;
    this.#trust = {
      // Set explicitly: NODE_TLS_REJECT_UNAUTHORIZED=0 would let anybody pose as the service and read the API key, and --tls-min-v1.0
      // would allow ciphers that can be broken.
      rejectUnauthorized: true,
      minVersion: tls.DEFAULT_MIN_VERSION === 'TLSv1.3' ? 'TLSv1.3' : 'TLSv1.2',
      ...(route.caFile === undefined ? {} : { ca: trustedCas(route.caFile, process.env.NODE_EXTRA_CA_CERTS) }),
    };
  }

  /**
   * The agent for a request to this URL, proxy included.
   * @throws FusegateError `usage.invalid` for a proxy that cannot be used
   */
  for(url: URL, kind: 'kept' | 'fresh'): http.Agent {
    const proxy = proxyFor(url, this.#route.proxy, process.env);
    const agents = kind === 'kept' ? this.#kept : this.#fresh;
    const name = url.protocol === 'http:' ? 'plain' : `${proxy?.origin} ${proxy?.authorization}`;
    let agent = agents.get(name);
    if (agent === undefined) {
      const options = { ...this.#trust, keepAlive: kind === 'kept' };
      if (url.protocol === 'http:') agent = new http.Agent({ keepAlive: options.keepAlive });
      else agent = proxy === undefined ? new https.Agent(options) : new TunnelAgent(proxy, options);
      agents.set(name, agent);
    }
    return agent;
  }

  destroy(): void {
    for (const agent of [...this.#kept.values(), ...this.#fresh.values()]) agent.destroy();
  }
}
