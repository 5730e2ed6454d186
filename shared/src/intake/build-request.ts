/**
 * Rules between options, and the typed request. Pure: a function of the parsed options and of what the files turned out to be.
 */
import { basename, dirname, join, resolve } from 'node:path';
import { defined } from '../model/defined.ts';
import type { Environment } from '../model/host.ts';
import type {
  AppInput,
  CommentRequest,
  GateRequest,
  OutputRequest,
  PendingFile,
  RunRequest,
  ServerSettings,
  VerifyRequest,
} from '../model/run-request.ts';
import { ciOf } from '../options/choices.ts';
import type { ParsedOptions } from '../options/parse-options.ts';
import type { InputProblem } from '../options/problem.ts';
import { SIGN_OPTIONS } from '../options/table/sign.ts';
import type { OptionId } from '../options/table.ts';
import { decideBuild, decideContext, outputNotices } from './build-rules.ts';
import { isArchive } from './certificate-files.ts';
import { defaultOutputName, type OutputPlace, outputBase, outputProblems } from './choose-output-folder.ts';
import type { InspectedFiles } from './inspected-files.ts';
import { limitsOf } from './limits.ts';
import { decideMappingUploads } from './mapping-uploads.ts';
import { missing } from './required.ts';
import { decideSigning } from './sign-rules.ts';

