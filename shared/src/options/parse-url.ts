/** URLs of options. Strict: what is not plainly right is refused, since a credential goes there. */
import { isAllowedTarget } from '../api/origin.ts';
import { parseProxy } from '../api/proxy.ts';

type UrlParse = { ok: true; value: string } | { ok: false; message: string };

function parse(text: string): URL | undefined {
  return /^https?:\/\//i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
}

/**
 * Origin and optional path prefix. Trailing slashes and a trailing `/api/v1` are dropped (appdome-api.md §1.1: clients differ in
 * what they append).
 */
export function parseServerUrl(text: string): UrlParse {
  const url = parse(text);
  if (!url) return { ok: false, message: 'is not a URL' };
  if (url.username || url.password) return { ok: false, message: 'may not hold credentials' };
  if (url.search || url.hash) return { ok: false, message: 'may not hold a query or a fragment' };
  if (!isAllowedTarget(url)) return { ok: false, message: 'is not encrypted: http is for this machine only' };
  const path = url.pathname.replace(/\/+$/, '').replace(/\/api\/v1$/, '');
  return { ok: true, value: `${url.origin}${path.replace(/\/+$/, '')}` };
}

/** `http://proxy.example.com:3128` or `proxy.example.com:3128`, with `user:password@` where the proxy wants it. */
export function parseProxyUrl(text: string): UrlParse {
  const proxy = parseProxy(text);
  if (typeof proxy === 'string') return { ok: false, message: proxy };
  // As it was written: a URL would forget a port 80, and then curl's default would count.
  const rest = text
    .trim()
    .replace(/^[a-z]+:\/\//i, '')
    .replace(/\/$/, '');
  if (/[/?#]/.test(rest.replace(/^.*@/, ''))) {
    return { ok: false, message: 'may hold nothing but scheme, credentials, host and port' };
  }
  return { ok: true, value: `${proxy.protocol}//${rest}` };
}
