import { decodeBase64, isWrappedBase64, parseFileUrl } from '@fusegate/shared/options/file-source';
import { shownValue } from '@fusegate/shared/options/problem';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitList } from '../../src/options/parse-value.ts';
import { CLI } from '../../src/options/systems/cli.ts';

const wrap = (text: string, width = 76) => (text.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join('\n');

describe('base64', () => {
  it('decodes whatever was encoded, in either alphabet, padded or not, wrapped or not', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 60, maxLength: 400 }), (bytes) => {
        const content = Buffer.from(bytes);
        for (const text of [
          content.toString('base64'),
          content.toString('base64url'),
          wrap(content.toString('base64')),
        ]) {
          expect(decodeBase64(text)).toEqual(content);
        }
      }),
    );
  });

  it.each([
    ['a path', './build/keystores/release/upload/with/a/very/long/name/that/goes/on/and/on.jks'],
    ['a short text', 'aGVsbG8='],
    ['text', 'x'.repeat(80).concat(' not base64!')],
    ['a length that it cannot have', 'A'.repeat(65)],
    ['nothing', ''],
  ])('does not take %s for it', (_, text) => {
    expect(decodeBase64(text)).toBeUndefined();
  });

  it('knows wrapped content from a list of paths', () => {
    expect(isWrappedBase64(wrap(Buffer.alloc(200, 7).toString('base64')))).toBe(true);
    expect(isWrappedBase64('a/first/path\nanother/path/that/is/longer')).toBe(false);
    expect(isWrappedBase64(`${'a/'.repeat(40)}\n${'b/'.repeat(45)}`)).toBe(false);
    expect(isWrappedBase64(Buffer.alloc(200, 7).toString('base64'))).toBe(false);
  });

  it('is never shown', () => {
    const content = Buffer.alloc(300, 'synthetic').toString('base64');
    expect(shownValue(content)).toBe('(base64)');
    expect(shownValue(wrap(content))).toBe('(base64)');
    expect(shownValue(`${content} | ${content}`)).toBe('(base64) | (base64)');
    expect(shownValue('a/path.jks')).toBe('a/path.jks');
  });
});

describe('URLs', () => {
  it.each([
    ['https://files.example.com/a/app.apk', 'https://files.example.com/a/app.apk', 'app.apk'],
    [
      'https://files.example.com/a/app%20one.apk?X-Signature=secret#x',
      'https://files.example.com/a/app%20one.apk',
      'app one.apk',
    ],
    ['http://127.0.0.1:8080/app.ipa', 'http://127.0.0.1:8080/app.ipa', 'app.ipa'],
    [
      'https://files.example.com/..%2F..%2Fetc%2Fapp.apk',
      'https://files.example.com/..%2F..%2Fetc%2Fapp.apk',
      'app.apk',
    ],
    ['https://files.example.com/', 'https://files.example.com/', ''],
    ['https://files.example.com/%E0%A4%A.apk', 'https://files.example.com/%E0%A4%A.apk', '%E0%A4%A.apk'],
  ])('%s', (text, shown, fileName) => {
    expect(parseFileUrl(text)).toMatchObject({ shown, fileName });
  });

  it.each([
    ['http://files.example.com/app.apk', 'is a URL that is not https'],
    ['ftp://files.example.com/app.apk', 'is a URL that is not https'],
    ['file:///etc/passwd', 'is a URL that is not https'],
    ['https://user:pass@files.example.com/app.apk', 'is a URL with credentials in it'],
    ['https://', 'is not a URL'],
  ])('%s is refused', (text, wrong) => {
    expect(parseFileUrl(text)).toEqual({ wrong });
  });

  it('are shown without what may be a credential', () => {
    expect(shownValue('https://files.example.com/app.apk?X-Signature=secret')).toBe(
      'https://files.example.com/app.apk?***',
    );
  });

  it.each([
    ['http://user:hunt/er2@proxy.example:80', 'http://***@proxy.example:80'],
    ['http://user:hunt@er2@proxy.example:80/x', 'http://***@proxy.example:80/x'],
    ['http://user:hunt?er2@proxy.example', 'http://***@proxy.example'],
    ['user:hunter2@proxy.example:80', '***@proxy.example:80'],
    ['http://a:one@x.example | b:two@x.example', 'http://***@x.example | ***@x.example'],
    ['{"signing_keystore_password":"hunter2"', '(JSON)'],
    ['{"a":"x | y"} | {"a":"hunter2"}', '(JSON)'],
    ['C:\\builds@2\\app.apk', 'C:\\builds@2\\app.apk'],
    ['out/app[0-9].apk', 'out/app[0-9].apk'],
  ])('%s is shown as %s', (text, shown) => {
    expect(shownValue(text)).toBe(shown);
  });
});

describe('a list in JSON', () => {
  it('is taken item by item, commas and line breaks included', () => {
    expect(splitList('["a,b.plist", "c\\nd.plist", " e "]', CLI)).toEqual(['a,b.plist', 'c\nd.plist', ' e ']);
    expect(splitList('[abc]*.pdf, [1].pdf', CLI)).toEqual(['[abc]*.pdf', '[1].pdf']);
  });
});
