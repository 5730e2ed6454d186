import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/model/certificate.ts';
import { evaluate } from '../../src/policy/rules/evaluate.ts';
import type { Baseline, MissingListeners } from '../../src/policy/rules/rule.ts';
import { EXPECTED, pdf, plan, unknownJson } from './synthetic-evidence.ts';

const BASELINE: Baseline = {
  path: 'release-1.pdf',
  sha256: 'f'.repeat(64),
  kind: 'certificate',
  features: [
    { name: 'Root Detection', key: 'root_detection', mode: 'In-App Defense' },
    { name: 'Anti-Debugging', key: 'anti_debugging' },
    { name: 'openssl', key: 'openssl' },
  ],
  missingListeners: ['DeveloperOptionsEnabled'],
  facts: { build_id: 'synthetic', bundle_id: 'com.example.app', appdome_version: '5.1', fusion_set_modified: 'Monday' },
};
const GOOD = ['root_detection', { name: 'Root Detection', mode: 'In-App Defense' }, 'anti_debugging', 'openssl'];
const FACTS = { bundle_id: 'com.example.app', appdome_version: '5.1', fusion_set_modified: 'Monday' };

function judged(
  spec: Parameters<typeof pdf>[0] = {},
  changes: Partial<Baseline> = {},
  missingListeners?: MissingListeners,
) {
  const evidence: Evidence = { pdf: pdf({ lines: GOOD, facts: FACTS, ...spec }), json: unknownJson() };
  const made = {
    ...plan('Anti-Debugging'),
    baseline: { ...BASELINE, ...changes },
    ...(missingListeners ? { missingListeners } : {}),
  };
  return evaluate(made, evidence, EXPECTED);
}

