/** A result made from a verdict of hand-made evidence, as a run would write it; the values are synthetic. */
import type { CertificateDocument, DocumentReading } from '../../src/model/certificate.ts';
import type { FusegateResult } from '../../src/model/result.ts';
import type { GateMode } from '../../src/model/run-request.ts';
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
  const documents = readings.flatMap((reading) => (reading.ok ? [reading.document] : []));
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
    certificate: certificateOf(readings, documents),
    evidence: verdict.evidence,
    evidenceMode: 'pdf',
    policy: { sha256: policySha256(rules), resolved: rules.resolved },
    baseline: null,
    ...change,
  };
}

function certificateOf(
  [first, second]: readonly [DocumentReading, DocumentReading],
  documents: CertificateDocument[],
): FusegateResult['certificate'] {
  const sha256: FusegateResult['certificate']['sha256'] = {};
  const shape: FusegateResult['certificate']['shape'] = {};
  for (const document of documents) {
    sha256[document.kind] = document.sha256;
    shape[document.kind] = document.shape;
  }
  return {
    source: first.ok ? (second.ok ? 'pdf+json' : 'pdf') : second.ok ? 'json' : 'none',
    shape,
    sha256,
    features: documents.flatMap((document) =>
      document.features.map((fact) => ({
        name: fact.name,
        key: fact.name,
        ...(fact.category === undefined ? {} : { category: fact.category }),
        ...(fact.threatEvents === undefined ? {} : { threatEvents: fact.threatEvents }),
        source: document.kind,
      })),
    ),
    missingListeners: documents.flatMap((document) => document.missingListeners.map((fact) => fact.value)),
    facts: Object.fromEntries(
      documents.flatMap((document) =>
        Object.entries(document.facts).map(([name, facts]) => [name, facts?.[0]?.value ?? '']),
      ),
    ),
  };
}
