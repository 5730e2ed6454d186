/** Waivers one by one: their day, their scope, and what is said of them. */
import { describe, expect, it } from 'vitest';
import type { DocumentReading } from '../../src/model/certificate.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import type { Waiver } from '../../src/policy/rules/rule.ts';
import { canonicalWaiver, daysLeft } from '../../src/policy/waivers/waivers.ts';
import { endOf } from '../../src/text/calendar-day.ts';
import { judgedBy, NOW, planned } from './policy-text.ts';
import { FUSION_SET_ID, json, pdf, unknownJson, wording } from './synthetic-evidence.ts';

const about = (feature: string, expires = '2027-03-31', more = '') =>
  `{ feature: ${feature}, reason: QA lab needs it, owner: mobile-security, expires: ${expires}${more} }`;
const NEEDS_PROXY = 'require: [Root Detection, Proxy Detection]';

describe('the last day', () => {
  it.each<[string, string | undefined]>([
    ['2026-11-21', '2026-11-22T00:00:00.000Z'],
    ['2028-02-29', '2028-03-01T00:00:00.000Z'],
    ['2026-02-29', undefined],
    ['2026-2-3', undefined],
    ['tomorrow', undefined],
    ['', undefined],
  ])('%j ends at %s', (expires, end) => {
    expect(endOf(expires)).toBe(end === undefined ? undefined : Date.parse(end));
  });

  it.each([
    ['2026-11-21', 1],
    ['2026-11-22', 2],
    ['2026-11-20', 0],
    ['2026-11-18', -2],
    ['never', Number.NEGATIVE_INFINITY],
  ])('%s leaves %d days', (expires, days) => {
    // Minus nought is nought.
    expect(daysLeft(expires, NOW) + 0).toBe(days);
  });
});

describe('as written', () => {
  const written = async (waivers: string, more = '') => planned(`${NEEDS_PROXY}\nwaivers: [${waivers}]${more}`);

  it('a good one is kept with its subject and its place', async () => {
    const { plan, problems } = await written(about('proxy_detection'));
    expect(problems).toEqual([]);
    expect(plan.waivers).toMatchObject([
      { subjects: ['feature:proxy_detection'], orphans: [], source: 'policy.yml:2' },
    ]);
  });

  it.each([
    ['an unknown name', about('Rot Detection'), ['Rot Detection']],
    ['a day that is none', about('Proxy Detection', '2026-02-30'), ['2026-02-30']],
    ['both', about('Rot Detection', '2026-02-30'), ['Rot Detection', '2026-02-30']],
  ])('one with %s is not kept', async (_, text, values) => {
    const { plan, problems } = await written(text);
    expect(plan.waivers).toBeUndefined();
    expect(problems.map(({ value }) => value)).toEqual(values);
  });

  it('a day that is none says what a day is', async () => {
    const { problems } = await written(about('Proxy Detection', '2026-02-30'));
    expect(problems[0]).toMatchObject({ message: 'is not a calendar day', allowed: 'YYYY-MM-DD' });
  });

  it.each([
    ['2026-11-30', []],
    ['2026-12-01', ['2026-11-30 at the latest']],
  ])('until %s, of ten days that are allowed', async (expires, allowed) => {
    const { problems } = await written(about('Proxy Detection', expires), '\nmax-waiver-days: 10');
    expect(problems.map((problem) => problem.allowed)).toEqual(allowed);
  });

  it('says all of itself on one line, in one order', () => {
    const waiver: Waiver = {
      features: ['b', 'a'],
      subjects: ['feature:y', 'feature:x'],
      orphans: [],
      reason: 'r',
      owner: 'o',
      ticket: 't',
      expires: '2026-12-31',
      scope: { platform: 'ios', fusionSetId: 'f', bundleId: 'b' },
      source: 'p.yml:1',
    };
    expect(canonicalWaiver(waiver)).toBe(
      '{"subjects":["feature:x","feature:y"],"expires":"2026-12-31","owner":"o","reason":"r","ticket":"t","scope":{"bundleId":"b","fusionSetId":"f","platform":"ios"}}',
    );
  });
});

