/** The judge on a real certificate, where the folder with it lies beside the clone. Nothing of it is copied into the project. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../src/catalogue/catalogue.ts';
import { normaliseName } from '../../src/catalogue/names.ts';
import { readEvidence } from '../../src/certificate/evidence.ts';
import { draftPolicy } from '../../src/jobs/policy-draft.ts';
import type { CertificateDocument, Evidence, Wording } from '../../src/model/certificate.ts';
import { certificateView } from '../../src/policy/baseline/certificate-view.ts';
import { evaluate } from '../../src/policy/rules/evaluate.ts';
import { planPolicy } from '../../src/policy/rules/plan.ts';
import type { Baseline, PolicyPlan, ThreatEventsRule } from '../../src/policy/rules/rule.ts';
import { planOf } from './policy-text.ts';
import { EXPECTED, OTHER_HASH, OTHER_ID, plan, required, wording } from './synthetic-evidence.ts';

const here = path.dirname(fileURLToPath(import.meta.url));
const shared = process.env.FUSEGATE_SHARED_DIR ?? path.resolve(here, '../../../../shared');
const file = path.join(shared, 'certificates', 'android-aab-2025-07.pdf');
const there = existsSync(file);
if (!there) console.log(`skipped: verdicts on the real certificate (${path.basename(file)} is not there)`);

/** Read once: nothing here changes it. */
let reading: Promise<Evidence> | undefined;

function evidence(): Promise<Evidence> {
  reading ??= readEvidence({
    pdf: { state: 'present', bytes: new Uint8Array(readFileSync(file)), sha256: OTHER_HASH },
    json: { state: 'absent', reason: 'no JSON was given' },
  });
  return reading;
}

const FILES_ONLY = { mode: 'gate', evidenceMode: EXPECTED.evidenceMode, gate: EXPECTED.gate } as const;

function withMode(policy: PolicyPlan, threatEvents: ThreatEventsRule): PolicyPlan {
  const rules = policy.rules.map((rule) =>
    rule.condition.kind === 'feature' ? { ...rule, condition: { ...rule.condition, threatEvents } } : rule,
  );
  return { ...policy, rules };
}

/** Wording on the way to everything that is called Root Detection. */
function touched(document: CertificateDocument, odd: Wording): Partial<CertificateDocument> {
  const isRoot = (name: string) => normaliseName(name) === 'root_detection';
  return {
    unread: [odd],
    complete: false,
    features: document.features.map((fact) =>
      isRoot(fact.name) ? { ...fact, presence: 'unknown' as const, unread: [odd] } : fact,
    ),
  };
}

