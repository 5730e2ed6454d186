/** Everything that a run knows at its end, as the one result. Pure: the caller reads clocks and files. */
import type { AppdomeClient } from '../api/client.ts';
import type { StageTiming } from '../model/build-outcome.ts';
import type { Evidence } from '../model/certificate.ts';
import type { Clock } from '../model/clock.ts';
import { defined } from '../model/defined.ts';
import { EXIT, type ExitCode, type FusegateError, type ServiceIds } from '../model/errors.ts';
import type { AppListening } from '../model/listening.ts';
import type { FusegateResult } from '../model/result.ts';
import type { AppKind, Platform, RunRequest } from '../model/run-request.ts';
import { SCHEMA_VERSION } from '../model/schema-version.ts';
import type { Finding, Verdict } from '../model/verdict.ts';
import { VERSION } from '../model/version.ts';
import type { CiContext } from '../options/ci-context.ts';
import { respelled } from '../options/spelling.ts';
import type { System } from '../options/system.ts';
import { certificateView } from '../policy/baseline/certificate-view.ts';
import { notJudged } from '../policy/rules/not-judged.ts';
import { policySha256 } from '../policy/rules/plan.ts';
import type { PolicyPlan } from '../policy/rules/rule.ts';
import { quotableResolved } from '../policy/rules/understood.ts';

export interface ToolFacts {
  /** SHA-256 of the bundle that runs; absent when it runs from source. */
  bundleSha256?: string;
}

/** What an adapter says about itself and its job. */
export interface RunContext {
  ci: CiContext;
  tool: ToolFacts;
  /** The job's folder, absolute, in the repository: what paths are relative to. */
  root: string;
  /** The file that defines the job, as its CI system names it; it need not be there. */
  jobFile?: string | undefined;
  /** Hides secrets in what is written to files; the host does it for what is printed. */
  mask: (text: string) => string;
  /** Whose spelling of options the advice is written in; absent = the ids of the option table. */
  system?: System;
}

export interface RunEnd {
  exitCode: ExitCode;
  result: FusegateResult;
}

/** What a result says of the request. */
export type ResultRequest = Pick<
  RunRequest,
  'mode' | 'server' | 'app' | 'platform' | 'fusionSetId' | 'gate' | 'dryRunSetBy' | 'fleet'
>;

/** What is known from the first moment. */
export interface RunStart {
  request: ResultRequest;
  plan: PolicyPlan;
  policySha256: string;
  ci: CiContext;
  tool: ToolFacts;
  system?: System;
  /** ISO 8601, UTC. */
  startedAt: string;
}

/** The service that was asked, and the way to it. */
export interface ServerFacts {
  origin: string;
  rehearsal: boolean;
  transport: FusegateResult['transport'];
  /** What asks for connections without verification. */
  ignoredSettings?: readonly string[];
}

export function serverFacts(client: AppdomeClient): ServerFacts {
  const { origin, isRehearsal, connection, ignoredSettings } = client;
  return { origin, rehearsal: isRehearsal, transport: connection, ignoredSettings };
}

/** What the run learnt. */
export interface RunEnding {
  exitCode: ExitCode;
  verdict: Verdict;
  /** Absent when nobody was asked. */
  server?: ServerFacts | undefined;
  /** An embedded build service issued a certificate. */
  rehearsal?: boolean;
  ids?: ServiceIds;
  app?: Partial<Record<'path' | 'sha256', string>> & { kind?: AppKind; platform?: Platform; size?: number };
  files?: FusegateResult['files'];
  stages?: StageTiming[];
  evidence?: Evidence;
  builds?: FusegateResult['builds'];
  dryRun?: FusegateResult['dryRun'];
  /** What the check of the app found before the upload. */
  listening?: AppListening;
  /** ISO 8601, UTC; absent until the run ends. */
  finishedAt?: string;
}

export function startOfRun(request: ResultRequest, plan: PolicyPlan, context: RunContext, clock: Clock): RunStart {
  return {
    request,
    plan,
    policySha256: policySha256(plan),
    ci: context.ci,
    tool: context.tool,
    ...defined({ system: context.system }),
    startedAt: new Date(clock.now()).toISOString(),
  };
}

/** An error as the verdict states it. */
export function findingOf(error: FusegateError): Finding {
  return { code: error.code, level: 'error', message: error.message, hint: error.hint };
}

export function verdictWithoutEvidence(outcome: Verdict['outcome'], findings: Finding[]): Verdict {
  return {
    outcome,
    requirements: [],
    findings,
    missingFeatures: [],
    binding: { level: 'none', message: 'Nothing was compared.' },
    evidence: 'none',
    waivers: [],
    accepted: [],
  };
}

