/**
 * Where a request may go. The API key goes to the API's origin only, and plain http only to this machine (design, rule 16).
 */
import { FusegateError } from '../model/errors.ts';

/** The service itself (appdome-api.md §1.1, verified). */
export const SERVICE_ORIGIN = 'https://fusion.appdome.com';

const API_PATH = '/api/v1';

/** @returns whether the host is this machine: `localhost`, 127.0.0.0/8 or ::1 */
export function isLoopback(url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** @returns whether a request may go there at all: https, or http to this machine */
export function isAllowedTarget(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
}

/**
 * Scheme, host and port of an address.
 * @returns undefined for anything but an http or https URL, and for one that names a user
 */
export function originOf(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, origin, username, password } = new URL(text);
  // `https://fusion.appdome.com@evil.example` looks like one host but is another.
  if (username !== '' || password !== '') return undefined;
  return protocol === 'https:' || protocol === 'http:' ? origin : undefined;
}

/**
 * A part of an address, decoded. Text that is not validly encoded stays as it is: a password may contain a bare per cent sign.
 */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * The base URL for endpoint paths. The server's path prefix is kept, as in the official bash client (appdome-api.md §1.1).
 * @throws FusegateError `usage.invalid` if the server is not a URL or would get the API key over plain http
 */
export function apiBase(serverUrl: string): URL {
  let url: URL;
  try {
    url = new URL(serverUrl);
  } catch (cause) {
    throw serverUrlError('it is not a URL', cause);
  }
  if (!isAllowedTarget(url)) throw serverUrlError('it must be https, or http to this machine');
  if (url.username || url.password) throw serverUrlError('it must not contain a user name or password');
  url.search = '';
  url.hash = '';
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${API_PATH}/`;
  return url;
}

function serverUrlError(message: string, cause?: unknown): FusegateError {
  return new FusegateError('usage.invalid', `The server URL cannot be used: ${message}.`, {
    hint: `Give server-url as ${SERVICE_ORIGIN}, or leave it out.`,
    problems: [{ option: 'server-url', message, allowed: 'https://HOST, or http:// to this machine' }],
    cause,
  });
}
