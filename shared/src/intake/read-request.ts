/** Raw inputs -> a request that can be run, or one error that names everything that is wrong. No request is sent on the way. */
import { percentDecoded } from '../api/origin.ts';
import { PROXY_VARIABLES } from '../api/proxy-variables.ts';
import { type Clock, systemClock } from '../model/clock.ts';
import { defined } from '../model/defined.ts';
import type { Deps } from '../model/deps.ts';
import { asFusegateError, type FusegateError, type UsageProblem } from '../model/errors.ts';
import type { Environment } from '../model/host.ts';
import type { FleetRequest, GateRequest, RunRequest } from '../model/run-request.ts';
import { Secret } from '../model/secret.ts';
import { readCiContext, runsInCi, whyWithheld } from '../options/ci-context.ts';
import { candidatesOf, type RawInputs } from '../options/input-candidates.ts';
import { type ParsedOptions, parseOptions } from '../options/parse-options.ts';
import { type InputProblem, problemsError } from '../options/problem.ts';
import { spell } from '../options/spelling.ts';
import type { System } from '../options/system.ts';
import { OPTIONS } from '../options/table.ts';
import { deadlineError } from '../pipeline/stages.ts';
import type { MergedPolicy } from '../policy/file/policy-chain.ts';
import { type PlanResult, planPolicy, policySha256 } from '../policy/rules/plan.ts';
import type { Baseline, PolicyPlan } from '../policy/rules/rule.ts';
import { buildRequest } from './build-request.ts';
import { apartBy, isOfAnotherApp } from './folder-of-another-app.ts';
import { foldersMeant } from './folders-meant.ts';
import { evidenceInForce, gateInForce } from './gate-in-force.ts';
import { inputsInOutput } from './inputs-in-output.ts';
import { inspectFiles } from './inspect-files.ts';
import type { InspectedFiles } from './inspected-files.ts';
import type { LoadedPolicy } from './load-policy.ts';
import { readSecretFiles } from './secret-files.ts';
import { traceProblems } from './trace-problems.ts';

/** `secrets`: everything that must be masked, in both cases, before anything else is printed. */
export type ReadRequest =
  | { ok: true; request: RunRequest; plan: PolicyPlan; secrets: Secret[]; notices: string[] }
  | {
      ok: false;
      error: FusegateError;
      secrets: Secret[];
      notices: string[];
      /**
       * The request as far as it could be built, where a folder is known that it would have written to or may have: what an earlier run left
       * there must not pass for the outcome of this one.
       */
      draft?: RefusedDraft;
    };

export interface RefusedDraft {
  request: RunRequest;
  plan: PolicyPlan;
  /** Beside that of the request, where it is not certain which was meant. */
  otherFolders: string[];
}

/** The password inside a proxy URL, as it stands and decoded. */
function proxySecrets(urls: ReadonlyArray<string | undefined>): Secret[] {
  return urls.flatMap((text) => {
    const written = /^(?:[a-z][a-z0-9+.-]*:\/\/)?[^:/@\s]*:([^/\s]*)@/i.exec(text ?? '')?.[1];
    return written ? [new Secret(written), new Secret(percentDecoded(written))] : [];
  });
}

/** What options and policy add up to. */
function withPolicy(asked: GateRequest, policy: MergedPolicy | undefined): GateRequest {
  const gate = gateInForce({ value: asked.mode, setBy: asked.setBy }, policy?.gate);
  const evidence = evidenceInForce({ value: asked.evidence, setBy: asked.evidenceSetBy }, policy);
  const overruled = [gate.overruled, evidence.overruled].filter((one) => one !== undefined);
  return {
    ...asked,
    mode: gate.value,
    evidence: evidence.value,
    ...defined({ setBy: gate.setBy, evidenceSetBy: evidence.setBy }),
    ...(overruled.length > 0 ? { overruled } : {}),
  };
}

