import { caStoreOf, ignoredTlsSettings } from '@fusegate/shared/api/tls-settings';
import { expect, it } from 'vitest';

it.each<[Record<string, string>, string[], string[]]>([
  [{}, [], []],
  [{ NODE_TLS_REJECT_UNAUTHORIZED: '0' }, [], ['NODE_TLS_REJECT_UNAUTHORIZED=0']],
  [{ NODE_TLS_REJECT_UNAUTHORIZED: '1' }, [], []],
  [{ NODE_OPTIONS: '--max-old-space-size=4096 --tls-min-v1.0' }, [], ['--tls-min-v1.0']],
  [{ NODE_OPTIONS: '"--tls-min-v1.1"' }, [], ['--tls-min-v1.1']],
  [{}, ['--tls-min-v1.0'], ['--tls-min-v1.0']],
  [{ NODE_OPTIONS: '--tls-min-v1.3' }, [], []],
])('%j with %j: ignored are %j', (environment, flags, ignored) => {
  expect(ignoredTlsSettings(environment, flags)).toEqual(ignored);
});

it.each<[Record<string, string>, string[], string | undefined]>([
  [{}, [], undefined],
  [{ SSL_CERT_FILE: '/ca.pem' }, [], undefined],
  [{ NODE_OPTIONS: '--use-openssl-ca' }, [], 'openssl'],
  [{ NODE_OPTIONS: '--use_openssl_ca' }, [], 'openssl'],
  [{}, ['--use-openssl-ca'], 'openssl'],
  [{ NODE_OPTIONS: '--use-system-ca' }, [], 'system'],
  [{ NODE_USE_SYSTEM_CA: '1' }, [], 'system'],
  [{ NODE_OPTIONS: '--use-bundled-ca' }, [], undefined],
])('%j with %j: the CAs are those of %s', (environment, flags, store) => {
  expect(caStoreOf(environment, flags)).toBe(store);
});
