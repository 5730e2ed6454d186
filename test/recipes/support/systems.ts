/** How each system runs its recipe, as its documentation says: what follows what, what a failure stops, which files go on to the next job. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../../adapters/support/child-process.ts';
import { fencedBlocks } from '../../adapters/support/fenced-blocks.ts';
import { credential } from '../../adapters/support/ios-signing.ts';
import { ANDROID_APP, addPrograms, type Workplace } from './workplace.ts';

export interface Outcome {
  exit: number | null;
  log: string;
  /** Files that the system keeps or shows, relative to where it keeps them. */
  kept: string[];
  /** What the system shows of the verdict beside the log. */
  shown?: string;
}

export const recipeText = (file: string) => readFileSync(path.join(ROOT, 'recipes', file), 'utf8');
const document = (file: string) => parse(recipeText(file));
const filesBelow = (dir: string): string[] =>
  existsSync(dir)
    ? readdirSync(dir, { recursive: true, withFileTypes: true, encoding: 'utf8' })
        .filter((entry) => entry.isFile())
        .map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)))
        .sort()
    : [];

/** Takes the shell's own patterns. A folder that matches is taken whole, unless only files count. */
async function keep(
  place: Workplace,
  from: string,
  patterns: string[],
  to: string,
  { folders = false, ignore = [] as string[] } = {},
) {
  mkdirSync(to, { recursive: true });
  const copy = `cp -r --parents "$each" '${to}/'`;
  const taken = patterns.map(
    (pattern) => `for each in ${pattern}; do ${folders ? '' : '[ -f "$each" ] && '}${copy}; done`,
  );
  const left = ignore.map((pattern) => `rm -rf '${to}'/${pattern}`);
  await place.shell(['shopt -s nullglob globstar', ...taken, ...left].join('\n'), from);
}

async function inOrder(place: Workplace, scripts: readonly string[], cwd: string, more: Record<string, string> = {}) {
  let log = '';
  for (const script of scripts) {
    const end = await place.shell(script, cwd, more);
    log += end.stdout + end.stderr;
    if (end.exit !== 0) return { exit: end.exit, log };
  }
  return { exit: 0, log };
}

async function travis(place: Workplace): Promise<Outcome> {
  const { script, deploy } = document('travis/.travis.yml') as { script: string[]; deploy: { script: string } };
  const cwd = place.checkout();
  let exit: number | null = 0;
  let log = '';
  // An entry that fails does not stop the next one.
  for (const entry of script) {
    const end = await place.shell(entry, cwd);
    exit ||= end.exit;
    log += end.stdout + end.stderr;
  }
  if (exit !== 0) return { exit, log, kept: [] };
  return { ...(await inOrder(place, [deploy.script], cwd)), kept: [] };
}

async function codemagic(place: Workplace): Promise<Outcome> {
  const [workflow] = Object.values(document('codemagic/codemagic.yaml').workflows) as Array<{
    scripts: Array<{ script: string; test_report?: string }>;
    artifacts: string[];
  }>;
  const cwd = place.checkout();
  const variables = path.join(place.root, 'cm-env');
  writeFileSync(path.join(place.root, 'release.jks'), '\0synthetic keystore');
  const end = await inOrder(place, workflow?.scripts.map(({ script }) => script) ?? [], cwd, {
    CM_ENV: variables,
    CM_KEYSTORE_PATH: path.join(place.root, 'release.jks'),
    CM_KEY_ALIAS: 'release',
    CM_KEYSTORE_PASSWORD: place.env.ANDROID_KEYSTORE_PASS ?? '',
    CM_KEY_PASSWORD: place.env.ANDROID_KEY_PASS ?? '',
    ANDROID_KEYSTORE: '',
    ANDROID_KEYSTORE_ALIAS: '',
    ANDROID_KEYSTORE_PASS: '',
    ANDROID_KEY_PASS: '',
  });
  const reports = workflow?.scripts.flatMap(({ test_report: report }) => report ?? []) ?? [];
  const kept = [...(workflow?.artifacts ?? []), ...reports].filter((file) => existsSync(path.join(cwd, file)));
  // Publishing takes the app among the artifacts, if every script succeeded.
  if (end.exit === 0) await place.shell(`./deploy.sh ${kept.find((file) => /\.aab$/.test(file))}`, cwd);
  return { ...end, kept, shown: existsSync(variables) ? readFileSync(variables, 'utf8') : '' };
}

async function appcircle(place: Workplace): Promise<Outcome> {
  const cwd = place.checkout();
  await place.shell('./gradlew', cwd);
  const at = (name: string) => path.join(place.root, name);
  for (const name of ['ac-output', 'ac-temp']) mkdirSync(at(name));
  writeFileSync(at('release.jks'), '\0synthetic keystore');
  const end = await place.shell(recipeText('appcircle/protect.sh'), place.root, {
    AC_REPOSITORY_DIR: cwd,
    AC_OUTPUT_DIR: at('ac-output'),
    AC_TEMP_DIR: at('ac-temp'),
    AC_ENV_FILE_PATH: at('ac-env'),
    AC_AAB_PATH: path.join(cwd, ANDROID_APP),
    AC_APPDOME_FUSION_SET_ID: place.env.APPDOME_ANDROID_FS_ID ?? '',
    AC_ANDROID_KEYSTORE_PATH: at('release.jks'),
    AC_ANDROID_KEYSTORE_PASSWORD: place.env.ANDROID_KEYSTORE_PASS ?? '',
    AC_ANDROID_ALIAS: 'release',
    AC_ANDROID_ALIAS_PASSWORD: place.env.ANDROID_KEY_PASS ?? '',
    ANDROID_KEYSTORE: '',
    ANDROID_KEYSTORE_ALIAS: '',
  });
  const shown = existsSync(at('ac-env')) ? readFileSync(at('ac-env'), 'utf8') : '';
  const app = /^AC_APPDOME_SECURED_AAB_PATH=(.+)$/m.exec(shown)?.[1];
  if (app === undefined)
    return { exit: end.exit, log: end.stdout + end.stderr, kept: filesBelow(at('ac-output')), shown };
  // A later step finds what stands in that file; its script is the page's.
  const verify = fencedBlocks('docs/appcircle.md').find(({ text }) => / verify --app /.test(text))?.text ?? 'exit 1';
  const given = Object.fromEntries(
    shown
      .split('\n')
      .filter(Boolean)
      .map((line) => [line.split('=')[0] ?? '', line.replace(/^\w+=/, '')]),
  );
  const verified = await place.shell(verify, cwd, given);
  if (verified.exit === 0) await place.shell(`./deploy.sh '${app}'`, cwd);
  return { exit: end.exit, log: end.stdout + end.stderr, kept: filesBelow(at('ac-output')), shown };
}

