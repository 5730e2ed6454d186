/** Edges of the verdict that the table does not show: order, ages to the day, and what is carried along. */
import { describe, expect, it } from 'vitest';
import { type Expectation, evaluate } from '../../src/policy/rules/evaluate.ts';
import type { PolicyPlan, Rule } from '../../src/policy/rules/rule.ts';
import {
  type DocumentSpec,
  EXPECTED,
  json,
  pdf,
  plan,
  unknownJson,
  unreadable,
  wording,
} from './synthetic-evidence.ts';

const DAY = 24 * 60 * 60 * 1000;
const CREATED = Date.UTC(2026, 10, 20, 9, 5);
const base = plan('Root Detection');

function judge(spec: DocumentSpec = {}, made: Partial<PolicyPlan> = {}, expectation: Partial<Expectation> = {}) {
  return evaluate({ ...base, ...made }, { pdf: pdf(spec), json: unknownJson() }, { ...EXPECTED, ...expectation });
}

describe('the age of a certificate', () => {
  const aged = (now: number | undefined, value = '20-Nov-26, 09:05 UTC') =>
    judge(
      { facts: { certificate_created: value } },
      { maxCertificateAgeMs: 2 * DAY },
      now === undefined ? {} : { now },
    );

  it.each([
    [CREATED, 'pass'],
    [CREATED + 2 * DAY, 'pass'],
    [CREATED + 2 * DAY + 1, 'error'],
    [CREATED - DAY, 'pass'],
    [CREATED - DAY + 1, 'pass'],
    [CREATED - DAY - 1, 'error'],
    [undefined, 'error'],
  ])('judged at %d: %s', (now, outcome) => expect(aged(now).outcome).toBe(outcome));

  it('that cannot be read is told with its place', () => {
    const found = aged(CREATED, 'yesterday').findings[0];
    expect(found).toMatchObject({ code: 'certificate.too-old', level: 'error' });
    expect(found?.message).toContain('(yesterday, page 1 at 213,0)');
    const none = judge({}, { maxCertificateAgeMs: DAY }, { now: CREATED }).findings[0];
    expect([none?.code, none?.message.includes('page 1')]).toEqual(['certificate.too-old', false]);
  });

  it('of the epoch, and of one of two that is old', () => {
    const two = { facts: { certificate_created: ['20-Nov-26, 09:05 UTC', '1-Jan-20, 00:00 UTC'] } };
    expect(judge(two, { maxCertificateAgeMs: DAY }, { now: CREATED }).outcome).toBe('error');
  });
});

describe('findings', () => {
  it('come with what blocks first, then failures, then warnings, then notes', () => {
    const accept = { titles: ['Known'], headings: [], labels: [], modes: [], texts: [] };
    const { findings } = evaluate(
      { ...plan('Root Detection', 'Proxy Detection', 'Anti-Debugging'), gate: 'warn', accept },
      {
        pdf: pdf({
          lines: ['openssl', { name: 'root_detection', unread: [wording('heading', 'New')] }, 'anti_debugging'],
          unread: [wording('heading', 'New'), wording('title', 'Known')],
        }),
        json: unknownJson(),
      },
      { ...EXPECTED, gate: 'warn' },
    );
    const ranks = findings.map(({ code, level }) =>
      code === 'feature.missing' ? 1 : ['error', '', 'warning', 'note'].indexOf(level),
    );
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
    expect(new Set(ranks)).toEqual(new Set([0, 1, 2, 3]));
  });

  it('are none of a good build', () => {
    const verdict = judge();
    expect(verdict.findings.filter(({ level }) => level !== 'note')).toEqual([]);
    expect(verdict).toMatchObject({
      outcome: 'pass',
      missingFeatures: [],
      waivers: [],
      accepted: [],
    });
    expect(verdict).not.toHaveProperty('baseline');
  });

  it('of a weakened gate say what it means', () => {
    const weak = (gate: 'disabled' | 'warn') =>
      judge({}, {}, { gate }).findings.find(({ code }) => code === 'gate.weakened');
    expect(weak('disabled')?.message).not.toBe(weak('warn')?.message.replaceAll('warn', 'disabled'));
    expect(weak('disabled')).toMatchObject({
      level: 'warning',
      message: expect.stringContaining('nothing was judged'),
    });
  });
});

describe('a verdict', () => {
  it.each([
    [{ gate: 'disabled' as const }, 'not-evaluated'],
    [{ buildId: 'another' }, 'error'],
  ])('that was not had carries nothing: %j', (expectation, outcome) => {
    const verdict = judge({}, {}, expectation);
    expect(verdict).toMatchObject({ outcome, evidence: 'none', missingFeatures: [], waivers: [], accepted: [] });
    expect(verdict.requirements.map((one) => one.outcome)).toEqual(['not-evaluated']);
  });

  it('tells missing features sorted, each once, and keys by their printed names', () => {
    const names = plan('Root Detection', 'Proxy Detection', 'key: zebra', 'KEY:  aardvark').rules;
    const twice = names.map((rule): Rule => ({ ...rule, id: `${rule.id}-again` }));
    const verdict = judge({ lines: ['openssl'] }, { rules: [...names.toReversed(), ...twice] });
    expect(verdict.missingFeatures).toEqual(['Proxy Detection', 'Root Detection', 'aardvark', 'zebra']);
    const group: Rule = {
      id: 'g',
      requirement: 'one of key: a and b',
      severity: 'error',
      source: 'p.yml:1',
      condition: { kind: 'any-of', of: names.map(({ condition }) => condition) },
    };
    expect(judge({ lines: ['openssl'] }, { rules: [group] }).missingFeatures).toEqual(['one of key: a and b']);
  });

  it.each([
    ['any', true, true, 'verified'],
    ['both', true, true, 'verified'],
    ['any', false, true, 'inferred'],
    ['json', true, true, 'inferred'],
    ['pdf', true, false, 'verified'],
  ] as const)(
    'under %s, with a PDF %s and a JSON %s, rests on evidence %s',
    (evidenceMode, hasPdf, hasJson, evidence) => {
      const verdict = evaluate(
        base,
        { pdf: hasPdf ? pdf() : unreadable('pdf'), json: hasJson ? json() : unreadable('json') },
        { ...EXPECTED, evidenceMode },
      );
      expect([verdict.outcome, verdict.evidence]).toEqual(['pass', evidence]);
    },
  );

  it('carries the record of its baseline', () => {
    const baseline = {
      path: 'release-1.pdf',
      sha256: 'f'.repeat(64),
      kind: 'certificate' as const,
      features: [],
      missingListeners: [],
      facts: {},
    };
    expect(judge({}, { baseline }).baseline).toMatchObject({ sha256: 'f'.repeat(64) });
  });
});
