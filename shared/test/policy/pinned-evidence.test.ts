/** A policy that nobody may weaken is judged on the PDF at least, whatever an option or a variable says. */
import { describe, expect, it } from 'vitest';
import { judgedBy, planOf } from './policy-text.ts';
import { unreadable } from './synthetic-evidence.ts';

const REQUIRE = 'require: [Root Detection]';
const noPdf = { evidence: { pdf: unreadable('pdf') } };

describe('evidence that a policy does not name', () => {
  it.each([
    ['', undefined],
    ['locked: false', undefined],
    ['locked: true', 'pdf'],
    ['gate: enforce', 'pdf'],
    ['gate: warn', 'pdf'],
    ['locked: true\nevidence: any', 'any'],
    ['gate: enforce\nevidence: both', 'both'],
  ])('%j: at least %s', async (lines, evidence) => {
    expect((await planOf(`${REQUIRE}\n${lines}`)).evidence).toBe(evidence);
  });

  it.each(['locked: true', 'gate: enforce', 'evidence: pdf'])('JSON alone proves nothing under %s', async (line) => {
    for (const evidenceMode of ['any', 'json'] as const) {
      const verdict = await judgedBy(`${REQUIRE}\n${line}`, { ...noPdf, expect: { evidenceMode } });
      expect(verdict).toMatchObject({ outcome: 'error', evidence: 'none' });
      expect(verdict.findings.map(({ code }) => code)).toContain('evidence.insufficient');
    }
  });

  it('and does where nothing is pinned', async () => {
    expect(await judgedBy(REQUIRE, { ...noPdf, expect: { evidenceMode: 'any' } })).toMatchObject({
      outcome: 'pass',
      evidence: 'inferred',
    });
  });

  it('of a locked file counts for whoever extends it', async () => {
    const plan = await planOf([`${REQUIRE}\nlocked: true`, 'require: [Anti-Debugging]']);
    expect(plan.evidence).toBe('pdf');
  });
});
