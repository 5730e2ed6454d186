/**
 * Connections: keep-alive, CAs and the proxy, handled as curl and requests do. A Node client has to do this itself.
 *
 * This file reads the environment (NODE_EXTRA_CA_CERTS, NO_PROXY; axios reads HTTPS_PROXY): the transport's proxy and CA settings are
 * the one exception to "shared/ is given the environment".
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import tls from 'node:tls';
import type { AxiosProxyConfig } from 'axios';
// axios applies NO_PROXY to proxies that it finds itself, not to one that it is given; curl and requests apply it to both. Its matcher
// (ports, CIDR, wildcards) is exported only under this path; the exact version is pinned.
import shouldBypassProxy from 'axios/unsafe/helpers/shouldBypassProxy.js';
import { defined } from '../model/defined.ts';
import { FusegateError } from '../model/errors.ts';
import type { ServerSettings } from '../model/run-request.ts';
import { percentDecoded } from './origin.ts';
import { PROXY_VARIABLES } from './proxy-variables.ts';

export interface Agents {
  http: http.Agent;
  https: https.Agent;
}

/** What is between this process and the service. A proxy or a custom CA could let another server pose as the service. */
export interface Connection {
  /** Origin of the proxy, without credentials. */
  proxy?: string;
  /** SHA-256 of the CA file given as an option, lower-case hex. */
  caSha256?: string;
  /** The same for the file that NODE_EXTRA_CA_CERTS names. */
  extraCaSha256?: string;
}

export function connectionTo(url: URL, server: Pick<ServerSettings, 'caFile' | 'proxy'>): Connection {
  return defined({
    proxy: proxyOrigin(url, server.proxy),
    caSha256: digestOf(server.caFile),
    extraCaSha256: digestOf(process.env.NODE_EXTRA_CA_CERTS),
  });
}

/** Chosen the way `proxyFor` and axios do. */
function proxyOrigin(url: URL, proxy: string | undefined): string | undefined {
  const address = proxy ?? environmentProxy();
  if (url.protocol === 'http:' || !address || shouldBypassProxy(url.href)) return undefined;
  const { protocol, host } = new URL(withScheme(address));
  return `${protocol}//${host}`;
}

function environmentProxy(): string | undefined {
  return PROXY_VARIABLES.map((name) => process.env[name]).find(Boolean);
}

/** Node skips a file that it cannot read, so such a file adds no trust. */
function digestOf(file: string | undefined): string | undefined {
  if (!file) return undefined;
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    return undefined;
  }
}

/**
 * Two pairs of agents: `kept` for nearly everything, `fresh` for requests that must not be repeated. If the server has just closed a kept
 * connection, that looks like a lost answer, so a request that costs money gets a connection of its own.
 * @throws FusegateError `usage.invalid` when the CA file cannot be read
 */
export function makeAgents(server: Pick<ServerSettings, 'caFile'>): { kept: Agents; fresh: Agents; destroy(): void } {
  const ca = server.caFile === undefined ? {} : { ca: trustedCas(server.caFile) };
  const pair = (keepAlive: boolean): Agents => ({
    http: new http.Agent({ keepAlive }),
    // Set explicitly: NODE_TLS_REJECT_UNAUTHORIZED=0 would let anybody pose as the service and read the API key.
    https: new https.Agent({ keepAlive, rejectUnauthorized: true, ...ca }),
  });
  const kept = pair(true);
  const fresh = pair(false);
  return {
    kept,
    fresh,
    destroy() {
      for (const agents of [kept, fresh]) {
        agents.http.destroy();
        agents.https.destroy();
      }
    },
  };
}

/**
 * The default CAs plus those in the file. Node's `ca` option replaces the defaults, NODE_EXTRA_CA_CERTS included
 * (nodejs.org/api/tls.html#tlscreatesecurecontextoptions), so they are added again here.
 */
function trustedCas(caFile: string): string[] {
  let own: string;
  try {
    own = readFileSync(caFile, 'utf8');
  } catch (cause) {
    throw caFileError('the file cannot be read', cause);
  }
  if (!own.includes('-----BEGIN CERTIFICATE-----')) throw caFileError('the file holds no PEM certificate');
  return [...defaultCas(), own];
}

function defaultCas(): string[] {
  // From Node 22.15: everything that a connection without `ca` trusts, --use-system-ca included.
  const getCas: unknown = Reflect.get(tls, 'getCACertificates');
  if (typeof getCas === 'function') return getCas('default');
  const extra = process.env.NODE_EXTRA_CA_CERTS;
  if (!extra) return [...tls.rootCertificates];
  try {
    return [...tls.rootCertificates, readFileSync(extra, 'utf8')];
  } catch {
    // Node itself only warns about a file that it cannot read.
    return [...tls.rootCertificates];
  }
}

function caFileError(message: string, cause?: unknown): FusegateError {
  return new FusegateError('usage.invalid', `The CA file cannot be used: ${message}.`, {
    hint: 'Set ca-file to a readable PEM file with the certificates of your proxy or company CA.',
    problems: [{ option: 'ca-file', message, allowed: 'a PEM file' }],
    cause,
  });
}

/**
 * The proxy for a URL, in axios' terms: `undefined` lets axios ask the environment, `false` means none.
 *
 * Plain http never goes through a proxy: it is for this machine only, and a proxy could read the API key.
 */
export function proxyFor(url: URL, proxy: string | undefined): AxiosProxyConfig | false | undefined {
  if (url.protocol === 'http:') return false;
  if (proxy === undefined) {
    const found = environmentProxy();
    // axios would throw a bare TypeError.
    if (found && !shouldBypassProxy(url.href) && !isAddress(found)) throw proxyError('it is not a URL', 'HTTPS_PROXY');
    return undefined;
  }
  if (shouldBypassProxy(url.href)) return false;
  const parsed = parseProxy(proxy);
  const auth =
    parsed.username || parsed.password
      ? { auth: { username: percentDecoded(parsed.username), password: percentDecoded(parsed.password) } }
      : {};
  const port = parsed.port === '' ? (parsed.protocol === 'https:' ? 443 : 80) : Number(parsed.port);
  return { protocol: parsed.protocol, host: parsed.hostname, port, ...auth };
}

/** curl and requests also accept HOST:PORT. */
function withScheme(proxy: string): string {
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

function isAddress(proxy: string): boolean {
  return URL.canParse(withScheme(proxy)) && new URL(withScheme(proxy)).host !== '';
}

function parseProxy(proxy: string): URL {
  const parsed = URL.canParse(withScheme(proxy)) ? new URL(withScheme(proxy)) : undefined;
  if (parsed?.protocol === 'http:' || parsed?.protocol === 'https:') return parsed;
  throw proxyError('it is not an http or https URL', 'proxy');
}

/** Without the value, which may contain a password. */
function proxyError(message: string, option: string): FusegateError {
  return new FusegateError('usage.invalid', `The proxy cannot be used: ${message}.`, {
    hint: `Give ${option} as http://HOST:PORT or http://USER:PASSWORD@HOST:PORT, with special characters in the password encoded (%2F for /).`,
    problems: [{ option, message, allowed: 'http://HOST:PORT' }],
  });
}