interface BitbucketStep {
  script: string[];
  'after-script'?: string[];
  artifacts?: string[] | { upload: Array<{ paths: string[]; 'ignore-paths'?: string[]; 'capture-on'?: string }> };
}

async function bitbucket(place: Workplace): Promise<Outcome> {
  const steps: BitbucketStep[] = document('bitbucket/bitbucket-pipelines.yml').pipelines.tags['v*'].map(
    ({ step }: { step: BitbucketStep }) => step,
  );
  const store = path.join(place.root, 'store');
  const tests = path.join(place.root, 'tests');
  let log = '';
  for (const step of steps) {
    const cwd = place.checkout();
    if (existsSync(store)) cpSync(store, cwd, { recursive: true });
    const end = await inOrder(place, step.script, cwd);
    log += end.log;
    await inOrder(place, step['after-script'] ?? [], cwd);
    await keep(place, cwd, ['**/test-results/*.xml'], tests);
    const uploads = Array.isArray(step.artifacts) ? [{ paths: step.artifacts }] : (step.artifacts?.upload ?? []);
    for (const upload of uploads) {
      if (end.exit !== 0 && (!('capture-on' in upload) || upload['capture-on'] !== 'always')) continue;
      const ignore = 'ignore-paths' in upload ? upload['ignore-paths'] : [];
      await keep(place, cwd, upload.paths, store, { folders: true, ignore: ignore ?? [] });
    }
    if (end.exit !== 0) return { exit: end.exit, log, kept: filesBelow(store), shown: filesBelow(tests).join() };
  }
  return { exit: 0, log, kept: filesBelow(store), shown: filesBelow(tests).join() };
}

async function buildkite(place: Workplace): Promise<Outcome> {
  const steps: Array<{ command: string; artifact_paths?: string }> = document('buildkite/pipeline.yml').steps;
  const store = path.join(place.root, 'store');
  const annotation = path.join(place.root, 'annotation');
  addPrograms(place, {
    'buildkite-agent': `case "$1" in
annotate) echo "$*" > '${annotation}' && cat >> '${annotation}' ;;
artifact) here=$PWD && cd '${store}' && for each in $3; do cp --parents "$each" "$here/$4"; done ;;
esac`,
  });
  let log = '';
  let exit: number | null = 0;
  for (const { command, artifact_paths: paths } of steps) {
    const cwd = place.checkout();
    // What the upload of the pipeline does with its text.
    const end = await place.shell(command.replaceAll('$$', '$'), cwd);
    log += end.stdout + end.stderr;
    if (paths) await keep(place, cwd, [paths], store);
    exit = end.exit;
    if (exit !== 0) break;
  }
  const shown = existsSync(annotation) ? readFileSync(annotation, 'utf8') : '';
  return { exit, log, kept: filesBelow(store), shown };
}

async function xcodeCloud(place: Workplace): Promise<Outcome> {
  const cwd = place.checkout();
  addPrograms(place, { brew: `[ "$1 $2" = '--prefix node@22' ] && echo '${place.root}'` });
  const end = await place.shell(recipeText('xcode-cloud/ci_scripts/ci_post_xcodebuild.sh'), cwd, {
    ...IOS_SECRETS,
    CI_XCODEBUILD_ACTION: 'archive',
    CI_APP_STORE_SIGNED_APP_PATH: path.join(place.root, 'apps'),
    CI_PRIMARY_REPOSITORY_PATH: cwd,
  });
  return { exit: end.exit, log: end.stdout + end.stderr, kept: [] };
}

export const IOS_SECRETS = {
  IOS_P12: credential('ios-distribution.p12').toString('base64'),
  IOS_P12_PASSWORD: 'p12 pass',
  IOS_MOBILEPROVISION: credential('app.mobileprovision').toString('base64'),
};

async function shell(place: Workplace): Promise<Outcome> {
  const cwd = place.checkout();
  writeFileSync(path.join(cwd, 'protect.sh'), recipeText('shell/protect.sh'));
  const deploy = './deploy.sh protected/app-release.aab';
  return { ...(await inOrder(place, ['./gradlew', `sh protect.sh ${ANDROID_APP}`, deploy], cwd)), kept: [] };
}

export const RUNS: Readonly<Record<string, (place: Workplace) => Promise<Outcome>>> = {
  travis,
  codemagic,
  appcircle,
  bitbucket,
  buildkite,
  'xcode-cloud': xcodeCloud,
  shell,
};
