/** NO_PROXY, read as curl reads it (curl.se/docs/manpage.html, "ENVIRONMENT"; lib/noproxy.c). Pure. */
import { BlockList, isIP } from 'node:net';

/**
 * Whether the list exempts a URL from the proxy. A name covers its subdomains, with or without a leading dot; an IP address is compared
 * with addresses and CIDR ranges; `*` counts only alone.
 *
 * Two forms that curl cannot match are read as they are meant: a port (`host:8443`) and a wildcard (`*.lab.test`).
 */
export function isExempt(url: URL, list: string | undefined): boolean {
  if (list === undefined) return false;
  if (list.trim() === '*') return true;
  const host = withoutBrackets(url.hostname).toLowerCase().replace(/\.$/, '');
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => covers(entry, host, port));
}

function covers(entry: string, host: string, port: string): boolean {
  const [, name = entry, itsPort] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(entry) ?? [];
  if (itsPort !== undefined && itsPort !== port) return false;
  return isIP(host) === 0 ? coversName(name, host) : coversAddress(withoutBrackets(name), host);
}

function coversName(name: string, host: string): boolean {
  const bare = name
    .replace(/^\*(?=\.)/, '')
    .replace(/\.$/, '')
    .replace(/^\./, '');
  return bare !== '' && (host === bare || host.endsWith(`.${bare}`));
}

function coversAddress(range: string, host: string): boolean {
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(range) ?? [];
  const family = isIP(address);
  const most = family === 6 ? 128 : 32;
  // As in curl, /0 is not the whole Internet.
  const prefix = Number(bits ?? 0) || most;
  if (family === 0 || family !== isIP(host) || prefix > most) return false;
  const type = family === 6 ? 'ipv6' : 'ipv4';
  const addresses = new BlockList();
  addresses.addSubnet(address, prefix, type);
  return addresses.check(host, type);
}

export function withoutBrackets(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}