/** Named as the user wrote the options. Loaded only where there is something to look at. */
async function credentialFindings(
  options: ParsedOptions,
  { sign, app, context }: Pick<RunRequest, 'sign' | 'app' | 'context'>,
  { refused }: InspectedFiles,
  now: number,
  signal: AbortSignal,
): Promise<{ problems: InputProblem[]; notices: string[]; notChecked: string[] }> {
  const fine = (file: string | undefined) => (file !== undefined && !refused.has(file) ? [file] : []);
  const [keystore] = fine(sign?.keystore);
  const [p12] = fine(sign?.p12);
  const provisioningProfiles = sign?.provisioningProfiles?.flatMap(fine) ?? [];
  const entitlements = sign?.entitlements?.flatMap(fine) ?? [];
  if (keystore === undefined && p12 === undefined && provisioningProfiles.length + entitlements.length === 0) {
    return { problems: [], notices: [], notChecked: [] };
  }
  const { keystorePassword, keystoreAlias, keyPassword, p12Password } = sign ?? {};
  const given = defined({ keystore, keystorePassword, keystoreAlias, keyPassword, p12, p12Password });
  const { checkCredentials } = await import('../credentials/credentials.ts');
  const {
    problems,
    warnings: notices,
    notChecked,
  } = await checkCredentials(
    { ...given, provisioningProfiles, entitlements },
    defined({ app, context }),
    now,
    signal,
  ).catch((error) => {
    if (signal.aborted) return { problems: [], warnings: [], notChecked: [] };
    throw error;
  });
  return {
    // An empty secret stands under the name that it was given by.
    problems: problems.map(({ option, message, allowed }) => ({
      ...options.problemWith(option, message, allowed),
      option: options.emptySecret(option) ?? options.name(option),
    })),
    notices,
    notChecked,
  };
}

/** Where any secret has a value, none was withheld. */
function maybeWithheld(options: ParsedOptions, environment: Environment): string | undefined {
  const hasSecrets = OPTIONS.some(
    ({ id, type, inEveryJob }) => type.kind === 'secret' && !inEveryJob && options.get(id) !== undefined,
  );
  return hasSecrets || !runsInCi(environment)
    ? undefined
    : 'CI systems withhold secrets from forks and from Dependabot, or the secret has another name';
}

async function policyOf(options: ParsedOptions, cwd: string): Promise<LoadedPolicy | undefined> {
  const path = options.get('policy');
  if (path === undefined) return undefined;
  const { loadPolicy } = await import('./load-policy.ts');
  return loadPolicy(path, options.name('policy'), cwd);
}

async function baselineOf(
  options: ParsedOptions,
  cwd: string,
  { accept }: PolicyPlan,
): Promise<{ baseline?: Baseline; notice?: string; problem?: InputProblem }> {
  const path = options.get('baseline');
  if (path === undefined) return {};
  const { loadBaseline } = await import('./load-baseline.ts');
  return loadBaseline(path, options.name('baseline'), cwd, accept);
}

/**
 * What is required: the policy's files, the option's names and the baseline, resolved before any request; and the gate that
 * options and policy add up to.
 */
async function readPlan(
  options: ParsedOptions,
  request: Pick<RunRequest, 'mode' | 'app' | 'buildId' | 'platform' | 'server' | 'gate'>,
  { cwd, now, system }: { cwd: string; now: number; system: System },
): Promise<PlanResult & { gate: RunRequest['gate'] }> {
  const loaded = await policyOf(options, cwd);
  const gate = withPolicy(request.gate, loaded?.policy);
  const judges = request.mode === 'run' || request.mode === 'gate';
  const asksService = request.mode !== 'gate' || request.buildId !== undefined;
  const input = {
    required: request.gate.requiredFeatures,
    // Validating and verifying judge no protections: there is nothing that must be required. And a policy that cannot be read is one
    // problem; that it then requires nothing is not a second one.
    gate: judges && (!loaded || loaded.policy) ? gate.mode : ('disabled' as const),
    platform: request.platform,
    option: spell('required-features', system),
    policy: loaded?.policy,
    server: asksService ? request.server.url : undefined,
    now,
  };
  const made = planPolicy(input);
  // What is left of a faulty policy has problems of its own, and no rules.
  const found = loaded?.partial ? planPolicy({ ...input, policy: loaded.partial }).problems : made.problems;
  const { baseline, notice, problem } = await baselineOf(options, cwd, made.plan);
  const problems = [...(loaded?.problems ?? []), ...found, ...(problem ? [problem] : [])];
  const notices = [...made.notices, ...(notice === undefined ? [] : [notice])];
  if (baseline !== undefined) made.plan.baseline = baseline;
  problems.push(...listenersProblems(options, request, loaded?.policy?.appListeners));
  const pinned = request.mode === 'verify' ? undefined : options.get('policy-sha256')?.toLowerCase();
  if (pinned !== undefined && problems.length === 0 && pinned !== policySha256(made.plan)) {
    const message = 'is not the digest of the resolved policy: it was changed';
    const allowed = `${policySha256(made.plan)}, once somebody has looked at the change`;
    problems.push(options.problemWith('policy-sha256', message, allowed, pinned));
  }
  return { ...made, problems, notices, gate };
}

