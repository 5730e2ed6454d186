/** Every name of the catalogue, required on a real certificate: a verdict, or an exit 2 that says why. Each with the next step. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { searchCatalogue } from '../../src/catalogue/search.ts';
import { readEvidence } from '../../src/certificate/evidence.ts';
import type { Evidence } from '../../src/model/certificate.ts';
import { evaluate } from '../../src/policy/rules/evaluate.ts';
import { planPolicy } from '../../src/policy/rules/plan.ts';

const shared = process.env.FUSEGATE_SHARED_DIR ?? path.join(import.meta.dirname, '../../../../shared');
const file = path.join(shared, 'certificates', 'android-aab-2025-07.pdf');
const there = existsSync(file);
if (!there) console.log(`skipped: every name on the real certificate (${path.basename(file)} is not there)`);

const rows = searchCatalogue();

function planOf(name: string) {
  const required = [{ name, origin: { option: '--required-features' } }];
  return planPolicy({ required, gate: 'enforce', platform: 'android' });
}

/** Read once: nothing here changes it. */
let reading: Promise<Evidence> | undefined;

function evidence(): Promise<Evidence> {
  reading ??= readEvidence({
    pdf: { state: 'present', bytes: new Uint8Array(readFileSync(file)), sha256: '0'.repeat(64) },
    json: { state: 'absent', reason: 'no JSON was given' },
  });
  return reading;
}

describe('every name of the catalogue', () => {
  it.each(rows.filter(({ retired }) => retired))('$name is refused as retired', ({ name }) => {
    expect(planOf(name).problems).toEqual([
      expect.objectContaining({ message: expect.stringMatching(/retired/u), allowed: expect.stringMatching(/\S/u) }),
    ]);
  });

  it.each(rows.filter(({ component }) => component))('$name alone requires nothing', ({ name }) => {
    expect(planOf(name).problems).toEqual([
      expect.objectContaining({ message: expect.stringMatching(/component/u), allowed: expect.stringMatching(/\S/u) }),
    ]);
  });

  it.each(rows.filter(({ retired, component }) => !retired && !component))('$name', async (row) => {
    const { plan, problems } = planOf(row.name);
    const ofTheOther = row.platforms.length > 0 && !row.platforms.includes('android');
    if (ofTheOther) {
      expect(problems).toEqual([
        expect.objectContaining({
          message: expect.stringMatching(/known for iOS alone/u),
          allowed: expect.stringMatching(/\S/u),
        }),
      ]);
      return;
    }
    expect(problems).toEqual([]);
    if (!there) return;
    const { requirements, outcome } = evaluate(plan, await evidence(), {
      mode: 'gate',
      evidenceMode: 'pdf',
      gate: 'enforce',
    });
    expect(requirements).toHaveLength(1);
    const [requirement] = requirements;
    expect(['satisfied', 'missing', 'no-listener']).toContain(requirement?.outcome);
    expect(outcome).toBe(requirement?.outcome === 'satisfied' ? 'pass' : 'fail');
    // A real certificate prints what the catalogue says that one printed; Anti-Tampering has its key there.
    expect(requirement?.outcome === 'missing').toBe(row.printing === 'not-seen');
    if (requirement?.outcome === 'satisfied') return;
    expect(requirement?.hint).toMatch(row.printing === 'not-seen' ? /explain.*key: NAME/u : /\S/u);
  });
});