/** The verdict of a run that ended before anything could be judged. Every requirement stays unproven. */
export function verdictWithoutJudgement(plan: PolicyPlan, finding: Finding): Verdict {
  const requirements = notJudged(plan, 'The run ended before the gate could judge.');
  return { ...verdictWithoutEvidence('error', [finding]), requirements };
}

const EMPTY_CERTIFICATE: FusegateResult['certificate'] = {
  source: 'none',
  shape: {},
  sha256: {},
  features: [],
  missingListeners: [],
  facts: {},
};

/** The result of a run that has only begun: what lies on disk until the run ends, so that a killed run is never green. */
export function incompleteResult(start: RunStart): FusegateResult {
  return buildResult(start, {
    exitCode: EXIT.noVerdict,
    verdict: verdictWithoutJudgement(start.plan, {
      code: 'run.incomplete',
      level: 'error',
      message: 'The run has not ended, or was killed before it could say how it ended',
      hint: 'Look at the job log. With `--resume auto` the next run of the same job continues the same build.',
    }),
  });
}

export function buildResult(start: RunStart, ending: RunEnding): FusegateResult {
  const { request, plan } = start;
  const { verdict, ids = {} } = ending;
  const certificate = ending.evidence ? certificateView(ending.evidence) : EMPTY_CERTIFICATE;
  const { runId: _runId, ...ci } = start.ci;
  const { setBy: gateSetBy, evidenceSetBy } = request.gate;
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: { name: 'fusegate', version: VERSION, ...start.tool },
    mode: request.mode,
    verdict: verdict.outcome,
    exitCode: ending.exitCode,
    gate: request.gate.mode,
    ...defined({ gateSetBy, evidenceSetBy, dryRunSetBy: request.dryRunSetBy }),
    rehearsal: ending.rehearsal === true || ending.server?.rehearsal === true,
    server: ending.server?.origin ?? null,
    transport: ending.server?.transport ?? {},
    startedAt: start.startedAt,
    finishedAt: ending.finishedAt ?? null,
    ci,
    requirements: verdict.requirements,
    findings: verdict.findings.map((finding) => adviceFor(finding, start.system)),
    missingFeatures: verdict.missingFeatures,
    waivers: verdict.waivers,
    accepted: verdict.accepted,
    ids: defined({
      appId: ids.appId,
      buildId: ids.buildId,
      fusionSetId: ids.fusionSetId ?? request.fusionSetId,
      teamId: ids.teamId ?? request.server.teamId,
    }),
    ...defined({
      app: appOf(request, ending.app, certificate.facts),
      fleet: request.fleet,
      builds: ending.builds,
    }),
    files: ending.files ?? [],
    binding: verdict.binding,
    stages: ending.stages ?? [],
    certificate,
    evidence: verdict.evidence,
    evidenceMode: request.gate.evidence,
    policy: {
      ...defined({ path: plan.path }),
      sha256: start.policySha256,
      resolved: quotableResolved(plan.resolved, verdict.accepted),
      ...defined({ maxCertificateAgeMs: plan.maxCertificateAgeMs }),
    },
    baseline: verdict.baseline ?? null,
    ...defined({
      dryRun: ending.dryRun,
      listening: ending.listening && listeningRecord(ending.listening, request.gate),
    }),
  };
}

function listeningRecord(
  { events, unreadable }: AppListening,
  { listeners }: Pick<RunRequest['gate'], 'listeners'>,
): FusegateResult['listening'] {
  return {
    check: listeners === 'fail' ? 'fail' : 'warn',
    events: events.map(({ name, protection, outcome, places }) => ({
      name,
      ...defined({ protection }),
      outcome,
      places: places.map(({ file, line, where, what, detail }) => {
        const at = [line === undefined ? file : `${file}:${line}`, where]
          .filter((part) => part !== undefined)
          .join(', ');
        return `${at}: ${detail ?? what}`;
      }),
    })),
    unreadable: unreadable.map(({ file, reason }) => ({ file, reason })),
  };
}

function adviceFor(finding: Finding, system: System | undefined): Finding {
  return system === undefined ? finding : { ...finding, hint: respelled(finding.hint, system) };
}

/** The app as we measured it, with what the certificate says of its name. */
function appOf(
  { app: given, platform }: Pick<RunRequest, 'app' | 'platform'>,
  measured: RunEnding['app'],
  facts: FusegateResult['certificate']['facts'],
): FusegateResult['app'] | undefined {
  const app = defined({
    path: measured?.path ?? given?.path,
    platform: measured?.platform ?? platform,
    kind: measured?.kind ?? given?.kind,
    name: facts.app_name,
    bundleId: facts.bundle_id,
    version: facts.app_version,
    sha256: measured?.sha256,
    size: measured?.size ?? given?.size,
  });
  return Object.keys(app).length > 0 ? app : undefined;
}
