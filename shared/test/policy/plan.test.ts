import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RequiredFeature } from '../../src/model/run-request.ts';
import { planPolicy, policySha256 } from '../../src/policy/rules/plan.ts';
import { required } from './synthetic-evidence.ts';

const enforce = (...names: string[]) => planPolicy({ required: required(...names), gate: 'enforce' });

describe('names', () => {
  it('become rules that say where they were written', () => {
    const written: RequiredFeature[] = [
      { name: ' root detection ', origin: { file: 'fusegate.yml', line: 4 } },
      { name: 'key: smali_obfuscation', origin: { option: 'requiredFeatures' } },
    ];
    const { plan, problems } = planPolicy({ required: written, gate: 'enforce', platform: 'android' });
    expect(problems).toEqual([]);
    expect(plan.rules).toMatchObject([
      {
        id: 'feature:root_detection',
        requirement: 'root detection',
        severity: 'error',
        source: 'fusegate.yml:4',
        condition: {
          kind: 'feature',
          name: 'Root Detection',
          key: 'root_detection',
          proofs: ['root_detection'],
          events: ['rooteddevice'],
          related: [],
        },
      },
      {
        id: 'key:smali_obfuscation',
        requirement: 'key: smali_obfuscation',
        severity: 'error',
        source: 'requiredFeatures',
        condition: { kind: 'key', printed: 'smali_obfuscation' },
      },
    ]);
    expect(plan.resolved).toEqual({ require: ['Root Detection', 'key: smali_obfuscation'] });
  });

  it('keep a verbatim name as it is, catalogue or not', () => {
    expect(enforce('KEY:  Whatever It Is™ ').plan.rules[0]?.condition).toEqual({
      kind: 'key',
      printed: 'Whatever It Is™',
    });
  });

  it.each([
    ['an unknown name', 'Rot Detection', /is not a known protection/u, /Root Detection/u],
    ['a name that is like nothing', 'zzqqxx', /is not a known protection/u, /fusegate features/u],
    ['nothing but a sign', '™', /is not a name/u, /Root Detection/u],
    ['a retired name', 'Mobile Client Certificates', /was retired by Appdome on 2023-12-31/u, /key: NAME/u],
    ['a verbatim entry without a name', 'key:  ', /has no name/u, /key: root_detection/u],
  ])('%s is a problem that names option, value and what to write', (_, value, message, allowed) => {
    const { problems, plan } = enforce(value);
    expect(plan.rules).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ option: '--required-features', value });
    expect(problems[0]?.message).toMatch(message);
    expect(problems[0]?.allowed).toMatch(allowed);
  });

  it('that are written twice are one rule, as first written', () => {
    const { plan } = enforce('root detection', 'Root Detection™', 'ROOT_DETECTION');
    expect(plan.rules.map((rule) => rule.requirement)).toEqual(['root detection']);
  });

  it('are all reported at once', () => {
    expect(
      enforce('Rot Detection', 'Root Detection', 'nonsense name', 'key:').problems.map((one) => one.value),
    ).toEqual(['Rot Detection', 'nonsense name', 'key:']);
  });

  it('that are known for the other platform alone are a problem where the platform is known', () => {
    const { problems } = planPolicy({ required: required('Root Detection'), gate: 'enforce', platform: 'ios' });
    expect(problems).toMatchObject([{ option: '--required-features', value: 'Root Detection' }]);
  });
});

describe('nothing required', () => {
  it('is a problem under enforce, with the line to paste', () => {
    expect(planPolicy({ required: [], gate: 'enforce', option: 'required_features' }).problems).toEqual([
      {
        option: 'required_features',
        message: 'nothing is required, and such a gate cannot pass',
        allowed: 'required_features "Root Detection, Anti-Debugging"',
      },
    ]);
  });

  it('is a notice under warn and nothing under disabled', () => {
    expect(planPolicy({ required: [], gate: 'warn' })).toMatchObject({
      problems: [],
      notices: [expect.stringMatching(/Nothing is required/u)],
    });
    expect(planPolicy({ required: [], gate: 'disabled' })).toMatchObject({ problems: [], notices: [] });
  });

  it('is not said beside the names that are wrong', () => {
    expect(enforce('Rot Detection').problems).toHaveLength(1);
  });
});

describe('the digest', () => {
  it('is of the canonical form', () => {
    // printf '%s' '{"require":["Anti-Debugging","Root Detection"]}' | sha256sum
    expect(policySha256(enforce('Root Detection', 'Anti-Debugging').plan)).toBe(
      '9285d3e9eccdcb46c73a7353df04efd06619e9bee7c0a94a0d3146f7310de09d',
    );
  });

  it('does not depend on order, case, signs or repetition', () => {
    const names = ['Root Detection', 'Anti-Debugging', 'Proxy Detection', 'key: openssl'];
    const digest = policySha256(enforce(...names).plan);
    const spelling = (name: string) =>
      name.startsWith('key:')
        ? fc.constantFrom(name, 'KEY:openssl ', ' key : openssl')
        : fc.constantFrom(name, name.toUpperCase(), `${name}™`, name.toLowerCase().replace(/[ -]/gu, '_'), ` ${name} `);
    fc.assert(
      fc.property(
        fc.shuffledSubarray(names, { minLength: 4 }),
        fc.array(fc.constantFrom(...names), { maxLength: 4 }),
        fc.infiniteStream(fc.nat(4)),
        (order, again, picks) => {
          const written = [...order, ...again].map((name) => {
            const forms = fc.sample(spelling(name), { numRuns: 5, seed: 7 });
            return forms[picks.next().value ?? 0] ?? name;
          });
          const { plan, problems } = enforce(...written);
          expect(problems).toEqual([]);
          expect(plan.rules).toHaveLength(4);
          expect(policySha256(plan)).toBe(digest);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('changes with what is required', () => {
    const digests = [
      ['Root Detection'],
      ['Anti-Debugging'],
      ['key: root_detection'],
      ['Root Detection', 'Anti-Debugging'],
    ].map((names) => policySha256(enforce(...names).plan));
    expect(new Set(digests).size).toBe(4);
  });
});
