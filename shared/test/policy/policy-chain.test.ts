import { describe, expect, it } from 'vitest';
import { stricterEvidence } from '../../src/policy/file/policy-chain.ts';
import { policySha256 } from '../../src/policy/rules/plan.ts';
import { merged, planned, planOf } from './policy-text.ts';

const WAIVER =
  'waivers: [{ feature: Proxy Detection, reason: QA lab needs it, owner: mobile-security, expires: 2026-12-01 }]';
const BASE = `locked: true
require: [Root Detection]
server: https://fusion.appdome.com
platform: android
max-certificate-age: 7d
evidence: pdf
missing-threat-event-listeners: warn
max-waiver-days: 30`;

describe('a policy that extends a locked one', () => {
  it.each([
    'require: [Anti-Debugging]',
    'forbid: [Diagnostic Logs]',
    'build: { min-sdk-version: ">=24" }',
    'android: { require: [Anti-Debugging] }',
    'evidence: both',
    'evidence: pdf',
    'missing-threat-event-listeners: fail',
    'missing-threat-event-listeners: warn',
    'max-waiver-days: 10',
    'server: https://fusion.appdome.com',
    'locked: true',
    'waivers: []',
    'gate: enforce',
    'max-certificate-age: 168h',
    'max-certificate-age: 12h',
    'platform: android',
    'accept: { headings: [] }',
    'aliases: {}',
  ])('may say %s', async (text) => {
    expect((await merged(BASE, text)).problems).toEqual([]);
  });

  it.each([
    ['aliases: { Root Detection: [root_detect] }', '1:1', 'may not be added'],
    [WAIVER, '1:1', 'may not be added'],
    ['locked: false', '1:1', 'may not be undone'],
    ['server: http://localhost:1', '1:1', 'may not be changed'],
    ['accept: { headings: [Not Included] }', '1:1', 'may not be added'],
    ['gate: warn', '1:1', 'may not be weaker'],
    ['max-certificate-age: 8d', '1:1', 'may not be raised'],
    ['platform: ios', '1:1', 'may not be changed'],
    ['evidence: any', '1:1', 'may not be weaker'],
    ['evidence: json', '1:1', 'may not be weaker'],
    ['missing-threat-event-listeners: ignore', '1:1', 'may not be weaker'],
    ['\nmax-waiver-days: 31', '2:1', 'may not be raised'],
  ])('may not say %s', async (text, place, message) => {
    const { problems } = await merged(BASE, text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ option: `policy-2.yml:${place}`, message: expect.stringContaining(message) });
  });

  it('may not loosen what nobody said: the default of listeners', async () => {
    const { problems } = await merged('locked: true', 'missing-threat-event-listeners: warn');
    expect(problems[0]?.allowed).toBe('fail, or leave it out');
  });

  it('passes the lock on', async () => {
    const { problems } = await merged(BASE, 'require: [Anti-Debugging]', WAIVER);
    expect(problems.map(({ option }) => option)).toEqual(['policy-3.yml:1:1']);
  });

  it('cannot lower a severity, whether or not there is a lock', async () => {
    const soft = 'require: [{ feature: Root Detection, severity: warning }, Anti-Debugging]';
    for (const base of [BASE, 'require: [Root Detection]']) {
      const plan = await planOf([base, soft]);
      expect(plan.rules.find((rule) => rule.id === 'feature:root_detection')).toMatchObject({
        severity: 'error',
        source: expect.stringMatching(/^policy-1/u),
      });
    }
  });
});

describe('a policy that extends another', () => {
  it('adds its rules, and sets anew what is no rule', async () => {
    const plan = await planOf([
      'require: [Root Detection]\nevidence: both\nmax-waiver-days: 5',
      `require: [Anti-Debugging]\nevidence: any\nmax-waiver-days: 60\n${WAIVER}`,
    ]);
    expect(plan.rules.map((rule) => rule.id)).toEqual(['feature:anti_debugging', 'feature:root_detection']);
    expect(plan).toMatchObject({ evidence: 'any', maxWaiverDays: 60, path: 'policy-2.yml' });
    expect(plan.waivers).toHaveLength(1);
  });

  it.each([
    ['require: [{ key: foo, threat-events: in-app-defense }]', 'key: "foo:in-app-defense"'],
    ['android: { require: [{ key: foo }] }', 'key: "foo@android"'],
    ['require: [{ any-of: [{ key: a }, { key: b }] }]', 'any-of: [{ key: "a,key:b" }]'],
  ])('keeps the rule %s apart from a name that reads like it', async (base, entry) => {
    const plan = await planOf([base, `require: [{ ${entry} }]`]);
    expect(plan.rules).toHaveLength(2);
  });

  it('has the digest of one file that says the same', async () => {
    const two = await planOf(['require: [Root Detection]', 'require: [Anti-Debugging]\nforbid: [Diagnostic Logs]']);
    const one = await planOf('forbid: [diagnostic logs]\nrequire: [anti_debugging, ROOT DETECTION, Root Detection]');
    expect(policySha256(two)).toBe(policySha256(one));
  });
});

