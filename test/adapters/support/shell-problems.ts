/** What is wrong with a shell snippet: its syntax, and what it says to our own commands. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { commandHelp, isJobCommand } from '@fusegate/shared/adapter/job-help';
import { VERSION } from '@fusegate/shared/model/version';
import { optionOfInput } from '@fusegate/shared/options/spelling';
import { JENKINS } from '@fusegate/shared/options/systems/jenkins';
import {
  EXPLAIN_HELP,
  FEATURES_HELP,
  LISTENERS_HELP,
  PLAN_HELP,
  POLICY_HELP,
  REPORT_HELP,
  THREAT_EVENTS_HELP,
} from '../../../cli/src/help.ts';
import { EMULATOR_HELP } from '../../../emulator/src/options.ts';
import { ROOT } from './child-process.ts';

const HELP: Record<string, string> = {
  features: FEATURES_HELP,
  'threat-events': THREAT_EVENTS_HELP,
  listeners: LISTENERS_HELP,
  policy: POLICY_HELP,
  plan: PLAN_HELP,
  report: REPORT_HELP,
  emulator: EMULATOR_HELP,
  // It takes the options of gate, too, where it asks the service.
  explain: `${EXPLAIN_HELP}\n${commandHelp('gate')}`,
};

function helpOf(command: string): string | undefined {
  return isJobCommand(command) ? commandHelp(command) : HELP[command];
}

/** Each command on a line of its own, without comments. */
export function commandLines(script: string): string[] {
  return script
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');
}

function flagsOf(line: string): string[] {
  return [...line.matchAll(/ --([a-z][a-z0-9-]*)/g)].map(([, flag]) => flag ?? '');
}

/** The command itself, a file of it, or the npm package with its version. */
const FUSEGATE = /(?:^|\/|\s)fusegate(?:\.cjs'?|@(\S+))? /;

function fusegateProblems(line: string): string[] {
  const [program = '', version] = FUSEGATE.exec(line) ?? [];
  // What stands before it is for npx or a shell.
  const words = line.slice(line.indexOf(program) + program.length);
  const [, command = ''] = /^([a-z-]+)/.exec(words) ?? [];
  const help = helpOf(command);
  if (help === undefined) return [`"${command}" is not a command: ${line}`];
  const flags = flagsOf(` ${words}`)
    .filter((flag) => !new RegExp(`--${flag}(?![a-z0-9-])`).test(help))
    .map((flag) => `${command} has no --${flag}: ${line}`);
  const pinned = !/\bnpx\b/.test(line) || version === VERSION;
  return [...flags, ...(pinned ? [] : [`not pinned to fusegate@${VERSION}: ${line}`])];
}

function jenkinsProblems(line: string): string[] {
  return flagsOf(line)
    .filter((flag) => optionOfInput(flag, JENKINS) === undefined)
    .map((flag) => `the Jenkins script has no --${flag}: ${line}`);
}

function npmProblems(line: string): string[] {
  const { scripts } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const [, name = ''] = /npm (?:run )?([\w:-]+)/.exec(line) ?? [];
  return Object.hasOwn(scripts, name) ? [] : [`package.json has no script ${name}: ${line}`];
}

/** A file of this repository that a command starts; one in dist/ is there after a build. */
function programProblems(line: string): string[] {
  return [...line.matchAll(/node (?:--[\w-]+ )*(?:\$house\/)?([\w-]+\/(?:src|scripts)\/\S+)/g)]
    .map(([, file]) => file ?? '')
    .filter((file) => !existsSync(path.join(ROOT, file)))
    .map((file) => `no file ${file}: ${line}`);
}

/** Problems of one command, whatever it starts. */
export function commandProblems(line: string): string[] {
  return [
    ...(FUSEGATE.test(line) && !line.includes('ln -s') ? fusegateProblems(line) : []),
    ...(line.includes('fusegate-jenkins.cjs') ? jenkinsProblems(line) : []),
    ...(/(^|\s)npm /.test(line) ? npmProblems(line) : []),
    ...programProblems(line),
  ];
}

/** @param shell that reads the script without running it */
export function shellProblems(script: string, shell: 'sh' | 'bash'): string[] {
  const { status, stderr, error } = spawnSync(shell, ['-n'], { input: script, encoding: 'utf8' });
  const syntax = error ? [`${shell} is needed: ${error.message}`] : status === 0 ? [] : [stderr];
  return [...syntax, ...commandLines(script).flatMap(commandProblems)];
}
