/** What must hold for every policy: written again here from the rules of the verdict, not from the code. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseName } from '../../src/catalogue/names.ts';
import type { DocumentReading, Evidence, Presence } from '../../src/model/certificate.ts';
import { mergePolicies } from '../../src/policy/file/policy-chain.ts';
import type { PolicyFile } from '../../src/policy/file/policy-file.ts';
import type { PolicyDocument } from '../../src/policy/file/policy-schema.ts';
import { evaluate } from '../../src/policy/rules/evaluate.ts';
import { planPolicy, policySha256 } from '../../src/policy/rules/plan.ts';
import type { PolicyPlan } from '../../src/policy/rules/rule.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { NOW } from './policy-text.ts';
import { EXPECTED, json, type Line, pdf, unknownJson, unreadable } from './synthetic-evidence.ts';

const RUNS = propertyRuns(200);

const PROVEN_BY: Record<string, string> = {
  'Root Detection': 'root_detection',
  'Anti-Debugging': 'anti_debugging',
  'Proxy Detection': 'proxy_detection',
  'Detect Unknown Sources': 'unknown_sources_detection',
};
const NAMES = Object.keys(PROVEN_BY);
const PRINTED = [...Object.values(PROVEN_BY), ...NAMES, 'openssl', 'extended_logs', 'RootedDevice', 'os_integrity'];

const line: fc.Arbitrary<Line> = fc.record(
  {
    name: fc.constantFrom(...PRINTED),
    presence: fc.constantFrom<Presence>('present', 'present', 'present', 'present', 'absent', 'unknown'),
    mode: fc.constantFrom('In-App Detection', 'In-App Defense', 'Threat-Memory'),
  },
  { requiredKeys: ['name', 'presence'] },
);
const facts = fc.record(
  {
    min_sdk_version: fc.constantFrom('21', '24', '24.1', 'x'),
    extended_logs: fc.constantFrom('true', 'false', '1'),
    bundle_id: fc.constantFrom('com.example.qa', 'com.example.app'),
    platform: fc.constantFrom('Android', 'iOS'),
  },
  { requiredKeys: [] },
);
const document = (kind: 'pdf' | 'json'): fc.Arbitrary<DocumentReading> =>
  fc.oneof(
    { weight: 1, arbitrary: fc.constant(kind === 'json' ? unknownJson() : unreadable(kind)) },
    {
      weight: 5,
      arbitrary: fc
        .record({
          lines: fc.array(line, { minLength: 1, maxLength: 8 }),
          facts,
          listeners: fc.subarray(['RootedDevice', 'UnknownSourcesEnabled']),
          complete: kind === 'pdf' ? fc.boolean() : fc.constant(false),
        })
        .map((spec) => (kind === 'pdf' ? pdf(spec) : json(spec))),
    },
  );
const evidence: fc.Arbitrary<Evidence> = fc.record({ pdf: document('pdf'), json: document('json') });

const severity = fc.constantFrom('error' as const, 'error' as const, 'warning' as const);
const mode = fc.constantFrom('in-app-detection' as const, 'in-app-defense' as const, 'any' as const);
const name = fc.constantFrom(...NAMES);
type Entries = NonNullable<PolicyDocument['require']>;
const entry: fc.Arbitrary<Entries[number]> = fc.oneof(
  { weight: 4, arbitrary: name },
  {
    weight: 1,
    arbitrary: fc.record({ feature: name, 'threat-events': mode, severity }, { requiredKeys: ['feature'] }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ key: fc.constantFrom('openssl', 'root_detection'), severity }, { requiredKeys: ['key'] }),
  },
  { weight: 1, arbitrary: fc.record({ 'any-of': fc.array(name, { minLength: 1, maxLength: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ 'all-of': fc.array(name, { minLength: 1, maxLength: 2 }) }) },
);
const waiver = fc.record(
  {
    feature: name,
    reason: fc.constant('synthetic'),
    owner: fc.constant('team'),
    expires: fc.constantFrom('2026-11-20', '2026-11-21', '2027-01-01'),
    scope: fc.record({ 'bundle-id': fc.constant('com.example.qa') }),
  },
  { requiredKeys: ['feature', 'reason', 'owner', 'expires'] },
);
const sections = {
  require: fc.array(entry, { minLength: 1, maxLength: 3 }),
  forbid: fc.subarray(['Diagnostic Logs', 'key: other_thing']),
  build: fc.record({ 'min-sdk-version': fc.constantFrom('>=24', 24, '<25') }, { requiredKeys: [] }),
};
const policy: fc.Arbitrary<PolicyDocument> = fc.record(
  {
    version: fc.constant(1 as const),
    ...sections,
    android: fc.record({ require: fc.array(entry, { maxLength: 2 }) }),
    ios: fc.record({ require: fc.array(entry, { maxLength: 2 }) }),
    'missing-threat-event-listeners': fc.constantFrom('fail' as const, 'warn' as const, 'ignore' as const),
    waivers: fc.array(waiver, { maxLength: 2 }),
  },
  { requiredKeys: ['version', 'require'] },
);
/** What a locked policy lets others add. */
const tightening: fc.Arbitrary<PolicyDocument> = fc.record(
  {
    version: fc.constant(1 as const),
    ...sections,
    'missing-threat-event-listeners': fc.constant('fail' as const),
    evidence: fc.constantFrom('pdf' as const, 'both' as const),
    'max-waiver-days': fc.constantFrom(1, 30),
  },
  { requiredKeys: ['version'] },
);