describe('a pinned service', () => {
  it('is a host that anybody reads as that host', async () => {
    const { problems } = await planned('require: [Root Detection]\nserver: https://fusion.appdome.com@other.example');
    expect(problems.map(({ message }) => message)).toEqual(['may not hold credentials']);
  });
});

describe('a lock with nothing said', () => {
  it.each([
    ['gate: warn', 'enforce, or leave it out'],
    ['evidence: any', 'pdf'],
    ['evidence: json', 'both'],
    ['max-waiver-days: 366', 'at most 365'],
  ])('holds the default against %s', async (text, allowed) => {
    const { problems } = await merged('locked: true', text);
    expect(problems.map((problem) => problem.allowed)).toEqual([allowed]);
  });

  it('is passed by a pinned gate: warn', async () => {
    expect((await merged('locked: true\ngate: warn', 'gate: warn')).problems).toEqual([]);
  });
});

describe('the digest', () => {
  it('does not depend on the platform of the run', async () => {
    const text = 'require: [App Shielding]\nandroid: { require: [Anti-Debugging] }\nios: { forbid: [Diagnostic Logs] }';
    const digests = await Promise.all(
      (['android', 'ios', undefined] as const).map(async (platform) => policySha256(await planOf(text, { platform }))),
    );
    expect(new Set(digests).size).toBe(1);
  });

  it.each([
    'require: [Root Detection, Anti-Debugging]',
    'require: [{ feature: Root Detection, threat-events: any }]',
    'require: [Root Detection, { feature: Anti-Debugging, severity: warning }]',
    'require: [Root Detection]\nforbid: [Diagnostic Logs]',
    'require: [Root Detection]\nbuild: { min-sdk-version: 24 }',
    'require: [Root Detection]\nios: { require: [Anti-Debugging] }',
    'require: [Root Detection]\nevidence: pdf',
    'require: [Root Detection]\nserver: https://fusion.appdome.com',
    'require: [Root Detection]\nmissing-threat-event-listeners: ignore',
    'require: [Root Detection]\nmax-waiver-days: 90',
    'require: [Root Detection]\ngate: warn',
    'require: [Root Detection]\nplatform: android',
    'require: [Root Detection]\nmax-certificate-age: 30d',
    'require: [Root Detection]\naccept: { headings: [New] }',
    'require: [{ feature: Root Detection, id: A-1 }]',
    'require: [Root Detection]\naliases: { Rate-Limit Connections: [x] }',
    `require: [Root Detection]\n${WAIVER}`,
  ])('changes with whatever can change a verdict: %s', async (text) => {
    expect(policySha256(await planOf(text))).not.toBe(policySha256(await planOf('require: [Root Detection]')));
  });

  it('is that of the option where both say the same', async () => {
    const { plan } = await planned('require: [Root Detection]');
    expect(plan.resolved).toEqual({ require: ['Root Detection'] });
  });
});

describe('evidence', () => {
  it.each([
    ['any', 'any', 'any'],
    ['any', 'pdf', 'pdf'],
    ['json', 'any', 'json'],
    ['pdf', 'json', 'both'],
    ['both', 'pdf', 'both'],
  ] as const)('%s and %s make %s', (a, b, both) => {
    expect([stricterEvidence(a, b), stricterEvidence(b, a)]).toEqual([both, both]);
  });
});

