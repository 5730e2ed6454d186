/**
 * The option table in prose for one system: the choices, when an option is required, its default. Other options are spelt as on that
 * system.
 */

import type { Mode } from '../../../shared/src/model/run-request.ts';
import { choicesOf } from '../../../shared/src/options/choices.ts';
import type { OptionDefinition } from '../../../shared/src/options/option.ts';
import { isOn, respelled } from '../../../shared/src/options/spelling.ts';
import type { System } from '../../../shared/src/options/system.ts';
import { CLI } from '../../../shared/src/options/systems/cli.ts';
import type { Option } from '../../../shared/src/options/table.ts';

/** The options of one system, or of any. */
export function availableOptions(options: readonly Option[], system?: System): Option[] {
  return options.filter((option) => system === undefined || isOn(option, system));
}

/** The possible values. */
export function availableChoices(option: OptionDefinition): Array<{ value: string; help: string }> {
  return [...choicesOf(option.type)];
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function list(words: readonly string[], last: string): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}

/** `Required in mode run unless app-id or build-id is given and in mode validate`; undefined if it never is. */
export function requiredText(option: OptionDefinition): string | undefined {
  const entries = Object.entries(option.requiredIn ?? {}) as Array<[Mode, string]>;
  if (entries.length === 0) return undefined;
  const byText = new Map<string, Mode[]>();
  for (const [mode, text] of entries) byText.set(text, [...(byText.get(text) ?? []), mode]);
  const parts = [...byText].map(([text, modes]) => {
    const where = `in mode ${list(modes, 'and')}`;
    return text === '' ? where : `${where} ${text}`;
  });
  return `Required ${parts.join('; ')}`;
}

/** Only for an option that mode run does not have. */
function modesText(option: OptionDefinition): string | undefined {
  return option.modes.includes('run') ? undefined : `Only in mode ${list(option.modes, 'and')}`;
}

/** The default, in words. */
export function defaultText(option: OptionDefinition): string | undefined {
  return option.default ?? option.defaultText;
}

/** The separators of a list on that system. */
function listText(option: OptionDefinition, system: System): string | undefined {
  if (!/list$/.test(option.type.kind)) return undefined;
  return system.inputs.listHelp;
}

/** What a file option accepts. */
function fileText(option: OptionDefinition): string | undefined {
  if (/base64/.test(`${option.summary} ${option.help ?? ''}`)) return undefined;
  return option.type.kind === 'file' || option.type.kind === 'file-list'
    ? 'A path, an https URL or the content in base64'
    : undefined;
}

/** The meaning in other modes, if it differs. */
function otherModes(option: OptionDefinition): string[] {
  return Object.entries(option.summaryIn ?? {}).map(([mode, text]) => `In mode ${mode}: ${text}`);
}

/** `run (upload, build, …), gate (…)` */
function choicesText(option: OptionDefinition): string | undefined {
  const choices = availableChoices(option);
  if (choices.length === 0) return undefined;
  const each = choices.map(({ value, help }) => (value === help.toLowerCase() ? value : `${value} (${help})`));
  return `${option.type.kind === 'choice-list' ? 'Any of' : 'One of'} ${each.join(', ')}`;
}

export interface ProseOptions {
  /** Leave out the choices, if the system has its own field for them. */
  choices?: boolean;
  /** Leave out the default, if the system has its own field for it. */
  default?: boolean;
}

/** Everything about an option on one system, in whole sentences; the first is its summary. */
export function optionSentences(
  option: OptionDefinition,
  system: System,
  { choices = true, default: withDefault = true }: ProseOptions = {},
): string[] {
  const preset = defaultText(option);
  const parts = [
    option.summary,
    ...otherModes(option),
    option.help,
    system.inputs.prefix === '--' ? option.flagHelp : undefined,
    fileText(option),
    choices ? choicesText(option) : undefined,
    listText(option, system),
    modesText(option),
    requiredText(option),
    withDefault && preset !== undefined ? `Default: ${preset}` : undefined,
  ];
  return (
    parts
      .filter((part): part is string => part !== undefined && part !== '')
      // The CLI's text is also the reference page's, which serves every system, so options appear by their ids.
      .map((part) => sentence(system === CLI ? part : respelled(part, system)))
  );
}
