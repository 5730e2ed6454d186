/** `--help`, made from the option table. */

import type { Mode } from '@fusegate/shared/model/run-request';
import type { Choice } from '@fusegate/shared/options/option';
import { isOn, officialVariables, respelled } from '@fusegate/shared/options/spelling';
import { OPTION_GROUPS, OPTIONS, type Option } from '@fusegate/shared/options/table';
import { placeholderOf } from './arguments.ts';

const WIDTH = 100;
const INDENT = 4;
const TEXT_COLUMN = 34;
/** Value lists longer than this are shown below the flag, not in it. */
const LONGEST_WORDS = 50;

/** Commands of the design that this version does not have; named, so that they are not mistaken for typing errors. */
export const LATER_COMMANDS = ['plan', 'report'] as const;

/** The commands that are modes of a job: their flags are the option table. */
export function isJobCommand(word: string | undefined): word is Mode {
  return word !== undefined && Object.hasOwn(USES, word);
}

export const COMMANDS: ReadonlyArray<{ name: string; usage: string; summary: string }> = [
  { name: 'run', usage: 'run [OPTIONS]', summary: 'The whole job: upload, build, sign, download, certify, judge' },
  { name: 'gate', usage: 'gate [OPTIONS]', summary: 'Judge an existing build or certificates; starts no build' },
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
  { name: 'features', usage: 'features [QUERY]', summary: 'Find the names of protections' },
  { name: 'explain', usage: 'explain [OPTIONS]', summary: 'Show where each fact of a certificate was found' },
  {
    name: 'policy',
    usage: 'policy init|check|test|schema',
    summary: 'Start a policy from a certificate, check it, test it on stored certificates, print its JSON Schema',
  },
  { name: 'emulator', usage: 'emulator [OPTIONS]', summary: 'Start the embedded build service, for rehearsals' },
];

const EXITS: ReadonlyArray<readonly [number, string]> = [
  [0, 'pass'],
  [2, 'usage or configuration; nothing was sent'],
  [3, 'authentication or permission'],
  [4, 'network or API failure after retries, or a build that may exist'],
  [5, 'the service refused or failed the build or the signing'],
  [6, 'the gate failed: a required protection is not proven'],
  [7, 'time-out while the service answered well'],
  [8, 'no verdict could be had'],
  [130, 'cancelled'],
];

/** Breaks at blanks; a word that is longer than the line stands alone. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}

/** A label on the left and text on the right, below each other where the label is too long. */
function row(label: string, texts: readonly string[]): string[] {
  const left = `${' '.repeat(INDENT)}${label}`;
  const lines = texts.flatMap((text) => wrap(text, WIDTH - TEXT_COLUMN));
  const first =
    left.length + 2 <= TEXT_COLUMN ? [`${left.padEnd(TEXT_COLUMN)}${lines.shift() ?? ''}`.trimEnd()] : [left];
  return [...first, ...lines.map((line) => `${' '.repeat(TEXT_COLUMN)}${line}`)];
}

function valuesOf(option: Option): readonly Choice[] {
  const { type } = option;
  return type.kind === 'choice' || type.kind === 'choice-list' ? type.choices : [];
}

function flagOf(option: Option): string {
  if (option.type.kind === 'secret') return `--${option.id}-file FILE`;
  if (option.type.kind === 'boolean') return `--${option.id}`;
  const values = option.type.kind === 'choice' ? valuesOf(option) : [];
  const words = values.map(({ value }) => value).join('|');
  const placeholder = words !== '' && words.length <= LONGEST_WORDS ? words : placeholderOf(option);
  return `--${option.id} ${placeholder}`;
}

/** What it does, what it takes and where it may come from: one paragraph. */
function describe(option: Option, mode: Mode): string {
  const { type } = option;
  const parts = [`${option.summaryIn?.[mode] ?? option.summary}.`];
  const values = valuesOf(option);
  const meanings = values.filter(({ value, help }) => value !== help.toLowerCase());
  const words = values.map(({ value }) => value);
  if (type.kind === 'choice' && words.join('|').length > LONGEST_WORDS) parts.push(`One of ${words.join(', ')}.`);
  if (type.kind === 'choice') parts.push(`${meanings.map(({ value, help }) => `${value}: ${help}`).join('; ')}.`);
  if (type.kind === 'choice-list') parts.push(`Any of ${values.map(({ value }) => value).join(', ')}.`);
  const required = option.requiredIn?.[mode];
  if (required !== undefined) parts.push(required === '' ? 'Required.' : `Required ${required}.`);
  const shown = option.defaultText ?? option.default;
  // A switch that is off needs no word.
  if (shown !== undefined && !(type.kind === 'boolean' && shown === 'false')) parts.push(`Default: ${shown}.`);
  const variables = mode !== 'run' && option.officialEnvironmentByPlatform ? [] : officialVariables(option);
  if (variables.length > 0) parts.push(`Also from ${variables.join(', ')}.`);
  return respelled(parts.join(' '), 'cli');
}

