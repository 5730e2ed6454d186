/**
 * Bitrise's CLI as far as one step goes: the inputs of step.yml as variables, expanded; step.sh run by bash; an envman on PATH that
 * takes what the real one takes and records it.
 *
 * Sources: bitrise-io/bitrise (cli/run_util.go), bitrise-io/envman (cli/add.go, envman/configs.go).
 */
import type { ChildProcess } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FusegateResult } from '@fusegate/shared/model/result';
import { temporaryFolder } from '../../e2e/support/cli.ts';
import { type ChildEnd, RECORD_CHILDREN, ROOT, runBundle, runChild, TEST_ENVIRONMENT } from './child-process.ts';
import { parseManifest } from './manifest-text.ts';

export const STEP = path.join(ROOT, 'bitrise-step');

interface StepInput {
  opts: { is_expand?: boolean; is_sensitive?: boolean; value_options?: string[]; [name: string]: unknown };
  [name: string]: unknown;
}

export interface StepManifest {
  title: string;
  summary: string;
  website: string;
  inputs: StepInput[];
  outputs: StepInput[];
  [name: string]: unknown;
}

export function readStepManifest(step = STEP): StepManifest {
  return parseManifest(readFileSync(path.join(step, 'step.yml'), 'utf8')) as StepManifest;
}

/** `[name, value, opts]` of an entry whose first key is its name. */
export function entryOf(entry: StepInput): [string, string, StepInput['opts']] {
  const name = Object.keys(entry).find((key) => key !== 'opts') ?? '';
  return [name, String(entry[name] ?? ''), entry.opts];
}

export interface StepRun {
  inputs?: Record<string, string>;
  /** The app's variables and Secrets. */
  env?: Record<string, string>;
  /** The whole PATH, where a test leaves Node or envman out. */
  path?: string;
  /** The Node that comes first on PATH; the one of the tests unless given. */
  node?: string;
  step?: string;
  sourceDir?: string;
  deployDir?: string;
  /** The bundle alone, in a process that is there, where a test is neither about step.sh nor about the process. */
  withoutShell?: boolean;
  onStart?: (child: ChildProcess) => void;
}

export interface StepRunEnd extends ChildEnd {
  sourceDir: string;
  deployDir: string;
  testResultDir: string;
  /** As later steps see them: the last value of each. */
  outputs: Record<string, string>;
  /** Every call, with its arguments. */
  envman: Array<{ key: string; value: string; argv: string[] }>;
  children: string;
  result: FusegateResult | undefined;
}

function expand(text: string, environment: Record<string, string>): string {
  return text.replace(/\$\{?(\w+)\}?/g, (_, name: string) => environment[name] ?? '');
}

/** @returns a folder with an envman, and the file that it records to */
export function fakeEnvman(): { bin: string; record: string } {
  const dir = temporaryFolder('fusegate-envman-');
  const bin = path.join(dir, 'bin');
  mkdirSync(bin);
  copyFileSync(path.join(ROOT, 'test/adapters/support/envman.sh'), path.join(bin, 'envman'));
  writeFileSync(path.join(dir, 'record'), '');
  return { bin, record: path.join(dir, 'record') };
}

/** Each call: key, value, number of words, words. */
function readRecord(record: string): StepRunEnd['envman'] {
  const words = readFileSync(record, 'utf8').split('\0').slice(0, -1);
  const calls: StepRunEnd['envman'] = [];
  while (words.length > 0) {
    const [key = '', value = '', count] = words.splice(0, 3);
    calls.push({ key, value, argv: words.splice(0, Number(count)) });
  }
  return calls;
}

export async function runBitriseStep(run: StepRun): Promise<StepRunEnd> {
  const step = run.step ?? STEP;
  const manifest = readStepManifest(step);
  const sourceDir = run.sourceDir ?? temporaryFolder('fusegate-source-');
  const deployDir = run.deployDir ?? temporaryFolder('fusegate-deploy-');
  const testResultDir = temporaryFolder('fusegate-tests-');
  const { bin, record } = fakeEnvman();
  const childrenFile = path.join(path.dirname(record), 'children.jsonl');
  writeFileSync(childrenFile, '');
  const app: Record<string, string> = {
    ...TEST_ENVIRONMENT,
    PATH: run.path ?? [bin, ...(run.node ? [path.dirname(run.node)] : []), TEST_ENVIRONMENT.PATH].join(':'),
    BITRISE_IO: 'true',
    CI: 'true',
    BITRISE_BUILD_URL: 'https://app.bitrise.io/build/4711',
    BITRISE_BUILD_SLUG: 'slug-4711',
    BITRISE_GIT_COMMIT: 'c0ffee',
    BITRISE_SOURCE_DIR: sourceDir,
    BITRISE_DEPLOY_DIR: deployDir,
    BITRISE_TEST_RESULT_DIR: testResultDir,
    BITRISE_STEP_SOURCE_DIR: step,
    ENVMAN_RECORD: record,
    NODE_OPTIONS: RECORD_CHILDREN,
    RECORD_CHILDREN: childrenFile,
    ...run.env,
  };
  const given = { ...run.inputs };
  const inputs: Record<string, string> = {};
  for (const entry of manifest.inputs) {
    const [name, preset, opts] = entryOf(entry);
    const value = given[name] ?? preset;
    delete given[name];
    inputs[name] = opts.is_expand === false ? value : expand(value, app);
  }
  if (Object.keys(given).length > 0) throw new Error(`step.yml has no input ${Object.keys(given).join(', ')}`);
  const place = { cwd: sourceDir, env: { ...app, ...inputs } };
  const end = run.withoutShell
    ? await runBundle(path.join(step, 'dist/step.cjs'), [], place)
    : await runChild('bash', [path.join(step, 'step.sh')], {
        ...place,
        ...(run.onStart ? { onStart: run.onStart } : {}),
      });
  const envman = readRecord(record);
  const outputs: Record<string, string> = Object.fromEntries(envman.map(({ key, value }) => [key, value]));
  const file = outputs.FUSEGATE_RESULT;
  return {
    ...end,
    sourceDir,
    deployDir,
    testResultDir,
    outputs,
    envman,
    children: readFileSync(childrenFile, 'utf8'),
    result: file && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined,
  };
}
