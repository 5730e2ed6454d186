/** The help of a job, made from the option table. */

import type { Mode } from '../model/run-request.ts';
import { choicesOf } from '../options/choices.ts';
import { isOn, officialVariables, respelled } from '../options/spelling.ts';
import { CLI } from '../options/systems/cli.ts';
import { OPTION_GROUPS, OPTIONS, type Option } from '../options/table.ts';
import { isSwitch, placeholderOf } from './arguments.ts';

export const WIDTH = 100;
const INDENT = 4;
const TEXT_COLUMN = 34;
/** More values are listed below the flag, not in it. */
const LONGEST_WORDS = 50;

export interface CommandSummary {
  name: string;
  usage: string;
  summary: string;
}

export const JOB_COMMANDS: readonly CommandSummary[] = [
  { name: 'run', usage: 'run [OPTIONS]', summary: 'The whole job: upload, build, sign, download, certify, judge' },
  { name: 'gate', usage: 'gate [OPTIONS]', summary: 'Judge a build or certificates that exist; starts no build' },
  {
    name: 'validate',
    usage: 'validate [OPTIONS]',
    summary: 'Have the service check an app that you signed, and bind its result to it',
  },
  {
    name: 'verify',
    usage: 'verify [OPTIONS]',
    summary: 'Check an app against its result before it is deployed; offline',
  },
];

export const USES: Record<Mode, string[]> = {
  run: [
    'fusegate run --app app.apk --fusion-set-id ID --sign private --signing-fingerprint HEX \\',
    '    --required-features "Root Detection, Anti-Debugging"',
  ],
  gate: [
    'fusegate gate --certificate "archive/*.pdf" --required-features "Root Detection"',
    'fusegate gate --build-id ID --required-features "Root Detection"',
  ],
  validate: ['fusegate validate --app signed.apk --result fusegate-output/app/fusegate-result.json'],
  verify: ['fusegate verify --app signed.apk --result fusegate-result.json --max-age 7d'],
};

/** The commands that are modes of a job: their flags are the option table. */
export function isJobCommand(word: string | undefined): word is Mode {
  return word !== undefined && Object.hasOwn(USES, word);
}

/** Breaks at blanks; a word that is longer than the line stands alone. */
export function wrap(text: string, width: number): string[] {
  return text.match(new RegExp(`\\S.{0,${width - 1}}(?= |$)|\\S+`, 'g')) ?? [];
}

/** A label on the left and text on the right, below each other where the label is too long. */
export function row(label: string, texts: readonly string[]): string[] {
  const left = `${' '.repeat(INDENT)}${label}`;
  const lines = texts.flatMap((text) => wrap(text, WIDTH - TEXT_COLUMN));
  const first =
    left.length + 2 <= TEXT_COLUMN ? [`${left.padEnd(TEXT_COLUMN)}${lines.shift() ?? ''}`.trimEnd()] : [left];
  return [...first, ...lines.map((line) => `${' '.repeat(TEXT_COLUMN)}${line}`)];
}

export function flagOf(option: Option): string {
  if (option.type.kind === 'secret') return `--${option.id}-file FILE`;
  if (option.type.kind === 'boolean') return `--${option.id}`;
  const values = option.type.kind === 'choice' ? choicesOf(option.type) : [];
  const words = values.map(({ value }) => value).join('|');
  const placeholder = words !== '' && words.length <= LONGEST_WORDS ? words : placeholderOf(option);
  return `--${option.id} ${isSwitch(option) ? `[${placeholder}]` : placeholder}`;
}

/** What it does, what it takes and where it may come from: one paragraph. */
function describe(option: Option, mode: Mode): string {
  const { type } = option;
  const parts = [`${option.summaryIn?.[mode] ?? option.summary}.`];
  const values = choicesOf(type);
  const isOne = values.length > 0 && type.kind !== 'choice-list';
  const meanings = values.filter(({ value, help }) => value !== help.toLowerCase());
  const words = values.map(({ value }) => value);
  if (isOne && words.join('|').length > LONGEST_WORDS) parts.push(`One of ${words.join(', ')}.`);
  if (isOne) parts.push(`${meanings.map(({ value, help }) => `${value}: ${help}`).join('; ')}.`);
  if (type.kind === 'choice-list') parts.push(`Any of ${values.map(({ value }) => value).join(', ')}.`);
  const required = option.requiredIn?.[mode];
  if (required !== undefined) parts.push(required === '' ? 'Required.' : `Required ${required}.`);
  const shown = option.defaultText ?? option.default;
  // A switch that is off needs no word.
  if (shown !== undefined && !(type.kind === 'boolean' && shown === 'false')) parts.push(`Default: ${shown}.`);
  const variables = mode !== 'run' && option.officialEnvironmentByPlatform ? [] : officialVariables(option);
  if (variables.length > 0) parts.push(`Also from ${variables.join(', ')}.`);
  return respelled(parts.join(' '), CLI);
}

export function availableOptions(mode: Mode, system = CLI): Option[] {
  return OPTIONS.filter((option) => isOn(option, system) && option.modes.includes(mode) && option.id !== 'mode');
}

/** Everything that a command takes, by group. No line is longer than 100 columns. */
export function commandHelp(mode: Mode, system = CLI): string {
  const options = availableOptions(mode, system);
  const lines = [
    `Usage: fusegate ${mode} [OPTIONS]`,
    '',
    ...wrap(`${JOB_COMMANDS.find(({ name }) => name === mode)?.summary}.`, WIDTH),
    '',
    ...USES[mode].map((line) => `    ${line}`),
  ];
  for (const group of OPTION_GROUPS) {
    const rows = options
      .filter((option) => option.group === group.id)
      .flatMap((option) => row(flagOf(option), [describe(option, mode)]));
    if (rows.length > 0) lines.push('', group.title, ...rows);
  }
  lines.push(
    '',
    ...wrap(
      'Every option can be set as a variable too: --stall-timeout is FUSEGATE_STALL_TIMEOUT. A flag takes precedence over this variable, which takes precedence over those above.',
      WIDTH,
    ),
    ...wrap(
      'Secrets come from a variable or from a file (--api-key-file), never from the command line. Durations need a unit: 90s, 55m, 1h30m. Lists take commas or new lines; a list flag may be repeated. Switches: --verbose, --no-verbose, --verbose=false.',
      WIDTH,
    ),
  );
  return lines.join('\n');
}
