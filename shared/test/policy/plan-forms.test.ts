/** What a policy comes down to: which rules are left of several about one thing, and the form that is digested. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { planPolicy, policySha256 } from '../../src/policy/rules/plan.ts';
import { planned, planOf } from './policy-text.ts';

const PLAIN = 'Root Detection';
const mode = (threatEvents: string, more = '') => `{ feature: Root Detection, threat-events: ${threatEvents}${more} }`;
const WARNING = '{ feature: Root Detection, severity: warning }';

describe('of several rules about one protection', () => {
  it.each<[string, string[], string[]]>([
    ['the stricter severity', [WARNING, PLAIN], ['feature:root_detection error']],
    ['any mode over none', [mode('any'), PLAIN], ['feature:root_detection:any error']],
    ['one mode over any', [mode('any'), mode('in-app-defense')], ['feature:root_detection:in-app-defense error']],
    [
      'both modes, which no app can have',
      [mode('in-app-detection'), mode('in-app-defense')],
      ['feature:root_detection:in-app-defense error', 'feature:root_detection:in-app-detection error'],
    ],
    [
      'both, where the narrower one only warns',
      [PLAIN, mode('any', ', severity: warning')],
      ['feature:root_detection error', 'feature:root_detection:any warning'],
    ],
    ['the one that fails over the one that warns', [WARNING, mode('any')], ['feature:root_detection:any error']],
    [
      'a printed name with a mode over itself',
      ['{ key: own }', '{ key: own, threat-events: any }', PLAIN],
      ['feature:root_detection error', 'key:own:any error'],
    ],
    [
      'a printed name beside the protection that it proves',
      ['{ key: root_detection }', PLAIN],
      ['feature:root_detection error', 'key:root_detection error'],
    ],
    [
      'a group beside its member',
      ['{ any-of: [Root Detection, Anti-Debugging] }', PLAIN],
      ['any-of(feature:anti_debugging,feature:root_detection) error', 'feature:root_detection error'],
    ],
  ])('%s is left', async (_, entries, left) => {
    for (const order of [entries, [...entries].reverse()]) {
      const plan = await planOf(`require: [${order.join(', ')}]`);
      expect(plan.rules.map(({ id, severity }) => `${id} ${severity}`)).toEqual(left);
    }
  });

  it.each<[string, string, Record<string, string[]>]>([
    [
      'what holds everywhere covers one platform',
      `require: [${PLAIN}]\nandroid: { require: [${PLAIN}] }`,
      { require: [PLAIN] },
    ],
    [
      'a mode everywhere covers one platform',
      `require: [${mode('any')}]\nandroid: { require: [${PLAIN}] }`,
      { require: ['feature:root_detection:any'] },
    ],
    [
      'what holds on one platform covers no other',
      `require: [${PLAIN}, App Shielding]\nandroid: { require: [${mode('any')}] }\nios: { require: [App Shielding] }`,
      { require: ['App Shielding', PLAIN], 'android.require': ['feature:root_detection:any'] },
    ],
    [
      'a mode on one platform covers none there',
      `android: { require: [${PLAIN}, ${mode('any')}] }`,
      { require: [], 'android.require': ['feature:root_detection:any'] },
    ],
    [
      'a group everywhere covers the same on one platform',
      'require: [{ any-of: [Root Detection, Anti-Debugging] }]\nandroid: { require: [{ any-of: [Anti-Debugging, Root Detection] }] }',
      { require: ['any-of(feature:anti_debugging,feature:root_detection)'] },
    ],
    [
      'two platforms stay two',
      `android: { require: [${PLAIN}] }\nios: { require: [{ feature: App Shielding, threat-events: any }, Anti-Debugging] }`,
      { require: [], 'android.require': [PLAIN], 'ios.require': ['Anti-Debugging', 'feature:app_shielding:any'] },
    ],
  ])('%s', async (_, text, resolved) => {
    expect((await planOf(text)).resolved).toEqual(resolved);
  });
});

describe('required and forbidden at once', () => {
  const both = (require: string, forbid: string) => `require: [Anti-Debugging, ${require}]\nforbid: [${forbid}]`;
  it.each<[string, string, boolean]>([
    ['one protection', both(PLAIN, PLAIN), true],
    ['one printed name', both('{ key: own }', '{ key: own }'), true],
    ['a printed name and a protection', both('{ key: root_detection }', PLAIN), true],
    ['a member of all-of', both('{ all-of: [Root Detection, App Shielding] }', PLAIN), true],
    ['every one of at-least', both('{ at-least: 2, of: [Root Detection, App Shielding] }', PLAIN), true],
    ['one of at-least', both('{ at-least: 1, of: [Root Detection, App Shielding] }', PLAIN), false],
    ['forbidden with a warning', both(PLAIN, WARNING), false],
    ['required with a warning', both(WARNING, PLAIN), false],
    ['a group', both('{ any-of: [Root Detection, App Shielding] }', PLAIN), false],
    ['everywhere and on one platform', `require: [Anti-Debugging, ${PLAIN}]\nandroid: { forbid: [${PLAIN}] }`, true],
    [
      'on one platform and everywhere',
      `require: [Anti-Debugging]\nforbid: [${PLAIN}]\nandroid: { require: [${PLAIN}] }`,
      true,
    ],
    ['on one platform', `require: [Anti-Debugging]\nandroid: { require: [${PLAIN}], forbid: [${PLAIN}] }`, true],
    [
      'on two platforms',
      'require: [Anti-Debugging]\nandroid: { require: [App Shielding] }\nios: { forbid: [App Shielding] }',
      false,
    ],
  ])('%s: refused %j', async (_, text, refused) => {
    const { problems } = await planned(text);
    expect(problems.map(({ message }) => /is required too/u.test(message))).toEqual(refused ? [true] : []);
  });
});

describe('the resolved form', () => {
  const EVERYTHING = `
require: [root detection, { key: zz, severity: warning }, { key: own, threat-events: any }, { feature: Proxy Detection, severity: warning }]
forbid: [Diagnostic Logs, { key: openssl }]
build: { min-sdk-version: ">=24", sign-type: OnAppdome }
ios: { require: [App Shielding], forbid: [Anti-Debugging] }
aliases: { Our Own Thing: [own_b, own_a] }
server: https://fusion.appdome.com/
evidence: pdf
missing-threat-event-listeners: fail
max-waiver-days: 200
waivers:
  - { feature: Proxy Detection, reason: QA lab needs it, owner: mobile-security, expires: 2026-12-31, scope: { platform: android, bundle-id: com.example.qa } }
  - { feature: "key: zz", reason: QA lab needs it, owner: mobile-security, expires: 2026-12-31 }`;

  it('says everything that can change a verdict, and nothing of how it was written', async () => {
    const plan = await planOf(EVERYTHING);
    expect(plan.resolved).toEqual({
      require: ['Proxy Detection (warning)', 'Root Detection', 'key: zz (warning)', 'key:own:any', 'listener'],
      forbid: ['forbid:feature:diagnostic_logs', 'forbid:key:openssl'],
      build: ['build:min_sdk_version>=24', 'build:sign_type=onappdome'],
      'ios.require': ['App Shielding'],
      'ios.forbid': ['forbid:feature:anti_debugging'],
      aliases: ['{"our_own_thing":["own_a","own_b"]}'],
      server: ['https://fusion.appdome.com'],
      evidence: ['pdf'],
      'missing-threat-event-listeners': ['fail'],
      'max-waiver-days': ['200'],
      waivers: [
        '{"subjects":["feature:proxy_detection"],"expires":"2026-12-31","owner":"mobile-security","reason":"QA lab needs it","scope":{"bundleId":"com.example.qa","platform":"android"}}',
        '{"subjects":["key:zz"],"expires":"2026-12-31","owner":"mobile-security","reason":"QA lab needs it","scope":{}}',
      ],
    });
  });

  it('is digested with its sections sorted', async () => {
    const plan = await planOf(`require: [${PLAIN}]\nforbid: [{ key: own }]\nevidence: pdf`);
    const canonical = '{"evidence":["pdf"],"forbid":["forbid:key:own"],"require":["Root Detection"]}';
    expect(policySha256(plan)).toBe(createHash('sha256').update(canonical).digest('hex'));
  });

  it('has no setting that nobody made', async () => {
    const { plan } = planPolicy({ required: [], gate: 'disabled' });
    expect(plan).toStrictEqual({ rules: [], resolved: { require: [] } });
    expect(Object.keys(await planOf(`require: [${PLAIN}]`)).sort()).toEqual(['path', 'platform', 'resolved', 'rules']);
  });

  it('orders waivers by what they say', async () => {
    const one = '{ feature: Proxy Detection, reason: QA lab needs it, owner: mobile-security, expires: 2026-12-31 }';
    const other = '{ feature: Anti-Debugging, reason: QA lab needs it, owner: mobile-security, expires: 2026-12-31 }';
    for (const order of [
      [one, other],
      [other, one],
    ]) {
      const plan = await planOf(`require: [${PLAIN}]\nwaivers: [${order.join(', ')}]`);
      expect(plan.waivers?.map(({ features }) => features)).toEqual([['Anti-Debugging'], ['Proxy Detection']]);
    }
  });
});

describe('the service that a policy pins', () => {
  const problems = async (pinned: string, server?: string) =>
    (await planned(`require: [${PLAIN}]\nserver: "${pinned}"`, { server })).problems.map(({ message, allowed }) => [
      message,
      allowed,
    ]);

  it.each<[string, string | undefined]>([
    ['https://fusion.appdome.com', 'https://FUSION.appdome.com:443/api/v1'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/'],
    ['https://fusion.appdome.com', undefined],
  ])('%s is kept by %s', async (pinned, server) => {
    expect(await problems(pinned, server)).toEqual([]);
  });

  it.each([
    ['fusion', /is not a URL/u, 'https://HOST'],
    ['ftp://fusion.appdome.com', /is not a URL/u, 'https://HOST'],
    ['mailto:x@example.com', /is not a URL/u, 'https://HOST'],
    ['http://fusion.appdome.com', /is not encrypted/u, 'https://fusion.appdome.com'],
    ['https://fusion.appdome.com/api/v1', /has a path/u, 'https://fusion.appdome.com'],
    ['https://fusion.appdome.com/?x=1', /a query/u, 'https://fusion.appdome.com'],
  ])('%s is refused, whether a service is asked or not', async (pinned, message, allowed) => {
    expect(await problems(pinned)).toEqual([[expect.stringMatching(message), allowed]]);
    expect(await problems(pinned, pinned)).toEqual([[expect.stringMatching(message), allowed]]);
  });

  it.each(['http://fusion.appdome.com', 'https://fusion.appdome.com:8443', 'https://other.example', 'nonsense'])(
    'is not %s',
    async (server) => {
      const [problem] = await problems('https://fusion.appdome.com', server);
      expect(problem?.[0]).toMatch(/is the only service that this policy allows/u);
      expect(problem?.[0]).toContain(server);
    },
  );
});
