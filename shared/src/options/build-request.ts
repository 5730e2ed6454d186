/**
 * Rules between options, and the typed request. Pure: a function of the parsed options and of what the files turned out to be.
 */
import { join, resolve } from 'node:path';
import type { InspectedFiles } from './inspect-files.ts';
import { limitsOf } from './limits.ts';
import { defaultOutputName, outputProblems } from './output-folder.ts';
import type { ParsedOptions } from './parse-options.ts';
import { type InputProblem, problem } from './problem.ts';
import { missing } from './required.ts';
import type { ContextRequest, Platform, RunRequest, ServerSettings } from './run-request.ts';
import { decideSigning } from './sign-rules.ts';
import type { OptionId } from './table.ts';

export interface Surroundings {
  cwd: string;
  /** A CI system was recognised: the default of `ci`. */
  inCi: boolean;
  /** Why this run has no secrets, where that is known (withheld-secrets.ts). */
  withheld: string | undefined;
}

export interface RequestDraft {
  /** Complete only where `problems` is empty. */
  request: RunRequest;
  problems: InputProblem[];
  notices: string[];
}

function given(options: ParsedOptions, id: OptionId): boolean {
  return options.get(id) !== undefined || options.failed(id);
}

/** Only what was asked for is in the object; nothing asked = no context step (appdome-api.md §3.8). */
function contextOf(options: ParsedOptions): ContextRequest | undefined {
  const context: ContextRequest = {};
  const bundleId = options.get('new-bundle-id');
  const version = options.get('new-version');
  const buildNumber = options.get('new-build-number');
  const displayName = options.get('new-display-name');
  if (bundleId !== undefined) context.bundleId = bundleId;
  if (version !== undefined) context.version = version;
  if (buildNumber !== undefined) context.buildNumber = buildNumber;
  if (displayName !== undefined) context.displayName = displayName;
  return Object.keys(context).length > 0 ? context : undefined;
}

/** What there is to work on: mode run wants one beginning, mode gate one thing to judge. */
function subjectProblems(options: ParsedOptions): InputProblem[] {
  const problems: InputProblem[] = [];
  const [app, appId, buildId, certificate] = (['app', 'app-id', 'build-id', 'certificate'] as const).map((id) =>
    given(options, id),
  );
  if (options.mode === 'run') {
    if (!app && !appId && !buildId) {
      problems.push(
        problem(options.name('app'), 'is missing: there is nothing to protect', {
          allowed: 'app with a file, app-id of an uploaded app, or build-id of a build that exists',
        }),
      );
    }
    if (app && appId) {
      problems.push(
        problem(options.name('app-id'), `is given together with ${options.name('app')}`, { allowed: 'one of the two' }),
      );
    }
    if (appId && buildId) {
      problems.push(
        problem(
          options.name('app-id'),
          `is given together with ${options.name('build-id')}: a build has its app already`,
          {
            allowed: 'one of the two',
          },
        ),
      );
    }
    return problems;
  }
  if (!buildId && !certificate) {
    problems.push(
      problem(options.name('build-id'), 'is missing: there is nothing to judge', {
        allowed: 'build-id of a build that exists, or certificate with files',
      }),
    );
  }
  if (buildId && certificate) {
    problems.push(
      problem(options.name('certificate'), `is given together with ${options.name('build-id')}`, {
        allowed: 'one of the two',
      }),
    );
  }
  return problems;
}

function serverOf(options: ParsedOptions, files: InspectedFiles, needsKey: boolean): ServerSettings {
  const apiKey = needsKey ? options.get('api-key') : undefined;
  const teamId = options.get('team-id');
  const proxy = options.get('proxy');
  return {
    url: options.get('server-url') ?? '',
    ...(apiKey === undefined ? {} : { apiKey }),
    // Absent and `personal` are alike (appdome-api.md §1.4); absent is what the Python client sends.
    ...(teamId === undefined || teamId.toLowerCase() === 'personal' ? {} : { teamId }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(files.caFile === undefined ? {} : { caFile: files.caFile }),
  };
}

/** @returns the request as far as it could be built, with every rule that is broken */
export function buildRequest(options: ParsedOptions, files: InspectedFiles, around: Surroundings): RequestDraft {
  const { mode } = options;
  const problems = subjectProblems(options);
  const notices: string[] = [];
  const buildId = options.get('build-id');
  const needsKey = mode === 'run' || given(options, 'build-id');
  if (needsKey) problems.push(...missing(options, 'api-key', 'the service is asked', around.withheld));
  if (mode === 'run' && !given(options, 'build-id')) {
    problems.push(...missing(options, 'fusion-set-id', 'a build needs a Fusion Set', around.withheld));
  }

  const signing = mode === 'run' ? decideSigning(options, files, around.withheld) : { problems: [], notices: [] };
  const { limits, ...limitsSaid } = limitsOf(options);
  problems.push(...signing.problems, ...limitsSaid.problems);
  notices.push(...signing.notices, ...limitsSaid.notices);

  const dir = resolve(
    around.cwd,
    options.get('output-dir') ?? join('fusegate-output', defaultOutputName(options, files)),
  );
  problems.push(...outputProblems(options, files, dir));

  const buildLogs = options.get('build-logs') ?? false;
  const { buildOverrides } = files;
  if (buildLogs && 'extended_logs' in buildOverrides && buildOverrides.extended_logs !== true) {
    problems.push(
      problem(options.name('build-logs'), 'and extended_logs in build-overrides say different things', {
        allowed: 'one of the two',
      }),
    );
  }
  if (buildId !== undefined && mode === 'run') {
    for (const id of ['build-logs', 'build-overrides'] as const) {
      const origin = options.origin(id);
      if (origin) notices.push(`${origin.spelling} is not used: build-id names a build that exists already.`);
    }
  }
  if (options.get('second-output') && files.app?.kind === 'apk') {
    notices.push(`${options.name('second-output')} is not used: only an .aab has a second output.`);
  }

  const platform: Platform | undefined = files.app?.platform ?? options.platform;
  const appId = options.get('app-id');
  const fusionSetId = options.get('fusion-set-id');
  const context = contextOf(options);
  const outputName = options.get('output-name');
  const request: RunRequest = {
    mode,
    server: serverOf(options, files, needsKey),
    ...(files.app === undefined ? {} : { app: files.app }),
    ...(appId === undefined ? {} : { appId }),
    ...(buildId === undefined ? {} : { buildId }),
    ...(fusionSetId === undefined ? {} : { fusionSetId }),
    ...(platform === undefined ? {} : { platform }),
    buildLogs,
    buildOverrides,
    ...(context === undefined ? {} : { context }),
    ...(signing.sign === undefined ? {} : { sign: signing.sign }),
    gate: {
      mode: options.get('gate') ?? 'enforce',
      requiredFeatures: (options.get('required-features') ?? []).map((name) => ({
        name,
        origin: { option: options.name('required-features') },
      })),
      evidence: options.get('evidence') ?? 'any',
      detail: options.get('detail') ?? 'full',
      certificates: files.certificates,
    },
    output: {
      dir,
      ...(outputName === undefined ? {} : { name: outputName }),
      secondOutput: options.get('second-output') ?? false,
      deobfuscationMap: options.get('deobfuscation-map') ?? false,
      reports: options.get('reports') ?? [],
    },
    limits,
    resume: options.get('resume') ?? 'auto',
    reuseUpload: options.get('reuse-upload') ?? false,
    ci: options.get('ci') ?? around.inCi,
    verbose: options.get('verbose') ?? false,
  };
  return { request, problems, notices };
}
