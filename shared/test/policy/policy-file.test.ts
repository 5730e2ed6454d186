import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPolicyText } from '../../src/policy/file/policy-file.ts';
import { MAX_POLICY_BYTES } from '../../src/policy/file/policy-yaml.ts';
import { anyText } from '../support/any-text.ts';
import { propertyRuns } from '../support/property-runs.ts';

async function problems(text: string): Promise<string[]> {
  const read = await readPolicyText(text, 'policy.yml');
  if (read.ok) return [];
  return read.problems.map(
    ({ option, value, message, allowed }) =>
      `${option}${value === undefined ? '' : ` "${value}"`} ${message}${allowed ? ` -> ${allowed}` : ''}`,
  );
}

const EXAMPLE = `version: 1
server: https://fusion.appdome.com
require:
  - Root Detection
  - feature: Detect Unknown Sources
    threat-events: in-app-detection
  - any-of: [App Shielding, Anti-Debugging]
  - all-of: [Root Detection, { any-of: [App Shielding, { key: openssl }] }]
    severity: warning
  - key: smali_obfuscation
forbid: [Diagnostic Logs, { feature: Proxy Detection, severity: warning }]
build: { sign-type: OnAppdome, min-sdk-version: ">=24", extended-logs: false, release-type: { value: x, severity: warning } }
missing-threat-event-listeners: fail
evidence: pdf
android: { require: [Detect Developer Options] }
ios: { forbid: [Diagnostic Logs], build: { app-type: ipa } }
aliases: { Rate-Limit Connections: [rate_limit_connections] }
locked: true
max-waiver-days: 90
waivers:
  - feature: Proxy Detection
    reason: QA lab needs a proxy until 3.2 ships
    owner: mobile-security
    expires: 2026-12-31
    scope: { bundle-id: com.example.qa }
`;