describe('the real certificate', () => {
  it('has nothing that is not understood', async () => {
    if (!there) return;
    const { findings } = evaluate(plan('Root Detection'), await evidence(), FILES_ONLY);
    expect(findings.filter(({ code }) => code === 'certificate.unread')).toEqual([]);
  });

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

  it('has nothing that could be a name that was not found: components and names of others are never offered', async () => {
    if (!there) return;
    const { findings, requirements } = evaluate(plan('Rate-Limit Connections'), await evidence(), FILES_ONLY);
    expect(findings.filter((finding) => finding.code === 'features.unclaimed')).toEqual([]);
    expect(requirements[0]?.hint).toMatch(/fusegate explain/u);
  });

  it('has every name of the catalogue proven or missing, and refuses none but the retired and those of another platform', async () => {
    if (!there) return;
    const found = await evidence();
    const names = catalogue.entries.flatMap((entry) => [
      ...[entry.name, entry.key, entry.suggestedName].filter((name) => name !== undefined),
      ...entry.events.map((event) => event.name),
    ]);
    const asked = [...new Set(names)].map((name) => {
      const { plan: made, problems } = planPolicy({
        required: required('Root Detection', name),
        gate: 'enforce',
        platform: 'android',
      });
      if (problems.length > 0) return { name, told: problems.map(({ message }) => message).join() };
      const { outcome, requirements } = evaluate(made, found, FILES_ONLY);
      const unmet = requirements.filter((one) => one.outcome !== 'satisfied');
      return { name, outcome, hints: unmet.map((one) => one.hint ?? '') };
    });
    expect(asked.length).toBeGreaterThan(200);
    for (const { name, told, outcome, hints } of asked) {
      if (told === undefined) expect([name, outcome]).toEqual([name, hints?.length === 0 ? 'pass' : 'fail']);
      else expect(`${name} ${told}`).toMatch(/retired|known for iOS alone|several|more than one/u);
      for (const hint of hints ?? []) expect(hint).not.toBe('');
    }
  });

  it.each<[string, (document: CertificateDocument) => Partial<CertificateDocument>]>([
    ['a heading above it that is not known', (document) => touched(document, wording('heading', 'Not Included'))],
    ['a row label that is not known', (document) => touched(document, wording('label', 'Removed:'))],
    ['its line in a mode that is not known', (document) => touched(document, wording('mode', 'Turned off'))],
    [
      'text that speaks of it',
      () => ({ mentions: [{ text: 'Failed: Root Detection', document: 'pdf', where: 'page 1' }] }),
    ],
    [
      'a warning that may be one of listeners',
      () => ({ listenerDoubts: [wording('text', 'Some seem to be missing')] }),
    ],
    ['a list that ends nowhere', () => ({ bounded: false })],
    [
      'a listener that pairs with nothing',
      ({ missingListeners }) => ({
        missingListeners: missingListeners.map((fact) => ({ ...fact, value: 'SomethingNew' })),
      }),
    ],
  ])('drifted by %s proves Root Detection no more, and says how to go on', async (_, change) => {
    if (!there) return;
    const found = await evidence();
    if (!found.pdf.ok) throw new Error(found.pdf.message);
    const { document } = found.pdf;
    const drifted: Evidence = { ...found, pdf: { ok: true, document: { ...document, ...change(document) } } };
    const verdict = evaluate(plan('Root Detection'), drifted, FILES_ONLY);
    expect(verdict.outcome).toBe('error');
    expect(verdict.findings[0]?.code).toBe('feature.unproven');
    expect(verdict.findings[0]?.hint).toMatch(/accept: \{|missing-threat-event-listeners: warn/u);
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

  it.each([
    ['require: [Root Detection]', 'pass', undefined],
    ['require: [{ feature: Root Detection, threat-events: in-app-detection }]', 'pass', undefined],
    ['require: [{ feature: Root Detection, threat-events: in-app-defense }]', 'fail', 'denied'],
    ['require: [{ feature: Anti-Tampering, threat-events: any }]', 'error', 'unproven'],
    ['require: [{ key: smali_obfuscation, threat-events: in-app-defense }]', 'error', 'unproven'],
    ['require: [Detect Developer Options]', 'fail', 'no-listener'],
    ['require: [Detect Developer Options]\nmissing-threat-event-listeners: warn', 'pass', undefined],
    // A printed key is no way around the missing listener.
    ['require: [{ key: developer_options_detection }]', 'fail', 'no-listener'],
    ['require: [Root Detection]\nmissing-threat-event-listeners: fail', 'fail', 'no-listener'],
    ['require: [Rate-Limit Connections]', 'fail', 'missing'],
    ['require: [{ any-of: [App Shielding, Anti-Debugging] }]', 'pass', undefined],
    ['require: [Root Detection]\nforbid: ["key: rate_limit_connections"]', 'pass', undefined],
    // How certificates print it has not been seen, and every name that is printed is known to be another protection's.
    ['require: [Root Detection]\nforbid: [Rate-Limit Connections]', 'pass', undefined],
    ['require: [Root Detection]\nforbid: [Smali Obfuscation]', 'fail', 'denied'],
    // The PDF does not print these facts.
    ['require: [Root Detection]\nforbid: [Diagnostic Logs]', 'error', 'unproven'],
    ['require: [Root Detection]\nbuild: { sign-type: OnAppdome }', 'error', 'unproven'],
    ['require: [Root Detection]\nevidence: both', 'error', undefined],
    ['ios: { require: [Rate-Limit Connections] }\nrequire: [Root Detection]', 'pass', undefined],
    ['android: { require: [Rate-Limit Connections] }\nrequire: [Root Detection]', 'fail', 'missing'],
  ] as const)('under the policy %j: %s', async (text, outcome, rule) => {
    if (!there) return;
    const policy = await planOf(text.replace('forbid: [Smali Obfuscation]', 'forbid: ["key: smali_obfuscation"]'), {
      platform: undefined,
    });
    const verdict = evaluate(policy, await evidence(), FILES_ONLY);
    expect(verdict.outcome).toBe(outcome);
    if (rule) expect(verdict.requirements.map((one) => one.outcome)).toContain(rule);
  });

  it('does not prove Prevent MiTM Attacks by the plugin secure_communication alone', async () => {
    if (!there) return;
    const found = await evidence();
    if (!found.pdf.ok) throw new Error(found.pdf.message);
    const { document } = found.pdf;
    expect(document.features.some((fact) => fact.name === 'secure_communication')).toBe(true);
    const features = document.features.filter((fact) => fact.name !== 'Prevent MiTM Attacks');
    expect(features.length).toBeLessThan(document.features.length);
    const without: Evidence = { ...found, pdf: { ok: true, document: { ...document, features } } };
    expect(evaluate(plan('Prevent MiTM Attacks'), without, FILES_ONLY).outcome).toBe('fail');
  });

  it('passes the policy that is drafted from it, and is its own baseline', async () => {
    if (!there) return;
    const found = await evidence();
    const draft = draftPolicy(found, {
      now: Date.parse('2026-11-21T12:00:00Z'),
      label: 'certificate.pdf',
      schema: 'x',
    });
    expect(draft.required.length).toBeGreaterThan(10);
    expect(draft.leftOut.map(({ name }) => name)).toContain('Detect Developer Options');
    const policy = await planOf(draft.text.replace(/^version: 1$/mu, ''), { platform: undefined });
    const { features, missingListeners, facts } = certificateView(found);
    const baseline: Baseline = {
      path: 'certificate.pdf',
      sha256: OTHER_HASH,
      kind: 'certificate',
      features: features.map(({ name, key, threatEvents }) => ({
        name,
        ...(key ? { key } : {}),
        ...(threatEvents ? { mode: threatEvents } : {}),
      })),
      missingListeners,
      facts,
    };
    const verdict = evaluate({ ...policy, baseline }, found, FILES_ONLY);
    expect(verdict.outcome).toBe('pass');
    expect(verdict.baseline).toMatchObject({ gone: '0', weakened: '0', newlyMissingListeners: '0', added: '0' });
  });
});
