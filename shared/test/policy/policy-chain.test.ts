import { describe, expect, it } from 'vitest';
import { policySha256 } from '../../src/policy/plan.ts';
import { stricterEvidence } from '../../src/policy/policy-chain.ts';
import { merged, planned, planOf } from './policy-text.ts';

const WAIVER = 'waivers: [{ feature: Proxy Detection, reason: r, owner: o, expires: 2026-12-01 }]';
const BASE = `locked: true
require: [Root Detection]
server: https://fusion.appdome.com
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
    'aliases: {}',
  ])('may say %s', async (text) => {
    expect((await merged(BASE, text)).problems).toEqual([]);
  });

  it.each([
    ['aliases: { Root Detection: [root_detect] }', '1:1', 'may not be added'],
    [WAIVER, '1:1', 'may not be added'],
    ['locked: false', '1:1', 'may not be undone'],
    ['server: http://localhost:1', '1:1', 'may not be changed'],
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
    expect(problems.map(({ message }) => message)).toEqual(['is not the origin of a service']);
  });
});

describe('the digest', () => {
  it('does not depend on the platform of the run', async () => {
    const text =
      'require: [Root Detection]\nandroid: { require: [Anti-Debugging] }\nios: { forbid: [Diagnostic Logs] }';
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
