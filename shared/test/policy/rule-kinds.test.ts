import { describe, expect, it } from 'vitest';
import type { DocumentReading } from '../../src/model/certificate.ts';
import type { RequirementOutcome, VerdictOutcome } from '../../src/model/verdict.ts';
import { asksForProtection } from '../../src/policy/rules/condition.ts';
import { evaluate } from '../../src/policy/rules/evaluate.ts';
import type { Condition, FeatureCondition, PolicyPlan, ThreatEventsRule } from '../../src/policy/rules/rule.ts';
import { NOW } from './policy-text.ts';
import { EXPECTED, json, pdf, plan, unknownJson, unreadable, wording } from './synthetic-evidence.ts';

/** What a policy file will be able to say; the options of today reach names only. */
function policyOf(condition: Condition, waivedBy?: string): PolicyPlan {
  const rule = { id: 'rule', requirement: 'the rule', severity: 'error' as const, source: 'policy.yml:3', condition };
  // A rule that asks for no protection would be judged beside none, and that is another row of the table.
  const beside = asksForProtection(condition) ? [] : plan('Anti-Debugging').rules;
  return {
    rules: [waivedBy === undefined ? rule : { ...rule, waivedBy }, ...beside],
    resolved: { require: ['the rule'] },
  };
}

function feature(name: string, threatEvents?: ThreatEventsRule): FeatureCondition {
  const [rule] = plan(name).rules;
  if (rule?.condition.kind !== 'feature') throw new Error(`${name} is no feature`);
  return threatEvents ? { ...rule.condition, threatEvents } : rule.condition;
}

const root = feature('Root Detection');
const debugging = feature('Anti-Debugging');
const proxy = feature('Proxy Detection');
const unknown = (name: string) => ({ name, presence: 'unknown' as const, value: 'null' });

interface Row {
  what: string;
  condition: Condition;
  pdf?: DocumentReading;
  json?: DocumentReading;
  outcome: RequirementOutcome;
  verdict: VerdictOutcome;
  waivedBy?: string;
}

const detects = { name: 'Root Detection', mode: 'In-App Detection' };
const defends = { name: 'Root Detection', mode: 'In-App Defense' };
const noPdf = unreadable('pdf');

