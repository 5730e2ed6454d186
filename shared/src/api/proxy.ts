/** Which proxy a request goes through, chosen and read as curl does (curl.se/docs/manpage.html, "ENVIRONMENT" and `--proxy`). Pure. */
import { FusegateError } from '../model/errors.ts';
import type { Environment } from '../model/host.ts';
import { isExempt, withoutBrackets } from './no-proxy.ts';
import { percentDecoded } from './origin.ts';
import { PROXY_VARIABLES } from './proxy-variables.ts';

export interface ProxyAddress {
  protocol: 'http:' | 'https:';
  /** Without the brackets of an IPv6 address. */
  host: string;
  port: number;
  /** Scheme, host and port, without credentials. */
  origin: string;
  /** `Basic …`, where the address has credentials. */
  authorization?: string;
}

/** What curl takes where an http proxy is given without a port. */
const DEFAULT_PORTS = { 'http:': 1080, 'https:': 443 } as const;

/**
 * The proxy for a URL. NO_PROXY counts for the option as well as for the environment.
 *
 * Plain http never goes through a proxy: it is for this machine only, and a proxy could read the API key.
 * @param option the option `proxy`, which comes before the environment
 * @throws FusegateError `usage.invalid` for an address that cannot be used, without its password
 */
export function proxyFor(url: URL, option: string | undefined, environment: Environment): ProxyAddress | undefined {
  if (url.protocol === 'http:') return undefined;
  const variable = PROXY_VARIABLES.find((name) => environment[name]);
  const address = option ?? (variable && environment[variable]);
  if (!address || isExempt(url, environment.no_proxy || environment.NO_PROXY)) return undefined;
  const proxy = parseProxy(address);
  if (typeof proxy !== 'string') return proxy;
  const name = option === undefined ? (variable ?? '') : 'proxy';
  throw new FusegateError('usage.invalid', `The proxy of ${name} cannot be used: it ${proxy}.`, {
    hint: `Give ${name} as http://HOST:PORT or http://USER:PASSWORD@HOST:PORT, with special characters in the password encoded (%2F for /).`,
    problems: [{ option: name, message: `it ${proxy}`, allowed: 'http://HOST:PORT' }],
  });
}

/** @returns what is wrong with it, without the value, which may contain a password: `is not a URL` */
export function parseProxy(address: string): ProxyAddress | string {
  const trimmed = address.trim();
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(trimmed)?.[1]?.toLowerCase();
  const protocol = `${scheme ?? 'http'}:`;
  if (protocol !== 'http:' && protocol !== 'https:') {
    return `is a ${scheme} proxy, and only http and https ones are supported`;
  }
  const rest = scheme === undefined ? trimmed : trimmed.slice(scheme.length + '://'.length);
  const text = `${protocol}//${rest}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.host === '' || /^[/\\]/.test(rest) || url.search || url.hash) return 'is not a URL';
  // A URL forgets a port that is its scheme's own.
  const given = /^(?:\[[^\]]*\]|[^:/]*):(\d+)/.exec(rest.replace(/^.*@/, ''))?.[1];
  const port = Number(url.port || given || DEFAULT_PORTS[protocol]);
  const credentials = `${percentDecoded(url.username)}:${percentDecoded(url.password)}`;
  return {
    protocol,
    host: withoutBrackets(url.hostname),
    port,
    origin: `${protocol}//${url.hostname}:${port}`,
    ...(credentials === ':' ? {} : { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }),
  };
}
