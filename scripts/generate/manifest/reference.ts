/** docs/reference/: pages of all options, outputs and exits, from the option table. */

import { OUTPUT_NAMES } from '../../../shared/src/model/host.ts';
import { platformName } from '../../../shared/src/model/run-request.ts';
import { OUTPUT_TEXT } from '../../../shared/src/options/output-text.ts';
import { aliasNames, isOn, officialVariables, spell, variableOf } from '../../../shared/src/options/spelling.ts';
import { CLI } from '../../../shared/src/options/systems/cli.ts';
import { PLUGINS } from '../../../shared/src/options/systems.ts';
import { OPTION_GROUPS, type Option } from '../../../shared/src/options/table.ts';
import { availableChoices, availableOptions, defaultText, optionSentences, requiredText } from './option-prose.ts';

const HEAD = '<!-- Generated from the option table by `npm run generate`. Do not edit. -->\n';

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
  return [variableOf(option.id), ...officialVariables(option)];
}

const NAMED = [CLI, ...PLUGINS];

/** Systems with the same spelling are listed together. */
function namesOf(option: Option): string {
  const bySpelling = new Map<string, string[]>();
  for (const system of NAMED) {
    if (!isOn(option, system)) continue;
    const name = spell(option.id, system);
    bySpelling.set(name, [...(bySpelling.get(name) ?? []), system.title]);
  }
  return [...bySpelling].map(([name, titles]) => `${titles.join(', ')} ${code(name)}`).join('; ');
}

function aliasesOf(option: Option): string | undefined {
  const parts = PLUGINS.flatMap((system) => {
    const names = aliasNames(option, system);
    return names.length === 0 ? [] : [`${system.title} ${names.map(code).join(', ')}`];
  });
  return parts.length === 0 ? undefined : parts.join('; ');
}

function optionSection(option: Option): string {
  const [summary, ...more] = optionSentences(option, CLI, { choices: false, default: false });
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
    ['Platforms', option.platforms?.map(platformName).join(', ')],
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
    'Every option of every plugin and of the CLI. The input takes precedence, then the entry of the app in the [fleet file](../fleets.md), then ' +
    'the `FUSEGATE_` variable, then the variable of the official clients, then the default; two different values in the same place are an error. An empty value counts as not given.';
  return `${HEAD}\n# Options\n\n${intro}\n\n${groups.join('\n\n')}\n`;
}

/** @returns docs/reference/outputs.md */
export function outputsPage(): string {
  const rows = OUTPUT_NAMES.map((name) =>
    row([...PLUGINS.map((system) => code(system.outputName(name))), cell(`${OUTPUT_TEXT[name]}.`)]),
  );
  const intro =
    'The same on every system. All are always set, before the run fails; an output without a value is empty. ' +
    '`private/fusegate.env` holds them without the prefix for a shell to source, `private/fusegate.dotenv` with unquoted values for a dotenv report.';
  const titles = [...PLUGINS.map(({ title }) => title), 'meaning'];
  const head = [row(titles), row(titles.map(() => '---'))];
  return `${HEAD}\n# Outputs\n\n${intro}\n\n${[...head, ...rows].join('\n')}\n`;
}

/** @returns docs/reference/inputs-by-system.md: one row per option, for moving a pipeline from one system to another */
export function namesPage(options: readonly Option[]): string {
  const rows = availableOptions(options).map((option) =>
    row([
      ...NAMED.map((system) => (isOn(option, system) ? code(spell(option.id, system)) : '')),
      code(variableOf(option.id)),
    ]),
  );
  const titles = [...NAMED.map(({ title }) => title), 'variable'];
  const head = [row(titles), row(titles.map(() => '---'))];
  return `${HEAD}\n# Input names by system\n\n${[...head, ...rows].join('\n')}\n`;
}
