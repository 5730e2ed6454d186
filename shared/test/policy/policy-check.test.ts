/** What the gate will find whatever the certificate says, and everything that is wrong at once. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadPolicy } from '../../src/intake/load-policy.ts';
import { planPolicy } from '../../src/policy/rules/plan.ts';
import { checkPolicy } from '../../src/policy/rules/policy-check.ts';
import { merged, NOW } from './policy-text.ts';

async function remarks(text: string) {
  const { policy } = await merged(text);
  const { plan, problems } = planPolicy({ required: [], gate: 'enforce', policy, now: NOW });
  expect(problems).toEqual([]);
  return checkPolicy(policy, plan, NOW).map(({ level, source, message }) => `${level} ${source} ${message}`);
}
const waiver = (more: string) =>
  `waivers: [{ ${more}, reason: QA lab needs it, owner: mobile-security }]\nrequire: [Root Detection]`;

describe('policy check', () => {
  it.each<[string, RegExp]>([
    [waiver('feature: Root Detection, expires: 2026-12-01'), /^error policy\.yml:1 .*nothing is left to prove/u],
    [
      waiver('feature: Root Detection, expires: 2026-12-01, scope: { bundle-id: a.* }'),
      /^warning policy\.yml:1 .*where the scopes hold/u,
    ],
    [waiver('feature: Anti-Debugging, expires: 2026-12-01'), /^warning policy\.yml:1 .*no rule asks for that/u],
    [waiver('features: [Root Detection], expires: 2026-11-01'), /^warning policy\.yml:1 .*expired on 2026-11-01/u],
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
    ['android: { require: [Anti-Debugging] }', /^warning .*no protection is required for ios/u],
  ])('%s', async (text, expected) => {
    const [first, ...others] = (await remarks(text)).filter((one, index) => index === 0 || !one.startsWith('note'));
    expect(first).toMatch(expected);
    expect(others).toEqual([]);
  });

  it.each([
    'require: [Root Detection]',
    'require: [Root Detection, Anti-Debugging]\nwaivers: [{ feature: Root Detection, expires: 2026-12-01, reason: QA lab needs it, owner: mobile-security }]',
    'require: [Anti-Debugging]\naccept: { headings: [A New Section] }',
    'platform: android\nandroid: { require: [Anti-Debugging] }',
    'require: [Root Detection]\nbuild: { app-type: [aab, ipa] }\nandroid: { build: { app-type: aab } }',
    'require: [Root Detection]\nbuild: { min-sdk-version: ">=24" }\nandroid: { build: { min-sdk-version: "<=24" } }',
  ])('has nothing to say of %s', async (text) => {
    expect(await remarks(text)).toEqual([]);
  });
});

describe('everything that is wrong', () => {
  const cwd = mkdtempSync(path.join(tmpdir(), 'fusegate-check-'));
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));

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
    const { policy, problems } = await loadPolicy('p.yml', 'policy', cwd);
    expect(policy).toBeUndefined();
    const places = problems.map(({ option, value }) => `${option} ${value ?? ''}`.trim());
    expect(places).toEqual(
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
});
