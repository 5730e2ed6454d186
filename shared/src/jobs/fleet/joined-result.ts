/**
 * Many results as one, as bad as the worst of them. Pure. Only passes are a pass: a result that judges nothing, an app without a result, one with
 * two, and a result of another plan keep the whole from it.
 */
import { defined } from '../../model/defined.ts';
import { EXIT, type ExitCode } from '../../model/errors.ts';
import type { FusegateResult } from '../../model/result.ts';
import { SCHEMA_VERSION } from '../../model/schema-version.ts';
import type { Finding } from '../../model/verdict.ts';
import { VERSION } from '../../model/version.ts';
import { passObjections } from '../../policy/binding/passed-result.ts';
import { shownVerdict } from '../../report/describe.ts';

/** A file that was given: a result, or why it is none. */
export type ResultFile = { file: string } & ({ result: FusegateResult } | { wrong: Finding });

/** What the fleet file says there must be. */
export interface ExpectedFleet {
  file: string;
  plan: string;
  apps: ReadonlySet<string>;
}

/** One app of the joined result. `result` is absent where there is none to show. */
export interface JoinedPart {
  /** Unique: the app of the fleet, or the file. */
  label: string;
  verdict: 'pass' | 'fail' | 'error';
  findings: Finding[];
  result?: FusegateResult;
  /** It is a file that is no result. */
  unreadable?: true;
}

/** Passes first, then what is to be looked at is not lost between them: the caller sorts by name. */
export function partsOf(files: readonly ResultFile[], expected?: ExpectedFleet): JoinedPart[] {
  const parts = new Map<string, JoinedPart>();
  const seen = new Map<string, string>();
  const plan = expected?.plan ?? planOfMost(files);
  const labels = new Set<string>();
  for (const one of files) {
    const name = 'result' in one ? one.result.fleet?.app : undefined;
    const label = unique(plainLabel(name !== undefined && !seen.has(name) ? name : one.file), labels);
    if ('wrong' in one) {
      parts.set(label, { label, verdict: 'error', findings: [one.wrong], unreadable: true });
      continue;
    }
    const objections = [
      ...placeObjections(one.file, one.result, expected, plan),
      ...(name !== undefined && seen.has(name) ? [twice(name, seen.get(name) ?? '', one.file)] : []),
    ];
    if (name !== undefined && !seen.has(name)) seen.set(name, one.file);
    parts.set(label, judged(label, one.result, objections));
  }
  for (const app of expected?.apps ?? []) {
    if (seen.has(app)) continue;
    const label = unique(app, labels);
    parts.set(label, { label, verdict: 'error', findings: [absent(app)] });
  }
  return [...parts.values()].sort((a, b) => (a.label < b.label ? -1 : 1));
}

function judged(label: string, result: FusegateResult, objections: Finding[]): JoinedPart {
  const verdict = shownVerdict(result);
  if (objections.length > 0) return { label, verdict: 'error', findings: objections, result };
  if (verdict === 'fail') return { label, verdict, findings: [], result };
  if (verdict === 'error') return { label, verdict, findings: [], result };
  if (verdict === 'not-evaluated') return { label, verdict: 'error', findings: [notJudged(label, result)], result };
  // How far its own job was allowed to go is no part of the verdict, and a certificate given as a file need not name its build.
  const claims = { ...result, gate: 'enforce' as const, ids: { buildId: 'not asked for', ...result.ids } };
  const found = passObjections(claims);
  return { label, verdict: found.length > 0 ? 'error' : 'pass', findings: found, result };
}

/** Whether it belongs here at all. */
function placeObjections(
  file: string,
  { fleet }: FusegateResult,
  expected: ExpectedFleet | undefined,
  plan: string | undefined,
): Finding[] {
  if (fleet === undefined) {
    if (expected === undefined) return [];
    const message = `The result ${file} was not made for an app of a fleet file`;
    return [
      {
        code: 'fleet.unknown',
        level: 'error',
        message,
        hint: `Leave ${file} out, or run its app with --fleet and --fleet-app.`,
      },
    ];
  }
  if (plan !== undefined && fleet.plan !== plan) {
    const message = `The result of ${fleet.app} belongs to another plan (${fleet.plan.slice(0, 16)}, not ${plan.slice(0, 16)})`;
    const hint = `Run ${fleet.app} again with the fleet file as it is now, or join its results with the fleet file that they were made with.`;
    return [{ code: 'fleet.other-plan', level: 'error', message, hint }];
  }
  if (expected !== undefined && !expected.apps.has(fleet.app)) {
    const message = `The result ${file} is of ${fleet.app}, which is not an app of ${expected.file}`;
    const hint = `Run this where the app ${fleet.app} lies, if a pattern stands for it; else leave its result out.`;
    return [{ code: 'fleet.unknown', level: 'error', message, hint }];
  }
  return [];
}

/** Without a fleet file, results still belong to one plan: that of the most. */
function planOfMost(files: readonly ResultFile[]): string | undefined {
  const counts = new Map<string, number>();
  for (const one of files) {
    const plan = 'result' in one ? one.result.fleet?.plan : undefined;
    if (plan !== undefined) counts.set(plan, (counts.get(plan) ?? 0) + 1);
  }
  return [...counts].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1))[0]?.[0];
}

function absent(app: string): Finding {
  return {
    code: 'fleet.absent',
    level: 'error',
    message: `${app} has no result`,
    hint: `Look at the job of ${app}: it did not run, was killed, or did not hand on its fusegate-result.json.`,
  };
}

function twice(app: string, first: string, second: string): Finding {
  return {
    code: 'fleet.twice',
    level: 'error',
    message: `${app} has two results: ${first} and ${second}`,
    hint: `Give one result of ${app}, that of the run that counts.`,
  };
}

function notJudged(label: string, { dryRun, mode }: FusegateResult): Finding {
  const why = dryRun ? 'its run was a dry run' : mode === 'validate' ? 'it was only validated' : 'its gate is disabled';
  return {
    code: 'fleet.not-judged',
    level: 'error',
    message: `Nothing was judged: ${why}`,
    hint: `Run ${label} again with gate enforce.`,
  };
}

/** What stands before `: ` in rows and findings, so it has none itself. */
function plainLabel(text: string): string {
  return text.replaceAll(': ', ':') || 'unnamed';
}

function unique(text: string, taken: Set<string>): string {
  let label = text;
  for (let count = 2; taken.has(label); count++) label = `${text} (${count})`;
  taken.add(label);
  return label;
}

export interface JoinedAround {
  ci: FusegateResult['ci'];
  /** Milliseconds since the epoch. */
  now: number;
  fleet?: string;
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
