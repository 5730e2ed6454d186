/** Many results as one, as bad as the worst of them. Pure. */
import { defined } from '../../model/defined.ts';
import { EXIT, type ExitCode } from '../../model/errors.ts';
import type { FusegateResult } from '../../model/result.ts';
import { SCHEMA_VERSION } from '../../model/schema-version.ts';
import { VERSION } from '../../model/version.ts';
import type { JoinedPart } from './joined-parts.ts';

export interface JoinedAround {
  ci: FusegateResult['ci'];
  /** Milliseconds since the epoch. */
  now: number;
}

/** @returns 0 only where there is a part and every one is a pass */
export function exitOfParts(parts: readonly JoinedPart[]): ExitCode {
  if (parts.length === 0 || parts.some(({ verdict }) => verdict === 'error')) return EXIT.noVerdict;
  return parts.some(({ verdict }) => verdict === 'fail') ? EXIT.gateFailed : EXIT.pass;
}

const OUTCOME: Partial<Record<ExitCode, FusegateResult['verdict']>> = {
  [EXIT.pass]: 'pass',
  [EXIT.gateFailed]: 'fail',
};

/** The parts in the form of an archive's result: a build for each, whose rows and findings begin with its label. */
export function joinedResult(parts: readonly JoinedPart[], around: JoinedAround): FusegateResult {
  const exitCode = exitOfParts(parts);
  const results = parts.flatMap(({ result }) => result ?? []);
  const time = new Date(around.now).toISOString();
  const same = <T>(of: (result: FusegateResult) => T): T | undefined => {
    const values = new Set(results.map(of));
    return values.size === 1 ? [...values][0] : undefined;
  };
  const weaker = results.find(({ evidenceMode }) => evidenceMode !== 'pdf') ?? results[0];
  const first = results[0];
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: { name: 'fusegate', version: VERSION },
    mode: 'report',
    verdict: OUTCOME[exitCode] ?? 'error',
    exitCode,
    gate: 'enforce',
    rehearsal: results.some(({ rehearsal }) => rehearsal),
    server: same(({ server }) => server) ?? null,
    transport: {},
    startedAt: results.map(({ startedAt }) => startedAt).sort()[0] ?? time,
    finishedAt: time,
    ci: around.ci,
    requirements: parts.flatMap(({ label, result }) =>
      (result?.requirements ?? []).map((one) => ({
        ...one,
        id: `${label}: ${one.id}`,
        requirement: `${label}: ${one.requirement}`,
        message: `${label}: ${one.message}`,
      })),
    ),
    findings: parts.flatMap(({ label, findings, result }) =>
      [...findings, ...(result?.findings ?? [])]
        .filter(({ level }) => level !== 'note')
        .map((one) => ({ ...one, message: `${label}: ${one.message}` })),
    ),
    missingFeatures: [...new Set(results.flatMap(({ missingFeatures }) => missingFeatures))].sort(),
    waivers: parts.flatMap(({ label, result }) =>
      (result?.waivers ?? []).map((one) => ({ ...one, source: `${label}: ${one.source}` })),
    ),
    accepted: parts.flatMap(({ label, result }) =>
      (result?.accepted ?? []).map((one) => ({ ...one, where: `${label}: ${one.where}` })),
    ),
    ids: {},
    builds: parts.map(buildOf),
    files: [],
    binding: { level: 'none', message: 'Results of several apps were joined; no file was compared with them.' },
    stages: [],
    certificate: { source: 'none', shape: {}, sha256: {}, features: [], missingListeners: [], facts: {} },
    evidence:
      (['none', 'inferred'] as const).find((level) => results.some(({ evidence }) => evidence === level)) ??
      (first === undefined ? 'none' : 'verified'),
    evidenceMode: weaker?.evidenceMode ?? 'pdf',
    ...defined({ evidenceSetBy: weaker?.evidenceSetBy }),
    policy: {
      ...defined({ path: same(({ policy }) => policy.path) }),
      sha256: same(({ policy }) => policy.sha256) ?? 'several policies',
      resolved: same(({ policy }) => policy.sha256) === undefined ? {} : (first?.policy.resolved ?? {}),
    },
    baseline: null,
  };
}

function buildOf({ label, verdict, result, unreadable }: JoinedPart): NonNullable<FusegateResult['builds']>[number] {
  const { app, ids, certificate } = result ?? {};
  return defined({
    label,
    name: app?.name,
    version: app?.version,
    bundleId: app?.bundleId,
    buildId: ids?.buildId ?? certificate?.facts.build_id,
    fusionSetId: ids?.fusionSetId ?? certificate?.facts.fusion_set_id,
    created: certificate?.facts.certificate_created,
    unreadable,
    verdict,
  });
}
