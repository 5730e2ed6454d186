/** The judge on a real certificate, where the folder with it lies beside the clone. Nothing of it is copied into the project. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/certificate/certificate.ts';
import { readEvidence } from '../../src/certificate/evidence.ts';
import { evaluate } from '../../src/policy/evaluate.ts';
import type { PolicyPlan, ThreatEventsRule } from '../../src/policy/rule.ts';
import { EXPECTED, OTHER_HASH, OTHER_ID, plan } from './synthetic-evidence.ts';

const here = path.dirname(fileURLToPath(import.meta.url));
const shared = process.env.FUSEGATE_SHARED_DIR ?? path.resolve(here, '../../../../shared');
const file = path.join(shared, 'certificates', 'android-aab-2025-07.pdf');
const there = existsSync(file);
if (!there) console.log(`skipped: verdicts on the real certificate (${path.basename(file)} is not there)`);

async function evidence(): Promise<Evidence> {
  const bytes = new Uint8Array(readFileSync(file));
  return readEvidence({
    pdf: { state: 'present', bytes, sha256: OTHER_HASH },
    json: { state: 'absent', reason: 'no JSON was given' },
  });
}

const FILES_ONLY = { mode: 'gate', evidenceMode: EXPECTED.evidenceMode, gate: EXPECTED.gate } as const;

function withMode(policy: PolicyPlan, threatEvents: ThreatEventsRule): PolicyPlan {
  const rules = policy.rules.map((rule) =>
    rule.condition.kind === 'feature' ? { ...rule, condition: { ...rule.condition, threatEvents } } : rule,
  );
  return { ...policy, rules };
}

describe('the real certificate', () => {
  it.each([
    ['Root Detection', 'pass', 'satisfied'],
    ['root_detection', 'pass', 'satisfied'],
    ['Prevent MiTM Attacks', 'pass', 'satisfied'],
    ['key: smali_obfuscation', 'pass', 'satisfied'],
    ['Detect Developer Options', 'fail', 'no-listener'],
    ['Rate-Limit Connections', 'fail', 'missing'],
    ['key: Smali_Obfuscation', 'fail', 'missing'],
  ] as const)('%s: %s', async (name, outcome, requirement) => {
    if (!there) return;
    const verdict = evaluate(plan(name), await evidence(), FILES_ONLY);
    expect(verdict.requirements[0]?.outcome).toBe(requirement);
    expect(verdict.outcome).toBe(outcome);
    expect(verdict.evidence).toBe('verified');
  });

  it('shows In-App Detection for Root Detection, and nothing else', async () => {
    if (!there) return;
    const found = await evidence();
    const judge = (mode: ThreatEventsRule) =>
      evaluate(withMode(plan('Root Detection'), mode), found, FILES_ONLY).outcome;
    expect([judge('in-app-detection'), judge('any'), judge('in-app-defense')]).toEqual(['pass', 'pass', 'fail']);
  });

  it('has names that nothing claims, for a name that was not found', async () => {
    if (!there) return;
    const { findings } = evaluate(plan('Rate-Limit Connections'), await evidence(), FILES_ONLY);
    const unclaimed = findings.find((finding) => finding.code === 'features.unclaimed');
    expect(unclaimed?.message).toContain('smali_obfuscation');
    expect(unclaimed?.message).not.toContain('root_detection');
    expect(unclaimed?.hint).toContain('aliases: { Rate-Limit Connections: [');
  });

  it.each([
    { buildId: OTHER_ID },
    { fusionSetId: OTHER_ID },
    { appId: OTHER_ID },
    { finalSha256: OTHER_HASH },
    { originalSha256: OTHER_HASH },
  ])('is no evidence for %o', async (asked) => {
    if (!there) return;
    expect(evaluate(plan('Root Detection'), await evidence(), { ...FILES_ONLY, ...asked }).outcome).toBe('error');
  });
});
