/** The Jenkins script by itself, and `fusegate(...)` of the shared library under Groovy 2.4, the one that Jenkins uses. */
import { type ChildProcess, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FusegateResult } from '@fusegate/shared/model/result';
import { temporaryFolder } from '../../e2e/support/cli.ts';
import { type ChildEnd, RECORD_CHILDREN, ROOT, runBundle, runChild, TEST_ENVIRONMENT } from './child-process.ts';

const SHIM = path.join(ROOT, 'jenkins-shim');
export const SCRIPT = path.join(SHIM, 'resources/fusegate/fusegate-jenkins.cjs');

/** Where Debian puts it; groovy asks for JAVA_HOME. */
const JAVA_HOMES = [process.env.JAVA_HOME, '/usr/lib/jvm/java-17-openjdk-amd64', '/usr/lib/jvm/default-java'];

/** @returns the environment that groovy needs, or why it cannot run here */
export function groovyEnvironment(): Record<string, string> | string {
  const home = JAVA_HOMES.find((each) => each !== undefined && existsSync(path.join(each, 'bin/java')));
  const env = { ...TEST_ENVIRONMENT, ...(home === undefined ? {} : { JAVA_HOME: home }) };
  const done = spawnSync('groovy', ['--version'], { env, encoding: 'utf8' });
  if (done.error || done.status !== 0) return 'groovy does not run here (apt-get install groovy, JAVA_HOME)';
  return env;
}

export interface ScriptEnd extends ChildEnd {
  workspace: string;
  /** What the library reads: `VERDICT` and so on. */
  outputs: Record<string, string>;
  children: string;
  result: FusegateResult | undefined;
}

const BUILD_ENVIRONMENT = {
  JENKINS_URL: 'https://jenkins.example/',
  BUILD_URL: 'https://jenkins.example/job/app/7/',
  BUILD_TAG: 'jenkins-app-7',
  GIT_COMMIT: 'c0ffee',
};

function linesOf(file: string): Record<string, string> {
  if (!existsSync(file)) return {};
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

export async function runScript(
  words: readonly string[],
  env: Record<string, string>,
  options: { workspace?: string; node?: string; onStart?: (child: ChildProcess) => void } = {},
): Promise<ScriptEnd> {
  const workspace = options.workspace ?? temporaryFolder('fusegate-workspace-');
  const own = temporaryFolder();
  const outputsFile = path.join(own, 'outputs.txt');
  const childrenFile = path.join(own, 'children.jsonl');
  writeFileSync(childrenFile, '');
  const end = await runBundle(SCRIPT, words, {
    node: options.node,
    cwd: workspace,
    env: {
      ...TEST_ENVIRONMENT,
      ...BUILD_ENVIRONMENT,
      WORKSPACE: workspace,
      FUSEGATE_JENKINS_OUTPUTS: outputsFile,
      NODE_OPTIONS: RECORD_CHILDREN,
      RECORD_CHILDREN: childrenFile,
      ...env,
    },
    ...(options.onStart ? { onStart: options.onStart } : {}),
  });
  const outputs = linesOf(outputsFile);
  const file = outputs.RESULT;
  return {
    ...end,
    workspace,
    outputs,
    children: readFileSync(childrenFile, 'utf8'),
    result: file && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined,
  };
}

export interface LibraryRun {
  arguments: Record<string, unknown>;
  credentials?: Record<string, string>;
  fileCredentials?: Record<string, string>;
  env?: Record<string, string>;
  workspace?: string;
}

export interface LibraryEnd {
  workspace: string;
  steps: Array<{ step: string; [name: string]: unknown }>;
  log: string;
  error: string | null;
  unstable: string | null;
  returned: Record<string, string> | null;
}

export async function runLibrary(groovy: Record<string, string>, run: LibraryRun): Promise<LibraryEnd> {
  const workspace = run.workspace ?? temporaryFolder('fusegate-workspace-');
  const own = temporaryFolder();
  const requestFile = path.join(own, 'request.json');
  const recordFile = path.join(own, 'record.json');
  writeFileSync(
    requestFile,
    JSON.stringify({
      arguments: run.arguments,
      credentials: run.credentials ?? {},
      fileCredentials: run.fileCredentials ?? {},
      environment: { ...TEST_ENVIRONMENT, ...BUILD_ENVIRONMENT, WORKSPACE: workspace, ...run.env },
      workspace,
    }),
  );
  const stub = path.join(ROOT, 'test/adapters/support/jenkins-stub.groovy');
  const end = await runChild(
    'groovy',
    [
      '-Dfile.encoding=UTF-8',
      stub,
      path.join(SHIM, 'vars/fusegate.groovy'),
      path.join(SHIM, 'resources'),
      requestFile,
      recordFile,
    ],
    { cwd: own, env: { ...groovy, JAVA_OPTS: '-Dfile.encoding=UTF-8' } },
  );
  if (!existsSync(recordFile)) throw new Error(`groovy ended with ${end.exit}: ${end.stdout}${end.stderr}`);
  return { workspace, ...JSON.parse(readFileSync(recordFile, 'utf8')) };
}
