/** What the gate will find with any certificate, and everything that is wrong at once. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadPolicy } from '../../src/intake/load-policy.ts';
import { exampleFor, planPolicy } from '../../src/policy/rules/plan.ts';
import { checkPolicy } from '../../src/policy/rules/policy-check.ts';
import { judgedBy, merged, NOW, planned } from './policy-text.ts';
import { pdf, unreadable } from './synthetic-evidence.ts';

async function remarks(text: string) {
  const { policy } = await merged(text);
  const { plan, problems } = planPolicy({ required: [], gate: 'enforce', policy, now: NOW });
  expect(problems).toEqual([]);
  return checkPolicy(policy, plan, NOW).map(({ level, source, message }) => `${level} ${source} ${message}`);
}
const WHO = 'reason: QA lab needs it, owner: mobile-security, expires: 2026-12-01';
const waiver = (more: string) =>
  `waivers: [{ ${more}, reason: QA lab needs it, owner: mobile-security }]\nrequire: [Proxy Detection]`;

describe('policy check', () => {
  it.each<[string, RegExp]>([
    [waiver('feature: Proxy Detection, expires: 2026-12-01'), /^error policy\.yml:1 .*nothing is left to prove/u],
    [
      waiver('feature: Proxy Detection, expires: 2026-12-01, scope: { bundle-id: a.* }'),
      /^warning policy\.yml:1 .*where the scopes hold/u,
    ],
    [waiver('feature: Anti-Debugging, expires: 2026-12-01'), /^warning policy\.yml:1 .*no rule asks for that/u],
    [waiver('features: [Proxy Detection], expires: 2026-11-01'), /^warning policy\.yml:1 .*expired on 2026-11-01/u],
    [
      'require: [{ key: own, threat-events: in-app-detection }, { key: own, threat-events: in-app-defense }]',
      /^error .*no build can pass/u,
    ],
    [
      'require: [Root Detection]\nbuild: { app-type: aab }\nandroid: { build: { app-type: ipa } }',
      /^error .*cannot hold/u,
    ],
    [
      'require: [Root Detection]\nbuild: { min-sdk-version: ">=24" }\nandroid: { build: { min-sdk-version: 21 } }',
      /^error /u,
    ],
    [
      'require: [Root Detection]\nbuild: { min-sdk-version: ">=24" }\nandroid: { build: { min-sdk-version: "<24" } }',
      /^error /u,
    ],
    ['require: [Root Detection]\nforbid: [Diagnostic Logs]\nbuild: { extended-logs: true }', /^error /u],
    [
      'require: [{ feature: Anti-Debugging, threat-events: in-app-defense }]',
      /^note .*In-App Defense has not been seen/u,
    ],
    ['require: [Detect Frida]', /^note .*has not been seen/u],
    ['require: [Anti-Debugging]\naccept: { headings: [OS Integrity] }', /^warning policy\.yml:2 .*known wording/u],
    ['require: [Anti-Debugging]\naccept: { labels: ["Plugins:"] }', /known wording/u],
    ['require: [Anti-Debugging]\naccept: { modes: [In-App Detection] }', /known wording/u],
    ['android: { require: [Anti-Debugging] }', /^warning .*no protection is required for ios.*`ios: \{ require: \[/u],
    [
      'android: { require: [{ key: own, threat-events: in-app-detection }, { key: own, threat-events: in-app-defense }] }\nios: { require: [Proxy Detection] }',
      /^error .*no build for android can pass/u,
    ],
    [
      'require: [Root Detection]',
      /^note policy\.yml:1 Root Detection: known for Android alone.*exit 2.*`platform: android`/u,
    ],
    ['require: [{ any-of: [Jailbreak Detection, Proxy Detection] }]', /^note /u],
  ])('%s', async (text, expected) => {
    const [first, ...others] = (await remarks(text)).filter((one, index) => index === 0 || !one.startsWith('note'));
    expect(first).toMatch(expected);
    expect(others).toEqual([]);
  });

  it.each([
    'require: [Proxy Detection]',
    'require: [Proxy Detection, Anti-Debugging]\nwaivers: [{ feature: Proxy Detection, expires: 2026-12-01, reason: QA lab needs it, owner: mobile-security }]',
    'require: [Anti-Debugging]\naccept: { headings: [A New Section] }',
    'platform: android\nandroid: { require: [Anti-Debugging] }',
    'require: [Proxy Detection]\nbuild: { app-type: [aab, ipa] }\nandroid: { build: { app-type: aab } }',
    'require: [Proxy Detection]\nbuild: { min-sdk-version: ">=24" }\nandroid: { build: { min-sdk-version: "<=24" } }',
  ])('has nothing to say of %s', async (text) => {
    expect(await remarks(text)).toEqual([]);
  });
});

describe('two rules for one build fact', () => {
  const both = async (first: string, second: string) => {
    const build = (value: string) => `build: { appdome-version: ${JSON.stringify(value)} }`;
    const text = `require: [Proxy Detection]\n${build(first)}\nandroid: { ${build(second)} }`;
    return (await remarks(text)).some((one) => one.startsWith('error'));
  };

  it.each<[string, string, boolean]>([
    ['>=5.2', '<5.2', true],
    ['>=5.2', '<=5.2', false],
    ['>5.2', '<=5.2', true],
    ['>5.2', '<5.2', true],
    ['>=5.2', '<=5.1', true],
    ['>=5.2', '<5.3', false],
    ['>=5.2', '>5.3', false],
    ['<=5.2', '<5.1', false],
    ['5.2', '>=5.2', false],
    ['5.2', '>5.2', true],
    ['5.2', '<=5.2', false],
    ['5.2', '<5.2', true],
    ['5.2', '>=5.3', true],
    ['5.2', '<=5.1', true],
    ['5.2', '5.2', false],
    ['5.2', '5.3', true],
    ['5.3', '>5.2', false],
    ['5.1', '<5.2', false],
    ['>5.1', '>=5.3', false],
    ['<=5.1', '<5.2', false],
    ['<=5.1', '<=5.0', false],
    ['beta', '>=5.2', false],
    ['beta', '<5.2', false],
  ])('%s and %s exclude each other: %s', async (first, second, exclude) => {
    expect([await both(first, second), await both(second, first)]).toEqual([exclude, exclude]);
  });

  it('do not exclude each other where one of them only warns, or is for the other platform', async () => {
    const warns =
      'require: [Proxy Detection]\nbuild: { app-version: "1" }\nandroid: { build: { app-version: { value: "2", severity: warning } } }';
    expect((await remarks(warns)).filter((one) => one.startsWith('error'))).toEqual([]);
    const platforms =
      'require: [Proxy Detection]\nandroid: { build: { app-version: "1" } }\nios: { build: { app-version: "2" } }';
    expect((await remarks(platforms)).filter((one) => one.startsWith('error'))).toEqual([]);
  });

  it('exclude each other where one asks for Diagnostic Logs and the other forbids them', async () => {
    for (const text of ['true', '1'])
      expect(
        await remarks(`require: [Proxy Detection]\nbuild: { extended-logs: ${text} }\nforbid: [Diagnostic Logs]`),
      ).toMatchObject([expect.stringMatching(/^error .*Diagnostic Logs/u)]);
    expect(
      await remarks('require: [Proxy Detection]\nbuild: { extended-logs: false }\nforbid: [Diagnostic Logs]'),
    ).toEqual([]);
    expect(await remarks('require: [Proxy Detection]\nbuild: { extended-logs: true }\nforbid: [Detect Frida]')).toEqual(
      [],
    );
  });
});

describe('policy check and the gate', () => {
  const PROXY = { lines: ['proxy_detection', 'anti_debugging'] };
  const on = (platform: string, lines: string[]) => ({
    evidence: { pdf: pdf({ lines, facts: { platform } }), json: unreadable('json') },
    input: { platform: undefined },
  });

  it.each<[string, string, string]>([
    [
      'android',
      'android: { require: [Detect Frida] }\nios: { require: [Proxy Detection] }',
      `{ feature: Detect Frida, ${WHO} }`,
    ],
    [
      'android',
      'require: [Anti-Debugging]\nandroid: { require: [Detect Frida] }\nios: { require: [{ key: own }] }',
      `{ features: [Detect Frida, Anti-Debugging], ${WHO} }`,
    ],
    ['ios', 'require: [Detect Frida]', `{ feature: Detect Frida, ${WHO}, scope: { platform: ios } }`],
  ])('agree that on %s all is waived in %s', async (platform, rules, waivers) => {
    const text = `${rules}\nwaivers: [${waivers}]`;
    const said = (await remarks(text)).filter((one) => !one.startsWith('note'));
    expect(said).toEqual([expect.stringMatching(new RegExp(`^error .* for ${platform} is waived .*exit 8`, 'u'))]);
    const verdict = await judgedBy(text, on(platform, ['proxy_detection']));
    expect(verdict.findings[0]).toMatchObject({ code: 'policy.all-waived' });
    const other = platform === 'ios' ? 'android' : 'ios';
    const elsewhere = await judgedBy(text, on(other, ['proxy_detection', 'own', 'anti_debugging', 'Detect Frida']));
    expect(elsewhere.outcome).toBe('pass');
  });

  it('agree that a waiver lifts only what a build lacks', async () => {
    const text = waiver('feature: Proxy Detection, expires: 2026-12-01');
    expect(await remarks(text)).toEqual([expect.stringMatching(/^error .*a build that has none of these .*exit 8/u)]);
    const without = await judgedBy(text, on('android', ['anti_debugging']));
    expect(without.findings[0]).toMatchObject({ code: 'policy.all-waived' });
    const having = await judgedBy(text, on('android', PROXY.lines));
    expect(having.outcome).toBe('pass');
    expect(having.findings).toContainEqual(expect.objectContaining({ code: 'waiver.unused' }));
  });

  it('agree on a platform for which nothing is required, and on the line to paste', async () => {
    const text = 'ios: { require: [Proxy Detection] }';
    expect(await remarks(text)).toEqual([
      expect.stringMatching(/^warning .*for android.*exit 2.*exit 8.*`android: \{ require: \[/u),
    ]);
    const verdict = await judgedBy(text, on('android', PROXY.lines));
    expect(verdict.outcome).toBe('error');
    expect(verdict.findings[0]).toMatchObject({ code: 'usage.invalid', level: 'error' });
    expect(verdict.findings[0]?.message).toMatch(/`ios` \(policy\.yml:1\)/u);
    expect(verdict.findings[0]?.hint).toMatch(/policy\.yml.*`android: \{ require: \[/u);
    const { policy } = await merged(text);
    const known = planPolicy({ required: [], gate: 'enforce', policy, platform: 'android', now: NOW });
    expect(known.problems).toEqual([expect.objectContaining({ allowed: expect.stringMatching(/^android: \{/u) })]);
    for (const platform of ['android', 'ios'] as const)
      expect((await planned(exampleFor(platform), { platform })).problems).toEqual([]);
  });

  it('agree on names that are known for one platform alone', async () => {
    const text = 'require: [{ any-of: [Jailbreak Detection, Proxy Detection] }, Anti-Debugging]';
    expect(await remarks(text)).toContainEqual(
      expect.stringMatching(/^note policy\.yml:1 Jailbreak Detection: known for iOS alone.*`ios:`/u),
    );
    expect((await planned(text, { platform: 'android' })).problems).not.toEqual([]);
    expect((await planned(text, { platform: 'ios' })).problems).toEqual([]);
  });
});

describe('everything that is wrong', () => {
  const cwd = mkdtempSync(path.join(tmpdir(), 'fusegate-check-'));
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));

  /** As `policy check` and a job find them; both have the same. */
  async function places(file: string): Promise<string[]> {
    const { policy, partial, problems } = await loadPolicy(file, 'policy', cwd);
    expect(policy === undefined || partial === undefined).toBe(true);
    const gate = policy ? ('enforce' as const) : ('disabled' as const);
    const planned = planPolicy({ required: [], gate, policy: policy ?? partial, now: NOW }).problems;
    return [...problems, ...planned].map(({ option, value }) => `${option} ${value ?? ''}`.trim());
  }

  it('is told at once: keys, names, dates, and what a locked file does not allow', async () => {
    writeFileSync(path.join(cwd, 'base.yml'), 'version: 1\nlocked: true\nrequire: [Root Detection]\n');
    writeFileSync(
      path.join(cwd, 'p.yml'),
      [
        'extends: base.yml',
        'requre: []',
        'gate: warn',
        'require:',
        '  - featur: Root Detection',
        '  - Nonsense Name',
        '  - { feature: Anti-Debugging, severity: loud }',
        '  - any-of: [Other Nonsense, { key: a, feature: b }]',
        'waivers:',
        '  - { feature: Root Detection, reason: tbd, owner: "-", expires: 2026-02-30 }',
        '  - { feature: Root Detection, reason: QA lab needs it, owner: mobile-security, expires: 2026-02-30 }',
        '',
      ].join('\n'),
    );
    expect(await places('p.yml')).toEqual(
      expect.arrayContaining([
        'p.yml:1:1',
        'p.yml:2:1 requre',
        'p.yml:3:1 gate',
        'p.yml:5:5 featur',
        'p.yml:6:5 Nonsense Name',
        'p.yml:7:42 loud',
        'p.yml:8:30',
        'p.yml:8:14 Other Nonsense',
        'p.yml:9:1 waivers',
        'p.yml:10:40 tbd',
        'p.yml:10:52 -',
        'p.yml:10:5 2026-02-30',
        'p.yml:11:5 2026-02-30',
      ]),
    );
  });

  const W = 'feature: Root Detection, reason: QA lab needs it, owner: mobile-security';
  it.each<[string, string, string[]]>([
    [
      'a day without an owner',
      'waivers: [{ feature: Root Detection, reason: QA lab needs it, expires: 2026-13-01 }]',
      ['2', '2 2026-13-01'],
    ],
    ['a day and an unknown key', `waivers: [{ ${W}, expires: 2026-13-01, ownr: x }]`, ['2 2026-13-01', '2 ownr']],
    [
      'a day without a name',
      'waivers: [{ reason: QA lab needs it, owner: mobile-security, expires: 2026-13-01 }]',
      ['2', '2 2026-13-01'],
    ],
    [
      'a day and two names',
      `waivers: [{ ${W}, features: [Nonsense], expires: 2026-13-01 }]`,
      ['2', '2 2026-13-01', '2 Nonsense'],
    ],
    [
      'a day too far ahead and a form',
      `waivers: [{ ${W}, expires: 2028-01-01 }]\ngate: loud`,
      ['2 2028-01-01', '3 loud'],
    ],
    [
      'a day too far ahead and a name',
      `waivers: [{ ${W}, expires: 2028-01-01 }]\nforbid: [Nonsense]`,
      ['2 2028-01-01', '3 Nonsense'],
    ],
    ['a bound that cannot be read', `waivers: [{ ${W}, expires: 2028-01-01 }]\nmax-waiver-days: many`, ['3 many']],
    [
      'a name and its mode',
      'android: { require: [{ feature: Nonsense, threat-events: loud }] }',
      ['2 Nonsense', '2 loud'],
    ],
    ['a name and its id', 'forbid: [{ feature: Nonsense, id: "?" }]', ['2 ?', '2 Nonsense']],
    [
      'names of a group and its severity',
      'ios: { require: [{ any-of: [Nonsense, A B C], severity: loud }] }',
      ['2 A B C', '2 Nonsense', '2 loud'],
    ],
    [
      'names of a waiver, one of them empty',
      `waivers: [{ features: ["", Nonsense], ${W.slice(25)}, expires: 2026-12-01 }]`,
      ['2', '2 Nonsense'],
    ],
    ['an absent base', 'extends: gone.yml\nforbid: [Nonsense]', ['2 gone.yml', '3 Nonsense']],
    [
      'a base that locks',
      'extends: base.yml\ngate: warn\nforbid: [Nonsense]\nevidence: paper',
      ['3 gate', '4 Nonsense', '5 paper'],
    ],
  ])('is told at once and each once: %s', async (_, text, expected) => {
    writeFileSync(
      path.join(cwd, 'q.yml'),
      `version: 1\n${text}\n${text.includes('extends') ? '' : 'require: [Root Detection]\n'}`,
    );
    const lines = (await places('q.yml')).map((place) => place.replace(/^q\.yml:(\d+):\d+/u, '$1'));
    expect(lines.sort()).toEqual(expected);
  });
});
