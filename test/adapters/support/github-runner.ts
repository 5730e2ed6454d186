/**
 * A GitHub runner as far as one step of a JavaScript action goes: the manifest's inputs as INPUT_ variables, the files of the file
 * commands, the commands in both output streams, state for the post step. It spawns the shipped bundle with a real Node.
 *
 * Sources: actions/runner, Runner.Worker (ActionRunner.cs, Handlers/NodeScriptActionHandler.cs, FileCommandManager.cs) and
 * Runner.Sdk/ProcessInvoker.cs for the times of a cancelled step.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FusegateResult } from '@fusegate/shared/model/result';
import { isForHost, runHosted } from '../../e2e/support/bundle-host.ts';
import { COMPILED_ONCE, RECORDER, TEST_TIME } from '../../e2e/support/test-time.ts';
import { FileCommandError, OutputReader, parseKeyValueFile } from './github-commands.ts';
import { parseManifest } from './manifest-text.ts';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const ACTION = path.join(ROOT, 'actions');

const SUMMARY_LIMIT = 1024 * 1024;
const SIGTERM_AFTER_MS = 7500;
const KILL_AFTER_MS = 2500;

interface ActionManifest {
  inputs?: Record<string, { default?: string; deprecationMessage?: string; required?: boolean }>;
  outputs?: Record<string, unknown>;
  runs: { using: string; main: string; post?: string };
}

export interface StepOptions {
  /** Folder of the action; ours in the repository unless given. */
  action?: string;
  with?: Record<string, string>;
  /** `env:` of the job and what the runner itself sets beside the usual. */
  env?: Record<string, string>;
  workspace?: string;
  /** The Node that runs it; the one of the tests unless given. */
  node?: string;
  /** Content of the event file. */
  event?: unknown;
  /** What `${{ github.token }}` is. */
  token?: string;
  /** Called once the main step runs; `cancel` does what the runner does when somebody cancels the job. */
  onStart?: (child: ChildProcess, cancel: () => void) => void;
  /** False: the post step does not run, as where the machine goes away. */
  post?: boolean;
}

export interface StepEnd {
  exit: number | null;
  signal: NodeJS.Signals | null;
  conclusion: 'success' | 'failure' | 'cancelled';
  stdout: string;
  stderr: string;
  reader: OutputReader;
  outputs: Record<string, string>;
  environment: Record<string, string>;
  state: Record<string, string>;
  /** Undefined where the runner would drop it. */
  summary: string | undefined;
  /** Errors of the runner's own: a file that it cannot read fails the step. */
  runnerErrors: string[];
  workspace: string;
  temp: string;
  /** Every child that the action started. */
  children: string;
  post: { exit: number | null; stdout: string; stderr: string } | undefined;
  /** From cancelling to the end. */
  cancelMs: number | undefined;
  result: FusegateResult | undefined;
}

function folder(name: string): string {
  return mkdtempSync(path.join(os.tmpdir(), name));
}

function readManifest(action: string): ActionManifest {
  return parseManifest(readFileSync(path.join(action, 'action.yml'), 'utf8')) as ActionManifest;
}

