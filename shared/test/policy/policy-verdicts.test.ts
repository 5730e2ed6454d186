/** Whole policies against synthetic builds: what each key of a policy does to a verdict. */
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/model/certificate.ts';
import type { VerdictOutcome } from '../../src/model/verdict.ts';
import { conditionsOf, groupsOf, protectionsOf } from '../../src/model/verdict.ts';
import type { PlanInput } from '../../src/policy/rules/plan.ts';
import { judgedBy, NOW, planned, planOf } from './policy-text.ts';
import { json, pdf, required, unknownJson, unreadable, wording } from './synthetic-evidence.ts';

interface Row {
  policy: string;
  evidence?: Partial<Evidence>;
  verdict: VerdictOutcome;
  /** The outcome of the rule that the row is about: the first one that is not Root Detection, else the first. */
  rule?: string;
  why?: RegExp;
}

const detects = { name: 'Root Detection', mode: 'In-App Detection' };
const defends = { name: 'Root Detection', mode: 'In-App Defense' };
const shows = (...lines: Array<string | typeof detects>) => ({ pdf: pdf({ lines }), json: unknownJson() });
const states = (facts: Record<string, string>) => ({ json: unknownJson(facts) });
const LOGS = 'require: [Root Detection]\nforbid: [Diagnostic Logs]';
const sdk = (condition: string) => `require: [Root Detection]\nbuild: { min-sdk-version: ${condition} }`;
const listeners = { pdf: pdf({ lines: [detects], listeners: ['RootedDevice'] }), json: unknownJson() };
const otherListener = { pdf: pdf({ lines: [detects], listeners: ['DeveloperOptionsEnabled'] }), json: unknownJson() };

const strangeListener = { pdf: pdf({ lines: [detects], listeners: ['SomethingNew'] }), json: unknownJson() };
const oddOnes = {
  pdf: pdf({ lines: [{ name: 'root_detection', unread: [wording('heading', 'Odd Heading')] }] }),
  json: json({ lines: ['root_detection'], mentions: [{ text: 'root_detection', where: '$.removed[3]' }] }),
};

