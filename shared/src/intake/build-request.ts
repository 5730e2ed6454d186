/**
 * Rules between options, and the typed request. Pure: a function of the parsed options and of what the files turned out to be.
 */
import { basename, dirname, join, resolve } from 'node:path';
import type { Environment } from '../model/host.ts';
import type {
  AppInput,
  PendingFile,
  Platform,
  PublishedKind,
  RunRequest,
  ServerSettings,
  VerifyRequest,
} from '../model/run-request.ts';
import { originWords, type ParsedOptions } from '../options/parse-options.ts';
import { type InputProblem, problem } from '../options/problem.ts';
import type { OptionId } from '../options/table.ts';
import { decideBuild, decideContext, outputNotices } from './build-rules.ts';
import { isArchive } from './certificate-files.ts';
import { defaultOutputName, type OutputPlace, outputBase, outputProblems } from './choose-output-folder.ts';
import type { InspectedFiles } from './inspected-files.ts';
import { limitsOf } from './limits.ts';
import { decideMappingUploads } from './mapping-uploads.ts';
import { missing } from './required.ts';
import { decideSigning } from './sign-rules.ts';

export interface Surroundings extends OutputPlace {
  /** The process environment, for programs that are started. */
  environment?: Environment;
  /** A CI system was recognised: the default of `ci`. */
  inCi: boolean;
  /** Why this run has no secrets, where that is known (ci-context.ts). */
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
          allowed: `${options.name('app')} with a file, ${options.name('app-id')} of an uploaded app, or ${options.name('build-id')} of a build that exists`,
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
          `is given together with ${options.name('build-id')}: a build already has its app`,
          {
            allowed: 'one of the two',
          },
        ),
      );
    }
    return problems;
  }
  if (options.mode === 'validate' || options.mode === 'verify') return filesToCompare(options);
  if (!buildId && !certificate) {
    problems.push(
      problem(options.name('build-id'), 'is missing: there is nothing to judge', {
        allowed: `${options.name('build-id')} of a build that exists, or ${options.name('certificate')} with files`,
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

/** Certificates of several builds have no one file to be bound to. */
function archiveProblems(options: ParsedOptions, files: InspectedFiles): InputProblem[] {
  if (!isArchive(files.certificates) || !given(options, 'app')) return [];
  const message = `is given together with ${files.certificates.length} certificates: it can be bound to the certificate of one build`;
  return [problem(options.name('app'), message, { allowed: 'one .pdf, one .json, or one of each, of that build' })];
}

/** Modes validate and verify hold a file against what a run has said of it. */
function filesToCompare(options: ParsedOptions): InputProblem[] {
  const { mode } = options;
  const problems: InputProblem[] = [];
  if (!given(options, 'app')) {
    problems.push(
      problem(options.name('app'), `is missing: there is nothing to ${mode}`, {
        allowed: mode === 'validate' ? 'the app that was signed locally' : 'the app that is about to be deployed',
      }),
    );
  }
  if (given(options, 'result') || (mode === 'validate' && given(options, 'build-id'))) return problems;
  const missing = 'is missing: nothing says which build the app must come from';
  problems.push(
    problem(options.name('result'), missing, {
      allowed:
        mode === 'validate'
          ? `${options.name('result')} with the result of the run, or ${options.name('build-id')}`
          : 'the fusegate-result.json of the run',
    }),
  );
  return problems;
}

/** `none` beside something else would be two answers; it is a problem of its own (publishProblems). */
function publishOf(options: ParsedOptions): PublishedKind[] {
  return (options.get('publish') ?? []).filter((kind) => kind !== 'none');
}

function publishProblems(options: ParsedOptions): InputProblem[] {
  const asked = options.get('publish') ?? [];
  if (!asked.includes('none') || asked.length === 1) return [];
  return [
    problem(options.name('publish'), 'combines none with something else', {
      allowed: 'none, or any of reports, app, certificate',
    }),
  ];
}

function verifyOf(options: ParsedOptions): VerifyRequest {
  const maxAge = options.get('max-age');
  const policySha256 = options.get('policy-sha256');
  return {
    ...(maxAge === undefined ? {} : { maxAge }),
    ...(policySha256 === undefined ? {} : { policySha256: policySha256.toLowerCase() }),
    // Under the other two the PDF had to be read.
    ...(['any', 'json'].includes(options.get('evidence') ?? '') ? { inferred: true } : {}),
  };
}

/** Undefined where the default stands. */
function setterOf(options: ParsedOptions, id: OptionId): string | undefined {
  const origin = options.origin(id);
  return origin && originWords(origin);
}

/** As the options have it; what the policy pins is applied once it has been read (read-request.ts). */
function gateOf(options: ParsedOptions): Pick<RunRequest['gate'], 'mode' | 'setBy' | 'evidence' | 'evidenceSetBy'> {
  const setBy = setterOf(options, 'gate');
  const evidenceSetBy = setterOf(options, 'evidence');
  return {
    mode: options.get('gate') ?? 'enforce',
    ...(setBy === undefined ? {} : { setBy }),
    evidence: options.get('evidence') ?? 'pdf',
    ...(evidenceSetBy === undefined ? {} : { evidenceSetBy }),
  };
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

function commentOf(options: ParsedOptions): Pick<RunRequest, 'comment'> {
  const when = options.get('comment') ?? 'never';
  const token = options.get('github-token');
  return when === 'never' ? {} : { comment: { when, ...(token === undefined ? {} : { token }) } };
}

/**
 * An app that a run fetches goes into its output folder, not into the system's temporary one: that may be small, or memory. Under a name
 * that the next run removes should this one be killed.
 */
function placed(files: InspectedFiles, dir: string): { app?: AppInput; pending: PendingFile[] } {
  const { app, pending } = files;
  if (app === undefined) return { pending };
  if (app.url === undefined) return { app, pending };
  // The temporary folder is fusegate-<uuid>.
  const path = join(dir, 'private', `.${basename(dirname(dirname(app.path)))}.part`);
  return {
    app: { ...app, path },
    pending: pending.map((file) => (file.path === app.path ? { ...file, path } : file)),
  };
}

/** What input-files/prepare-inputs.ts looks at only once the files are there. */
const CHECKED_LATER = [
  'keystore',
  'keystore-password',
  'keystore-alias',
  'key-password',
  'p12',
  'p12-password',
  'provisioning-profiles',
  'entitlements',
  'signing-fingerprint-list',
  'cert-pinning-zip',
] as const satisfies readonly OptionId[];

function namesForLater(options: ParsedOptions): Record<string, string> {
  return Object.fromEntries(CHECKED_LATER.map((id) => [id, options.name(id)]));
}

/** @returns the request as far as it could be built, with every rule that is broken */
export function buildRequest(options: ParsedOptions, files: InspectedFiles, around: Surroundings): RequestDraft {
  const { mode } = options;
  const problems = [...subjectProblems(options), ...archiveProblems(options, files)];
  const notices: string[] = [];
  const buildId = options.get('build-id');
  const appId = options.get('app-id');
  const needsKey = mode === 'run' || mode === 'validate' || (mode === 'gate' && given(options, 'build-id'));
  if (needsKey) problems.push(...missing(options, 'api-key', 'this asks the service', around.withheld));
  if (mode === 'run' && !given(options, 'build-id')) {
    problems.push(...missing(options, 'fusion-set-id', 'a build needs a Fusion Set', around.withheld));
  }

  const signing = mode === 'run' ? decideSigning(options, files, around.withheld) : { problems: [], notices: [] };
  const { limits, ...limitsSaid } = limitsOf(options);
  problems.push(...signing.problems, ...limitsSaid.problems);
  notices.push(...signing.notices, ...limitsSaid.notices);

  const dir = resolve(
    around.cwd,
    options.get('output-dir') ??
      join(
        outputBase(around),
        defaultOutputName(mode, { app: files.app?.name, buildId, certificates: files.certificates, appId }),
      ),
  );
  problems.push(...outputProblems(options, files, dir), ...publishProblems(options));

  const build = decideBuild(options, files);
  const added = decideContext(options, files);
  const mapping = decideMappingUploads(options, files, around.environment ?? {});
  problems.push(...build.problems, ...added.problems, ...mapping.problems);
  notices.push(...build.notices, ...outputNotices(options, files));

  const platform: Platform | undefined = files.app?.platform ?? options.platform;
  const fusionSetId = options.get('fusion-set-id');
  const dryRunSetBy = setterOf(options, 'dry-run');
  const { context } = added;
  const { app, pending } = placed(files, dir);
  const outputName = options.get('output-name');
  const request: RunRequest = {
    mode,
    server: serverOf(options, files, needsKey),
    ...(app === undefined ? {} : { app }),
    ...(appId === undefined ? {} : { appId }),
    ...(buildId === undefined ? {} : { buildId }),
    ...(fusionSetId === undefined ? {} : { fusionSetId }),
    ...(platform === undefined ? {} : { platform }),
    ...build.request,
    ...(context === undefined ? {} : { context }),
    ...(signing.sign === undefined ? {} : { sign: signing.sign }),
    gate: {
      ...gateOf(options),
      requiredFeatures: (options.get('required-features') ?? []).map((name) => ({
        name,
        origin: { option: options.name('required-features') },
      })),
      detail: options.get('detail') ?? 'full',
      certificates: files.certificates,
    },
    output: {
      dir,
      ...(outputName === undefined ? {} : { name: outputName }),
      secondOutput: options.get('second-output') ?? false,
      deobfuscationMap: options.get('deobfuscation-map') ?? false,
      reports: options.get('reports') ?? [],
      publish: publishOf(options),
    },
    ...(mapping.uploads === undefined ? {} : { mappingUploads: mapping.uploads }),
    ...(pending.length > 0 ? { pendingFiles: pending, optionNames: namesForLater(options) } : {}),
    limits,
    resume: options.get('resume') ?? 'auto',
    reuseUpload: options.get('reuse-upload') ?? false,
    ...(options.get('dry-run') ? { dryRun: true, ...(dryRunSetBy === undefined ? {} : { dryRunSetBy }) } : {}),
    ...(files.result === undefined ? {} : { result: files.result }),
    ...(mode === 'verify' ? { verify: verifyOf(options) } : {}),
    ...commentOf(options),
    ci: options.get('ci') ?? around.inCi,
    verbose: options.get('verbose') ?? false,
  };
  return { request, problems, notices };
}