export interface RequestContext extends OutputPlace {
  /** The process environment, for programs that are started. */
  environment?: Environment;
  /** A CI system was recognised: the default of `ci`. */
  inCi: boolean;
  /** Why this run has no secrets, where that is known (ci-context.ts). */
  withheld: string | undefined;
  /** The default folder is that of another app; what tells ours from it. */
  apart?: string;
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

/** What there is to work on: mode run wants one beginning, mode gate one thing to judge, the others a file and what it is held against. */
function subjectProblems(options: ParsedOptions): InputProblem[] {
  const { mode } = options;
  if (mode === 'validate' || mode === 'verify') return filesToCompare(options);
  const problems: InputProblem[] = [];
  const has = (id: OptionId) => given(options, id);
  const oneOf = (id: OptionId, other: OptionId, why = '') => {
    if (!has(id) || !has(other)) return;
    problems.push(options.problemWith(id, `is given together with ${options.name(other)}${why}`, 'one of the two'));
  };
  const buildId = `${options.name('build-id')} of a build that exists`;
  if (mode === 'gate') {
    if (!has('build-id') && !has('certificate')) {
      const allowed = `${buildId}, or ${options.name('certificate')} with files`;
      problems.push(options.problemWith('build-id', 'is missing: there is nothing to judge', allowed));
    }
    oneOf('certificate', 'build-id');
    return problems;
  }
  if (!has('app') && !has('app-id') && !has('build-id')) {
    const allowed = `${options.name('app')} with a file, ${options.name('app-id')} of an uploaded app, or ${buildId}`;
    problems.push(options.problemWith('app', 'is missing: there is nothing to protect', allowed));
  }
  oneOf('app-id', 'app');
  oneOf('app-id', 'build-id', ': a build already has its app');
  return problems;
}

/**
 * A build that exists, and no word about signing: its certificate must prove that it was signed. Passwords do not count: they are there
 * for every job of a pipeline.
 */
function isOnlyFetched(options: ParsedOptions): boolean {
  const isSaid = ({ id, type }: (typeof SIGN_OPTIONS)[number]) =>
    type.kind !== 'secret' && (options.origin(id) !== undefined || options.failed(id));
  return given(options, 'build-id') && !SIGN_OPTIONS.some(isSaid);
}

/** Certificates of several builds have no one file to be bound to. */
function archiveProblems(options: ParsedOptions, files: InspectedFiles): InputProblem[] {
  if (!isArchive(files.certificates) || !given(options, 'app')) return [];
  const message = `is given together with ${files.certificates.length} certificates: it can be bound to the certificate of one build`;
  return [options.problemWith('app', message, 'one .pdf, one .json, or one of each, of that build')];
}

/** Modes validate and verify hold a file against what a run has said of it. */
function filesToCompare(options: ParsedOptions): InputProblem[] {
  const { mode } = options;
  const validates = mode === 'validate';
  const problems: InputProblem[] = [];
  if (!given(options, 'app')) {
    const allowed = validates ? 'the app that was signed locally' : 'the app that is about to be deployed';
    problems.push(options.problemWith('app', `is missing: there is nothing to ${mode}`, allowed));
  }
  if (given(options, 'result') || (validates && given(options, 'build-id'))) return problems;
  const allowed = validates
    ? `${options.name('result')} with the result of the run, or ${options.name('build-id')}`
    : 'the fusegate-result.json of the run';
  const message = 'is missing: nothing says which build the app must come from';
  return [...problems, options.problemWith('result', message, allowed)];
}

function publishProblems(options: ParsedOptions): InputProblem[] {
  const asked = options.get('publish') ?? [];
  if (!asked.includes('none') || asked.length === 1) return [];
  const allowed = 'none, or any of reports, app, certificate';
  return [options.problemWith('publish', 'combines none with something else', allowed)];
}

function verifyOf(options: ParsedOptions): VerifyRequest {
  return defined({
    maxAge: options.get('max-age'),
    policySha256: options.get('policy-sha256')?.toLowerCase(),
    // Under the other two the PDF had to be read.
    inferred: ['any', 'json'].includes(options.get('evidence') ?? '') || undefined,
    rehearsal: options.get('rehearsal') || undefined,
    rehearsalSetBy: options.get('rehearsal') ? options.setter('rehearsal') : undefined,
    serverSetBy: options.setter('server-url'),
  });
}

function pathOf(
  options: ParsedOptions,
  id: 'durations' | 'trace',
  { cwd }: Pick<RequestContext, 'cwd'>,
): string | undefined {
  const given = options.get(id);
  return given === undefined ? undefined : resolve(cwd, given);
}

/** As the options have it; what the policy pins is applied once it has been read (read-request.ts). */
function gateOf(options: ParsedOptions, files: InspectedFiles): GateRequest {
  return {
    mode: options.get('gate') ?? 'enforce',
    evidence: options.get('evidence') ?? 'pdf',
    ...defined({
      setBy: options.setter('gate'),
      evidenceSetBy: options.setter('evidence'),
      listeners: options.get('listeners'),
    }),
    requiredFeatures: (options.get('required-features') ?? []).map((name) => ({
      name,
      origin: { option: options.name('required-features') },
    })),
    detail: options.get('detail') ?? 'full',
    certificates: files.certificates,
  };
}

function serverOf(options: ParsedOptions, { caFile }: InspectedFiles, needsKey: boolean): ServerSettings {
  const apiKey = needsKey ? options.get('api-key') : undefined;
  // Absent and `personal` are alike (appdome-api.md §1.4); absent is what the Python client sends.
  const team = options.get('team-id');
  const teamId = team?.toLowerCase() === 'personal' ? undefined : team;
  return { url: options.get('server-url') ?? '', ...defined({ apiKey, teamId, proxy: options.get('proxy'), caFile }) };
}

function commentOf(options: ParsedOptions): CommentRequest | undefined {
  const when = options.get('comment') ?? 'never';
  return when === 'never' ? undefined : { when, ...defined({ token: options.get('github-token') }) };
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

/** What input-files/inspect-fetched.ts looks at only once the files are there. */
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

function missingIdentity(options: ParsedOptions, needsKey: boolean, withheld: string | undefined): InputProblem[] {
  const builds = options.mode === 'run' && !given(options, 'build-id');
  return [
    ...(needsKey ? missing(options, 'api-key', 'this run talks to the service', withheld) : []),
    ...(builds ? missing(options, 'fusion-set-id', 'a build needs a Fusion Set', withheld) : []),
  ];
}

function outputOf(options: ParsedOptions, dir: string): OutputRequest {
  return {
    dir,
    ...defined({ name: options.get('output-name') }),
    secondOutput: options.get('second-output') ?? false,
    deobfuscationMap: options.get('deobfuscation-map') ?? false,
    ...(options.get('deobfuscation-map') && options.origin('deobfuscation-map') && { mapAskedFor: true }),
    reports: options.get('reports') ?? [],
    // `none` beside something else would be two answers; it is a problem of its own (publishProblems).
    publish: (options.get('publish') ?? []).filter((kind) => kind !== 'none'),
  };
}

/** @returns the request as far as it could be built, with every rule that is broken */
export function buildRequest(options: ParsedOptions, files: InspectedFiles, around: RequestContext): RequestDraft {
  const { mode } = options;
  const problems = [...subjectProblems(options), ...archiveProblems(options, files)];
  const notices: string[] = [];
  const buildId = options.get('build-id');
  const appId = options.get('app-id');
  const needsKey = mode === 'run' || mode === 'validate' || (mode === 'gate' && given(options, 'build-id'));
  problems.push(...missingIdentity(options, needsKey, around.withheld));

  const added = decideContext(options, files);
  const signs = mode === 'run' && (added.context !== undefined || !isOnlyFetched(options));
  const signing = signs ? decideSigning(options, files, around.withheld) : { problems: [], notices: [] };
  const { limits, ...limitsSaid } = limitsOf(options);
  problems.push(...signing.problems, ...limitsSaid.problems);
  notices.push(...signing.notices, ...limitsSaid.notices);

  const subject = { app: files.app?.name, buildId, certificates: files.certificates, appId };
  const apart = around.apart === undefined ? '' : `-${around.apart}`;
  const byDefault = join(outputBase(around), `${defaultOutputName(mode, subject)}${apart}`);
  const dir = resolve(around.cwd, options.get('output-dir') ?? byDefault);
  problems.push(...outputProblems(options, files, dir), ...publishProblems(options));

  const build = decideBuild(options, files);
  const mapping = decideMappingUploads(options, files, around.environment ?? {});
  problems.push(...build.problems, ...added.problems, ...mapping.problems);
  notices.push(...build.notices, ...outputNotices(options, files));

  const { app, pending } = placed(files, dir);
  const optionNames = Object.fromEntries(CHECKED_LATER.map((id) => [id, options.name(id)]));
  const request: RunRequest = {
    mode,
    server: serverOf(options, files, needsKey),
    ...defined({
      app,
      appId,
      buildId,
      fusionSetId: options.get('fusion-set-id'),
      platform: files.app?.platform ?? options.platform,
      context: added.context,
      sign: signing.sign,
      mappingUploads: mapping.uploads,
      result: files.result,
      verify: mode === 'verify' ? verifyOf(options) : undefined,
      comment: commentOf(options),
      durations: pathOf(options, 'durations', around),
      trace: pathOf(options, 'trace', around),
    }),
    ...build.request,
    gate: gateOf(options, files),
    output: outputOf(options, dir),
    ...(pending.length > 0 ? { pendingFiles: pending, optionNames } : {}),
    limits,
    resume: options.get('resume') ?? 'auto',
    reuseUpload: options.get('reuse-upload') ?? false,
    ...(options.get('dry-run') ? { dryRun: true, ...defined({ dryRunSetBy: options.setter('dry-run') }) } : {}),
    ...ciOf(options.get('ci') ?? String(around.inCi)),
    verbose: options.get('verbose') ?? false,
  };
  return { request, problems, notices };
}
