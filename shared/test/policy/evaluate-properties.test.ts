import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseName } from '../../src/catalogue/names.ts';
import type { DocumentReading, FactName, Presence, Wording } from '../../src/model/certificate.ts';
import { FACT_NAMES } from '../../src/model/certificate.ts';
import { evaluate } from '../../src/policy/rules/evaluate.ts';
import { planPolicy } from '../../src/policy/rules/plan.ts';
import { anyText } from '../support/any-text.ts';
import { propertyRuns } from '../support/property-runs.ts';
import {
  EXPECTED,
  json,
  judge,
  type Line,
  pdf,
  plan,
  required,
  unknownJson,
  unreadable,
  wording,
} from './synthetic-evidence.ts';

const NAMES = ['Root Detection', 'Anti-Debugging', 'Proxy Detection', 'Detect Unknown Sources', 'key: own_thing'];
const PRINTED = [
  'root_detection',
  'Root Detection',
  'anti_debugging',
  'Anti-Debugging',
  'proxy_detection',
  'own_thing',
];
const NOISE = [
  'os_integrity',
  'openssl',
  'secure_communication',
  'threat_events',
  'smali_obfuscation',
  'Xyz',
  'RootedDevice',
  'root',
];

const presence = fc.constantFrom<Presence>('present', 'present', 'present', 'absent', 'unknown');
const line: fc.Arbitrary<Line> = fc
  .record(
    {
      name: fc.constantFrom(...PRINTED, ...NOISE),
      presence,
      mode: fc.constantFrom('In-App Detection', 'In-App Defense', 'Threat-Memory'),
      unread: fc.constant<Wording[]>([wording('heading', 'Odd')]),
    },
    { requiredKeys: ['name', 'presence'] },
  )
  .map(
    ({ unread, ...rest }): Line =>
      // A reader reports unread wording with facts that are unknown for it.
      rest.presence === 'unknown' && unread ? { ...rest, unread } : rest,
  );
const document = (kind: 'pdf' | 'json'): fc.Arbitrary<DocumentReading> =>
  fc.oneof(
    {
      weight: 1,
      arbitrary: fc.constantFrom('absent', 'damaged', 'empty').map((problem) => unreadable(kind, problem as 'absent')),
    },
    { weight: 1, arbitrary: fc.constant(kind === 'json' ? unknownJson() : pdf({ lines: [], hasFeatureList: false })) },
    {
      weight: 6,
      arbitrary: fc
        .record({
          lines: fc.array(line, { maxLength: 8 }),
          listeners: fc.subarray(['RootedDevice', 'DeveloperOptionsEnabled', 'UnknownSourcesEnabled']),
          mentions: fc.subarray(['root_detection', 'Anti-Debugging is off', 'own thing', 'Some text'], {
            maxLength: 1,
          }),
          complete: kind === 'pdf' ? fc.boolean() : fc.constant(false),
        })
        .map((spec) => (kind === 'pdf' ? pdf(spec) : json(spec))),
    },
  );
const evidence = fc.record({ pdf: document('pdf'), json: document('json') });
const names = fc.subarray(NAMES, { minLength: 1 });
const evidenceMode = fc.constantFrom('any', 'pdf', 'json', 'both').map((mode) => mode as typeof EXPECTED.evidenceMode);

/** Whether any document shows the name at all; written again here, from the rule and not from the code. */
function isShown(name: string, readings: DocumentReading[]): boolean {
  return readings.some(
    (reading) =>
      reading.ok &&
      reading.document.hasFeatureList &&
      reading.document.features.some(
        (fact) =>
          fact.presence === 'present' &&
          (name.startsWith('key: ') ? fact.name === name.slice(5) : normaliseName(fact.name) === PROVEN_BY[name]),
      ),
  );
}
const PROVEN_BY: Record<string, string> = {
  'Root Detection': 'root_detection',
  'Anti-Debugging': 'anti_debugging',
  'Proxy Detection': 'proxy_detection',
  'Detect Unknown Sources': 'unknown_sources_detection',
};

const RUNS = propertyRuns(200);

