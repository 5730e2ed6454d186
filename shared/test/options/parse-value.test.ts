import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import { parseValue } from '../../src/options/parse-value.ts';
import type { System } from '../../src/options/system.ts';
import { BITRISE } from '../../src/options/systems/bitrise.ts';
import { CLI } from '../../src/options/systems/cli.ts';
import { type OptionId, optionById } from '../../src/options/table.ts';
import { formatDuration, parseDuration } from '../../src/text/parse-duration.ts';

function parse(id: OptionId, text: string, system: System = CLI) {
  return parseValue(optionById(id), text, system);
}

function good(id: OptionId, cases: Array<[string, unknown]>, system: System = CLI) {
  it.each(cases)(`${id} reads %j`, (text, value) => {
    expect(parse(id, text, system)).toEqual({ ok: true, value });
  });
}

function bad(id: OptionId, cases: Array<[string, RegExp]>, system: System = CLI) {
  it.each(cases)(`${id} refuses %j`, (text, message) => {
    const parsed = parse(id, text, system);
    expect(parsed).toMatchObject({
      ok: false,
      message: expect.stringMatching(message),
      allowed: expect.stringMatching(/./),
    });
  });
}

describe('boolean', () => {
  good('verbose', [
    ...['true', 'TRUE', 'yes', 'On', '1', ' true '].map((text): [string, unknown] => [text, true]),
    ...['false', 'False', 'no', 'OFF', '0'].map((text): [string, unknown] => [text, false]),
  ]);
  bad(
    'verbose',
    ['tru', 'y', 'n', '2', 'enabled', 'true false', 'null', 'None', '-1'].map((text): [string, RegExp] => [
      text,
      /boolean/,
    ]),
  );
});

describe('integer', () => {
  good('retries', [
    ['0', 0],
    ['20', 20],
    ['+3', 3],
    ['007', 7],
  ]);
  bad('retries', [
    ['-1', /range/],
    ['21', /range/],
    ['1.5', /whole/],
    ['1e1', /whole/],
    ['0x10', /whole/],
    ['five', /whole/],
    ['99999999999999999999', /range/],
  ]);
});

describe('duration', () => {
  good('timeout', [
    ['55m', 3_300_000],
    ['1h30m', 5_400_000],
    ['1h 30m', 5_400_000],
    ['90s', 90_000],
    ['1500ms', 1500],
    ['1.5h', 5_400_000],
    ['2H', 7_200_000],
  ]);
  bad('timeout', [
    ['55', /without a unit/],
    ['0', /without a unit/],
    ['1.5', /without a unit/],
    ['55 minutes', /not a duration/],
    ['30m1h', /not a duration/],
    ['1m1m', /not a duration/],
    ['-5m', /not a duration/],
    ['5w', /not a duration/],
    ['5d', /range/],
    ['m', /not a duration/],
    ['1e3s', /not a duration/],
    ['0s', /range/],
    ['25h', /range/],
  ]);

  it('says the unit in the allowed form', () => {
    expect(parse('timeout', '55')).toMatchObject({ allowed: expect.stringContaining('55m') });
  });

  it('reads what it writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 * 86_400_000 }), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
    );
  });

  it('never takes a bare number', () => {
    fc.assert(
      fc.property(fc.nat(), (number) => {
        expect(parse('stall-timeout', String(number)).ok).toBe(false);
      }),
    );
  });
});

describe('list', () => {
  good('required-features', [
    ['Root Detection', ['Root Detection']],
    ['Root Detection, Anti-Debugging', ['Root Detection', 'Anti-Debugging']],
    ['Root Detection\n  Anti-Debugging\r\n', ['Root Detection', 'Anti-Debugging']],
    ['a,,b, ,a', ['a', 'b']],
    ['a|b', ['a|b']],
    [', ,', []],
  ]);
  good('required-features', [['a|b,c\nd', ['a', 'b', 'c', 'd']]], BITRISE);
});

describe('choice', () => {
  good('gate', [
    ['enforce', 'enforce'],
    ['WARN', 'warn'],
    ['disabled', 'disabled'],
    ['false', 'disabled'],
    ['Off', 'disabled'],
  ]);
  good('sign', [
    ['on-appdome', 'on-appdome'],
    ['On-Appdome', 'on-appdome'],
    ['SIGN_ON_APPDOME', 'on-appdome'],
    ['signOnAppdome', 'on-appdome'],
    ['PRIVATE_SIGNING', 'private'],
    ['Private-Signing', 'private'],
    ['Private-Sign', 'private'],
  ]);
  bad('gate', [
    ['enforced', /did you mean enforce\?/],
    ['true', /not one of its values/],
    ['strict', /not one of its values/],
    ['enforce,warn', /not one of its values/],
  ]);
});

describe('list of choices', () => {
  good('reports', [
    ['junit', ['junit']],
    ['markdown, JUNIT,junit', ['markdown', 'junit']],
  ]);
  bad('reports', [['junit, markdwon', /"markdwon".*did you mean markdown/]]);
});

