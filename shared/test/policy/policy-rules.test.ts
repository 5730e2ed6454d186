/** Entries of a policy as rules, each form by itself. */
import { describe, expect, it } from 'vitest';
import { compareVersions, readComparison } from '../../src/policy/rules/policy-rules.ts';
import { planned } from './policy-text.ts';

const rulesOf = async (text: string) => {
  const { plan, problems } = await planned(text);
  return { problems, rules: plan.rules.map(({ id, requirement, severity }) => `${severity} ${id} = ${requirement}`) };
};

describe('an entry', () => {
  it.each([
    ['require: [root detection]', 'error feature:root_detection = Root Detection'],
    ['require: [{ feature: root detection }]', 'error feature:root_detection = Root Detection'],
    [
      'require: [{ feature: Root Detection, threat-events: in-app-defense }]',
      'error feature:root_detection:in-app-defense = Root Detection (threat-events: in-app-defense)',
    ],
    ['require: [{ key: Own }]', 'error key:Own = key: Own'],
    ['require: [{ key: Own, threat-events: any }]', 'error key:Own:any = key: Own (threat-events: any)'],
    [
      'require: [{ any-of: [root detection, { key: Own }, anti debugging, Root Detection] }]',
      'error any-of(feature:anti_debugging,feature:root_detection,key:Own) = any of: Root Detection, key: Own, Anti-Debugging, Root Detection',
    ],
    [
      'require: [{ all-of: [Root Detection, Anti-Debugging] }]',
      'error all-of(feature:anti_debugging,feature:root_detection) = all of: Root Detection, Anti-Debugging',
    ],
    ['require: [{ key: a }]\nforbid: [{ key: b }]', 'error forbid:key:b = forbid: key: b'],
    [
      'require: [{ key: a }]\nforbid: [Proxy Detection]',
      'error forbid:feature:proxy_detection = forbid: Proxy Detection',
    ],
    [
      'require: [{ key: a }]\nforbid: [" KEY : extended_logs"]',
      'error forbid:feature:diagnostic_logs = forbid: Diagnostic Logs',
    ],
    [
      'require: [{ key: a }]\nforbid: [monkey bars]\naliases: { monkey bars: [x] }',
      'error forbid:feature:monkey_bars = forbid: monkey bars',
    ],
    [
      'require: [{ key: a }]\nbuild: { sign-type: OnAppdome }',
      'error build:sign_type=onappdome = sign-type: OnAppdome',
    ],
    [
      'require: [{ key: a }]\nbuild: { min-sdk-version: ">= 24" }',
      'error build:min_sdk_version>=24 = min-sdk-version: >=24',
    ],
    [
      'require: [{ key: a }]\nbuild: { min-sdk-version: { value: 24, severity: warning } }',
      'warning build:min_sdk_version=24 = min-sdk-version: 24',
    ],
    [
      'require: [{ key: a }]\nmissing-threat-event-listeners: fail',
      'error listener = missing-threat-event-listeners: fail',
    ],
    [
      'require: [{ key: a }]\nandroid: { require: [Root Detection] }',
      'error feature:root_detection@android = Root Detection',
    ],
  ])('%s', async (text, rule) => {
    const { rules, problems } = await rulesOf(text);
    expect(problems).toEqual([]);
    expect(rules).toContain(rule);
  });

  it.each([
    ['any-of', 'require: [{ any-of: [Root Detection, Nonsense] }, Anti-Debugging]'],
    ['all-of', 'require: [{ all-of: [Nonsense, Root Detection] }, Anti-Debugging]'],
  ])('of %s with a name that is wrong is no rule at all', async (_, text) => {
    const { rules, problems } = await rulesOf(text);
    expect(problems.map(({ value }) => value)).toEqual(['Nonsense']);
    expect(rules).toEqual(['error feature:anti_debugging = Anti-Debugging']);
  });

  it.each([
    ['forbid: [min_sdk_version]', 'build: { min-sdk-version: VALUE }'],
    ['forbid: ["key: min_sdk_version"]', 'build: { min-sdk-version: VALUE }'],
    ['forbid: [Nonsense]', expect.stringMatching(/key: NAME/u)],
    ['build: { sign-type: "=x" }', 'the value itself, or ">=24"'],
    ['build: { min-sdk-version: ">=x" }', '">=24" or "<2.1"'],
  ])('%s is refused with what to write', async (text, allowed) => {
    const { problems } = await rulesOf(`require: [Root Detection]\n${text}`);
    expect(problems.map((problem) => problem.allowed)).toEqual([allowed]);
  });

  it.each([
    ['at-least: 1, of: [Root Detection, Anti-Debugging]', 'at-least-1(feature:anti_debugging,feature:root_detection)'],
    ['any-of: [{ at-least: 1, of: [{ key: a }, { key: b }] }]', 'any-of(at-least-1(key:a,key:b))'],
  ])('{ %s }', async (entry, id) => {
    const { rules, problems } = await rulesOf(`require: [Proxy Detection, { ${entry} }]`);
    expect(problems).toEqual([]);
    expect(rules.map((rule) => rule.split(' ')[1])).toContain(id);
  });

  it.each([
    ['at-least: 3, of: [Root Detection, Anti-Debugging, Root Detection]', /names 2 different protections/u],
    ['at-least: 2, of: [Root Detection, { key: root_detection }]', /count twice/u],
    ['at-least: 2, of: [Root Detection, { feature: Root Detection, threat-events: any }]', /count twice/u],
    ['at-least: 2, of: [App Shielding, Anti-Tampering]', /count twice/u],
    ['at-least: 2, of: [{ key: anti_tampering }, Anti-Debugging, App Shielding]', /count twice/u],
    ['at-least: 2, of: [Root Detection, { any-of: [Anti-Debugging, { key: root_detection }] }]', /count twice/u],
  ])('{ %s } is refused', async (entry, message) => {
    const { problems } = await rulesOf(`require: [Proxy Detection, { ${entry} }]`);
    expect(problems).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(message),
        option: expect.stringMatching(/^policy\.yml:1:\d+$/u),
      }),
    ]);
  });

  const SHA = 'f6bcdda8256a04ae40c4b6f5dc9105b6ce9c9579d5b35bbc6e423ea53005189e';
  it.each([
    [`signer-certificate-sha256: "${SHA.toUpperCase()}"`, `build:signer_certificate_sha256=${SHA}`],
    [`signer-certificate-sha256: "${(SHA.match(/../gu) ?? []).join(':')}"`, `build:signer_certificate_sha256=${SHA}`],
    [
      `signer-certificate-sha256: [${SHA}, "${'a'.repeat(64)}"]`,
      `any-of(build:signer_certificate_sha256=${'a'.repeat(64)},build:signer_certificate_sha256=${SHA})`,
    ],
    [`signer-certificate-sha256: [${SHA}]`, `build:signer_certificate_sha256=${SHA}`],
    ['appdome-version: ">=5.16"', 'build:appdome_version>=5.16'],
    ['app-version: "1.0.1"', 'build:app_version=1.0.1'],
    ['app-build-number: 5', 'build:app_build_number=5'],
    ['signature-valid-for: 365d', 'signature-validity:365d'],
    ['signature-valid-for: { value: 48h, severity: warning }', 'signature-validity:2d'],
    ['sign-type: "a@ios"', 'build:sign_type=a%40ios'],
  ])('build: { %s }', async (text, id) => {
    const { rules, problems } = await rulesOf(`require: [Root Detection]\nbuild: { ${text} }`);
    expect(problems).toEqual([]);
    expect(rules.map((rule) => rule.split(' ')[1])).toContain(id);
  });

  it.each([
    ['signer-certificate-sha256: abcd', /64 hex digits/u],
    ['signer-certificate-sha256: ">=5"', /64 hex digits/u],
    ['app-version: ["1.0", ">=2"]', /one comparison/u],
  ])('build: { %s } is refused', async (text, allowed) => {
    const { problems } = await rulesOf(`require: [Root Detection]\nbuild: { ${text} }`);
    expect(problems.map((problem) => problem.allowed)).toEqual([expect.stringMatching(allowed)]);
  });

  it('carries what its author says about it, in every form', async () => {
    const about = (id: string) => `id: ${id}, reason: because, link: "https://example.com/${id}"`;
    const { plan, problems } = await planned(
      [
        `require: [{ feature: Root Detection, ${about('a')} }, { key: b, ${about('b')} }, { any-of: [Anti-Debugging], ${about('c')} }]`,
        `forbid: [{ key: d, ${about('d')} }]`,
        `build: { app-type: { value: aab, ${about('e')} }, signature-valid-for: { value: 1d, ${about('f')} } }`,
      ].join('\n'),
    );
    expect(problems).toEqual([]);
    const references = plan.rules.map(({ reference }) => reference);
    expect(references).toHaveLength(6);
    for (const one of references)
      expect(one).toEqual({ id: one?.id, reason: 'because', link: `https://example.com/${one?.id}` });
    expect(plan.resolved['references']).toHaveLength(6);
  });

  it('has an id of its own', async () => {
    const { problems } = await planned('require: [{ feature: Root Detection, id: a }]\nforbid: [{ key: b, id: a }]');
    expect(problems).toEqual([expect.objectContaining({ value: 'a', option: 'policy.yml:2:10' })]);
  });

  it('is kept for its reference where another rule is stricter', async () => {
    const { rules } = await rulesOf(
      'require: [{ feature: Root Detection, id: a }, { feature: Root Detection, threat-events: any, id: b }]',
    );
    expect(rules).toHaveLength(2);
  });
});