describe('the scope', () => {
  const outcome = async (
    scope: string,
    one: DocumentReading,
    other: DocumentReading = unknownJson(),
    platform?: 'android',
  ) =>
    (
      await judgedBy(`${NEEDS_PROXY}\nwaivers: [${about('Proxy Detection', undefined, `, scope: { ${scope} }`)}]`, {
        evidence: { pdf: one, json: other },
        input: { platform },
      })
    ).outcome;

  it('stays in the record where it is another build, with what differs, and behind the failure', async () => {
    const scope = 'bundle-id: com.example.qa.*, platform: ios';
    const verdict = await judgedBy(
      `${NEEDS_PROXY}\nwaivers: [${about('Proxy Detection', undefined, `, scope: { ${scope} }`)}]`,
      { evidence: { pdf: pdf({ facts: { bundle_id: 'com.example.app' } }), json: unknownJson() } },
    );
    const mismatch = 'bundle-id com.example.app, not com.example.qa.*; platform android, not ios';
    expect(verdict.waivers).toMatchObject([{ state: 'out-of-scope', mismatch }]);
    const unmet = verdict.requirements.find(({ id }) => id === 'feature:proxy_detection');
    expect(unmet?.message).toContain(`is not for this build (${mismatch})`);
    expect(verdict.findings.filter(({ code }) => code.startsWith('waiver.'))).toEqual([]);
  });

  const facts = (values: Record<string, string>) => pdf({ facts: values });
  it.each<[string, string, DocumentReading, DocumentReading | undefined, 'pass' | 'fail']>([
    [
      'a bundle id between blanks',
      'bundle-id: com.example.qa',
      facts({ bundle_id: ' com.example.qa ' }),
      undefined,
      'pass',
    ],
    ...(
      [
        [
          'stated in a part of the JSON that is not known',
          { bundle_id: { ...wording('text', 'x'), document: 'json' } },
          'fail',
        ],
        ['stated by the JSON', {}, 'pass'],
      ] as const
    ).map(([where, above, expected]): [string, string, DocumentReading, DocumentReading, 'pass' | 'fail'] => [
      `a bundle id ${where}`,
      'bundle-id: com.example.qa',
      pdf(),
      json({ facts: { bundle_id: 'com.example.qa' }, above }),
      expected,
    ]),
    ['a Fusion Set in another case', `fusion-set-id: ${FUSION_SET_ID.toUpperCase()}`, pdf(), undefined, 'pass'],
    ['the platform that is printed', 'platform: ios', facts({ platform: 'iOS' }), undefined, 'pass'],
    ['another platform that is printed', 'platform: ios', facts({ platform: 'Android' }), undefined, 'fail'],
    ['the platform of the file type', 'platform: ios', pdf(), unknownJson({ app_type: 'ipa' }), 'pass'],
    ['another platform of the file type', 'platform: ios', pdf(), unknownJson({ app_type: 'aab' }), 'fail'],
    [
      'a file type that says nothing',
      'platform: ios',
      facts({ platform: 'iOS' }),
      unknownJson({ app_type: 'zip' }),
      'pass',
    ],
    ['nothing that says the platform', 'platform: ios', pdf(), unknownJson({ app_type: 'zip' }), 'fail'],
  ])('%s', async (_, scope, one, other, expected) => {
    expect(await outcome(scope, one, other)).toBe(expected);
  });

  it('of a platform holds where the run says the platform and no document contradicts', async () => {
    expect(await outcome('platform: android', pdf(), undefined, 'android')).toBe('pass');
    expect(await outcome('platform: ios', pdf(), undefined, 'android')).toBe('fail');
  });
});

describe('what they lift', () => {
  const codes = (verdict: Verdict) =>
    verdict.findings
      .filter(({ code }) => code.startsWith('waiver.'))
      .map(({ code, level, feature }) => [code, level, feature]);

  it('Diagnostic Logs by that name', async () => {
    const forbids = 'require: [Root Detection]\nforbid: [Diagnostic Logs]';
    const evidence = { json: unknownJson({ extended_logs: 'true' }) };
    expect((await judgedBy(forbids, { evidence })).outcome).toBe('fail');
    const verdict = await judgedBy(`${forbids}\nwaivers: [${about('Diagnostic Logs')}]`, { evidence });
    expect(verdict.outcome).toBe('pass');
    expect(codes(verdict)).toEqual([]);
  });

  it('is named in why the rule is not met, once it has ended', async () => {
    const verdict = await judgedBy(`${NEEDS_PROXY}\nwaivers: [${about('Proxy Detection', '2026-11-20')}]`);
    const unmet = verdict.requirements.find(({ outcome }) => outcome === 'missing');
    expect(unmet?.message).toMatch(/^Proxy Detection .*; the waiver of \S+ \[.+\] ended on 2026-11-20$/u);
    expect(verdict.findings.find(({ code }) => code === 'feature.missing')?.message).toBe(unmet?.message);
    const proven = await judgedBy(`require: [Root Detection]\nwaivers: [${about('Root Detection', '2026-11-20')}]`);
    expect(proven.requirements.map(({ message }) => message).join()).not.toContain('ended');
  });

  it('is said of each: used, soon over, over, or of no use', async () => {
    const soon = await judgedBy(
      `require: [Root Detection, Proxy Detection, Anti-Debugging]\nwaivers: [${about('Proxy Detection', '2026-11-22')}, ${about('Anti-Debugging')}, ${about('App Shielding', '2026-11-20')}]`,
      { evidence: { json: json({ lines: ['root_detection', 'anti_debugging'] }) } },
    );
    expect(soon.outcome).toBe('pass');
    expect(codes(soon)).toEqual([
      ['waiver.expired', 'warning', 'App Shielding'],
      ['waiver.unused', 'warning', 'Anti-Debugging'],
      ['waiver.expires-soon', 'warning', 'Proxy Detection'],
    ]);
    const message = soon.findings.find(({ code }) => code === 'waiver.expires-soon')?.message;
    expect(message).toMatch(/ends in 2 days, after 2026-11-22/u);
    const today = await judgedBy(`${NEEDS_PROXY}\nwaivers: [${about('Proxy Detection', '2026-11-21')}]`);
    expect(today.findings.find(({ code }) => code === 'waiver.expires-soon')?.message).toMatch(/ends in 1 day, after/u);
  });
});

