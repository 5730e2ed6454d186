/** The orb as CircleCI reads it: parameters with their defaults, put into steps ("Reusable configuration reference"). */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../../adapters/support/child-process.ts';

export type Values = Record<string, string | boolean>;

interface Parameter {
  type: 'string' | 'boolean' | 'enum' | 'env_var_name' | 'executor';
  description: string;
  default?: string | boolean;
  enum?: string[];
}

export interface RunStep {
  name: string;
  command: string;
  environment: Record<string, string>;
  shell?: string;
  when?: string;
}

interface Block {
  parameters: Record<string, Parameter>;
  steps: unknown[];
}

export interface Orb {
  commands: Record<string, Block>;
  jobs: Record<string, Block>;
  examples: Record<string, { usage: Record<string, unknown> }>;
}

export function readOrb(): Orb {
  return parse(readFileSync(path.join(ROOT, 'recipes/circleci/orb.yml'), 'utf8'));
}

function problemOf(name: string, { type, enum: words }: Parameter, value: string | boolean): string | undefined {
  if (type === 'boolean') return typeof value === 'boolean' ? undefined : `${name} is no boolean`;
  if (typeof value !== 'string') return `${name} is no string`;
  if (type === 'enum' && !words?.includes(value)) return `${name} is none of ${words}`;
  if (type === 'env_var_name' && !/^[A-Za-z_]\w*$/.test(value)) return `${name} is no name of a variable`;
  return undefined;
}

/** What CircleCI would say to these arguments. */
export function argumentProblems({ parameters }: Block, given: Values): string[] {
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(parameters, name));
  const each = Object.entries(parameters).map(([name, parameter]) => {
    const value = given[name] ?? parameter.default;
    return value === undefined ? `${name} is required` : problemOf(name, parameter, value);
  });
  return [...unknown.map((name) => `${name} is unknown`), ...each.filter((problem) => problem !== undefined)];
}

/** A boolean becomes 1 or 0 in a variable, as scripts of CircleCI's own orbs expect it. */
function textOf(value: string | boolean): string {
  return typeof value === 'string' ? value : value ? '1' : '0';
}

/** Replaces `<< parameters.NAME >>`; one that is not declared is left, and the shell trips over it. */
function filled(text: string, { parameters }: Block, given: Values): string {
  return text.replaceAll(/<<\s*parameters\.([\w-]+)\s*>>/g, (whole, name: string) => {
    const value = given[name] ?? parameters[name]?.default;
    return value === undefined ? whole : textOf(value);
  });
}

/** The `run` steps of a command, filled in. */
export function runSteps(command: Block, given: Values): RunStep[] {
  const problems = argumentProblems(command, given);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return command.steps
    .filter((step): step is { run: RunStep } => typeof step === 'object' && step !== null && 'run' in step)
    .map(({ run }) => ({
      ...run,
      command: filled(run.command, command, given),
      environment: Object.fromEntries(
        Object.entries(run.environment).map(([name, text]) => [name, filled(text, command, given)]),
      ),
    }));
}
