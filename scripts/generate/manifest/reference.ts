/** docs/reference/: every option, output and exit as a page, from the option table. */

import { OUTPUT_TEXT } from '../../../shared/src/intake/output-text.ts';
import { OUTPUT_NAMES } from '../../../shared/src/model/host.ts';
import type { InputSystem } from '../../../shared/src/options/option.ts';
import {
  aliasNames,
  inputName,
  isOn,
  officialVariables,
  ownVariable,
  spell,
} from '../../../shared/src/options/spelling.ts';
import { OPTION_GROUPS, type Option } from '../../../shared/src/options/table.ts';
import { availableChoices, availableOptions, defaultText, optionSentences, requiredText } from './option-prose.ts';

const HEAD = '<!-- Generated from the option table by `npm run generate`. Do not edit. -->\n';
const PLUGINS: ReadonlyArray<{ system: Exclude<InputSystem, 'cli'>; title: string }> = [
  { system: 'github', title: 'GitHub' },
  { system: 'azure', title: 'Azure DevOps' },
  { system: 'bitrise', title: 'Bitrise' },
  { system: 'jenkins', title: 'Jenkins' },
];

function code(text: string): string {
  return `\`${text}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function variablesOf(option: Option): string[] {
  const own = ownVariable(option, 'cli');
  return [...(own === undefined ? [] : [own]), ...officialVariables(option)];
}

const NAMED: ReadonlyArray<{ system: InputSystem; title: string }> = [{ system: 'cli', title: 'CLI' }, ...PLUGINS];

/** Systems that spell it alike stand together. */
function namesOf(option: Option): string {
  const bySpelling = new Map<string, string[]>();
  for (const { system, title } of NAMED) {
    if (!isOn(option, system)) continue;
    const name = spell(option.id, system);
    bySpelling.set(name, [...(bySpelling.get(name) ?? []), title]);
  }
  return [...bySpelling].map(([name, titles]) => `${titles.join(', ')} ${code(name)}`).join('; ');
}

function aliasesOf(option: Option): string | undefined {
  const parts = PLUGINS.flatMap(({ system, title }) => {
    const names = aliasNames(option, system);
    return names.length === 0 ? [] : [`${title} ${names.map(code).join(', ')}`];
  });
  return parts.length === 0 ? undefined : parts.join('; ');
}

function optionSection(option: Option): string {
  const [summary, ...more] = optionSentences(option, 'cli', { choices: false, default: false });
  const required = requiredText(option);
  const about = more.filter((text) => text !== `${required}.`).join(' ');
  const preset = defaultText(option);
  const facts: Array<[string, string | undefined]> = [
    ['Names', namesOf(option)],
    ['Variables', variablesOf(option).map(code).join(', ')],
    ['Official inputs', aliasesOf(option)],
    [
      'Values',
      availableChoices(option)
        .map(({ value, help }) => `${code(value)} ${cell(help)}`)
        .join('; ') || undefined,
    ],
    ['Default', preset === undefined ? undefined : option.default === undefined ? cell(preset) : code(preset)],
    ['Required', required?.replace(/^Required /, '')],
    ['Modes', option.modes.join(', ')],
    ['Platforms', option.platforms?.map((each) => (each === 'ios' ? 'iOS' : 'Android')).join(', ')],
  ];
  const lines = facts.flatMap(([name, text]) => (text === undefined || text === '' ? [] : [`- ${name}: ${text}`]));
  return [`### ${option.id}`, `${cell(summary ?? '')}${about === '' ? '' : ` ${cell(about)}`}`, lines.join('\n')].join(
    '\n\n',
  );
}

/** @returns docs/reference/options.md */
export function optionsPage(options: readonly Option[]): string {
  const shown = availableOptions(options);
  const groups = OPTION_GROUPS.map(({ id, title }) => {
    const own = shown.filter(({ group }) => group === id);
    return [`## ${title}`, ...own.map(optionSection)].join('\n\n');
  });
  const intro =
    'Every option of every plugin and of the CLI. The input takes precedence, then the `FUSEGATE_` variable, then the variable of the ' +
    'official clients, then the default; two different values in the same place are an error. An empty value counts as not given.';
  return `${HEAD}\n# Options\n\n${intro}\n\n${groups.join('\n\n')}\n`;
}

/** @returns docs/reference/outputs.md */
export function outputsPage(): string {
  const rows = OUTPUT_NAMES.map((name) =>
    row([
      code(name),
      code(inputName(name, 'azure')),
      code(`FUSEGATE_${name.replaceAll('-', '_').toUpperCase()}`),
      cell(`${OUTPUT_TEXT[name]}.`),
    ]),
  );
  const intro =
    'The same on every system. All are always set, before the run fails; an output without a value is empty. ' +
    '`private/fusegate.env` holds them as `NAME=value` lines without the prefix.';
  const head = [row(['GitHub', 'Azure DevOps', 'Bitrise', 'meaning']), row(['---', '---', '---', '---'])];
  return `${HEAD}\n# Outputs\n\n${intro}\n\n${[...head, ...rows].join('\n')}\n`;
}

/** @returns docs/reference/inputs-by-system.md: one row per option, for whoever moves a pipeline from one system to another */
export function namesPage(options: readonly Option[]): string {
  const rows = availableOptions(options).map((option) =>
    row([
      ...(['cli', 'github', 'azure', 'bitrise'] as const).map((system) =>
        isOn(option, system) ? code(spell(option.id, system)) : '',
      ),
      code(ownVariable(option, 'cli') ?? ''),
    ]),
  );
  const head = [
    row(['CLI, Jenkins', 'GitHub', 'Azure DevOps', 'Bitrise', 'variable']),
    row(['---', '---', '---', '---', '---']),
  ];
  return `${HEAD}\n# Input names by system\n\n${[...head, ...rows].join('\n')}\n`;
}
