/** Rules as results show them, judged or not. */
import { describe, expect, it } from 'vitest';
import { notJudged, requirementResultOf } from '../../src/policy/rules/not-judged.ts';
import type { Condition, Rule } from '../../src/policy/rules/rule.ts';

const protection: Condition = {
  kind: 'feature',
  name: 'Root Detection',
  key: 'root_detection',
  proofs: ['root_detection'],
  events: [],
  related: [],
  mentions: [],
  elsewhere: [],
  printing: 'seen',
};
const key: Condition = { kind: 'key', printed: 'openssl' };
const build: Condition = { kind: 'build', fact: 'sign_type', operator: '=', value: 'OnAppdome' };
const ruleOf = (condition: Condition, rest: Partial<Rule> = {}): Rule => ({
  id: 'r',
  requirement: 'as written',
  severity: 'error',
  source: 'p.yml:1',
  condition,
  ...rest,
});
const shown = (condition: Condition, rest: Partial<Rule> = {}) =>
  notJudged({ rules: [ruleOf(condition, rest)], resolved: {} }, 'why')[0];

describe('the kind of a rule', () => {
  it.each<[string, Condition]>([
    ['feature', protection],
    ['key', key],
    ['build', build],
    // Several values of one build fact, as a policy may list them.
    ['build', { kind: 'any-of', of: [build] }],
    ['build', { kind: 'any-of', of: [build, build] }],
    ['any-of', { kind: 'any-of', of: [build, protection] }],
    ['any-of', { kind: 'any-of', of: [protection, build] }],
    ['any-of', { kind: 'any-of', of: [protection, key] }],
    ['any-of', { kind: 'any-of', of: [] }],
    ['all-of', { kind: 'all-of', of: [build, build] }],
    ['at-least', { kind: 'at-least', count: 1, of: [build] }],
    ['forbid', { kind: 'forbid', subject: key }],
    ['listener', { kind: 'listener' }],
    ['signature-validity', { kind: 'signature-validity', minimumMs: 1 }],
  ])('%s', (kind, condition) => {
    expect(shown(condition)?.rule).toBe(kind);
  });
});

describe('a rule that was not judged', () => {
  it('has every field, and nothing of a judgement', () => {
    expect(shown(protection)).toStrictEqual({
      id: 'r',
      rule: 'feature',
      requirement: 'as written',
      feature: { name: 'Root Detection', key: 'root_detection' },
      reference: {},
      severity: 'error',
      outcome: 'not-evaluated',
      evidence: [],
      lookedFor: ['root_detection'],
      source: 'p.yml:1',
      message: 'why',
    });
  });

  it.each<[string, Condition, object]>([
    ['a component', { ...protection, component: true }, { component: true }],
    ['a component by its key', { ...key, component: true }, { component: true, feature: null }],
    ['no key', { ...key }, { feature: null, lookedFor: ['openssl'] }],
    ['a group of components', { kind: 'all-of', of: [{ ...key, component: true }] }, { rule: 'all-of', feature: null }],
  ])('%s', (_, condition, fields) => {
    expect(shown(condition)).toMatchObject(fields);
    expect(shown(condition)?.component).toBe('component' in fields ? true : undefined);
  });

  it('is not shown as waived, even if a waiver applies', () => {
    expect(shown(protection, { waivedBy: 'QA lab' })).not.toHaveProperty('waivedBy');
  });

  it('keeps what its author wrote, and every rule of the plan in order', () => {
    const reference = { id: 'SEC-1' };
    expect(shown(key, { reference, severity: 'warning' })).toMatchObject({ reference, severity: 'warning' });
    const rules = ['a', 'b'].map((id) => ruleOf(key, { id }));
    expect(notJudged({ rules, resolved: {} }, 'why').map(({ id }) => id)).toEqual(['a', 'b']);
  });
});

describe('a rule that was judged', () => {
  const judgement = { message: 'm', evidence: [], lookedFor: [] };

  it.each(['satisfied', 'missing', 'denied', 'unproven', 'no-listener', 'waived'] as const)('%s', (outcome) => {
    const result = requirementResultOf(ruleOf(protection, { waivedBy: 'QA lab' }), {
      ...judgement,
      outcome,
      hint: 'h',
    });
    expect(result).toMatchObject({ outcome, message: 'm', hint: 'h' });
    expect('waivedBy' in result).toBe(outcome === 'waived');
    expect(requirementResultOf(ruleOf(protection), { ...judgement, outcome })).not.toHaveProperty('hint');
  });
});