describe('several features, globs and words that say something', () => {
  const waived = async (
    waiver: string,
    facts: Record<string, string> = {},
    required = 'Root Detection, Proxy Detection, { key: own }',
  ) =>
    judgedBy(
      `require: [${required}]\nwaivers: [{ ${waiver}, reason: QA lab needs it, owner: mobile-security, expires: 2027-03-31 }]`,
      {
        evidence: { pdf: pdf({ facts }), json: unknownJson() },
      },
    );

  it('lifts each of its features, and is one record', async () => {
    const verdict = await waived('features: [Proxy Detection, "key: own"], ticket: SEC-1');
    expect(verdict.outcome).toBe('pass');
    expect(verdict.requirements.filter(({ outcome }) => outcome === 'waived')).toHaveLength(2);
    expect(verdict.waivers).toMatchObject([
      { features: ['Proxy Detection', 'key: own'], ticket: 'SEC-1', state: 'active' },
    ]);
    expect(verdict.requirements.find(({ waivedBy }) => waivedBy)?.waivedBy).toContain('(SEC-1)');
  });

  it.each<[string, string, string]>([
    ['feature: Anti-Debugging', 'orphan', 'waiver.orphan'],
    ['feature: Root Detection', 'unused', 'waiver.unused'],
    ['features: [Proxy Detection, Anti-Debugging]', 'active', 'waiver.orphan'],
  ])('{ %s } is %s', async (waiver, state, code) => {
    const verdict = await waived(waiver);
    expect(verdict.waivers.map((one) => one.state)).toEqual([state]);
    expect(verdict.findings.map((finding) => finding.code)).toContain(code);
  });

  it.each([
    ['com.example.qa.*', 'com.example.qa.a', 'pass'],
    ['com.example.qa.*', 'com.example.qa.a.b', 'pass'],
    ['com.*.qa', 'com.example.qa', 'pass'],
    ['*', 'com.example', 'pass'],
    ['com.example.qa.*', 'com.example.qa', 'fail'],
    ['com.example.qa.*', 'com.example.qab', 'fail'],
    ['com.*.qa', 'com.example.qa.b', 'fail'],
    ['a*aa', 'aa', 'fail'],
  ])('the scope %s of %s: %s', async (scope, bundle, outcome) => {
    const verdict = await waived(
      `feature: Proxy Detection, scope: { bundle-id: "${scope}" }`,
      { bundle_id: bundle },
      'Root Detection, Proxy Detection',
    );
    expect(verdict.outcome).toBe(outcome);
  });

  it.each(['QA lab needs a proxy until 3.2 ships', 'an older phone', 'テスト端末が必要です'])(
    '%s is a reason',
    async (reason) => {
      const text = `require: [Anti-Debugging, Root Detection]\nwaivers: [{ feature: Anti-Debugging, reason: ${reason}, owner: appsec, expires: 2026-12-31 }]`;
      expect((await planned(text)).problems).toEqual([]);
    },
  );

  it.each(['"-"', 'tbd', 'n/a', '"   "', '...', 'TODO', '"12345"', '"???"', 'because', 'temporary', '1 2 3', 'a b'])(
    '%s is no reason',
    async (reason) => {
      await expect(
        planned(
          `require: [Anti-Debugging]\nwaivers: [{ feature: Anti-Debugging, reason: ${reason}, owner: mobile-security, expires: 2026-12-31 }]`,
        ),
      ).rejects.toThrow(/waivers\[1\]\.reason/u);
    },
  );

  it.each(['"-"', 'tbd', 'n/a', '"   "', 'me', 'todo', '"@"'])('%s is no owner', async (owner) => {
    await expect(
      planned(
        `require: [Anti-Debugging]\nwaivers: [{ feature: Anti-Debugging, reason: QA lab needs it, owner: ${owner}, expires: 2026-12-31 }]`,
      ),
    ).rejects.toThrow(/waivers\[1\]\.owner/u);
  });

  it('may reach 365 days ahead where nobody says how far', async () => {
    const until = async (day: string) =>
      (await planned(`${NEEDS_PROXY}\nwaivers: [${about('Proxy Detection', day)}]`)).problems.map(({ value }) => value);
    expect(await until('2027-11-20')).toEqual([]);
    expect(await until('2027-11-21')).toEqual(['2027-11-21']);
  });
});
