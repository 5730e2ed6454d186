/**
 * One job, told once, on every adapter and the CLI: options by their ids, secrets the way that each system hands them over, and the end in
 * one form. What an adapter does beside the job is for its own tests.
 */

import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { OUTPUT_NAMES, type OutputName } from '@fusegate/shared/model/host';
import type { FusegateResult } from '@fusegate/shared/model/result';
import { inputName, ownVariable } from '@fusegate/shared/options/spelling';
import type { System } from '@fusegate/shared/options/system';
import { PLUGINS, systemById } from '@fusegate/shared/options/systems';
import { AZURE } from '@fusegate/shared/options/systems/azure';
import { BITRISE } from '@fusegate/shared/options/systems/bitrise';
import { CLI } from '@fusegate/shared/options/systems/cli';
import { GITHUB } from '@fusegate/shared/options/systems/github';
import { type OptionId, optionById } from '@fusegate/shared/options/table';
import { runCli, temporaryFolder } from '../../e2e/support/cli.ts';
import { runTask } from './azure-agent.ts';
import { runBitriseStep } from './bitrise-cli.ts';
import { filesBelow, type Place } from './canaries.ts';
import { RECORD_CHILDREN } from './child-process.ts';
import { runStep } from './github-runner.ts';
import { runScript } from './jenkins.ts';

export interface Job {
  options: Partial<Record<OptionId, string>>;
  /** The Node that runs it; the one of the tests unless given. */
  node?: string;
  onStart?: (child: ChildProcess) => void;
}

export interface JobEnd {
  /** What the system makes of it. */
  red: boolean;
  /** Of the process; undefined on Azure, whose agent does not look at it. */
  exit: number | null | undefined;
  /** The job summary, where the system has one. */
  summary: string | undefined;
  /** Undefined where the system wrote none: the CLI has no place for them when its inputs are wrong. */
  outputs: Record<OutputName, string> | undefined;
  result: FusegateResult | undefined;
  /** The log as a reader of the system sees it, without the commands that tell it what to mask. */
  log: string;
  /** Everything else that people look at: summary, annotations, test results. */
  shown: string[];
  /** Everything that the run wrote, printed or started. */
  places: Place[];
  outputDir: string;
}

/** Ids of the records: a plugin without a way to run it here fails the tests of all. */
export const ADAPTERS: readonly string[] = [CLI, ...PLUGINS].map(({ id }) => id);

export function systemOf(adapter: string): System {
  const system = systemById(adapter);
  if (system === undefined) throw new RangeError(`no system ${adapter}`);
  return system;
}

/** Flags for what may stand on a command line, variables for secrets. */
function wordsAndVariables(options: Job['options']): { words: string[]; env: Record<string, string> } {
  const words: string[] = [];
  const env: Record<string, string> = {};
  for (const [id, value] of Object.entries(options)) {
    if (optionById(id as OptionId).type.kind === 'secret')
      env[ownVariable(optionById(id as OptionId), CLI) ?? id] = value;
    else words.push(`--${id}=${value}`);
  }
  return { words, env };
}

function named(options: Job['options'], system: System): Record<string, string> {
  return Object.fromEntries(Object.entries(options).map(([id, value]) => [inputName(id, system), value]));
}

/** On Bitrise a secret is a Secret, and the input names it. */
function withSecrets(options: Job['options']): { inputs: Record<string, string>; env: Record<string, string> } {
  const env: Record<string, string> = {};
  const pairs = Object.entries(options).map(([id, value]) => {
    if (optionById(id as OptionId).type.kind !== 'secret') return [inputName(id, BITRISE), value];
    const name = `SECRET_${id.replaceAll('-', '_').toUpperCase()}`;
    env[name] = value;
    return [inputName(id, BITRISE), `$${name}`];
  });
  return { inputs: Object.fromEntries(pairs), env };
}

function outputsFrom(read: (name: OutputName) => string | undefined): Record<OutputName, string> {
  return Object.fromEntries(OUTPUT_NAMES.map((name) => [name, read(name) ?? '(not set)'])) as Record<
    OutputName,
    string
  >;
}

function reportsIn(dir: string): string[] {
  return ['fusegate-summary.md', 'fusegate-junit.xml', 'fusegate-report.html', 'fusegate.sarif']
    .map((name) => path.join(dir, name))
    .filter(existsSync)
    .map((file) => readFileSync(file, 'utf8'));
}

function lines(text: string, keep: (line: string) => boolean): string {
  return text.split('\n').filter(keep).join('\n');
}

type Run = (job: Job, outputDir: string) => Promise<Omit<JobEnd, 'outputDir'>>;