describe('UUID', () => {
  const id = '2f470e80-631e-11f0-811d-012fa289ddab';
  good('fusion-set-id', [
    [id, id],
    [id.toUpperCase(), id],
    [` ${id}\n`, id],
  ]);
  bad(
    'build-id',
    [id.slice(1), `${id}0`, id.replaceAll('-', ''), `{${id}}`, 'my-build', '$(BUILD)', id.replace('2', 'g')].map(
      (text): [string, RegExp] => [text, /not a UUID/],
    ),
  );
});

describe('fingerprint', () => {
  const sha1 = 'A1B2C3D4E5F60718293A4B5C6D7E8F9001122334';
  const sha256 = `${sha1}${'0123456789ABCDEF01234567'}`;
  const colons = (text: string) => (text.match(/../g) ?? []).join(':');
  const keytool = (printed: string) =>
    `Alias name: release\nCertificate fingerprints:\n\t SHA1: ${colons(sha1)}\n\t SHA256: ${printed}\nSignature algorithm name: SHA256withRSA\nSubject Public Key Algorithm: 2048-bit RSA key\nVersion: 3`;
  const apksigner = (printed: string) =>
    `Signer #1 certificate SHA-256 digest: ${printed}\nSigner #1 certificate SHA-1 digest: ${sha1}\nSigner #1 public key SHA-256 digest: ${printed.replace('A1', 'B2')}`;
  good('signing-fingerprint', [
    [sha1, sha1],
    [sha1.toLowerCase(), sha1],
    [colons(sha1), sha1],
    [colons(sha256).toLowerCase(), sha256],
    [`${sha256}\n`, sha256],
    // keytool, Gradle's signingReport
    [`SHA1: ${colons(sha1)}`, sha1],
    [`\t SHA256: ${colons(sha256)}\n`, sha256],
    [`SHA-256: ${colons(sha256)}`, sha256],
    // openssl x509 -fingerprint, of 1.1 and of 3
    [`SHA1 Fingerprint=${colons(sha1)}`, sha1],
    [`sha256 Fingerprint=${colons(sha256)}`, sha256],
    // apksigner verify --print-certs
    [`Signer #1 certificate SHA-256 digest: ${sha256.toLowerCase()}`, sha256],
    [`Signer #1 certificate SHA-1 digest: ${sha1.toLowerCase()}`, sha1],
    [`V3.1 Signer: certificate SHA-256 digest: ${sha256.toLowerCase()}`, sha256],
    [`Signer (minSdkVersion=33, maxSdkVersion=2147483647) certificate SHA-256 digest: ${sha256}`, sha256],
    // Play Console
    [`SHA-256 certificate fingerprint:\n${colons(sha256)}`, sha256],
    // certutil and the certificate dialog of Windows
    [`\u200E${colons(sha1).toLowerCase().replaceAll(':', ' ')}`, sha1],
    [colons(sha256).replaceAll(':', '-'), sha256],
    [colons(sha256).replaceAll(':', '\u2011'), sha256],
    [colons(sha1).replaceAll(':', ':\u200B'), sha1],
    // keytool -list
    [`Certificate fingerprint (SHA-256): ${colons(sha256)}`, sha256],
    [`Certificate fingerprint (SHA1): ${colons(sha1)}`, sha1],
    // YAML, code
    [`"${colons(sha256)}"`, sha256],
    [`'SHA256: ${colons(sha256)}'`, sha256],
    [`SHA256: "${colons(sha256)}"`, sha256],
    [`0x${sha256.toLowerCase()}`, sha256],
    // The whole output of keytool -list, keytool -list -v and apksigner
    [`release, Jul 1, 2025, PrivateKeyEntry,\nCertificate fingerprint (SHA-256): ${colons(sha256)}`, sha256],
    [keytool(colons(sha256)), sha256],
    [keytool(colons(sha256)).replaceAll('\n', '\r\n'), sha256],
    [apksigner(sha256), sha256],
    [`${apksigner(sha256)}\nV3 Signer: certificate SHA-256 digest: ${sha256}`, sha256],
    [`SHA1: ${sha1}\nSHA256: ${sha256}`, sha256],
  ]);
  bad('signing-fingerprint', [
    [sha1.slice(1), /39 hexadecimal/],
    [`${sha1}0`, /41 hexadecimal/],
    [sha256.slice(2), /62 hexadecimal/],
    [`${sha1.slice(0, 39)}G`, /not hexadecimal/],
    [`${sha1.slice(0, 3)}:${sha1.slice(3)}`, /misplaced/],
    [`${colons(sha1)}:`, /misplaced/],
    [`${colons(sha1).replace(':', '-')}`, /misplaced/],
    [`SHA-256: ${sha1}`, /labelled SHA-256, but has 40/],
    [`SHA1: ${sha256}`, /labelled SHA-1, but has 64/],
    [`MD5: ${sha1.slice(8)}`, /not hexadecimal/],
    [`Certificate fingerprint (SHA-256): ${sha1}`, /labelled SHA-256, but has 40/],
    [`"${sha1}`, /not hexadecimal/],
    [`"${sha1.slice(1)}"`, /39 hexadecimal/],
    [`0x${sha1.slice(2)}`, /38 hexadecimal/],
    [keytool(colons(sha256).slice(3)), /62 hexadecimal/],
    [`${keytool(colons(sha256))}\n${keytool(colons(sha256).replace('A1', 'A2'))}`, /2 SHA-256 fingerprints/],
    [keytool('').replace(/SHA256:.*/, ''), /not hexadecimal/],
    [`Signer #1 public key SHA-256 digest: ${sha256}`, /public key/],
    ['0'.repeat(40), /all zeros/],
    [`SHA256: ${colons('0'.repeat(64))}`, /all zeros/],
    ['None', /not hexadecimal/],
  ]);
});