/** A check that is asked for needs an app to look at, and a policy that needs the check is not weakened by an option. */
function listenersProblems(
  options: ParsedOptions,
  { mode, app, gate }: Pick<RunRequest, 'mode' | 'app' | 'gate'>,
  rule: MergedPolicy['appListeners'],
): UsageProblem[] {
  if (mode !== 'run') return [];
  if (gate.listeners === 'off' && rule !== undefined) {
    const message = `switches off the check that the policy needs: threat-event-listeners: ${rule.value} (${rule.source})`;
    return [options.problemWith('listeners', message, 'warn or fail, or leave it out', 'off')];
  }
  if (gate.listeners === 'fail' && app === undefined && options.get('app') === undefined) {
    return [
      options.problemWith(
        'listeners',
        'needs the app to look into',
        `${options.name('app')} with the app's file`,
        'fail',
      ),
    ];
  }
  return [];
}

/** Aborted when the run is cancelled or its time is up: a keystore may ask for a long derivation of keys, from the first look on. */
function endOfRun(
  ms: number,
  { clock, signal }: Pick<Deps, 'clock' | 'signal'>,
): { signal: AbortSignal; close(): void } {
  const late = new AbortController();
  const expire = () => late.abort(deadlineError('timeout.run', 'preflight', ms, {}));
  // 0: the option is wrong, which is reported as a problem of its own. `unref`: where nothing else is left to wait for, Node ends at once,
  // and red; this timer must not keep it alive until the deadline.
  const close = ms > 0 ? clock.setTimer(ms, expire, 'unref') : () => {};
  return { signal: AbortSignal.any([signal, late.signal]), close };
}

interface Surroundings {
  /** What relative paths are relative to. */
  cwd: string;
  /** Where `fusegate-output/` goes when no folder is given; `cwd` by default. */
  outputBase?: string;
  /** Milliseconds since the epoch, for what expires. */
  now: number;
  /** Of the deadline. */
  clock?: Clock;
  /** Aborted when the run is cancelled. */
  signal?: AbortSignal;
}

/** @param environment the process environment; nothing else of `shared/` reads it, but for the transport's proxy settings */
export async function readRequest(
  raw: RawInputs,
  environment: Environment,
  system: System,
  around: Surroundings,
): Promise<ReadRequest> {
  const { fleet, named, ...inputs } = await withFleet(raw, environment, system, around);
  const options = parseOptions(await readSecretFiles(inputs.raw, environment, system, around.cwd), environment, system);
  const { clock = systemClock, signal = new AbortController().signal } = around;
  const end = endOfRun(options.get('timeout') ?? 0, { clock, signal });
  try {
    return await requestOf(options, environment, system, {
      ...around,
      signal: end.signal,
      ...defined({ fleet }),
      withoutEntry: named && fleet === undefined,
    });
  } finally {
    end.close();
  }
}

