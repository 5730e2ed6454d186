/** Rules cannot share an id unless they say the same thing: else one of them would not be judged. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergePolicies } from '../../src/policy/file/policy-chain.ts';
import { readPolicyText } from '../../src/policy/file/policy-file.ts';
import { planPolicy } from '../../src/policy/rules/plan.ts';
import type { Condition, Rule, SubjectCondition } from '../../src/policy/rules/rule.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { planned } from './policy-text.ts';

/** Names that try to read like a part of an id. */
const key = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    'a,key:b',
    'a)',
    '(a',
    'a),key:b',
    'a:any',
    'a@ios',
    'key:a',
    'a%2ckey',
    'a%',
    'any-of(key:a',
    'a(',
    '%28',
  ),
  fc
    .string({ unit: fc.constantFrom(...'ab,:()@%=<>-'), minLength: 1, maxLength: 6 })
    .filter((text) => text.trim() !== ''),
);
const mode = fc.constantFrom('in-app-detection', 'in-app-defense', 'any');
const named = fc.oneof(
  fc.record({ key, 'threat-events': mode }, { requiredKeys: ['key'] }),
  fc.record({ feature: fc.constantFrom('Anti-Debugging', 'App Shielding', 'Tricky (One), Two') }),
);
const inner = fc.oneof(
  { weight: 3, arbitrary: named },
  { weight: 1, arbitrary: fc.record({ 'any-of': fc.array(named, { minLength: 1, maxLength: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ 'all-of': fc.array(named, { minLength: 1, maxLength: 3 }) }) },
);
const entry = fc.oneof(
  { weight: 2, arbitrary: inner },
  { weight: 1, arbitrary: fc.record({ 'any-of': fc.array(inner, { minLength: 1, maxLength: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ 'all-of': fc.array(inner, { minLength: 1, maxLength: 3 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ 'at-least': fc.constant(1), of: fc.array(inner, { minLength: 1, maxLength: 3 }) }),
  },
);
const value = fc.constantFrom('x', 'x,build:app_type=y', 'x@ios', 'x)', '24', '>=24', '<24', 'x%40ios');
const section = fc.record(
  {
    require: fc.array(entry, { maxLength: 4 }),
    forbid: fc.array(fc.record({ key }), { maxLength: 2 }),
    build: fc.record({
      'app-type': fc.oneof(value, fc.array(fc.constantFrom('x', 'y', 'x@ios'), { minLength: 1, maxLength: 2 })),
    }),
  },
  { requiredKeys: ['require'] },
);
const policy = fc.record({ version: fc.constant(1), aliases: fc.constant({ 'Tricky (One), Two': ['tricky_one'] }) });
const document = fc
  .tuple(policy, section, section, section)
  .map(([head, all, android, ios]) => ({ ...head, ...all, android, ios }));

/** What a condition says, without how it is spelt. */
function meaning(condition: Condition): unknown {
  const subject = (one: SubjectCondition) => [
    one.kind,
    one.kind === 'key' ? one.printed : one.name,
    one.threatEvents ?? '',
  ];
  switch (condition.kind) {
    case 'feature':
    case 'key':
      return subject(condition);
    case 'any-of':
    case 'all-of':
    case 'at-least': {
      const of = [...new Set(condition.of.map((one) => JSON.stringify(meaning(one))))].sort();
      return [condition.kind, condition.kind === 'at-least' ? condition.count : 0, of];
    }
    case 'forbid':
      return ['forbid', subject(condition.subject)];
    case 'build':
      return ['build', condition.fact, condition.operator, condition.value.toLowerCase()];
    default:
      return condition;
  }
}
const whole = (rule: Rule) => JSON.stringify([meaning(rule.condition), rule.platform ?? '']);

describe('ids', () => {
  it('of different rules differ, whatever their names hold', async () => {
    await fc.assert(
      fc.asyncProperty(document, async (written) => {
        const read = await readPolicyText(JSON.stringify(written), 'p.yml');
        if (!read.ok) throw new Error(JSON.stringify(read.problems));
        const merged = mergePolicies([read.file]).policy;
        // Each entry by itself, so that none has been left out as one that another covers.
        const rules = merged.entries.flatMap(
          (one) => planPolicy({ required: [], gate: 'disabled', policy: { ...merged, entries: [one] } }).plan.rules,
        );
        const meanings = new Map<string, string>();
        for (const rule of rules) {
          expect(meanings.get(rule.id) ?? whole(rule)).toBe(whole(rule));
          meanings.set(rule.id, whole(rule));
        }
        // And every one is judged, or another one of the same protection that is stricter.
        const { plan } = planPolicy({ required: [], gate: 'disabled', policy: merged });
        const judged = new Set(plan.rules.map(whole));
        for (const rule of rules) {
          const { condition } = rule;
          const covered =
            judged.has(whole(rule)) ||
            judged.has(JSON.stringify([meaning(condition), ''])) ||
            ((condition.kind === 'feature' || condition.kind === 'key') &&
              (condition.threatEvents ?? 'any') === 'any' &&
              plan.rules.some(
                (other) =>
                  other.condition.kind === condition.kind &&
                  JSON.stringify(meaning({ ...other.condition, threatEvents: 'any' } as SubjectCondition)) ===
                    JSON.stringify(meaning({ ...condition, threatEvents: 'any' })) &&
                  other.condition.threatEvents !== undefined,
              ));
          expect(covered, rule.id).toBe(true);
        }
      }),
      propertyRuns(100, 2000),
    );
  }, 120_000);

  it.each([
    ['require: [{ any-of: [{ key: a }, { key: b }] }, { any-of: [{ key: "a,key:b" }] }]', 2],
    [
      'require: [{ any-of: [{ any-of: [{ key: a }] }, { key: b }] }, { any-of: [{ any-of: [{ key: a }, { key: b }] }] }]',
      2,
    ],
    ['require: [{ any-of: [{ key: "a),key:b" }] }, { any-of: [{ key: "a)" }, { key: b }] }]', 2],
    ['require: [{ at-least: 1, of: [{ key: a }, { key: b }] }, { any-of: [{ key: a }, { key: b }] }]', 2],
    ['require: [{ key: a }]\nbuild: { app-type: "x@ios" }\nios: { build: { app-type: x } }', 3],
  ])('%s: %d rules', async (text, count) => {
    const { plan, problems } = await planned(text, { platform: undefined });
    expect(problems).toEqual([]);
    expect(plan.rules).toHaveLength(count);
    expect(new Set(plan.rules.map(({ id }) => id)).size).toBe(count);
  });

  it('and their digests differ', async () => {
    const resolved = async (text: string) => JSON.stringify((await planned(`require: [${text}]`)).plan.resolved);
    expect(await resolved('{ key: "a (warning)" }, { key: b }')).not.toBe(
      await resolved('{ key: a, severity: warning }, { key: b }'),
    );
    expect(await resolved('{ key: "own:any" }')).not.toBe(await resolved('{ key: own, threat-events: any }'));
  });
});