const ROWS: Row[] = [
  // any-of
  {
    what: 'any-of, one is there',
    condition: { kind: 'any-of', of: [proxy, root] },
    outcome: 'satisfied',
    verdict: 'pass',
  },
  {
    what: 'any-of, none is there',
    condition: { kind: 'any-of', of: [proxy, feature('App Shielding')] },
    outcome: 'missing',
    verdict: 'fail',
  },
  { what: 'any-of nothing', condition: { kind: 'any-of', of: [] }, outcome: 'missing', verdict: 'fail' },
  {
    what: 'any-of, one has no answer',
    condition: { kind: 'any-of', of: [proxy, root] },
    pdf: noPdf,
    json: json({ lines: [unknown('root_detection')] }),
    outcome: 'unproven',
    verdict: 'error',
  },
  {
    what: 'any-of, the documents differ on one',
    condition: { kind: 'any-of', of: [proxy, root] },
    json: json({ lines: [{ name: 'root_detection', presence: 'absent' }] }),
    outcome: 'denied',
    verdict: 'error',
  },
  {
    what: 'any-of, the documents differ on one and another is there',
    condition: { kind: 'any-of', of: [debugging, root] },
    json: json({ lines: [{ name: 'root_detection', presence: 'absent' }, 'anti_debugging'] }),
    outcome: 'satisfied',
    verdict: 'error',
  },
  // all-of
  {
    what: 'all-of, all are there',
    condition: { kind: 'all-of', of: [debugging, root] },
    outcome: 'satisfied',
    verdict: 'pass',
  },
  {
    what: 'all-of, one is not',
    condition: { kind: 'all-of', of: [debugging, proxy] },
    outcome: 'missing',
    verdict: 'fail',
  },
  { what: 'all-of nothing', condition: { kind: 'all-of', of: [] }, outcome: 'missing', verdict: 'fail' },
  {
    what: 'all-of any-of',
    condition: { kind: 'all-of', of: [root, { kind: 'any-of', of: [proxy, debugging] }] },
    outcome: 'satisfied',
    verdict: 'pass',
  },
  // at-least
  {
    what: 'at-least, as many are there',
    condition: { kind: 'at-least', count: 2, of: [proxy, debugging, root] },
    outcome: 'satisfied',
    verdict: 'pass',
  },
  {
    what: 'at-least, fewer are there',
    condition: { kind: 'at-least', count: 3, of: [proxy, debugging, root] },
    outcome: 'missing',
    verdict: 'fail',
  },
  {
    what: 'at-least, one has no answer and is not needed',
    condition: { kind: 'at-least', count: 1, of: [debugging, root] },
    pdf: pdf({ lines: ['anti_debugging', { name: 'root_detection', unread: [wording('heading', 'New')] }] }),
    json: unknownJson(),
    outcome: 'satisfied',
    verdict: 'pass',
  },
  {
    what: 'at-least, one has no answer and is needed',
    condition: { kind: 'at-least', count: 2, of: [debugging, root] },
    pdf: pdf({ lines: ['anti_debugging', { name: 'root_detection', unread: [wording('heading', 'New')] }] }),
    json: unknownJson(),
    outcome: 'unproven',
    verdict: 'error',
  },
  {
    what: 'at-least, the documents differ on one that is not needed',
    condition: { kind: 'at-least', count: 1, of: [debugging, root] },
    json: json({ lines: [{ name: 'root_detection', presence: 'absent' }, 'anti_debugging'] }),
    outcome: 'satisfied',
    verdict: 'error',
  },
  { what: 'at-least none', condition: { kind: 'at-least', count: 0, of: [root] }, outcome: 'missing', verdict: 'fail' },
  // threat-events
  {
    what: 'in-app-detection, shown',
    condition: feature('Root Detection', 'in-app-detection'),
    pdf: pdf({ lines: [detects] }),
    json: unknownJson(),
    outcome: 'satisfied',
    verdict: 'pass',
  },
  {
    what: 'in-app-defense, detection shown',
    condition: feature('Root Detection', 'in-app-defense'),
    pdf: pdf({ lines: [detects] }),
    json: unknownJson(),
    outcome: 'denied',
    verdict: 'fail',
  },
  {
    what: 'any mode, defense shown',
    condition: feature('Root Detection', 'any'),
    pdf: pdf({ lines: [defends] }),
    json: unknownJson(),
    outcome: 'satisfied',
    verdict: 'pass',
  },
  {
    what: 'a mode that no source shows',
    condition: feature('Root Detection', 'in-app-detection'),
    outcome: 'unproven',
    verdict: 'error',
  },
  {
    what: 'any mode, and no source shows one',
    condition: feature('Root Detection', 'any'),
    outcome: 'unproven',
    verdict: 'error',
  },
  {
    what: 'two modes in two documents',
    condition: feature('Root Detection', 'in-app-detection'),
    pdf: pdf({ lines: [detects] }),
    json: json({ lines: [defends] }),
    outcome: 'denied',
    verdict: 'fail',
  },
  {
    what: 'the mode as asked, its listener missing',
    condition: feature('Root Detection', 'in-app-detection'),
    pdf: pdf({ lines: [detects], listeners: ['RootedDevice'] }),
    json: unknownJson(),
    outcome: 'no-listener',
    verdict: 'fail',
  },
  {
    what: 'the listener is listed in another case',
    condition: root,
    pdf: pdf({ lines: [detects], listeners: ['rootedDEVICE'] }),
    json: unknownJson(),
    outcome: 'no-listener',
    verdict: 'fail',
  },
  {
    what: 'the JSON lists the missing listener',
    condition: root,
    pdf: pdf({ lines: [detects] }),
    json: json({ lines: ['root_detection'], listeners: ['RootedDevice'] }),
    outcome: 'no-listener',
    verdict: 'fail',
  },
  // forbid
  { what: 'forbidden and shown', condition: { kind: 'forbid', subject: root }, outcome: 'denied', verdict: 'fail' },
  {
    what: 'forbidden, shown by the JSON only',
    condition: { kind: 'forbid', subject: root },
    pdf: pdf({ lines: ['anti_debugging'] }),
    outcome: 'denied',
    verdict: 'fail',
  },
  {
    what: 'forbidden, whole list without it',
    condition: { kind: 'forbid', subject: proxy },
    outcome: 'satisfied',
    verdict: 'pass',
  },
  {
    what: 'forbidden, list not whole',
    condition: { kind: 'forbid', subject: proxy },
    pdf: pdf({ complete: false }),
    outcome: 'unproven',
    verdict: 'error',
  },
  {
    what: 'forbidden, JSON alone without it',
    condition: { kind: 'forbid', subject: proxy },
    pdf: noPdf,
    outcome: 'unproven',
    verdict: 'error',
  },
  {
    what: 'forbidden, JSON alone with an unreadable value',
    condition: { kind: 'forbid', subject: proxy },
    pdf: noPdf,
    json: json({ lines: [unknown('proxy_detection'), 'x'] }),
    outcome: 'unproven',
    verdict: 'error',
  },
  {
    what: 'forbidden, the documents differ',
    condition: { kind: 'forbid', subject: root },
    json: json({ lines: [{ name: 'root_detection', presence: 'absent' }] }),
    outcome: 'unproven',
    verdict: 'error',
  },
  // listener
  { what: 'no listener is missing', condition: { kind: 'listener' }, outcome: 'satisfied', verdict: 'pass' },
  {
    what: 'a listener is missing',
    condition: { kind: 'listener' },
    pdf: pdf({ listeners: ['RootedDevice'] }),
    outcome: 'no-listener',
    verdict: 'fail',
  },
  { what: 'listeners, JSON alone', condition: { kind: 'listener' }, pdf: noPdf, outcome: 'unproven', verdict: 'error' },
  {
    what: 'listeners, and the warning may be there in other words',
    condition: { kind: 'listener' },
    pdf: pdf({ listenerDoubts: [wording('text', 'Implementations are missing')] }),
    outcome: 'unproven',
    verdict: 'error',
  },
  {
    what: 'listeners, and the list ends nowhere',
    condition: { kind: 'listener' },
    pdf: pdf({ bounded: false }),
    outcome: 'unproven',
    verdict: 'error',
  },
  // signature
  ...(
    [
      ['Jul 24, 2045, 15:02:50', 'satisfied', 'pass'],
      ['Dec 21, 2026, 12:00:00', 'satisfied', 'pass'],
      ['Dec 21, 2026, 11:59:59', 'denied', 'fail'],
      [['Jul 24, 2045, 15:02:50', 'Nov 22, 2026, 15:02:50'], 'denied', 'fail'],
      ['24 July 2045', 'unproven', 'error'],
      ['Feb 31, 2045, 15:02:50', 'unproven', 'error'],
      [[], 'unproven', 'error'],
    ] as const
  ).map(([ends, outcome, verdict]) => ({
    what: `a signature that ends on ${ends}`,
    condition: { kind: 'signature-validity' as const, minimumMs: 30 * 24 * 60 * 60 * 1000 },
    pdf: pdf({ facts: { signature_expires: ends as string | string[] } }),
    outcome,
    verdict,
  })),
  // build
  {
    what: 'a build fact as asked',
    condition: { kind: 'build', fact: 'sign_type', operator: '=', value: 'onappdome' },
    outcome: 'satisfied',
    verdict: 'pass',
  },
  {
    what: 'a boolean in another form',
    condition: { kind: 'build', fact: 'extended_logs', operator: '=', value: 'false' },
    json: json({ facts: { extended_logs: '0' } }),
    outcome: 'satisfied',
    verdict: 'pass',
  },
  {
    what: 'another build fact',
    condition: { kind: 'build', fact: 'sign_type', operator: '=', value: 'PrivateSign' },
    outcome: 'denied',
    verdict: 'fail',
  },
  {
    what: 'a build fact that nobody states',
    condition: { kind: 'build', fact: 'min_sdk_version', operator: '=', value: '24' },
    outcome: 'unproven',
    verdict: 'error',
  },
  // waivers
  {
    what: 'waived, alone: nothing is left that could fail',
    condition: proxy,
    waivedBy: 'QA lab, until 2026-12-31',
    outcome: 'waived',
    verdict: 'error',
  },
  { what: 'waived but satisfied', condition: root, waivedBy: 'QA lab', outcome: 'satisfied', verdict: 'pass' },
  {
    what: 'a waiver lifts no disagreement',
    condition: root,
    waivedBy: 'QA lab',
    json: json({ lines: [{ name: 'root_detection', presence: 'absent' }] }),
    outcome: 'denied',
    verdict: 'error',
  },
];

