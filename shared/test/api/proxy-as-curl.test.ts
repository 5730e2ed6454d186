/**
 * What curl does with each of these was tried with curl 7.88: which requests go to the proxy, with which credentials. The rows marked
 * `beyond curl` are forms that curl cannot match.
 */
import { parseProxy, proxyFor } from '@fusegate/shared/api/proxy';
import { describe, expect, it } from 'vitest';

const PROXY = 'http://proxy.lab.test:3128';

/** As the option, and as each variable. */
const SOURCES: Array<[string, (proxy: string, noProxy?: Record<string, string>) => Parameters<typeof proxyFor>[2]]> = [
  ['option', (_proxy, noProxy = {}) => noProxy],
  ['HTTPS_PROXY', (proxy, noProxy = {}) => ({ HTTPS_PROXY: proxy, ...noProxy })],
  ['all_proxy', (proxy, noProxy = {}) => ({ all_proxy: proxy, ...noProxy })],
];

describe.each(SOURCES)('a proxy of %s', (source, environmentOf) => {
  const option = (proxy: string) => (source === 'option' ? proxy : undefined);

  it.each<[string, string, 'proxy' | 'direct']>([
    ['lab.test', 'https://api.lab.test', 'direct'],
    ['lab.test', 'https://lab.test', 'direct'],
    ['lab.test', 'https://lab.test:8443', 'direct'],
    ['.lab.test', 'https://lab.test', 'direct'],
    ['.lab.test', 'https://api.lab.test', 'direct'],
    ['lab.test.', 'https://api.lab.test', 'direct'],
    ['LAB.test', 'https://API.lab.TEST', 'direct'],
    ['lab.test', 'https://api.lab.test.', 'direct'],
    ['lab.test', 'https://notlab.test', 'proxy'],
    ['notlab.test', 'https://lab.test', 'proxy'],
    ['api.lab.test', 'https://lab.test', 'proxy'],
    ['*', 'https://a.test', 'direct'],
    ['*, x', 'https://a.test', 'proxy'],
    ['a b,lab.test', 'https://lab.test', 'direct'],
    [' lab.test ', 'https://lab.test', 'direct'],
    ['a;lab.test', 'https://lab.test', 'proxy'],
    [',,', 'https://lab.test', 'proxy'],
    ['.', 'https://lab.test', 'proxy'],
    ['10.0.0.0/8', 'https://10.1.2.3', 'direct'],
    ['10.0.0.0/8', 'https://11.1.2.3', 'proxy'],
    ['10.1.2.3', 'https://10.1.2.3', 'direct'],
    ['10.1.2', 'https://10.1.2.3', 'proxy'],
    ['.3', 'https://10.1.2.3', 'proxy'],
    ['10.0.0.0/0', 'https://9.1.2.3', 'proxy'],
    ['10.0.0.0/33', 'https://10.0.0.0', 'proxy'],
    ['2001:db8::1', 'https://[2001:db8::1]', 'direct'],
    ['2001:db8::2', 'https://[2001:db8::1]', 'proxy'],
    // By curl's manual; curl 7.88 does not match it.
    ['2001:db8::/32', 'https://[2001:db8::1]', 'direct'],
    // Beyond curl.
    ['api.lab.test:8443', 'https://api.lab.test:8443', 'direct'],
    ['api.lab.test:443', 'https://api.lab.test', 'direct'],
    ['api.lab.test:8443', 'https://api.lab.test', 'proxy'],
    ['*.lab.test', 'https://api.lab.test', 'direct'],
    ['[2001:db8::1]:443', 'https://[2001:db8::1]', 'direct'],
  ])('with NO_PROXY=%s, %s goes by: %s', (list, url, way) => {
    for (const name of ['NO_PROXY', 'no_proxy']) {
      const found = proxyFor(new URL(url), option(PROXY), environmentOf(PROXY, { [name]: list }));
      expect(found === undefined ? 'direct' : 'proxy').toBe(way);
    }
  });

  it.each<[string, string, string | undefined]>([
    ['http://proxy.lab.test:3128', 'http://proxy.lab.test:3128', undefined],
    ['proxy.lab.test:3128', 'http://proxy.lab.test:3128', undefined],
    ['HTTP://proxy.lab.test:3128/path', 'http://proxy.lab.test:3128', undefined],
    ['http://proxy.lab.test:80', 'http://proxy.lab.test:80', undefined],
    ['http://proxy.lab.test', 'http://proxy.lab.test:1080', undefined],
    ['https://proxy.lab.test', 'https://proxy.lab.test:443', undefined],
    ['[::1]:3128', 'http://[::1]:3128', undefined],
    ['http://[::1]', 'http://[::1]:1080', undefined],
    ['us%40er:p%3Ass@proxy.lab.test:3128', 'http://proxy.lab.test:3128', 'us@er:p:ss'],
    ['http://us%40er:p%2Fss@proxy.lab.test:3128', 'http://proxy.lab.test:3128', 'us@er:p/ss'],
    ['http://user@proxy.lab.test:3128', 'http://proxy.lab.test:3128', 'user:'],
    ['http://:pass@proxy.lab.test:3128', 'http://proxy.lab.test:3128', ':pass'],
    ['http://u:p%@proxy.lab.test:3128', 'http://proxy.lab.test:3128', 'u:p%'],
  ])('%s is %s with %s', (address, origin, credentials) => {
    const found = proxyFor(new URL('https://a.test'), option(address), environmentOf(address));
    expect(found?.origin).toBe(origin);
    const basic = found?.authorization?.replace('Basic ', '') ?? '';
    expect(Buffer.from(basic, 'base64').toString()).toBe(credentials ?? '');
  });
});

it.each<[Record<string, string>, string | undefined]>([
  [{ https_proxy: 'a:1', HTTPS_PROXY: 'b:1' }, 'http://a:1'],
  [{ https_proxy: '', HTTPS_PROXY: 'b:1' }, 'http://b:1'],
  [{ HTTPS_PROXY: 'a:1', ALL_PROXY: 'b:1' }, 'http://a:1'],
  [{ ALL_PROXY: 'b:1' }, 'http://b:1'],
  [{ http_proxy: 'a:1', HTTP_PROXY: 'b:1' }, undefined],
  [{ HTTPS_PROXY: 'a:1', no_proxy: '', NO_PROXY: 'a.test' }, undefined],
  [{ HTTPS_PROXY: 'a:1', no_proxy: 'b.test', NO_PROXY: 'a.test' }, 'http://a:1'],
])('of %j, the proxy is %s', (environment, origin) => {
  expect(proxyFor(new URL('https://a.test'), undefined, environment)?.origin).toBe(origin);
});

it('the option comes before the environment', () => {
  expect(proxyFor(new URL('https://a.test'), 'b:1', { HTTPS_PROXY: 'a:1' })?.origin).toBe('http://b:1');
});

it.each(['http://', '::', '//proxy:1', 'http://u:p#x@proxy:1', 'http://proxy:99999', 'ftp://proxy:1', ' '])(
  '%j is no proxy',
  (address) => {
    expect(typeof parseProxy(address)).toBe('string');
  },
);