describe('a baseline', () => {
  it('that still holds is a row of its own', () => {
    const verdict = judged({ listeners: ['DeveloperOptionsEnabled'] });
    expect(verdict.outcome).toBe('pass');
    expect(verdict.requirements.filter((one) => one.rule === 'baseline')).toMatchObject([
      { id: 'baseline', outcome: 'satisfied' },
    ]);
    expect(verdict.baseline).toEqual({
      path: 'release-1.pdf',
      sha256: 'f'.repeat(64),
      kind: 'certificate',
      buildId: 'synthetic',
      appdomeVersion: '5.1',
      fusionSetModified: 'Monday',
      protections: '3',
      gone: '0',
      weakened: '0',
      newlyMissingListeners: '0',
      added: '0',
    });
    expect(verdict.findings.map((finding) => finding.code).filter((code) => code.startsWith('baseline'))).toEqual([]);
  });

  it.each([
    ['a protection is gone', { lines: GOOD.slice(0, 3) }, 'baseline:openssl', 'missing', 'baseline.gone'],
    ['the JSON denies one', undefined, 'baseline:root_detection', 'denied', 'baseline.gone'],
    [
      'defence became detection',
      { lines: [...GOOD.slice(2), { name: 'Root Detection', mode: 'In-App Detection' }] },
      'baseline:root_detection',
      'denied',
      'baseline.weakened',
    ],
    [
      'no mode is shown any more',
      { lines: ['root_detection', ...GOOD.slice(2)] },
      'baseline:root_detection',
      'denied',
      'baseline.weakened',
    ],
    [
      'a listener is newly missing',
      { listeners: ['RootedDevice'] },
      'baseline:listener:rooteddevice',
      'no-listener',
      'baseline.no-listener',
    ],
    [
      'a listener stands there with a sign that may mean more',
      { listeners: ['DeveloperOptionsEnabled', 'DeveloperOptionsEnabled…'] },
      'baseline:listener:DeveloperOptionsEnabled…',
      'no-listener',
      'baseline.no-listener',
    ],
  ] as const)('fails where %s', (_, spec, id, outcome, code) => {
    const lines = GOOD.map((line) => ({ ...(typeof line === 'string' ? { name: line } : line) }));
    const denied = lines.map((line) =>
      line.name === 'openssl' ? line : line.name.startsWith('anti') ? line : { ...line, presence: 'absent' as const },
    );
    const verdict = judged((spec ?? { lines: denied }) as Parameters<typeof pdf>[0]);
    expect(verdict.outcome).toBe('fail');
    expect(verdict.requirements).toContainEqual(
      expect.objectContaining({ id, outcome, rule: 'baseline', source: 'release-1.pdf' }),
    );
    expect(verdict.findings).toContainEqual(expect.objectContaining({ code, level: 'error' }));
    expect(verdict.missingFeatures).toHaveLength(1);
  });

  it('tells what is new or changed, and does not fail for it', () => {
    const verdict = judged({
      lines: [...GOOD, 'proxy_detection', { name: 'Anti-Debugging', mode: 'In-App Detection' }],
      facts: { ...FACTS, appdome_version: '5.2', fusion_set_modified: 'Tuesday' },
    });
    expect(verdict.outcome).toBe('pass');
    const told = verdict.findings
      .filter((finding) => finding.code === 'baseline.changed')
      .map((finding) => finding.message)
      .join('\n');
    expect(told).toMatch(/New since the baseline: proxy_detection/u);
    expect(told).toMatch(/modified since the baseline: Monday, now Tuesday/u);
    expect(told).toMatch(/Appdome version .*: 5\.1, now 5\.2/u);
    expect(told).toMatch(/Anti-Debugging \(no mode shown, now In-App Detection\)/u);
  });

  it.each([
    ['2-Dec-26, 09:30 UTC', '1-Dec-26, 09:30 UTC', 1],
    ['1-Dec-26, 09:30 UTC', '1-Dec-26, 09:30 UTC', 0],
    ['1-Dec-26, 09:30 UTC', '2-Dec-26, 09:30 UTC', 0],
    ['Monday', '1-Dec-26, 09:30 UTC', 0],
    ['2-Dec-26, 09:30 UTC', 'Monday', 0],
  ])('of %s beside a build of %s: %i warnings that it is newer', (before, now, warnings) => {
    for (const names of [
      ['certificate_created'],
      ['fusion_set_modified'],
      ['certificate_created', 'fusion_set_modified'],
    ]) {
      const facts = (time: string) => ({ ...FACTS, ...Object.fromEntries(names.map((name) => [name, time])) });
      const { findings, outcome } = judged({ facts: facts(now) }, { facts: facts(before) });
      expect(outcome).toBe('pass');
      expect(findings.filter(({ code }) => code === 'baseline.newer')).toMatchObject(
        Array.from({ length: warnings }, () => ({ level: 'warning' })),
      );
    }
  });

  it('of another app is a warning', () => {
    const verdict = judged({}, { facts: { ...BASELINE.facts, bundle_id: 'com.example.other' } });
    expect(verdict.findings).toContainEqual(expect.objectContaining({ code: 'baseline.other-app', level: 'warning' }));
  });

  it.each([
    ['warn', 'pass'],
    ['ignore', 'pass'],
    ['fail', 'fail'],
  ] as const)('with missing-threat-event-listeners: %s: %s', (mode, outcome) => {
    expect(judged({ listeners: ['RootedDevice'] }, {}, mode).outcome).toBe(outcome);
  });

  it('records each failure to the last field', () => {
    const verdict = judged(
      {
        lines: [...GOOD.slice(2, 3), { name: 'Root Detection', mode: 'In-App Detection' }],
        listeners: ['RootedDevice'],
      },
      { features: [...BASELINE.features, { name: 'Own Thing' }] },
    );
    const rows = verdict.requirements.filter((one) => one.rule === 'baseline');
    const row = { rule: 'baseline', reference: {}, severity: 'error', source: 'release-1.pdf' };
    expect(rows).toStrictEqual([
      {
        ...row,
        id: 'baseline:root_detection',
        requirement: 'baseline: Root Detection',
        feature: { name: 'Root Detection', key: 'root_detection' },
        outcome: 'denied',
        evidence: [{ document: 'pdf', where: 'page 1 at 213,101', text: 'Root Detection' }],
        lookedFor: ['root_detection'],
        message:
          'Root Detection acted as In-App Defense on the baseline (release-1.pdf) and acts as In-App Detection now',
        hint: expect.stringMatching(/^Set In-App Defense again/u),
      },
      {
        ...row,
        id: 'baseline:openssl',
        requirement: 'baseline: openssl',
        feature: { name: 'openssl', key: 'openssl' },
        outcome: 'missing',
        evidence: [],
        lookedFor: ['openssl'],
        message: expect.stringMatching(/^openssl was on the baseline \(release-1\.pdf\)/u),
        hint: expect.stringMatching(/^Switch it on again/u),
      },
      {
        ...row,
        id: 'baseline:own_thing',
        requirement: 'baseline: Own Thing',
        feature: { name: 'Own Thing' },
        outcome: 'missing',
        evidence: [],
        lookedFor: ['own_thing'],
        message: expect.stringMatching(/^Own Thing was on the baseline/u),
        hint: expect.stringMatching(/^Switch it on again/u),
      },
      {
        ...row,
        id: 'baseline:listener:rooteddevice',
        requirement: 'baseline: RootedDevice',
        feature: { name: 'RootedDevice' },
        outcome: 'no-listener',
        evidence: [{ document: 'pdf', where: 'page 1 at 213,900', text: 'RootedDevice' }],
        lookedFor: [],
        message: expect.stringMatching(/^The app does not listen .*RootedDevice/u),
        hint: expect.stringMatching(/^Add the listener/u),
      },
    ]);
    expect(verdict.findings.filter(({ code }) => code.startsWith('baseline.'))).toStrictEqual(
      rows.map(({ feature, message, hint }, index) => ({
        code: ['baseline.weakened', 'baseline.gone', 'baseline.gone', 'baseline.no-listener'][index],
        level: 'error',
        feature: feature?.name,
        message,
        hint,
      })),
    );
    expect(verdict.baseline).toMatchObject({ protections: '4', gone: '2', weakened: '1', newlyMissingListeners: '1' });
  });

  it('that holds is one row to the last field', () => {
    const rows = judged({}, { facts: {} }).requirements.filter((one) => one.rule === 'baseline');
    expect(rows).toStrictEqual([
      {
        id: 'baseline',
        rule: 'baseline',
        requirement: 'baseline',
        feature: null,
        reference: {},
        severity: 'error',
        outcome: 'satisfied',
        evidence: [],
        lookedFor: [],
        source: 'release-1.pdf',
        message: expect.stringMatching(/^All 3 protections/u),
      },
    ]);
    expect(Object.keys(judged({}, { facts: {} }).baseline ?? {})).toEqual([
      ...['path', 'sha256', 'kind', 'protections', 'gone', 'weakened', 'newlyMissingListeners', 'added'],
    ]);
  });

  it('records when its certificate was made, and the names that are new since', () => {
    const record = judged(
      { lines: [...GOOD, 'proxy_detection'] },
      { facts: { certificate_created: 'Monday' } },
    ).baseline;
    expect(record).toMatchObject({ certificateCreated: 'Monday', added: '1', addedNames: 'proxy_detection' });
  });

  it('holds where a listener that was missing is still missing', () => {
    const before = [{ name: 'Root Detection', key: 'root_detection', mode: 'In-App Detection' }];
    const now = { lines: ['anti_debugging', { name: 'Root Detection', mode: 'In-App Detection' }] };
    const verdict = judged(
      { ...now, listeners: ['RootedDevice'] },
      { features: before, missingListeners: ['rooteddevice'] },
    );
    expect(verdict.outcome).toBe('pass');
  });

  it('is weaker where one of two lines defends no more, and not judged where one is not understood', () => {
    const line = (mode: string, presence: 'present' | 'unknown' = 'present') => ({
      name: 'Root Detection',
      mode,
      presence,
    });
    const others = ['anti_debugging', 'openssl'];
    const two = judged({ lines: [...others, line('In-App Defense'), line('In-App Detection')] });
    expect(two.findings).toContainEqual(
      expect.objectContaining({
        code: 'baseline.weakened',
        message: expect.stringMatching(/acts as In-App Defense and In-App Detection now$/u),
      }),
    );
    expect(judged({ lines: [...others, line('In-App Defense'), line('In-App Detection', 'unknown')] }).outcome).toBe(
      'error',
    );
    const none = judged({ lines: [...others, 'root_detection'] });
    expect(none.findings).toContainEqual(
      expect.objectContaining({ message: expect.stringMatching(/acts as in no mode/u) }),
    );
  });

  it('tells new names sorted, each once, and only those that are shown', () => {
    const off = { name: 'aaa', presence: 'absent' as const };
    const verdict = judged({ lines: [...GOOD, 'zz', 'bb', 'zz', off] });
    expect(verdict.findings).toContainEqual(
      expect.objectContaining({ code: 'baseline.changed', message: 'New since the baseline: bb, zz' }),
    );
    expect(verdict.baseline?.added).toBe('2');
  });

  it('holds where only the key is printed, or only the name', () => {
    const features = [{ name: 'Display of Ours', key: 'own_key' }];
    expect(judged({ lines: ['anti_debugging', 'own_key'] }, { features }).outcome).toBe('pass');
    expect(judged({ lines: ['anti_debugging', 'Display of Ours'] }, { features }).outcome).toBe('pass');
    expect(judged({ lines: ['anti_debugging', 'x'] }, { features }).requirements.at(-1)).toMatchObject({
      feature: { name: 'Display of Ours', key: 'own_key' },
      lookedFor: ['display_of_ours', 'own_key'],
    });
  });

  it('tells another Fusion Set, and of very many names how many more there are', () => {
    const many = Array.from({ length: 40 }, (_, index) => `own_${String(index).padStart(2, '0')}`);
    const changes = { facts: { ...BASELINE.facts, fusion_set_id: 'another set', bundle_id: ' com.example.app ' } };
    const { findings } = judged({ lines: [...GOOD, ...many] }, changes);
    const told = findings.filter(({ code }) => code === 'baseline.changed');
    expect(told.every(({ level }) => level === 'note')).toBe(true);
    expect(told.map(({ message }) => message)).toContainEqual(expect.stringMatching(/Fusion Set.*another set/u));
    const news = told.find(({ message }) => message.startsWith('New since'))?.message ?? '';
    const named = news.split(' and ')[0]?.split(', ').length ?? 0;
    expect(news).toMatch(new RegExp(` and ${40 - named} more$`, 'u'));
    expect(findings.map(({ code }) => code)).not.toContain('baseline.other-app');
  });

  it('of facts that this certificate does not state tells nothing', () => {
    const { findings } = judged({ facts: { bundle_id: [], appdome_version: [], fusion_set_modified: [] } });
    expect(findings.filter(({ code }) => code.startsWith('baseline.'))).toEqual([]);
  });

  it('warns of a listener where the policy says so', () => {
    const { findings, requirements } = judged({ listeners: ['RootedDevice'] }, {}, 'warn');
    expect(findings).toContainEqual(expect.objectContaining({ code: 'baseline.no-listener', level: 'warning' }));
    expect(requirements.find(({ id }) => id.startsWith('baseline:listener'))?.severity).toBe('warning');
  });

  it('is no reason to pass where the policy requires nothing', () => {
    const verdict = evaluate(
      { rules: [], resolved: { require: [] }, baseline: BASELINE },
      { pdf: pdf({ lines: GOOD }), json: unknownJson() },
      EXPECTED,
    );
    expect(verdict.outcome).toBe('error');
  });
});