// Ten thousand cases each take longer than the default time-out of a test.
describe('whatever the evidence is', { timeout: 300_000 }, () => {
  it('never passes when a required name is shown by no document', () => {
    let passed = 0;
    fc.assert(
      fc.property(evidence, names, evidenceMode, (readings, wanted, mode) => {
        const verdict = evaluate(plan(...wanted), readings, { ...EXPECTED, evidenceMode: mode });
        if (verdict.outcome !== 'pass') return;
        passed += 1;
        for (const name of wanted) expect(isShown(name, [readings.pdf, readings.json])).toBe(true);
        expect(verdict.missingFeatures).toEqual([]);
        expect(verdict.findings.every((finding) => finding.level !== 'error')).toBe(true);
      }),
      RUNS,
    );
    // The property says something only if passes do occur.
    expect(passed).toBeGreaterThan(RUNS.numRuns / 100);
  });

  it('never passes a name that anything speaks of without being understood, unless a policy accepts it', () => {
    const spoken: Record<string, string[]> = {
      'Root Detection': ['root_detection', 'No Root Detection', 'rootdetection: maybe', '~~Root  Detection~~'],
      'Anti-Debugging': ['anti debugging failed', '!anti_debugging', 'ANTI-DEBUGGING'],
      'key: own_thing': ['own_thing', 'the own thing was removed'],
    };
    const objection = fc.constantFrom(...Object.keys(spoken)).chain((name) =>
      fc.record({
        name: fc.constant(name),
        text: fc.constantFrom(...(spoken[name] ?? [])),
        form: fc.constantFrom('pdf', 'json', 'value', 'heading', 'mode'),
        mode: evidenceMode,
      }),
    );
    const lines = ['root_detection', 'anti_debugging', 'own_thing', 'openssl'];
    const printed = (name: string) => (name === 'key: own_thing' ? 'own_thing' : (PROVEN_BY[name] ?? ''));
    fc.assert(
      fc.property(objection, ({ name, text, form, mode }) => {
        const own = printed(name);
        const odd = wording(form === 'mode' ? 'mode' : 'heading', text);
        const touched = lines.map((line): Line => (line === own ? { name: line, unread: [odd] } : { name: line }));
        const pdfSpec =
          form === 'pdf'
            ? { lines, mentions: [text] }
            : form === 'heading' || form === 'mode'
              ? { lines: touched }
              : { lines };
        const jsonSpec =
          form === 'json'
            ? { lines, mentions: [{ text, where: '$.notes[4]' }] }
            : form === 'value'
              ? {
                  lines: lines.map(
                    (line): Line =>
                      line === own ? { name: line, presence: 'unknown', value: '"no"' } : { name: line },
                  ),
                }
              : { lines };
        const readings = { pdf: pdf(pdfSpec), json: json(jsonSpec) };
        const asked = plan(...Object.keys(spoken));
        const verdict = evaluate(asked, readings, { ...EXPECTED, evidenceMode: mode });
        expect(verdict.outcome).toBe('error');
        expect(verdict.requirements.filter((one) => one.outcome === 'unproven')).toHaveLength(1);
        // The others are untouched, and the very same words, once accepted, are no objection any more.
        const texts = [form === 'pdf' ? text : form === 'json' ? `$.notes[*]: ${text}` : '$.x[*]: "no"'];
        const accept = { titles: [], headings: [text], labels: [], modes: [text], texts };
        const accepted = evaluate({ ...asked, accept }, readings, { ...EXPECTED, evidenceMode: mode });
        const silent = form === 'value' && (mode === 'json' || mode === 'both');
        expect(accepted.outcome).toBe(silent ? (mode === 'json' ? 'fail' : 'error') : 'pass');
        expect(new Set(accepted.accepted.map((one) => one.text)).size).toBe(1);
      }),
      propertyRuns(200),
    );
  });

  it('says pass, fail or error, each with a reason', () => {
    fc.assert(
      fc.property(evidence, names, evidenceMode, (readings, wanted, mode) => {
        const verdict = evaluate(plan(...wanted), readings, { ...EXPECTED, evidenceMode: mode });
        const errors = verdict.findings.filter((finding) => finding.level === 'error');
        expect(verdict.outcome === 'pass').toBe(errors.length === 0);
        expect(['pass', 'fail', 'error']).toContain(verdict.outcome);
        expect(verdict.requirements).toHaveLength(wanted.length);
      }),
      RUNS,
    );
  });

  it('order, case and repetition of what is required change nothing', () => {
    fc.assert(
      fc.property(
        evidence,
        fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 6 }),
        fc.boolean(),
        (readings, wanted, upper) => {
          const other = [...wanted]
            .reverse()
            .map((name) => (upper && !name.startsWith('key:') ? name.toUpperCase() : name));
          const a = evaluate(plan(...new Set(wanted)), readings, EXPECTED);
          const b = evaluate(plan(...other), readings, EXPECTED);
          expect(b.outcome).toBe(a.outcome);
          expect(b.missingFeatures).toEqual(a.missingFeatures);
          expect(b.requirements.map(({ id, outcome }) => [id, outcome])).toEqual(
            a.requirements.map(({ id, outcome }) => [id, outcome]),
          );
        },
      ),
      propertyRuns(200),
    );
  });

  it('order of what is printed changes nothing', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), names, (lines, wanted) => {
        const a = judge({ pdf: pdf({ lines }), json: unknownJson(), require: wanted });
        const b = judge({ pdf: pdf({ lines: [...lines].reverse() }), json: unknownJson(), require: wanted });
        expect(b.outcome).toBe(a.outcome);
        expect(b.missingFeatures).toEqual(a.missingFeatures);
      }),
      propertyRuns(200),
    );
  });

  it('requiring more never turns red into pass', () => {
    fc.assert(
      fc.property(evidence, names, fc.constantFrom(...NAMES), (readings, wanted, more) => {
        if (evaluate(plan(...wanted), readings, EXPECTED).outcome === 'pass') return;
        expect(evaluate(plan(...wanted, more), readings, EXPECTED).outcome).not.toBe('pass');
      }),
      propertyRuns(200),
    );
  });

  it('free text that holds required names never adds a protection', () => {
    const free: FactName[] = ['app_name', 'annotation', 'fusion_set_name', 'signer', 'covered_os', 'release_type'];
    expect(FACT_NAMES).toEqual(expect.arrayContaining(free));
    const text = fc.constantFrom(...PRINTED, ...NAMES, 'root_detection: true', 'Plugins: root_detection');
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...free), text), names, (facts, wanted) => {
        const verdict = judge({
          pdf: pdf({ lines: ['os_integrity'], facts }),
          json: json({ lines: ['os_integrity'], facts }),
          require: wanted,
        });
        expect(verdict.outcome).toBe('fail');
        expect(verdict.requirements.every((one) => one.outcome === 'missing')).toBe(true);
      }),
      propertyRuns(200),
    );
  });

  it('a plan of any text is rules or problems, never an exception', () => {
    fc.assert(
      fc.property(fc.array(anyText(), { maxLength: 5 }), (written) => {
        const made = planPolicy({ required: required(...written), gate: 'enforce' });
        expect(made.plan.rules.length + made.problems.length).toBeGreaterThan(0);
      }),
      propertyRuns(200),
    );
  });
});