/** Every declared input has a variable, empty where nothing sets it; what is not declared has one too, with a warning. */
function inputVariables(manifest: ActionManifest, options: StepOptions, reader: OutputReader): Record<string, string> {
  const declared = Object.entries(manifest.inputs ?? {});
  const given = new Map(
    Object.entries(options.with ?? {}).map(([name, value]) => [name.toLowerCase(), { name, value }]),
  );
  const variables: Record<string, string> = {};
  const set = (name: string, value: string) => {
    variables[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`] = value;
  };
  for (const [name, input] of declared) {
    const preset = input.default?.replace(/^\$\{\{ github\.token \}\}$/, options.token ?? '') ?? '';
    set(name, given.get(name.toLowerCase())?.value ?? preset);
    if (given.has(name.toLowerCase()) && input.deprecationMessage) {
      reader.line(`::warning::Input '${name}' has been deprecated with message: ${input.deprecationMessage}`);
    }
    given.delete(name.toLowerCase());
  }
  for (const { name, value } of given.values()) set(name, value);
  if (given.size > 0) {
    const names = [...given.values()].map(({ name }) => `'${name}'`).join(', ');
    reader.line(`::warning::Unexpected input(s) ${names}`);
  }
  return variables;
}

/** Lines as they come; the rest of a stream that does not end with a line break is a line too. */
function eachLine(
  stream: NodeJS.ReadableStream | null,
  take: (line: string) => void,
  keep: (chunk: string) => void,
): void {
  let rest = '';
  stream?.setEncoding('utf8');
  stream?.on('data', (chunk: string) => {
    keep(chunk);
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(line.replace(/\r$/, ''));
  });
  stream?.on('end', () => {
    if (rest !== '') take(rest);
  });
}

interface ScriptEnd {
  exit: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  cancelMs: number | undefined;
}

async function runScript(
  script: string,
  env: Record<string, string>,
  cwd: string,
  reader: OutputReader,
  { node, onStart }: Pick<StepOptions, 'node' | 'onStart'>,
): Promise<ScriptEnd> {
  if (node === undefined && onStart === undefined && isForHost(env)) {
    const end = await runHosted({ bundle: script, words: [], cwd, environment: env });
    for (const printed of [end.stdout, end.stderr]) {
      const lines = printed.split('\n');
      if (lines.at(-1) === '') lines.pop();
      for (const line of lines) reader.line(line.replace(/\r$/, ''));
    }
    return { ...end, signal: null, cancelMs: undefined };
  }
  return new Promise((resolve, reject) => {
    const child = spawn(node ?? process.execPath, [COMPILED_ONCE, RECORDER, script], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    let cancelledAt: number | undefined;
    const timers: NodeJS.Timeout[] = [];
    const cancel = () => {
      cancelledAt = performance.now();
      child.kill('SIGINT');
      timers.push(setTimeout(() => child.kill('SIGTERM'), SIGTERM_AFTER_MS));
      timers.push(setTimeout(() => child.kill('SIGKILL'), SIGTERM_AFTER_MS + KILL_AFTER_MS));
    };
    eachLine(
      child.stdout,
      (line) => reader.line(line),
      (chunk) => {
        stdout += chunk;
      },
    );
    eachLine(
      child.stderr,
      (line) => reader.line(line),
      (chunk) => {
        stderr += chunk;
      },
    );
    child.once('error', reject);
    child.once('close', (exit, signal) => {
      for (const timer of timers) clearTimeout(timer);
      const cancelMs = cancelledAt === undefined ? undefined : performance.now() - cancelledAt;
      resolve({ exit, signal, stdout, stderr, cancelMs });
    });
    onStart?.(child, cancel);
  });
}

/** The files of a step; fresh for every step, read after it. */
class FileCommands {
  readonly dir: string;
  readonly errors: string[] = [];

  constructor(dir: string) {
    this.dir = dir;
    mkdirSync(dir, { recursive: true });
    for (const name of ['output', 'state', 'env', 'path', 'summary']) writeFileSync(this.file(name), '');
  }

  file(name: string): string {
    return path.join(this.dir, `${name}.txt`);
  }

  variables(): Record<string, string> {
    return {
      GITHUB_OUTPUT: this.file('output'),
      GITHUB_STATE: this.file('state'),
      GITHUB_ENV: this.file('env'),
      GITHUB_PATH: this.file('path'),
      GITHUB_STEP_SUMMARY: this.file('summary'),
    };
  }

  values(name: string): Record<string, string> {
    const text = readFileSync(this.file(name), 'utf8');
    try {
      return text === '' ? {} : parseKeyValueFile(text);
    } catch (error) {
      if (!(error instanceof FileCommandError)) throw error;
      this.errors.push(`${name}: ${error.message}`);
      return {};
    }
  }

  summary(): string | undefined {
    const text = readFileSync(this.file('summary'));
    if (text.length <= SUMMARY_LIMIT) return text.toString('utf8');
    this.errors.push(`summary: ${text.length} bytes`);
    return undefined;
  }
}

function resultIn(file: string | undefined): FusegateResult | undefined {
  return file && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as FusegateResult) : undefined;
}

/** Runs the main step to its end, then the post step, as the runner does whatever became of the main step. */
export async function runStep(options: StepOptions): Promise<StepEnd> {
  const action = options.action ?? ACTION;
  const manifest = readManifest(action);
  const workspace = options.workspace ?? folder('fusegate-workspace-');
  const temp = folder('fusegate-runner-temp-');
  const files = new FileCommands(path.join(temp, '_runner_file_commands'));
  const reader = new OutputReader();
  const eventFile = path.join(temp, '_github_workflow-event.json');
  writeFileSync(eventFile, JSON.stringify(options.event ?? {}));
  const recordFile = path.join(temp, 'children.jsonl');
  writeFileSync(recordFile, '');
  const common = {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: workspace,
    GITHUB_REPOSITORY: 'example/app',
    GITHUB_RUN_ID: '4711',
    GITHUB_SERVER_URL: 'https://github.com',
    // No test reaches the real one.
    GITHUB_API_URL: 'http://127.0.0.1:9',
    GITHUB_SHA: 'c0ffee0000000000000000000000000000000000',
    GITHUB_ACTOR: 'octocat',
    GITHUB_EVENT_NAME: 'push',
    GITHUB_EVENT_PATH: eventFile,
    RUNNER_TEMP: temp,
    RUNNER_OS: 'Linux',
    ...TEST_TIME,
    RECORD_CHILDREN: recordFile,
    ...options.env,
    ...inputVariables(manifest, options, reader),
  };
  const main = await runScript(
    path.join(action, manifest.runs.main),
    { ...common, ...files.variables() },
    workspace,
    reader,
    options,
  );
  const outputs = files.values('output');
  const state = files.values('state');
  const environment = files.values('env');
  const summary = files.summary();

  let post: StepEnd['post'];
  if (manifest.runs.post !== undefined && options.post !== false) {
    const postFiles = new FileCommands(path.join(temp, '_runner_file_commands_post'));
    const states = Object.fromEntries(Object.entries(state).map(([name, value]) => [`STATE_${name}`, value]));
    post = await runScript(
      path.join(action, manifest.runs.post),
      { ...common, ...environment, ...states, ...postFiles.variables() },
      workspace,
      reader,
      options.node ? { node: options.node } : {},
    );
  }
  const failed = main.exit !== 0 || files.errors.length > 0;
  return {
    ...main,
    conclusion: main.cancelMs !== undefined ? 'cancelled' : failed ? 'failure' : 'success',
    reader,
    outputs,
    environment,
    state,
    summary,
    runnerErrors: files.errors,
    workspace,
    temp,
    children: readFileSync(recordFile, 'utf8'),
    post,
    result: resultIn(outputs.result),
  };
}