function file(document: PolicyDocument, label = 'p.yml'): PolicyFile {
  const place = { line: 1, column: 1 };
  return { label, document, placeOf: () => place, placeOfKey: () => place };
}

/** undefined where the policy is refused: it cannot pass then either. */
function planOf(...documents: PolicyDocument[]): PolicyPlan | undefined {
  const { policy: merged, problems } = mergePolicies(documents.map((one) => file(one)));
  const made = planPolicy({ required: [], gate: 'warn', policy: merged, now: NOW });
  return problems.length + made.problems.length > 0 ? undefined : made.plan;
}

const judge = (plan: PolicyPlan, readings: Evidence) => evaluate(plan, readings, { ...EXPECTED, now: NOW });

function isShown(required: string, { pdf: one, json: other }: Evidence): boolean {
  return [one, other].some(
    (reading) =>
      reading.ok &&
      reading.document.features.some(
        (fact) =>
          fact.presence === 'present' &&
          [PROVEN_BY[required], normaliseName(required)].includes(normaliseName(fact.name)),
      ),
  );
}

describe('whatever the policy is', { timeout: 240_000 }, () => {
  it('never passes while a plainly required name is shown by no document and waived by nobody', () => {
    let passed = 0;
    fc.assert(
      fc.property(policy, evidence, (written, readings) => {
        const plan = planOf(written);
        if (!plan || judge(plan, readings).outcome !== 'pass') return;
        passed += 1;
        const waived = new Set(
          (written.waivers ?? []).filter(({ expires }) => expires >= '2026-11-21').map(({ feature }) => feature),
        );
        for (const one of written.require ?? []) {
          if (typeof one === 'string' && !waived.has(one)) expect(isShown(one, readings)).toBe(true);
          if (typeof one === 'object')
            for (const each of (one['all-of'] ?? []) as string[]) expect(isShown(each, readings)).toBe(true);
        }
      }),
      RUNS,
    );
    expect(passed).toBeGreaterThan(RUNS.numRuns / 300);
  });

  it('order and repetition of its entries change nothing, nor does the case of names', () => {
    const shouted = (one: Entries[number]): Entries[number] => (typeof one === 'string' ? one.toUpperCase() : one);
    fc.assert(
      fc.property(policy, evidence, (written, readings) => {
        const other = {
          ...written,
          require: [...(written.require ?? []), ...(written.require ?? [])].reverse().map(shouted),
          ...(written.waivers ? { waivers: [...written.waivers].reverse() } : {}),
        };
        const [a, b] = [planOf(written), planOf(other)];
        expect(b === undefined).toBe(a === undefined);
        if (!a || !b) return;
        expect(policySha256(b)).toBe(policySha256(a));
        const [first, second] = [judge(a, readings), judge(b, readings)];
        expect(second.outcome).toBe(first.outcome);
        expect(second.requirements.map(({ id, outcome }) => [id, outcome])).toEqual(
          first.requirements.map(({ id, outcome }) => [id, outcome]),
        );
      }),
      RUNS,
    );
  });

  it('a waiver lifts rules about its own protection and no other', () => {
    let lifted = 0;
    fc.assert(
      fc.property(policy, evidence, waiver, ({ waivers: _, ...bare }, readings, one) => {
        const [without, within] = [planOf(bare), planOf({ ...bare, waivers: [one] })];
        if (!without || !within) return;
        const before = new Map(judge(without, readings).requirements.map((rule) => [rule.id, rule]));
        for (const rule of judge(within, readings).requirements) {
          const old = before.get(rule.id);
          if (rule.outcome === old?.outcome) continue;
          lifted += 1;
          expect(rule.outcome).toBe('waived');
          expect(old?.outcome).not.toBe('satisfied');
          expect(['feature', 'forbid']).toContain(rule.rule);
          expect(rule.feature?.name).toBe(one.feature);
          expect(one.expires >= '2026-11-21').toBe(true);
        }
      }),
      RUNS,
    );
    expect(lifted).toBeGreaterThan(RUNS.numRuns / 300);
  });

  it('tightening never turns a failure into a pass', () => {
    let tightened = 0;
    fc.assert(
      fc.property(policy, tightening, evidence, (written, more, readings) => {
        const [plan, tighter] = [planOf(written), planOf({ ...written, locked: true }, more)];
        if (!plan || !tighter) return;
        const before = judge(plan, readings).outcome;
        if (before !== 'fail') return;
        tightened += 1;
        expect(judge(tighter, readings).outcome).not.toBe('pass');
      }),
      RUNS,
    );
    expect(tightened).toBeGreaterThan(RUNS.numRuns / 300);
  });

  it('taking waivers away never turns a failure into a pass', () => {
    fc.assert(
      fc.property(policy, evidence, (written, readings) => {
        const { waivers: _, ...bare } = written;
        const [plan, harder] = [planOf(written), planOf(bare)];
        if (!plan || !harder || judge(plan, readings).outcome === 'pass') return;
        // A policy whose every rule is waived requires nothing and is an error; without the waivers it may require what is proven.
        if (judge(plan, readings).outcome === 'fail') expect(judge(harder, readings).outcome).not.toBe('pass');
      }),
      RUNS,
    );
  });

  it('a pass has no finding of level error, and every other verdict has one', () => {
    fc.assert(
      fc.property(policy, evidence, (written, readings) => {
        const plan = planOf(written);
        if (!plan) return;
        const verdict = judge(plan, readings);
        expect(verdict.outcome === 'pass').toBe(verdict.findings.every((finding) => finding.level !== 'error'));
      }),
      RUNS,
    );
  });
});