/** What a fleet file says of the app that this run is for; loaded only where one was named. */
async function withFleet(
  raw: RawInputs,
  environment: Environment,
  system: System,
  around: Surroundings,
): Promise<{ raw: RawInputs; fleet?: FleetRequest; named: boolean }> {
  const named = (['fleet', 'fleet-app'] as const).some((id) =>
    candidatesOf(id, raw, environment, system).some(({ text }) => text.trim() !== ''),
  );
  if (!named) return { raw, named };
  const { applyFleet } = await import('./fleet/apply-fleet.ts');
  return { ...(await applyFleet(raw, environment, system, around)), named };
}

/** Only a default folder: one that is given is where the user wants it. */
async function isTaken(
  options: ParsedOptions,
  { mode, app, output }: Pick<RunRequest, 'mode' | 'app' | 'output'>,
  environment: Environment,
  { cwd, inCi }: { cwd: string; inCi: boolean },
): Promise<boolean> {
  if (mode !== 'run' || app === undefined || app.url !== undefined || options.get('output-dir') !== undefined)
    return false;
  return isOfAnotherApp(output.dir, app.path, { cwd, inCi, runUrl: readCiContext(environment).runUrl });
}

async function requestOf(
  options: ParsedOptions,
  environment: Environment,
  system: System,
  {
    cwd,
    outputBase,
    now,
    signal,
    fleet,
    withoutEntry,
  }: Surroundings & { signal: AbortSignal; fleet?: FleetRequest; withoutEntry: boolean },
): Promise<ReadRequest> {
  const files = await inspectFiles(options, cwd, environment, signal);
  const around = {
    cwd,
    outputBase,
    environment,
    inCi: runsInCi(environment),
    withheld: whyWithheld(environment) ?? maybeWithheld(options, environment),
  };
  let draft = buildRequest(options, files, around);
  if (await isTaken(options, draft.request, environment, around)) {
    draft = buildRequest(options, files, { ...around, apart: apartBy(draft.request.app?.path ?? '', cwd) });
  }
  const { plan, problems, notices, gate } = await readPlan(options, draft.request, { cwd, now, system });
  draft.request = { ...draft.request, gate, ...defined({ fleet }) };
  const told = new Set(draft.problems.map(({ option }) => option));
  const credentials = await credentialFindings(options, draft.request, files, now, signal);
  const notChecked = [...files.notChecked, ...credentials.notChecked];
  if (notChecked.length > 0) draft.request.notChecked = notChecked;
  if (credentials.notices.length > 0) draft.request.doubts = credentials.notices;
  const { fusedAlready } = files;
  Object.assign(draft.request, defined({ fusedAlready }));
  const all: InputProblem[] = [
    ...options.problems,
    ...files.problems,
    // What the entry would have given is missing, and the entry is the problem.
    ...(withoutEntry ? [] : draft.problems),
    ...(await inputsInOutput(options, files, draft.request, cwd)),
    ...(await traceProblems(options, draft.request)),
    ...credentials.problems.filter(({ option }) => !told.has(option)),
    ...(withoutEntry ? [] : problems.map((each): InputProblem => ({ code: 'usage.invalid', ...each }))),
  ];
  const proxies = [
    options.get('proxy'),
    ...[...PROXY_VARIABLES, 'http_proxy', 'HTTP_PROXY'].map((name) => environment[name]),
  ];
  const common = {
    secrets: [...options.secrets, ...files.secrets, ...proxySecrets(proxies)],
    notices: [
      ...options.notices,
      ...files.notices,
      ...(fusedAlready === undefined ? [] : [fusedAlready]),
      ...draft.notices,
      ...credentials.notices,
      ...notChecked,
      ...notices,
    ],
  };
  if (all.length === 0 && !signal.aborted) return { ok: true, request: draft.request, plan, ...common };
  // What was not looked at to the end is not known to be wrong, so the end of the run comes first.
  const error = signal.aborted ? asFusegateError(signal.reason) : problemsError(all);
  const refused = { ok: false as const, error, ...common };
  const [dir, ...otherFolders] = await foldersMeant(options, files, draft.request, all, { cwd, outputBase });
  if (dir === undefined) return refused;
  const request = { ...draft.request, output: { ...draft.request.output, dir } };
  return { ...refused, draft: { request, plan, otherFolders } };
}