describe('rule 1: something must be required', () => {
  it.each([
    ['forbid: [Proxy Detection]', /must not be there/u],
    ['build: { app-type: aab }', /conditions on the build/u],
    ['build: { signature-valid-for: 1d }', /conditions on the build/u],
    ['require: [{ key: openssl }]', /openssl \(a component, which only supports /u],
    ['require: [openssl, threat_events]', /openssl, threat_events \(components, which only support /u],
    ['require: [openssl]\nforbid: [Proxy Detection]', /openssl \(a component.* and what must not be there/u],
    ['require: [{ feature: Root Detection, severity: warning }]\nforbid: [Proxy Detection]', /must not be there/u],
    ['require: [{ feature: Root Detection, severity: warning }]', /every rule is a warning/u],
    ['missing-threat-event-listeners: fail', /listen/u],
    ['ios: { require: [Anti-Debugging] }', /under `ios`/u],
    ['require: []', /nothing is required/u],
    ['evidence: pdf', /nothing is required/u],
  ])('%s', async (text, message) => {
    const { problems } = await planned(text);
    expect(problems).toEqual([
      {
        option: 'policy.yml',
        message: expect.stringMatching(message),
        allowed: expect.stringMatching(/^(?:android: \{ )?require: \[Root Detection, Anti-Debugging\]/u),
      },
    ]);
    expect((await planned(text, { gate: 'warn' })).problems).toEqual([]);
  });
});

describe('a component inside a group', () => {
  it.each([
    ['any-of: [Detect Frida, openssl]', 'openssl'],
    ['any-of: [Detect Frida, { key: openssl }]', 'key: openssl'],
    ['all-of: [openssl, Root Detection]', 'openssl'],
    ['at-least: 2, of: [Root Detection, openssl, Detect Frida]', 'openssl'],
    ['any-of: [Root Detection, { all-of: [Detect Frida, openssl] }]', 'openssl'],
  ])('{ %s } is refused by name and place', async (entry, value) => {
    const text = `require: [{ ${entry} }]`;
    const { problems } = await planned(text);
    expect(problems).toEqual([
      {
        option: expect.stringMatching(/^policy\.yml:1:\d+$/u),
        value,
        message: expect.stringMatching(/is a component/u),
        allowed: expect.stringContaining(value),
      },
    ]);
    const column = Number(problems[0]?.option.split(':').at(-1));
    expect(
      text
        .slice(column - 1)
        .replace(/^\{ /u, '')
        .startsWith(value),
    ).toBe(true);
  });
});

describe('what its author names twice, or turns round', () => {
  it('is one id, whatever its case', async () => {
    const { problems } = await planned(
      'require: [{ feature: Root Detection, id: X-1 }, { feature: Anti-Debugging, id: x-1 }]',
    );
    expect(problems).toEqual([
      expect.objectContaining({ value: 'x-1', message: expect.stringContaining('policy.yml:1') }),
    ]);
  });

  it.each(['"!Anti-Debugging"', '"-Anti-Debugging"', 'not Anti-Debugging'])(
    'forbid: [%s] drops the sign',
    async (name) => {
      const { problems } = await planned(`require: [Root Detection]\nforbid: [${name}]`);
      expect(problems.map(({ allowed }) => allowed)).toEqual([
        expect.stringMatching(/^the name alone: `forbid:` already/u),
      ]);
    },
  );
});

describe('platform', () => {
  it.each([
    ['android', 'android', []],
    ['android', 'ios', ['policy.yml:2:11']],
  ] as const)('%s of a policy, for an app for %s', async (of, app, places) => {
    const { problems } = await planned(`require: [Anti-Debugging]\nplatform: ${of}`, { platform: app });
    expect(problems.map(({ option }) => option)).toEqual(places);
  });

  it('asks the certificate where the app is not there', async () => {
    const { plan } = await planned('require: [Anti-Debugging]\nplatform: ios', { platform: undefined });
    expect(plan.platform).toBe('ios');
    expect(plan.rules.map(({ id }) => id)).toContain('build:platform=ios');
  });
});

describe('a comparison as written', () => {
  it.each<[string | number | boolean, string, string]>([
    ['24', '=', '24'],
    [24, '=', '24'],
    [true, '=', 'true'],
    [' OnAppdome ', '=', 'OnAppdome'],
    ['x>=1', '=', 'x>=1'],
    ['a=b', '=', 'a=b'],
    ['>=24', '>=', '24'],
    ['<= 24.10', '<=', '24.10'],
    ['> 1.2.3.4.5.6', '>', '1.2.3.4.5.6'],
    ['<\t24', '<', '24'],
    [' <24 ', '<', '24'],
  ])('%j is %s %s', (written, operator, value) => {
    expect(readComparison(written)).toEqual({ operator, value });
  });

  it.each<[string | number, RegExp]>([
    [1.5, /fraction/u],
    [2 ** 60, /too large/u],
    ['>=', /not a version or number/u],
    ['>=x', /not a version or number/u],
    ['>= 1.2.3.4.5.6.7', /not a version or number/u],
    ['>=24x', /not a version or number/u],
    ['>=24\n25', /not a version or number/u],
    ['', /is not a value/u],
    ['™', /is not a value/u],
    ['=24', /is not a value/u],
    ['!24', /is not a value/u],
    ['~24', /is not a value/u],
  ])('%j is refused', (written, message) => {
    expect(readComparison(written)).toMatchObject({ message: expect.stringMatching(message) });
  });
});

describe('versions', () => {
  it.each<[string, string, number | undefined]>([
    ['24', '24', 0],
    ['24', '24.0.0', 0],
    ['24.0', '24.0.1', -1],
    ['9', '10', -1],
    ['10', '9.9', 1],
    ['1.10', '1.9', 1],
    ['1.2.3', '1.2', 1],
    [' 24 ', '24', 0],
    ['24', ' 25 ', -1],
    ['123456789012345678901', '123456789012345678902', -1],
    ['x', '24', undefined],
    ['24', '24x', undefined],
    ['1.2.3.4.5.6.7', '1', undefined],
    ['', '1', undefined],
  ])('%j against %j: %s', (a, b, order) => {
    expect(compareVersions(a, b)).toBe(order);
  });
});