const RUN: Readonly<Record<string, Run>> = {
  async cli({ options, node, onStart }, outputDir) {
    const { 'output-dir': _, mode, ...rest } = options;
    const { words, env } = wordsAndVariables(rest);
    const children = path.join(temporaryFolder(), 'children.jsonl');
    writeFileSync(children, '');
    const end = await runCli([mode ?? 'run', ...words], {
      dir: outputDir,
      env: { ...env, NODE_OPTIONS: RECORD_CHILDREN, RECORD_CHILDREN: children },
      ...(node ? { node } : {}),
      ...(onStart ? { onStart } : {}),
    });
    const file = path.join(outputDir, 'private/fusegate.dotenv');
    const pairs = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : undefined;
    const read = (name: OutputName) => {
      const found = pairs?.find((line) => line.startsWith(`${CLI.outputName(name)}=`));
      return found?.slice(found.indexOf('=') + 1);
    };
    return {
      red: end.exit !== 0,
      exit: end.exit,
      summary: undefined,
      outputs: pairs ? outputsFrom(read) : undefined,
      result: end.result,
      log: `${end.stdout}\n${end.stderr}`,
      shown: reportsIn(outputDir),
      places: [
        { where: 'stdout', text: end.stdout },
        { where: 'stderr', text: end.stderr },
        { where: 'children', text: readFileSync(children, 'utf8') },
      ],
    };
  },

  async github({ options, node, onStart }, outputDir) {
    const end = await runStep({
      with: named(options, GITHUB),
      ...(node ? { node } : {}),
      ...(onStart ? { onStart } : {}),
    });
    const log = lines(`${end.stdout}\n${end.stderr}`, (line) => !line.startsWith('::add-mask::'));
    return {
      red: end.exit !== 0,
      exit: end.exit,
      summary: end.summary,
      outputs: outputsFrom((name) => end.outputs[name]),
      result: end.result,
      log,
      shown: [end.summary ?? '', ...end.reader.annotations.map(({ message }) => message), ...reportsIn(outputDir)],
      places: [
        { where: 'log', text: log },
        { where: 'children', text: end.children },
        ...filesBelow(end.workspace),
        ...filesBelow(end.temp),
      ],
    };
  },

  async azure({ options, node, onStart }, outputDir) {
    const end = await runTask({
      inputs: named(options, AZURE),
      ...(node ? { node } : {}),
      ...(onStart ? { onStart } : {}),
    });
    const log = lines(`${end.stdout}\n${end.stderr}`, (line) => !line.startsWith('##vso[task.setsecret]'));
    return {
      red: end.complete !== 'Succeeded',
      exit: undefined,
      summary: end.summary,
      outputs: outputsFrom((name) => end.outputs[AZURE.outputName(name)]),
      result: end.result,
      log,
      shown: [end.summary ?? '', ...end.issues.map(({ message }) => message), ...reportsIn(outputDir)],
      places: [
        { where: 'log', text: log },
        { where: 'children', text: end.children },
        ...filesBelow(end.workspace),
        ...filesBelow(end.staging),
        ...filesBelow(end.temp),
      ],
    };
  },

  async bitrise({ options, node, onStart }, outputDir) {
    const { inputs, env } = withSecrets(options);
    const withoutShell = node === undefined && onStart === undefined;
    const end = await runBitriseStep({
      inputs,
      env,
      withoutShell,
      ...(node ? { node } : {}),
      ...(onStart ? { onStart } : {}),
    });
    return {
      red: end.exit !== 0,
      exit: end.exit,
      summary: undefined,
      outputs: outputsFrom((name) => end.outputs[BITRISE.outputName(name)]),
      result: end.result,
      log: `${end.stdout}\n${end.stderr}`,
      shown: reportsIn(outputDir),
      places: [
        { where: 'stdout', text: end.stdout },
        { where: 'stderr', text: end.stderr },
        { where: 'children', text: end.children },
        { where: 'envman', text: JSON.stringify(end.envman) },
        ...filesBelow(end.sourceDir),
        ...filesBelow(end.deployDir),
        ...filesBelow(end.testResultDir),
      ],
    };
  },

  async jenkins({ options, node, onStart }, outputDir) {
    const { words, env } = wordsAndVariables(options);
    const end = await runScript(words, env, { ...(node ? { node } : {}), ...(onStart ? { onStart } : {}) });
    return {
      red: end.exit !== 0,
      exit: end.exit,
      summary: undefined,
      outputs: outputsFrom((name) => end.outputs[CLI.outputName(name)]),
      result: end.result,
      log: `${end.stdout}\n${end.stderr}`,
      shown: reportsIn(outputDir),
      places: [
        { where: 'stdout', text: end.stdout },
        { where: 'stderr', text: end.stderr },
        { where: 'children', text: end.children },
        { where: 'outputs', text: JSON.stringify(end.outputs) },
        ...filesBelow(end.workspace),
      ],
    };
  },
};

/** Runs the job in an output folder of its own. */
export async function runJob(adapter: string, job: Job): Promise<JobEnd> {
  const outputDir = path.join(temporaryFolder('fusegate-parity-'), 'out');
  // Mode verify writes nothing, so it has no folder.
  const folder = job.options.mode === 'verify' ? {} : { 'output-dir': outputDir };
  const start = RUN[adapter];
  if (start === undefined) throw new RangeError(`no test runs a job of ${adapter}`);
  const end = await start({ ...job, options: { ...job.options, ...folder } }, outputDir);
  const written = existsSync(outputDir) ? filesBelow(outputDir) : [];
  return { ...end, places: [...end.places, ...written], outputDir };
}