describe('server URL', () => {
  good('server-url', [
    ['https://fusion.appdome.com', 'https://fusion.appdome.com'],
    ['https://fusion.appdome.com/', 'https://fusion.appdome.com'],
    ['https://fusion.appdome.com/api/v1/', 'https://fusion.appdome.com'],
    ['https://proxy.example.com/appdome/', 'https://proxy.example.com/appdome'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://[::1]:8080/', 'http://[::1]:8080'],
    ['HTTP://LOCALHOST:80', 'http://localhost'],
  ]);
  bad('server-url', [
    ['http://fusion.appdome.com', /not encrypted/],
    ['http://127.0.0.1.example.com', /not encrypted/],
    ['http://localhost.example.com', /not encrypted/],
    ['http://0.0.0.0:1', /not encrypted/],
    ['fusion.appdome.com', /not a URL/],
    ['ftp://fusion.appdome.com', /not a URL/],
    ['https://', /not a URL/],
    ['https://user:pw@fusion.appdome.com', /credentials/],
    ['https://fusion.appdome.com?x=1', /query/],
    ['file:///etc/passwd', /not a URL/],
  ]);
});

describe('proxy URL', () => {
  good('proxy', [
    ['http://proxy.example.com:3128', 'http://proxy.example.com:3128'],
    ['https://user:p%40ss@proxy.example.com', 'https://user:p%40ss@proxy.example.com'],
    ['proxy.example.com:3128', 'http://proxy.example.com:3128'],
    ['user:p%40ss@proxy.example.com:80', 'http://user:p%40ss@proxy.example.com:80'],
    ['HTTP://proxy.example.com:80/', 'http://proxy.example.com:80'],
    ['[::1]:3128', 'http://[::1]:3128'],
  ]);
  bad('proxy', [
    ['socks5://proxy.example.com', /socks5/],
    ['//proxy.example.com', /not a URL/],
    ['http://proxy.example.com/path', /nothing but/],
  ]);
});

describe('JSON', () => {
  good('build-overrides', [
    ['{"extended_logs":true}', { inline: { extended_logs: true } }],
    ['overrides/build.json', { path: 'overrides/build.json' }],
  ]);
  bad('build-overrides', [
    ['{"a":', /not valid JSON/],
    ["{'a':1}", /not valid JSON/],
    ['[1]', /not an object/],
  ]);
});

describe('string', () => {
  good('new-build-number', [
    ['42', '42'],
    ['1.2.3', '1.2.3'],
  ]);
  bad('new-build-number', [
    ['v42', /form/],
    ['1..2', /form/],
  ]);
  good('new-bundle-id', [['com.example.app', 'com.example.app']]);
  bad('new-bundle-id', [
    ['app', /form/],
    ['com..app', /form/],
    ['com.example.app; rm', /form/],
  ]);
  good('output-name', [['My App 1.2', 'My App 1.2']]);
  bad('output-name', [
    ['../app', /form/],
    ['a/b', /form/],
    ['a\\b', /form/],
    ['.hidden', /form/],
    ['trailing.', /form/],
    ['x'.repeat(101), /long/],
    ['a\u0000b', /control/],
  ]);
  bad('new-version', [['1.0\n2.0', /control/]]);
});

describe('secret', () => {
  it.each([
    ['abc-123_XYZ', 'abc-123_XYZ'],
    ['  key-with-a-line-end\n', 'key-with-a-line-end'],
  ])('a token %j is read as %j', (text, value) => {
    const parsed = parse('api-key', text);
    expect(parsed.ok && parsed.value instanceof Secret && parsed.value.reveal()).toBe(value);
  });

  it.each([
    'a b',
    'key\r\nX-Evil: 1',
    'schlüssel',
    '$APPDOME_API_KEY',
    '$(apiKey)',
    `$${'{{ secrets.KEY }}'}`,
    `$${'{KEY}'}`,
    '%KEY%',
  ])('a token may not be %j', (text) => {
    const parsed = parse('api-key', text);
    expect(parsed.ok).toBe(false);
    expect(JSON.stringify(parsed)).not.toContain(text);
  });

  it.each([' pass word ', '$ABC', "it's", 'ünï', 'a"b\\c'])('a password is taken as it is: %j', (text) => {
    const parsed = parse('keystore-password', text);
    expect(parsed.ok && parsed.value instanceof Secret && parsed.value.reveal()).toBe(text);
  });

  it('a password may not be a variable that Azure did not replace', () => {
    expect(parse('keystore-password', '$(keystorePassword)').ok).toBe(false);
  });
});
