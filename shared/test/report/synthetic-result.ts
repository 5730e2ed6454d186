/** A result made from a verdict of hand-made evidence, as a run would write it; the values are synthetic. */
import type { FusegateResult } from '../../src/model/result.ts';
import type { GateMode } from '../../src/model/run-request.ts';
import { certificateView } from '../../src/policy/baseline/certificate-view.ts';
import { evaluate } from '../../src/policy/rules/evaluate.ts';
import { exitCodeOf } from '../../src/policy/rules/exit-code.ts';
import { policySha256 } from '../../src/policy/rules/plan.ts';
import {
  APP_ID,
  BUILD_ID,
  type Case,
  EXPECTED,
  FINAL,
  FUSION_SET_ID,
  json,
  ORIGINAL,
  pdf,
  plan,
} from '../policy/synthetic-evidence.ts';

export function resultOf(given: Case = {}, change: Partial<FusegateResult> = {}): FusegateResult {
  const gate: GateMode = given.expect?.gate ?? 'enforce';
  const rules = plan(...(given.require ?? ['Root Detection']));
  const readings = [given.pdf ?? pdf(), given.json ?? json()] as const;
  const verdict = evaluate(rules, { pdf: readings[0], json: readings[1] }, { ...EXPECTED, ...given.expect });
  const green = verdict.outcome === 'pass';
  return {
    schemaVersion: 2,
    tool: { name: 'fusegate', version: '0.1.0' },
    mode: given.expect?.mode ?? 'run',
    verdict: verdict.outcome,
    exitCode: exitCodeOf(verdict.outcome, gate),
    gate,
    rehearsal: false,
    server: 'https://fusion.appdome.com',
    transport: {},
    startedAt: '2026-11-21T10:00:00.000Z',
    finishedAt: '2026-11-21T10:05:00.000Z',
    ci: { system: 'cli' },
    requirements: verdict.requirements,
    findings: verdict.findings,
    missingFeatures: verdict.missingFeatures,
    // Until the judge says them: what it leaves out is nothing.
    waivers: verdict.waivers ?? [],
    accepted: verdict.accepted ?? [],
    ids: { appId: APP_ID, buildId: BUILD_ID, fusionSetId: FUSION_SET_ID },
    app: {
      path: '/build/app.apk',
      platform: 'android',
      kind: 'apk',
      name: 'Synthetic',
      bundleId: 'com.example.synthetic',
      version: '1.2.3',
      sha256: ORIGINAL,
      size: 1000,
    },
    files: [
      green
        ? { role: 'protected-app', path: 'out/app.apk', sha256: FINAL, size: 2000 }
        : { role: 'rejected-app', path: 'out/rejected/app.apk', sha256: FINAL, size: 2000 },
    ],
    binding: verdict.binding,
    stages: [
      { name: 'upload', startedAt: '2026-11-21T10:00:01.000Z', durationMs: 2500, requests: 3 },
      { name: 'build', startedAt: '2026-11-21T10:00:04.000Z', durationMs: 60_000, requests: 12 },
    ],
    certificate: certificateView({ pdf: readings[0], json: readings[1] }),
    evidence: verdict.evidence,
    evidenceMode: 'pdf',
    policy: { sha256: policySha256(rules), resolved: rules.resolved },
    baseline: null,
    ...change,
  };
}
