import { apiBase, isAllowedTarget, isLoopback, originOf } from '@fusegate/shared/api/origin';
import { FusegateError } from '@fusegate/shared/model/errors';
import { describe, expect, it } from 'vitest';

describe('isLoopback', () => {
  it.each([
    ['http://localhost:1', true],
    ['http://api.localhost', true],
    ['http://127.0.0.1:8080', true],
    ['http://127.8.9.10', true],
    ['http://[::1]:8080', true],
    ['http://2130706433', true],
    ['http://0.0.0.0', false],
    ['http://10.0.0.1', false],
    ['http://127.0.0.1.example.com', false],
    ['http://localhost.example.com', false],
    ['http://[::ffff:10.0.0.1]', false],
    ['http://example.com', false],
  ])('%s: %s', (url, expected) => {
    expect(isLoopback(new URL(url))).toBe(expected);
  });
});

describe('isAllowedTarget', () => {
  it.each([
    ['https://example.com', true],
    ['http://127.0.0.1:1', true],
    ['http://example.com', false],
    ['ftp://127.0.0.1', false],
    ['file:///etc/passwd', false],
  ])('%s: %s', (url, expected) => {
    expect(isAllowedTarget(new URL(url))).toBe(expected);
  });
});

describe('apiBase', () => {
  it.each([
    ['https://fusion.appdome.com', 'https://fusion.appdome.com/api/v1/'],
    ['https://fusion.appdome.com/', 'https://fusion.appdome.com/api/v1/'],
    ['https://gateway.example.com/appdome//', 'https://gateway.example.com/appdome/api/v1/'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/api/v1/'],
  ])('%s → %s', (server, expected) => {
    expect(apiBase(server).href).toBe(expected);
  });

  it.each(['http://fusion.appdome.com', 'fusion.appdome.com', 'ftp://x', 'https://user:pw@example.com', ''])(
    'refuses %j, naming no credential',
    (server) => {
      const error = catchError(() => apiBase(server));
      expect(error.code).toBe('usage.invalid');
      expect(JSON.stringify(error) + error.message).not.toContain('pw@');
    },
  );
});

function catchError(body: () => unknown): FusegateError {
  try {
    body();
  } catch (error) {
    if (error instanceof FusegateError) return error;
  }
  throw new Error('nothing was thrown');
}

describe('the origin of an address', () => {
  it.each([
    ['https://Fusion.Appdome.com:443/api/v1?x#y', 'https://fusion.appdome.com'],
    ['http://127.0.0.1:8080/', 'http://127.0.0.1:8080'],
    ['https://fusion.appdome.com@evil.example', undefined],
    ['https://user:word@fusion.appdome.com', undefined],
    ['file:///etc/passwd', undefined],
    ['data:text/plain,x', undefined],
    ['fusion.appdome.com', undefined],
    ['', undefined],
  ])('%s is %s', (text, origin) => {
    expect(originOf(text)).toBe(origin);
  });
});