describe('every kind of rule', () => {
  it.each(ROWS)('$what: $outcome', (row) => {
    const evidence = { pdf: row.pdf ?? pdf(), json: row.json ?? json() };
    const verdict = evaluate(policyOf(row.condition, row.waivedBy), evidence, { ...EXPECTED, now: NOW });
    expect(verdict.requirements[0]?.outcome).toBe(row.outcome);
    expect(verdict.outcome).toBe(row.verdict);
    expect(verdict.requirements[0]?.rule).toBe(row.condition.kind);
  });

  it('a waived rule beside a satisfied one passes and says by what', () => {
    const rules = [...plan('Root Detection').rules, ...policyOf(proxy, 'QA lab, until 2026-12-31').rules];
    const verdict = evaluate({ rules, resolved: {} }, { pdf: pdf(), json: json() }, EXPECTED);
    expect(verdict.outcome).toBe('pass');
    expect(verdict.requirements.map((one) => one.waivedBy)).toEqual([undefined, 'QA lab, until 2026-12-31']);
  });

  it('a rule of severity warning warns and blocks nothing', () => {
    const rules = [
      ...plan('Root Detection').rules,
      ...policyOf(proxy).rules.map((rule) => ({ ...rule, severity: 'warning' as const })),
    ];
    const verdict = evaluate({ rules, resolved: {} }, { pdf: pdf(), json: json() }, EXPECTED);
    expect(verdict.outcome).toBe('pass');
    expect(verdict.findings).toContainEqual(expect.objectContaining({ code: 'feature.missing', level: 'warning' }));
  });

  it('all-of rests on the JSON as soon as one of its names does', () => {
    const evidence = { pdf: pdf({ lines: ['root_detection'], complete: false }), json: json() };
    const verdict = evaluate(policyOf({ kind: 'all-of', of: [root, debugging] }), evidence, EXPECTED);
    expect(verdict).toMatchObject({ outcome: 'pass', evidence: 'inferred' });
    expect(evaluate(policyOf({ kind: 'all-of', of: [root] }), evidence, EXPECTED).evidence).toBe('verified');
  });

  it('only warnings never pass', () => {
    const rules = plan('Root Detection').rules.map((rule) => ({ ...rule, severity: 'warning' as const }));
    expect(evaluate({ rules, resolved: {} }, { pdf: pdf(), json: json() }, EXPECTED).outcome).toBe('error');
  });
});