function availableOptions(mode: Mode): Option[] {
  return OPTIONS.filter((option) => isOn(option, 'cli') && option.modes.includes(mode) && option.id !== 'mode');
}

const USES: Record<Mode, string[]> = {
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

/** Everything that a command takes, by group. No line is longer than 100 columns. */
export function commandHelp(mode: Mode): string {
  const options = availableOptions(mode);
  const lines = [
    `Usage: fusegate ${mode} [OPTIONS]`,
    '',
    ...wrap(`${COMMANDS.find(({ name }) => name === mode)?.summary}.`, WIDTH),
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
      'Every option can be set as a variable too: --stall-timeout is FUSEGATE_STALL_TIMEOUT. A flag takes precedence over that variable, which takes precedence over those named above.',
      WIDTH,
    ),
    ...wrap(
      'Secrets come from a variable or from a file (--api-key-file), never from the command line. Durations need a unit: 90s, 55m, 1h30m. Separate lists by commas or new lines; a list flag may be repeated. Switches: --verbose, --no-verbose, --verbose=false.',
      WIDTH,
    ),
  );
  return lines.join('\n');
}

/** The page of `fusegate --help`: commands, the common options, exit codes. */
export function overviewHelp(version: string): string {
  const common = availableOptions('run').filter((option) => option.common);
  return [
    `fusegate ${version}`,
    ...wrap(
      'Protects a mobile app with Appdome and fails the pipeline unless the Certified Secure certificate proves the protections that you require.',
      WIDTH,
    ),
    '',
    'Usage: fusegate COMMAND [OPTIONS]',
    '',
    'Commands',
    ...COMMANDS.flatMap(({ usage, summary }) => row(usage, [summary])),
    ...row('help [COMMAND]', ['All options of a command']),
    ...row('--version', ['The version']),
    '',
    'Common options of run (all: fusegate run --help)',
    ...common.flatMap((option) => row(flagOf(option), [option.summary])),
    '',
    'Example',
    ...USES.run.map((line) => `    ${line}`),
    '',
    'Exit codes',
    ...EXITS.flatMap(([code, meaning]) => row(String(code), [meaning])),
  ].join('\n');
}

/** Help of `features`. */
export const FEATURES_HELP = [
  'Usage: fusegate features [QUERY] [--platform android|ios] [--json]',
  '',
  ...wrap(
    'Finds protections by display name, internal key, Threat-Event name or words from them. Without QUERY it lists all of them. The names in the first column are what --required-features takes; a key in the second proves the protection. Exit 1 when nothing matches.',
    WIDTH,
  ),
  '',
  ...row('--platform PLATFORM', ['Only what was seen on android or ios']),
  ...row('--json', ['A JSON array instead of a table']),
].join('\n');

/** Help of `policy`. */
export const POLICY_HELP = [
  'Usage: fusegate policy init --certificate FILE | --result FILE [--output FILE] [--schema PATH] [--force]',
  '       fusegate policy check FILE [--json]',
  '       fusegate policy test FILE [--json]',
  '       fusegate policy schema',
  '',
  ...wrap(
    'init writes a commented policy in which that certificate proves every required name. check reads a policy with everything that it extends and prints its rules, its waivers, its digest and what the gate will find whatever the certificate says; exit 2 where something is wrong with it, or where no build could pass. test judges stored certificates by a policy and compares with what FILE expects; exit 6 where a case differs. schema prints the JSON Schema of a policy, for editors.',
    WIDTH,
  ),
  '',
  ...row('--certificate FILE', ['The .pdf or .json certificate of a build; both, where the flag is repeated']),
  ...row('--result FILE', ['A fusegate-result.json instead']),
  ...row('--output FILE', ['Where the policy goes, - for standard output. Default: fusegate-policy.yml']),
  ...row('--schema PATH', ['What the first line names for editors. Default: fusegate-policy.schema.json']),
  ...row('--force', ['Overwrite the file; wording that it accepts stays accepted']),
  ...row('--json', ['The policy as it was understood, or the cases, as JSON']),
].join('\n');

/** Help of `explain`. */
export const EXPLAIN_HELP = [
  'Usage: fusegate explain --certificate FILES [--json | --anonymise]',
  '       fusegate explain --build-id ID [OPTIONS of gate] [--json | --anonymise]',
  '',
  ...wrap(
    'Shows every fact, name and missing listener that was read, with its place (page and points in the PDF, path in the JSON), what a name proves according to the catalogue, the wording that is not understood, and what contradicts itself. Nothing is judged and nothing is written.',
    WIDTH,
  ),
  '',
  ...row('--certificate FILES', [
    '.pdf and .json files, or patterns; a PDF and a JSON of one build are shown together',
  ]),
  ...row('--build-id ID', ['Ask the service for the certificates of a build instead; needs an API key']),
  ...row('--json', ['A JSON array instead of text']),
  ...row('--anonymise', [
    'A layout report instead, for a bug report: places, sizes and known words; names, ids, hashes and all other text are replaced',
  ]),
].join('\n');