const ROWS: Row[] = [
  // Names
  { policy: 'require: [Root Detection]', verdict: 'pass' },
  { policy: 'require: [Proxy Detection]', verdict: 'fail', rule: 'missing' },
  { policy: 'require: [{ key: root_detection }]', verdict: 'pass' },
  { policy: 'require: [{ key: Root_Detection }]', verdict: 'fail', rule: 'missing' },
  { policy: 'require: ["key: root_detection"]', verdict: 'pass' },
  {
    policy: 'require: [{ feature: Proxy Detection, severity: warning }, Root Detection]',
    verdict: 'pass',
    rule: 'missing',
  },
  // Groups
  { policy: 'require: [{ any-of: [Proxy Detection, Anti-Debugging] }]', verdict: 'pass' },
  { policy: 'require: [{ any-of: [Proxy Detection, App Shielding] }]', verdict: 'fail', rule: 'missing' },
  { policy: 'require: [{ all-of: [Root Detection, Proxy Detection] }]', verdict: 'fail', rule: 'missing' },
  { policy: 'require: [{ any-of: [{ all-of: [Root Detection, Anti-Debugging] }, Proxy Detection] }]', verdict: 'pass' },
  // Threat-Event modes
  {
    policy: 'require: [{ feature: Root Detection, threat-events: in-app-detection }]',
    evidence: shows(detects),
    verdict: 'pass',
  },
  {
    policy: 'require: [{ feature: Root Detection, threat-events: in-app-defense }]',
    evidence: shows(detects),
    verdict: 'fail',
    rule: 'denied',
  },
  {
    policy: 'require: [{ feature: Root Detection, threat-events: in-app-defense }]',
    evidence: shows(defends),
    verdict: 'pass',
  },
  {
    policy: 'require: [{ feature: Root Detection, threat-events: any }]',
    evidence: shows('root_detection'),
    verdict: 'error',
    rule: 'unproven',
  },
  {
    policy: 'require: [{ key: root_detection, threat-events: any }]',
    evidence: shows('root_detection', detects),
    verdict: 'error',
    rule: 'unproven',
  },
  // Listeners
  { policy: 'require: [Root Detection]', evidence: listeners, verdict: 'fail', rule: 'no-listener' },
  {
    policy: 'require: [Root Detection]\nmissing-threat-event-listeners: warn',
    evidence: listeners,
    verdict: 'pass',
    why: /does not listen/u,
  },
  { policy: 'require: [Root Detection]\nmissing-threat-event-listeners: ignore', evidence: listeners, verdict: 'pass' },
  { policy: 'require: [Root Detection]', evidence: otherListener, verdict: 'pass', why: /does not listen/u },
  {
    policy: 'require: [Root Detection]\nmissing-threat-event-listeners: fail',
    evidence: otherListener,
    verdict: 'fail',
    rule: 'no-listener',
  },
  {
    policy: 'require: [Root Detection]\nmissing-threat-event-listeners: fail',
    evidence: { pdf: unreadable('pdf') },
    verdict: 'error',
    rule: 'unproven',
  },
  // `key:` is no way around a missing listener
  {
    policy: 'require: [{ key: root_detection }]',
    evidence: { pdf: pdf({ lines: ['root_detection', detects], listeners: ['RootedDevice'] }), json: unknownJson() },
    verdict: 'fail',
    rule: 'no-listener',
  },
  {
    policy: 'require: [{ key: root_detection }]',
    evidence: { pdf: pdf({ lines: ['root_detection', defends], listeners: ['RootedDevice'] }), json: unknownJson() },
    verdict: 'pass',
  },
  {
    policy: 'require: [{ key: secure_communication }, Root Detection]',
    evidence: {
      pdf: pdf({
        lines: ['root_detection', 'secure_communication', { name: 'Prevent MiTM Attacks', mode: 'In-App Detection' }],
        listeners: ['SslCertificateValidationFailed'],
      }),
      json: unknownJson(),
    },
    verdict: 'fail',
    rule: 'no-listener',
  },
  // Forbidden
  { policy: 'require: [Root Detection]\nforbid: [Proxy Detection]', verdict: 'pass', rule: 'satisfied' },
  { policy: 'require: [Root Detection]\nforbid: [Anti-Debugging]', verdict: 'fail', rule: 'denied' },
  { policy: 'require: [Root Detection]\nforbid: [{ key: anti_debugging }]', verdict: 'fail', rule: 'denied' },
  {
    policy: 'require: [Root Detection]\nforbid: [Proxy Detection]',
    evidence: { pdf: unreadable('pdf') },
    verdict: 'error',
    rule: 'unproven',
  },
  {
    policy: 'require: [Root Detection]\nforbid: [Proxy Detection]',
    evidence: { pdf: pdf({ complete: false }) },
    verdict: 'error',
    rule: 'unproven',
  },
  // Diagnostic Logs are the build fact extended_logs
  { policy: LOGS, evidence: states({ extended_logs: 'false' }), verdict: 'pass', rule: 'satisfied' },
  { policy: LOGS, evidence: states({ extended_logs: '0' }), verdict: 'pass', rule: 'satisfied' },
  { policy: LOGS, evidence: states({ extended_logs: 'true' }), verdict: 'fail', rule: 'denied' },
  { policy: LOGS, evidence: states({ extended_logs: 'maybe' }), verdict: 'error', rule: 'unproven' },
  { policy: LOGS, evidence: states({}), verdict: 'error', rule: 'unproven' },
  {
    policy: LOGS,
    evidence: { pdf: pdf({ lines: ['root_detection', 'extended_logs'] }), ...states({ extended_logs: 'false' }) },
    verdict: 'fail',
    rule: 'denied',
  },
  {
    policy: LOGS.replace('Diagnostic Logs', 'key: extended_logs'),
    evidence: states({ extended_logs: 'true' }),
    verdict: 'fail',
    rule: 'denied',
  },
  // Build conditions
  { policy: sdk('24'), evidence: states({ min_sdk_version: '24' }), verdict: 'pass' },
  { policy: sdk('24'), evidence: states({ min_sdk_version: '23' }), verdict: 'fail', rule: 'denied' },
  { policy: sdk('">=24"'), evidence: states({ min_sdk_version: '24' }), verdict: 'pass' },
  { policy: sdk('">=24"'), evidence: states({ min_sdk_version: '9' }), verdict: 'fail', rule: 'denied' },
  { policy: sdk('">= 24"'), evidence: states({ min_sdk_version: '100' }), verdict: 'pass' },
  { policy: sdk('">24"'), evidence: states({ min_sdk_version: '24.0' }), verdict: 'fail', rule: 'denied' },
  { policy: sdk('"<15.1"'), evidence: states({ min_sdk_version: '15.0.9' }), verdict: 'pass' },
  { policy: sdk('"<=15"'), evidence: states({ min_sdk_version: '15.0.1' }), verdict: 'fail', rule: 'denied' },
  { policy: sdk('">=24"'), evidence: states({ min_sdk_version: 'Android 9' }), verdict: 'error', rule: 'unproven' },
  { policy: sdk('">=24"'), evidence: states({}), verdict: 'error', rule: 'unproven' },
  {
    policy: 'require: [Root Detection]\nbuild: { sign-type: onappdome }',
    verdict: 'pass',
    evidence: states({ sign_type: 'OnAppdome' }),
  },
  {
    policy: 'require: [Root Detection]\nbuild: { is-context-api-call: true }',
    verdict: 'pass',
    evidence: states({ is_context_api_call: '1' }),
  },
  {
    policy: 'require: [Root Detection]\nbuild: { sign-type: { value: Private, severity: warning } }',
    verdict: 'pass',
    rule: 'denied',
    evidence: states({ sign_type: 'OnAppdome' }),
  },
  // Platform sections; the plan is for Android
  { policy: 'require: [Root Detection]\nandroid: { require: [Proxy Detection] }', verdict: 'fail', rule: 'missing' },
  { policy: 'require: [Root Detection]\nios: { require: [Proxy Detection] }', verdict: 'pass' },
  // Aliases
  {
    policy: 'require: [Rate-Limit Connections]\naliases: { Rate-Limit Connections: [rate_limits] }',
    evidence: shows('rate_limits'),
    verdict: 'pass',
  },
  {
    policy: 'require: [Rate-Limit Connections]\naliases: { rate limit connections: [rate_limits] }',
    evidence: shows('rate_limits'),
    verdict: 'pass',
  },
  {
    policy: 'require: [Prevent MiTM Attacks]',
    evidence: shows('secure_communication'),
    verdict: 'fail',
    rule: 'missing',
  },
  {
    policy: 'require: [Our Own Thing]\naliases: { Our Own Thing: [own_thing] }',
    evidence: shows('own_thing'),
    verdict: 'pass',
  },
  { policy: 'require: [Our Own Thing]\naliases: { Our Own Thing: [own_thing] }', verdict: 'fail', rule: 'missing' },
  // A Threat-Event pairs listeners and proves nothing.
  {
    policy: 'require: [Proxy Detection]\naliases: { Proxy Detection: [RootedDevice] }',
    evidence: shows('RootedDevice'),
    verdict: 'fail',
    rule: 'missing',
  },
  {
    policy: 'require: [Certificate Pinning]\naliases: { Certificate Pinning: [DeveloperOptionsEnabled] }',
    evidence: shows('DeveloperOptionsEnabled'),
    verdict: 'fail',
    rule: 'missing',
  },
  {
    policy: 'require: [Certificate Pinning]\naliases: { Certificate Pinning: [DeveloperOptionsEnabled] }',
    evidence: {
      pdf: pdf({
        lines: [{ name: 'Certificate Pinning', mode: 'In-App Detection' }],
        listeners: ['DeveloperOptionsEnabled'],
      }),
      json: unreadable('json'),
    },
    verdict: 'fail',
    rule: 'no-listener',
  },
  // A listener that pairs with nothing, and the two lines that settle it
  { policy: 'require: [Root Detection]', evidence: strangeListener, verdict: 'error', rule: 'unproven' },
  {
    policy: 'require: [Root Detection]\naliases: { Proxy Detection: [SomethingNew] }',
    evidence: strangeListener,
    verdict: 'pass',
  },
  {
    policy: 'require: [Root Detection]\naliases: { Root Detection: [SomethingNew] }',
    evidence: strangeListener,
    verdict: 'fail',
    rule: 'no-listener',
  },
  {
    policy: 'require: [Root Detection]\nmissing-threat-event-listeners: warn',
    evidence: strangeListener,
    verdict: 'pass',
  },
  // What is accepted
  {
    policy: 'require: [Root Detection]\naccept: { headings: [Odd Heading], texts: ["$.removed[*]: root_detection"] }',
    evidence: oddOnes,
    verdict: 'pass',
    why: /policy accepts it: heading "Odd Heading"/u,
  },
  {
    policy: 'require: [Root Detection]\naccept: { headings: [Odd Heading] }',
    evidence: oddOnes,
    verdict: 'error',
    rule: 'unproven',
  },
  {
    policy: 'require: [Root Detection]\naccept: { texts: ["$.removed[*]: root_detection"] }',
    evidence: oddOnes,
    verdict: 'error',
    rule: 'unproven',
  },
  // What a policy pins, and what the PDF prints
  {
    policy: 'require: [Root Detection]\nmax-certificate-age: 30d',
    evidence: { pdf: pdf({ facts: { certificate_created: '01-Nov-26, 10:00 UTC' } }), json: unknownJson() },
    verdict: 'pass',
  },
  {
    policy: 'require: [Root Detection]\nmax-certificate-age: 30d',
    evidence: { pdf: pdf({ facts: { certificate_created: '01-Oct-26, 10:00 UTC' } }), json: unknownJson() },
    verdict: 'error',
    why: /is 51 days old .*max-certificate-age is 30d/u,
  },
  {
    policy: 'require: [Root Detection]\nmax-certificate-age: 30d',
    evidence: { pdf: pdf({ facts: { certificate_created: '30-Nov-26, 10:00 UTC' } }), json: unknownJson() },
    verdict: 'error',
    why: /is from the future .*today is 2026-11-21/u,
  },
  {
    policy: 'require: [Root Detection]\nmax-certificate-age: 30d',
    evidence: { pdf: pdf({ facts: { certificate_created: 'last week' } }), json: unknownJson() },
    verdict: 'error',
    why: /cannot be read \(last week/u,
  },
  {
    policy: 'require: [Root Detection]\nmax-certificate-age: 12h',
    evidence: { pdf: pdf({ facts: { certificate_created: '20-Nov-26, 22:00 UTC' } }), json: unknownJson() },
    verdict: 'error',
    why: /is 14h old .*max-certificate-age is 12h/u,
  },
  {
    policy: 'require: [Root Detection]\nmax-certificate-age: 30d',
    evidence: { json: unknownJson() },
    verdict: 'error',
    why: /states no time/u,
  },
  {
    policy: 'require: [Root Detection]\nbuild: { appdome-version: ">=5.16" }',
    evidence: { pdf: pdf({ facts: { appdome_version: '5.16.1.69606' } }), json: unknownJson() },
    verdict: 'pass',
  },
  {
    policy: 'require: [{ at-least: 2, of: [Root Detection, Anti-Debugging, Proxy Detection] }]',
    verdict: 'pass',
  },
  {
    policy: 'require: [{ at-least: 3, of: [Root Detection, Anti-Debugging, Proxy Detection] }]',
    verdict: 'fail',
    rule: 'missing',
  },
  // Evidence
  { policy: 'require: [Root Detection]\nevidence: pdf', evidence: { pdf: unreadable('pdf') }, verdict: 'error' },
  { policy: 'require: [Root Detection]\nevidence: both', evidence: { json: unknownJson() }, verdict: 'error' },
  { policy: 'require: [Root Detection]\nevidence: any', evidence: { pdf: unreadable('pdf') }, verdict: 'pass' },
];

describe('a policy', () => {
  it.each(ROWS)('$policy -> $verdict $rule', async ({ policy, evidence, verdict, rule, why }) => {
    const judged = await judgedBy(policy, evidence ? { evidence } : {});
    expect(judged.outcome).toBe(verdict);
    const rules = judged.requirements;
    const about = rules.find((one) => one.id !== 'feature:root_detection') ?? rules[0];
    if (rule !== undefined) expect(about?.outcome).toBe(rule);
    if (why) expect(judged.findings.some((finding) => why.test(finding.message))).toBe(true);
    if (verdict === 'pass') expect(judged.findings.filter((finding) => finding.level === 'error')).toEqual([]);
  });

  it('says nothing of listeners that are to be ignored', async () => {
    const verdict = await judgedBy('require: [Root Detection]\nmissing-threat-event-listeners: ignore', {
      evidence: otherListener,
    });
    expect(verdict.findings.map((finding) => finding.code)).not.toContain('listener.missing');
  });

  it('names where each rule stands', async () => {
    const plan = await planOf(
      'require:\n  - Root Detection\nbuild:\n  min-sdk-version: 24\nforbid:\n  - Proxy Detection',
    );
    expect(plan.rules.map(({ id, source }) => [id, source])).toEqual([
      ['build:min_sdk_version=24', 'policy.yml:4'],
      ['feature:root_detection', 'policy.yml:2'],
      ['forbid:feature:proxy_detection', 'policy.yml:6'],
    ]);
  });
});

describe('platform sections where nobody said the platform', () => {
  const text = 'require: [Root Detection]\nios: { require: [Proxy Detection] }';
  const judged = (facts: Record<string, string>) =>
    judgedBy(text, { evidence: { pdf: pdf({ facts }), json: unknownJson() }, input: { platform: undefined } });

  it('follow what the certificate states', async () => {
    expect((await judged({ platform: 'Android' })).outcome).toBe('pass');
    expect((await judged({ platform: 'iOS' })).outcome).toBe('fail');
  });

  it('cannot be judged where it states none, or two', async () => {
    expect((await judged({})).findings).toContainEqual(
      expect.objectContaining({ code: 'identity.unproven', level: 'error' }),
    );
    expect((await judged({ platform: 'iOS', app_type: 'aab' })).outcome).toBe('error');
  });

  it('leave nothing required where they are all that there is', async () => {
    const verdict = await judgedBy('ios: { require: [Jailbreak Detection] }', {
      evidence: { pdf: pdf({ facts: { platform: 'Android' } }), json: unknownJson() },
      input: { platform: undefined },
    });
    expect(verdict).toMatchObject({
      outcome: 'error',
      findings: expect.arrayContaining([expect.objectContaining({ code: 'usage.invalid' })]),
    });
  });

  it('are not chosen against the certificate', async () => {
    const verdict = await judgedBy(text, {
      evidence: { pdf: pdf({ facts: { platform: 'iOS' } }), json: unknownJson() },
      input: { platform: 'android' },
    });
    expect(verdict.findings).toContainEqual(expect.objectContaining({ code: 'identity.platform', level: 'error' }));
  });

  it('of a policy that is for one platform are told with their place', async () => {
    const verdict = await judgedBy('require: [Anti-Debugging]\nplatform: ios', {
      evidence: { pdf: pdf({ facts: { platform: 'Android' } }), json: unknownJson() },
      input: { platform: undefined },
    });
    const found = verdict.findings.find(({ code }) => code === 'identity.platform');
    expect(found?.message).toContain('(policy.yml:2)');
    expect(found?.hint).not.toMatch(/option/u);
  });
});

describe('a group that is not met', () => {
  it.each([
    ['all-of: [Root Detection, Detect Frida]', /^Detect Frida/u],
    ['at-least: 2, of: [Root Detection, Detect Frida]', /^Only 1 is proven, and 2 must be: Detect Frida/u],
    ['at-least: 1, of: [Block Magisk, Detect Frida]', /^None is proven, and 1 must be: /u],
  ])('{ %s } speaks of what is not met alone', async (group, message) => {
    const [row] = (await judgedBy(`require: [{ ${group} }]`)).requirements;
    expect(row?.message).toMatch(message);
    expect(row?.evidence).toEqual([]);
    expect(row?.lookedFor).toContain('detect_frida');
    expect(row?.lookedFor).not.toContain('root_detection');
  });

  it('of which nothing is missing shows every name', async () => {
    const [row] = (await judgedBy('require: [{ all-of: [Root Detection, Anti-Debugging] }]')).requirements;
    expect(row?.lookedFor).toEqual(expect.arrayContaining(['root_detection', 'anti_debugging']));
  });
});

describe('what counts as a protection', () => {
  it('is a name by itself: no component, no group, nothing of the build', async () => {
    const { requirements } = await judgedBy(
      [
        'require: [Root Detection, openssl, { key: openssl }, { any-of: [Anti-Debugging, Detect Frida] }, { key: zz }]',
        'forbid: [Detect Frida]',
        'build: { app-type: [aab, apk], extended-logs: false }',
        'missing-threat-event-listeners: fail',
      ].join('\n'),
    );
    const names = (rows: typeof requirements) => rows.map(({ requirement }) => requirement).sort();
    expect(names(protectionsOf(requirements))).toEqual(['Root Detection', 'key: zz']);
    expect(names(groupsOf(requirements))).toEqual(['any of: Anti-Debugging, Detect Frida']);
    expect(conditionsOf(requirements)).toHaveLength(requirements.length - 3);
  });
});

describe('what is wrong with a policy before anything is sent', () => {
  const rows: Array<[string, string, RegExp, Partial<PlanInput>?]> = [
    ['require: []', 'policy.yml', /nothing is required/u],
    ['evidence: pdf', 'policy.yml', /nothing is required/u],
    ['ios: { require: [Jailbreak Detection] }', 'policy.yml', /for (?:iOS|ios|Android|android)/u],
    ['require: [{ feature: Root Detection, severity: warning }]', 'policy.yml', /nothing is required that could fail/u],
    ['require: [Rot Detection]', 'policy.yml:1:11', /is not a known protection -> Root Detection/u],
    ['require: [Root Detection]\nios: { require: [Rot Detection] }', 'policy.yml:2:18', /is not a known protection/u],
    [
      'require: [Mobile Client Certificates]',
      'policy.yml:1:11',
      /was retired by Appdome on 2023-12-31 -> Mobile Bot Defense/u,
    ],
    ['require: [Diagnostic Logs]', 'policy.yml:1:11', /-> build: \{ extended-logs/u],
    ['require: [{ any-of: [Root Detection, Nothing Known] }]', 'policy.yml:1:38', /is not a known protection/u],
    ['require: [Root Detection]\nforbid: [Rot Detection]', 'policy.yml:2:10', /is not a known protection/u],
    ['require: [Root Detection]\nforbid: [root_detection]', 'policy.yml:2', /is required too \(policy.yml:1\)/u],
    [
      'require: [{ feature: Root Detection, threat-events: any }]\nforbid: [root_detection]',
      'policy.yml:2',
      /is required too/u,
    ],
    ['require: [Root Detection]\nbuild: { min-sdk-version: 1.10 }', 'policy.yml:2:27', /fraction/u],
    [
      'require: [Root Detection]\nbuild: { min-sdk-version: ">=x" }',
      'policy.yml:2:27',
      /compares with something that is not/u,
    ],
    ['require: [Root Detection]\nbuild: { min-sdk-version: "=24" }', 'policy.yml:2:27', /is not a value/u],
    [
      'require: [Root Detection]\naliases: { Root Detection: [anti_debugging] }',
      'policy.yml:2:28',
      /another protection, Anti-Debugging/u,
    ],
    ['require: [Root Detection]\naliases: { A B: [x], C D: [X] }', 'policy.yml:2:27', /alias of two/u],
    [
      'require: [Root Detection]\nserver: https://fusion.appdome.com',
      'policy.yml:2:9',
      /only service that this policy allows/u,
      { server: 'http://127.0.0.1:8080' },
    ],
    ['require: [Root Detection]\nserver: fusion', 'policy.yml:2:9', /is not a URL/u],
    [
      'require: [Root Detection]\nwaivers: [{ feature: Rot Detection, reason: QA lab needs a proxy, owner: mobile-security, expires: 2026-12-01 }]',
      'policy.yml:2:11',
      /is not a known protection/u,
    ],
    [
      'require: [Root Detection]\nwaivers: [{ feature: Root Detection, reason: QA lab needs a proxy, owner: mobile-security, expires: 2026-02-30 }]',
      'policy.yml:2:11',
      /calendar day/u,
    ],
    [
      'require: [Root Detection]\nmax-waiver-days: 10\nwaivers: [{ feature: Root Detection, reason: QA lab needs a proxy, owner: mobile-security, expires: 2026-12-01 }]',
      'policy.yml:3:11',
      /max-waiver-days: 10 -> 2026-11-30 at the latest/u,
    ],
  ];

  it.each(rows)('%s', async (policy, place, message, input) => {
    const { problems } = await planned(policy, { ...input });
    expect(problems).toHaveLength(1);
    const [only] = problems;
    expect(only?.option).toBe(place);
    expect(`${only?.message} -> ${only?.allowed}`).toMatch(message);
  });

  it('no alias brings back what was retired', async () => {
    const { problems } = await planned(
      'require: [Mobile Client Certificates]\naliases: { Mobile Client Certificates: [x] }',
    );
    expect(problems).toContainEqual(
      expect.objectContaining({ option: 'policy.yml:1:11', message: expect.stringMatching(/was retired/u) }),
    );
  });

  it('names all of them at once, with those of the option', async () => {
    const { problems } = await planned('require: [Rot Detection, Nothing Known]\nbuild: { min-sdk-version: ">x" }', {
      required: required('Also Unknown'),
    });
    expect(problems).toHaveLength(4);
  });

  it('takes the same service in another spelling', async () => {
    const { problems } = await planned('require: [Root Detection]\nserver: https://FUSION.appdome.com:443/', {
      server: 'https://fusion.appdome.com',
    });
    expect(problems).toEqual([]);
  });

  it('keeps the stricter of two rules about one protection', async () => {
    const plan = await planOf(
      'require: [Root Detection, { feature: root_detection, threat-events: any }, { feature: Root Detection, threat-events: in-app-defense }]\nandroid: { require: [Root Detection] }',
      { required: required('ROOT DETECTION') },
    );
    expect(plan.rules.map((rule) => rule.id)).toEqual(['feature:root_detection:in-app-defense']);
  });
});

describe('waivers', () => {
  const waiver = (feature: string, more = '') =>
    `waivers: [{ feature: ${feature}, reason: QA lab needs it, owner: mobile-security, expires: 2027-03-31${more} }]`;
  const needsProxy = 'require: [Root Detection, Proxy Detection]';

  it('lift the rule, say who and why, and the verdict counts them', async () => {
    const verdict = await judgedBy(`${needsProxy}\n${waiver('proxy detection')}`);
    expect(verdict.outcome).toBe('pass');
    expect(verdict.missingFeatures).toEqual([]);
    expect(verdict.requirements.find((one) => one.outcome === 'waived')).toMatchObject({
      id: 'feature:proxy_detection',
      waivedBy: 'mobile-security until 2027-03-31: QA lab needs it [policy.yml:2]',
    });
  });

  it.each([
    ['a missing listener', 'require: [Anti-Debugging, Root Detection]', waiver('Root Detection'), listeners.pdf],
    ['a forbidden protection', 'require: [Root Detection]\nforbid: [Anti-Debugging]', waiver('Anti-Debugging'), pdf()],
    [
      'a mode',
      'require: [Anti-Debugging, { feature: Root Detection, threat-events: any }]',
      waiver('Root Detection'),
      pdf(),
    ],
    ['a printed name', 'require: [Root Detection, { key: openssl }]', waiver('"key: openssl"'), pdf()],
  ])('lift %s', async (_, policy, waivers, document) => {
    const lines = document.ok
      ? [
          ...document.document.features.map(({ name, threatEvents }) =>
            threatEvents ? { name, mode: threatEvents } : name,
          ),
          'anti_debugging',
        ]
      : [];
    const missing = document.ok ? document.document.missingListeners.map((fact) => fact.value) : [];
    const evidence = { pdf: pdf({ lines, listeners: missing }), json: unknownJson() };
    expect((await judgedBy(policy, { evidence })).outcome).not.toBe('pass');
    const verdict = await judgedBy(`${policy}\n${waivers}`, { evidence });
    expect(verdict.outcome).toBe('pass');
    expect(verdict.requirements.filter((one) => one.outcome === 'waived')).toHaveLength(1);
  });

  it.each([
    ['another protection', `${needsProxy}\n${waiver('Anti-Debugging')}`],
    [
      'a group',
      `require: [Root Detection, { any-of: [Proxy Detection, App Shielding] }]\n${waiver('Proxy Detection')}`,
    ],
    [
      'all of a group',
      `require: [Root Detection, { all-of: [Proxy Detection, Root Detection] }]\n${waiver('Proxy Detection')}`,
    ],
    ['a printed name by a protection', `require: [Root Detection, { key: openssl }]\n${waiver('Proxy Detection')}`],
    ['another bundle id', `${needsProxy}\n${waiver('Proxy Detection', ', scope: { bundle-id: com.example.other }')}`],
    [
      'another Fusion Set',
      `${needsProxy}\n${waiver('Proxy Detection', ', scope: { fusion-set-id: 99999999-9999-11f0-8999-999999999999 }')}`,
    ],
    ['another platform', `${needsProxy}\n${waiver('Proxy Detection', ', scope: { platform: ios }')}`],
    ['a build condition', `require: [Root Detection]\nbuild: { min-sdk-version: 24 }\n${waiver('Root Detection')}`],
  ])('do not lift %s', async (_, policy) => {
    expect((await judgedBy(policy, { evidence: states({ min_sdk_version: '21' }) })).outcome).toBe('fail');
  });

  it('lift within their scope, and only where a document states it', async () => {
    const policy = `${needsProxy}\n${waiver('Proxy Detection', ', scope: { bundle-id: com.example.qa, platform: android }')}`;
    const facts = (bundle: Record<string, string | string[]>) => ({
      pdf: pdf({ facts: { platform: 'Android', ...bundle } }),
      json: unknownJson(),
    });
    const outcome = async (bundle: Record<string, string | string[]>) =>
      (await judgedBy(policy, { evidence: facts(bundle) })).outcome;
    expect(await outcome({ bundle_id: 'com.example.qa' })).toBe('pass');
    expect(await outcome({})).toBe('fail');
    expect(await outcome({ bundle_id: 'com.example.QA' })).toBe('fail');
    expect(await outcome({ bundle_id: ['com.example.qa', 'com.example.app'] })).toBe('fail');
  });

  it.each([
    ['2026-11-20', 'fail', 'waiver.expired'],
    ['2026-11-21', 'pass', 'waiver.expires-soon'],
    ['2026-12-04', 'pass', 'waiver.expires-soon'],
    ['2026-12-05', 'pass', undefined],
  ])('until %s: %s on 2026-11-21', async (expires, outcome, code) => {
    const verdict = await judgedBy(
      `${needsProxy}\nwaivers: [{ feature: Proxy Detection, reason: QA lab needs a proxy, owner: mobile-security, expires: ${expires} }]`,
    );
    expect(verdict.outcome).toBe(outcome);
    expect(verdict.findings.map((finding) => finding.code).filter((each) => each.startsWith('waiver.'))).toEqual(
      code ? [code] : [],
    );
  });

  it('hold to the last millisecond of the day, UTC', async () => {
    const policy = `${needsProxy}\nwaivers: [{ feature: Proxy Detection, reason: QA lab needs a proxy, owner: mobile-security, expires: 2026-11-30 }]`;
    const at = async (time: string) => (await judgedBy(policy, { expect: { now: Date.parse(time) } })).outcome;
    expect(await at('2026-11-30T23:59:59.999Z')).toBe('pass');
    expect(await at('2026-12-01T00:00:00.000Z')).toBe('fail');
  });

  it('lift nothing where nobody knows the day, or where they reach too far ahead', async () => {
    const policy = `${needsProxy}\n${waiver('Proxy Detection')}`;
    expect((await judgedBy(policy, { expect: { now: undefined } })).outcome).toBe('fail');
    const longest = `${policy}\nmax-waiver-days: 131`;
    expect((await judgedBy(longest)).outcome).toBe('pass');
    expect((await judgedBy(longest, { expect: { now: NOW - 86_400_000 } })).outcome).toBe('fail');
  });

  it('that lift nothing are reported', async () => {
    const verdict = await judgedBy(`require: [Root Detection]\n${waiver('Root Detection')}`);
    expect(verdict.outcome).toBe('pass');
    expect(verdict.findings).toContainEqual(
      expect.objectContaining({ code: 'waiver.unused', level: 'warning', feature: 'Root Detection' }),
    );
  });

  it('of every rule leave nothing required', async () => {
    const verdict = await judgedBy(`require: [Proxy Detection]\n${waiver('Proxy Detection')}`);
    expect(verdict.outcome).toBe('error');
  });

  it('do not lift a contradiction of the documents', async () => {
    const verdict = await judgedBy(`require: [Root Detection, Anti-Debugging]\n${waiver('Root Detection')}`, {
      evidence: { json: json({ lines: [{ name: 'root_detection', presence: 'absent' }, 'anti_debugging'] }) },
    });
    expect(verdict.outcome).toBe('error');
  });
});
