import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/certificate/certificate.ts';
import { evaluate } from '../../src/policy/evaluate.ts';
import { planPolicy } from '../../src/policy/plan.ts';
import { mergePolicies } from '../../src/policy/policy-chain.ts';
import { draftPolicy } from '../../src/policy/policy-draft.ts';
import { readPolicyText } from '../../src/policy/policy-file.ts';
import { yamlWord } from '../../src/policy/yaml-word.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { EXPECTED, json, pdf, unreadable } from './synthetic-evidence.ts';

const SOURCE = { label: 'synthetic.pdf', schema: 'fusegate-policy.schema.json' };

/** What the drafted policy says of the certificate that it was made from. */
async function judgedByDraft(evidence: Evidence) {
  const draft = draftPolicy(evidence, SOURCE);
  const read = await readPolicyText(draft.text, 'draft.yml');
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const { policy } = mergePolicies([read.file]);
  const { plan, problems } = planPolicy({ required: [], gate: 'warn', policy });
  expect(problems).toEqual([]);
  const verdict = evaluate(plan, evidence, { mode: 'gate', evidenceMode: 'any', gate: EXPECTED.gate });
  return { draft, plan, verdict };
}

describe('a drafted policy', () => {
  it('requires what the certificate proves, and says what it left out', async () => {
    const evidence = {
      pdf: pdf({
        lines: [
          { name: 'root_detection', category: 'OS Integrity' },
          { name: 'Root Detection', mode: 'In-App Detection' },
          { name: 'Detect Developer Options', mode: 'In-App Detection' },
          'vendor_thing',
        ],
        listeners: ['DeveloperOptionsEnabled'],
        facts: { sign_type: 'OnAppdome' },
      }),
      json: unreadable('json'),
    };
    const { draft, verdict } = await judgedByDraft(evidence);
    expect(verdict.outcome).toBe('pass');
    expect(draft.required).toEqual(['Root Detection', 'key: vendor_thing']);
    expect(draft.leftOut.map(({ name }) => name)).toEqual(['Detect Developer Options']);
    expect(draft.text).toContain('  - Root Detection # In-App Detection\n');
    expect(draft.text).toContain('  # OS Integrity\n');
    expect(draft.text).toContain('#   sign-type: OnAppdome\n');
    expect(draft.text.startsWith('# yaml-language-server: $schema=fusegate-policy.schema.json\n')).toBe(true);
  });

  it('of nothing requires nothing', () => {
    expect(draftPolicy({ pdf: unreadable('pdf'), json: unreadable('json') }, SOURCE).required).toEqual([]);
  });

  it('is valid and proven whatever the certificate prints', async () => {
    const name = fc.oneof(
      fc.constantFrom(
        'root_detection',
        'Root Detection',
        'true',
        'null',
        '- x',
        '{a: b}',
        '"',
        "it's",
        '#',
        'a: b',
        'key: x',
        '  ',
        '&a',
        'Übung',
        '日本',
      ),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
    );
    const lines = fc.array(
      fc.record({ name, category: name, mode: fc.constantFrom('In-App Detection', 'In-App Defense') }),
      { minLength: 1, maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(lines, fc.boolean(), async (list, fromJson) => {
        const evidence = fromJson
          ? { pdf: unreadable('pdf'), json: json({ lines: list }) }
          : { pdf: pdf({ lines: list }), json: unreadable('json') };
        const { draft, verdict } = await judgedByDraft(evidence);
        expect(verdict.outcome === 'pass').toBe(draft.required.length > 0);
        expect(verdict.requirements).toHaveLength(draft.required.length);
      }),
      propertyRuns(60, 1000),
    );
  }, 120_000);
});

describe('a word of YAML', () => {
  it('is read back as it was', async () => {
    const { parse } = await import('yaml');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(parse(`a: [${yamlWord(text)}]`)).toEqual({ a: [text] });
      }),
      propertyRuns(500),
    );
  });
});