describe('what comes of several files', () => {
  it('says where each thing was written, in which file', async () => {
    const { policy, problems } = await merged(
      'require: [Root Detection]\nserver: https://a.example\nevidence: pdf\nlocked: false',
      [
        'android:',
        '  require:',
        '    - Anti-Debugging',
        'ios:',
        '  forbid: [{ key: own }]',
        'missing-threat-event-listeners: warn',
        'max-waiver-days: 30',
        'server: https://b.example',
        'evidence: both',
        'waivers:',
        '  - { feature: Root Detection, reason: QA lab needs it, owner: mobile-security, expires: 2026-12-01, scope: { bundle-id: b, fusion-set-id: f, platform: ios } }',
        '  - { feature: Anti-Debugging, reason: QA lab needs it, owner: mobile-security, expires: 2026-12-01 }',
      ].join('\n'),
    );
    expect(problems).toEqual([]);
    expect(policy.path).toBe('policy-2.yml');
    expect(policy.files).toEqual(['policy-1.yml', 'policy-2.yml']);
    expect(policy.locked).toBe(false);
    expect(policy.entries.map(({ place, value }) => [place, value.section, value.platform])).toEqual([
      ['policy-1.yml:1:11', 'require', undefined],
      ['policy-2.yml:3:7', 'require', 'android'],
      ['policy-2.yml:5:12', 'forbid', 'ios'],
    ]);
    expect(policy.server).toEqual({ value: 'https://b.example', source: 'policy-2.yml:8', place: 'policy-2.yml:8:9' });
    expect(policy.evidence).toEqual({ value: 'both', source: 'policy-2.yml:9', place: 'policy-2.yml:9:11' });
    expect(policy.missingListeners).toMatchObject({ value: 'warn', source: 'policy-2.yml:6' });
    expect(policy.maxWaiverDays).toMatchObject({ value: 30, source: 'policy-2.yml:7' });
    expect(policy.waivers.map(({ value }) => value.scope)).toStrictEqual([
      { bundleId: 'b', fusionSetId: 'f', platform: 'ios' },
      {},
    ]);
  });

  it('keeps what the extending file does not say', async () => {
    const settings =
      'evidence: pdf\nmax-waiver-days: 30\nmissing-threat-event-listeners: fail\nserver: https://a.example';
    const { policy } = await merged(settings, 'require: [Root Detection]');
    expect(policy).toMatchObject({
      evidence: { value: 'pdf' },
      maxWaiverDays: { value: 30 },
      missingListeners: { value: 'fail' },
      server: { value: 'https://a.example' },
    });
    const { policy: bare } = await merged('require: [Root Detection]');
    expect(Object.keys(bare).sort()).toEqual(['accept', 'aliases', 'entries', 'files', 'locked', 'path', 'waivers']);
  });

  it.each([
    ['locked', 'locked: false', undefined],
    ['server', 'server: https://other.example', 'https://fusion.appdome.com'],
    ['evidence', 'evidence: json', 'both'],
    ['missing-threat-event-listeners', 'missing-threat-event-listeners: ignore', 'fail'],
    ['max-waiver-days', 'max-waiver-days: 31', 'at most 30'],
  ])('names the key %s that a lock refuses, and what is allowed', async (key, text, allowed) => {
    const locked =
      'locked: true\nserver: https://fusion.appdome.com\nevidence: pdf\nmissing-threat-event-listeners: fail\nmax-waiver-days: 30';
    const { problems } = await merged(locked, text);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.value).toBe(key);
    if (allowed !== undefined) expect(problems[0]?.allowed).toBe(allowed);
  });

  it.each([
    'max-waiver-days: 30',
    'max-waiver-days: 31',
    'server: https://any.example',
    'evidence: both',
    'max-certificate-age: 30d',
    'platform: ios',
    'gate: enforce',
    'accept: { headings: [] }',
  ])('a lock that says nothing of it allows %s', async (text) => {
    expect((await merged('locked: true', text)).problems).toEqual([]);
  });

  it('a lock allows what it says itself', async () => {
    const text = 'max-waiver-days: 30\nevidence: both\nmissing-threat-event-listeners: warn\nserver: https://a.example';
    expect((await merged(`locked: true\n${text}`, text)).problems).toEqual([]);
  });

  it.each([
    ['any', 'any', 'any'],
    ['any', 'pdf', 'pdf'],
    ['json', 'any', 'json'],
    ['pdf', 'pdf', 'pdf'],
    ['pdf', 'json', 'both'],
    ['both', 'any', 'both'],
    ['json', 'both', 'both'],
  ] as const)('of %s and %s the stricter evidence is %s', (a, b, both) => {
    expect(stricterEvidence(a, b)).toBe(both);
    expect(stricterEvidence(b, a)).toBe(both);
  });
});