describe('a policy file', () => {
  it('has every key of the design', async () => {
    const read = await readPolicyText(EXAMPLE, 'policy.yml');
    if (!read.ok) throw new Error(JSON.stringify(read.problems));
    expect(read.file.document.require).toHaveLength(5);
    expect(read.file.placeOf(['require', 1])).toEqual({ line: 5, column: 5 });
    expect(read.file.placeOf(['android', 'require', 0])).toEqual({ line: 15, column: 22 });
    expect(read.file.document.waivers?.[0]?.expires).toBe('2026-12-31');
  });

  it('may begin with a byte order mark, end in CRLF and be JSON', async () => {
    expect(await problems('\uFEFFversion: 1\r\nrequire:\r\n  - Root Detection\r\n')).toEqual([]);
    expect(await problems('{"version":1,"require":["Root Detection"]}')).toEqual([]);
  });

  it.each([
    ['', 'policy.yml:1:1 is empty -> version: 1, and what is required'],
    ['# nothing\n', 'policy.yml:1:1 is empty'],
    ['null', 'policy.yml:1:1 is empty'],
    ['---\n...\n', 'policy.yml:1:1 is empty'],
    ['Root Detection', 'policy.yml:1:1 "Root Detection" the policy has the wrong type'],
    ['- Root Detection', 'policy.yml:1:1 the policy has the wrong type'],
    ['require: [Root Detection]', 'policy.yml:1:1 version is missing'],
    ['version: 2', 'policy.yml:1:10 "2" version'],
    ['version: "1"', 'policy.yml:1:10 "1" version is not one of its values; did you mean 1? -> 1'],
    ['version: 1\nrequire:', 'policy.yml:2:1 require is empty -> a list'],
    ['version: 1\nrequire: Root Detection', 'policy.yml:2:10 "Root Detection" require has the wrong type'],
    ['version: 1\nrequire: [3]', 'policy.yml:2:11 "3" require[1] has the wrong type -> text or a map of keys'],
    ['version: 1\nrequire: [""]', 'policy.yml:2:11 "" require[1] is empty'],
    [
      'version: 1\nrequire: [{}]',
      'policy.yml:2:11 require[1] names nothing -> one of feature, key, any-of, all-of, at-least',
    ],
    ['version: 1\nrequire:\n  - { feature: A, key: b }', 'policy.yml:3:5 require[1] has feature and key'],
    ['version: 1\nrequire:\n  - any-of: []', 'policy.yml:3:13 require[1].any-of is empty'],
    ['version: 1\nrequire:\n  - any-of: [A]\n    threat-events: any', 'policy.yml:4:5 require[1] is a group'],
    [
      'version: 1\nrequire:\n  - feature: A\n    threat-events: in-app-defence',
      'policy.yml:4:20 "in-app-defence" require[1].threat-events',
    ],
    ['version: 1\nrequire:\n  - feature: A\n    severity: warn', 'policy.yml:4:15 "warn" require[1].severity'],
    [
      'version: 1\nforbid: [{ any-of: [A] }]',
      'policy.yml:2:12 "any-of" is not a key of forbid[1] -> feature, key, severity, id, reason, link',
    ],
    ['version: 1\nmissing-threat-event-listeners: yes', 'policy.yml:2:33 "yes" missing-threat-event-listeners'],
    ['version: 1\nlocked: yes', 'policy.yml:2:9 "yes" locked has the wrong type'],
    ['version: 1\nmax-waiver-days: 0', 'policy.yml:2:18 "0" max-waiver-days is too small -> at least 1'],
    ['version: 1\nmax-waiver-days: 1.5', 'policy.yml:2:18 "1.5" max-waiver-days has the wrong type'],
    ['version: 1\naliases: { A: [] }', 'policy.yml:2:15 aliases.A is empty'],
    ['version: 1\nrequire: ["  "]', 'policy.yml:2:11 "" require[1] is empty'],
    ['version: 1\nmax-certificate-age: 30', 'policy.yml:2:22 "30" max-certificate-age is not a duration'],
    ['version: 1\nmax-certificate-age: 0d', 'policy.yml:2:22 "0d" max-certificate-age must be more than 0'],
    ['version: 1\ngate: wran', 'policy.yml:2:7 "wran" gate is not one of its values; did you mean warn?'],
    [
      'version: 1\nbuild: { signature-valid-for: 0h0m }',
      'policy.yml:2:31 "0h0m" build.signature-valid-for must be more than 0',
    ],
    [
      'version: 1\nbuild: { signature-valid-for: 365 }',
      'policy.yml:2:31 "365" build.signature-valid-for is not a duration',
    ],
    ['version: 1\nmax-certificate-age:', 'policy.yml:2:1 max-certificate-age is empty'],
    ['require: [A]', 'policy.yml:1:1 version is missing -> version: 1'],
    [
      'version: 1\nrequire:\n  - { at-least: 3, of: [A, B] }',
      'policy.yml:3:7 require[1] asks for at least 3 and lists 2',
    ],
    ...['com.example?', 'com.[ab]', '{a,b}', '!com.a', 'com a'].map((written): [string, string] => [
      `version: 1\nwaivers: [{ feature: A, reason: QA lab needs it, owner: mobile-security, expires: 2026-12-31, scope: { bundle-id: "${written}" } }]`,
      `policy.yml:2:115 "${written}" waivers[1].scope.bundle-id is not a bundle id`,
    ]),
    ...['*', '7*', 'a?', '[ab]'].map((written): [string, string] => [
      `version: 1\nwaivers: [{ feature: A, reason: QA lab needs it, owner: mobile-security, expires: 2026-12-31, scope: { fusion-set-id: "${written}" } }]`,
      `policy.yml:2:119 "${written}" waivers[1].scope.fusion-set-id is not a Fusion Set ID`,
    ]),
    [
      'version: 1\nwaivers: [{ feature: A, reason: QA lab needs it, owner: mobile-security, expires: tomorrow }]',
      'policy.yml:2:83 "tomorrow" waivers[1].expires is not a date -> YYYY-MM-DD',
    ],
    ...['x2026-12-31', '2026-12-31T23', '31-12-2026'].map((written): [string, string] => [
      `version: 1\nwaivers: [{ feature: A, reason: QA lab needs it, owner: mobile-security, expires: ${written} }]`,
      `policy.yml:2:83 "${written}" waivers[1].expires is not a date -> YYYY-MM-DD`,
    ]),
    [
      'version: 1\nwaivers: [{ feature: A, reason: QA lab needs it, owner: mobile-security }]',
      'policy.yml:2:11 waivers[1].expires is missing -> YYYY-MM-DD',
    ],
    [
      'version: 1\nbuild: { min-sdk: 24 }',
      'policy.yml:2:10 "min-sdk" is not a key of build; did you mean min-sdk-version? -> ',
    ],
    [
      'version: 1\nandroid: { waivers: [] }',
      'policy.yml:2:12 "waivers" is not a key of android -> require, forbid, build',
    ],
    ['version: 1\nversion: 1', 'policy.yml:2:1 a key occurs twice -> each key once'],
    ['version: 1\nrequire: &a [A]\nforbid: *a', 'policy.yml:3:9 is an alias'],
    ['version: 1\n<<: { require: [A] }', 'policy.yml:2:1 is a merge key'],
    ['version: 1\nrequire: !!set { A }', 'policy.yml:2:16 has a tag -> plain YAML'],
    ['%YAML 1.1\n---\nversion: 1', 'policy.yml:1:1 has a YAML directive -> plain YAML 1.2 without %YAML'],
    ['version: 1\n---\nversion: 1', 'policy.yml:2:1 is not YAML: '],
    ['version: 1\nrequire: [A', 'policy.yml:2:12 is not YAML: '],
    ['version: 1\0', 'policy.yml:1:1 is not text -> YAML, UTF-8'],
    ['['.repeat(5000), 'policy.yml:1:1 is nested deeper'],
    [`a: ${'x'.repeat(MAX_POLICY_BYTES)}`, 'policy.yml:1:1 is larger'],
  ])('%j is wrong', async (text, expected) => {
    const [first, ...others] = await problems(text);
    expect(first?.startsWith(expected) ? expected : first).toBe(expected);
    expect(others).toEqual([]);
  });

  it('names everything that is wrong at once, in the order of the file', async () => {
    const text = 'version: 1\nrequre: []\nevidence: pfd\nrequire:\n  - featur: A\nwaivers:\n  - feature: A\n';
    expect((await problems(text)).map((line) => line.split(' ')[0])).toEqual([
      'policy.yml:2:1',
      'policy.yml:3:11',
      'policy.yml:5:5',
      'policy.yml:7:5',
      'policy.yml:7:5',
      'policy.yml:7:5',
    ]);
  });

  it('does not expand anything without end', async () => {
    const laughs = [
      'a0: &a0 [x, x]',
      ...Array.from({ length: 30 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]`),
    ].join('\n');
    expect((await problems(laughs)).length).toBeGreaterThan(0);
    expect((await problems('version: 1\nrequire: &a [*a]')).length).toBeGreaterThan(0);
    expect(
      (await problems(`version: 1\n${Array.from({ length: 300 }, (_, n) => `${' '.repeat(n)}a:`).join('\n')}`)).length,
    ).toBeGreaterThan(0);
  });

  const words = fc.constantFrom(
    ...EXAMPLE.split(/\s+/u),
    '\n',
    '\n  ',
    '- ',
    '{',
    '}',
    '[',
    ']',
    '&a',
    '*a',
    '!!x',
    '"',
    "'",
    '|',
    '\t',
    '\0',
    '?',
  );

  it('of any text is a policy or problems with a place, never an exception', async () => {
    const text = fc.oneof(
      anyText(),
      fc.array(words, { maxLength: 40 }).map((list) => list.join(' ')),
    );
    await fc.assert(
      fc.asyncProperty(text, async (written) => {
        const read = await readPolicyText(written, 'p');
        if (!read.ok) for (const { option } of read.problems) expect(option).toMatch(/^p:\d+:\d+$/u);
        expect(read.ok || read.problems.length > 0).toBe(true);
      }),
      propertyRuns(200),
    );
  }, 300_000);

  it('of any object is a policy or problems, never an exception', async () => {
    const keys = [
      'version',
      'require',
      'forbid',
      'build',
      'android',
      'aliases',
      'waivers',
      'feature',
      'any-of',
      'key',
      'x',
    ];
    const value = fc.jsonValue({ maxDepth: 4 });
    const object = fc.dictionary(
      fc.constantFrom(...keys),
      fc.oneof(value, fc.dictionary(fc.constantFrom(...keys), value)),
    );
    await fc.assert(
      fc.asyncProperty(object, async (written) => {
        const read = await readPolicyText(JSON.stringify(written), 'p');
        expect(read.ok || read.problems.length > 0).toBe(true);
      }),
      propertyRuns(200),
    );
  }, 300_000);
});
