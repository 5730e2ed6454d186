import { decodeBase64, isWrappedBase64, parseFileUrl, whyNoPath } from '@fusegate/shared/options/file-source';
import { shownValue } from '@fusegate/shared/options/problem';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseValue, splitList } from '../../src/options/parse-value.ts';
import { BITRISE } from '../../src/options/systems/bitrise.ts';
import { CLI } from '../../src/options/systems/cli.ts';
import { optionById } from '../../src/options/table.ts';

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

  it.each<[string, (base64: string) => string]>([
    ['certutil -encode', (text) => `-----BEGIN CERTIFICATE-----\r\n${wrap(text, 64)}\r\n-----END CERTIFICATE-----\r\n`],
    ['openssl smime', (text) => `-----BEGIN PKCS7-----\n${wrap(text, 64)}\n-----END PKCS7-----`],
    [
      'certutil on one line, as a secret ends up',
      (text) => `-----BEGIN CERTIFICATE----- ${text} -----END CERTIFICATE-----`,
    ],
    ['a browser', (text) => `data:application/x-pkcs12;base64,${text}`],
    ['a browser that knows no type', (text) => `data:;base64,${text}`],
    ['a YAML file', (text) => `"${text}"`],
    ['a shell', (text) => `'${wrap(text)}'\n`],
    ['JSON', (text) => wrap(text).replaceAll('\n', '\\n')],
    ['Windows', (text) => `\uFEFF${wrap(text).replaceAll('\n', '\r\n')}`],
    ['a web page', (text) => wrap(text, 40).replaceAll('\n', '\u200B')],
  ])('as %s wraps it', (_, dress) => {
    for (const content of [Buffer.alloc(200, 'synthetic'), Buffer.from([...Array(251).keys()])]) {
      expect(decodeBase64(dress(content.toString('base64')))).toEqual(content);
      expect(decodeBase64(dress(content.toString('base64url')))).toEqual(content);
    }
  });

  it('stays one item of a list, whatever is around it', () => {
    const [a, b] = [Buffer.alloc(200, 'one'), Buffer.alloc(300, 'two')];
    const armoured = (bytes: Buffer) =>
      `-----BEGIN CERTIFICATE-----\n${wrap(bytes.toString('base64'), 64)}\n-----END CERTIFICATE-----`;
    const uri = (bytes: Buffer) => `data:application/octet-stream;base64,${bytes.toString('base64')}`;
    const option = optionById('provisioning-profiles');
    for (const text of [
      `${armoured(a)}\n${armoured(b)}\nc.mobileprovision`,
      `${uri(a)}\n${uri(b)}\nc.mobileprovision`,
      `${armoured(a)}\n${uri(b)}\nc.mobileprovision`,
    ]) {
      for (const system of [CLI, BITRISE]) {
        const parsed = parseValue(option, text, system);
        const items = parsed.ok ? (parsed.value as string[]) : [];
        expect(items.map((item) => decodeBase64(item) ?? item)).toEqual([a, b, 'c.mobileprovision']);
      }
    }
  });

  it.each<[string, string, RegExp | undefined]>([
    ['a path', './keys/release.jks', undefined],
    ['a path on Windows', 'C:\\keys\\release.jks', undefined],
    ['a long path', `${'folder/'.repeat(40)}release.jks`, undefined],
    ['a PEM key', '-----BEGIN ENCRYPTED PRIVATE KEY-----', /neither a path, a URL nor base64/],
    ['lines', 'first\nsecond', /neither/],
    ['a data URI without base64', 'data:text/plain,hello', /neither/],
    ['an endless name', `${'x'.repeat(300)}!`, /neither/],
    ['base64 that lost a letter', Buffer.alloc(300, 'x').toString('base64').slice(0, -3), /cut/],
    ['wrapped base64 that lost a letter', wrap(Buffer.alloc(300, 'x').toString('base64').slice(0, -3)), /cut/],
  ])('%s that names no file', (_, text, why) => {
    if (why === undefined) expect(whyNoPath(text)).toBeUndefined();
    else expect(whyNoPath(text)).toMatch(why);
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
