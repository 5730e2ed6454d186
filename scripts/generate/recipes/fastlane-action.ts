/** recipes/fastlane/actions/fusegate.rb: the option table as the options of a fastlane action. What the action does is in fastlane-action.rb. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { EXIT } from '../../../shared/src/model/errors.ts';
import { OUTPUT_NAMES } from '../../../shared/src/model/host.ts';
import type { OptionDefinition } from '../../../shared/src/options/option.ts';
import { OUTPUT_TEXT } from '../../../shared/src/options/output-text.ts';
import { variableOf } from '../../../shared/src/options/spelling.ts';
import type { System } from '../../../shared/src/options/system.ts';
import { CLI } from '../../../shared/src/options/systems/cli.ts';
import { OPTIONS } from '../../../shared/src/options/table.ts';
import { availableOptions, optionSentences } from '../manifest/option-prose.ts';
import { EXACT_PACKAGE, GENERATED } from './cli-package.ts';

const FASTLANE: System = {
  ...CLI,
  id: 'fastlane',
  title: 'fastlane',
  inputs: {
    ...CLI.inputs,
    nameOf: (id) => id.replaceAll('-', '_'),
    prefix: '',
    listHelp: 'An array, or several separated by commas',
  },
  offers: [],
};

const EXITS: Readonly<Record<Exclude<keyof typeof EXIT, 'pass'>, string>> = {
  usage: 'an option or the configuration is wrong',
  auth: 'the API key is not accepted, or may not do this',
  network: 'the network or the API failed, or a build may exist whose id is not known',
  service: 'the service refused or failed the build or the signing',
  gateFailed: 'the certificate lacks protections that are required',
  timeout: 'the time is up while the service answered well',
  noVerdict: 'no verdict could be had',
  cancelled: 'cancelled',
};

/** As fastlane converts and checks a value. Lists come as arrays; everything else that is not a number or a boolean is text. */
function rubyType({ kind }: OptionDefinition['type']): string {
  if (/(?:^|-)list$/.test(kind)) return 'Array';
  if (kind === 'boolean') return 'Boolean';
  return kind === 'integer' ? 'Integer' : 'String';
}

const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
const symbol = (id: string) => `:${FASTLANE.inputs.nameOf(id)}`;
const constant = (name: string) => `FUSEGATE_${name.replaceAll('-', '_').toUpperCase()}`;
const listed = (items: readonly string[], indent: string) =>
  items.length === 0 ? '[]' : `[\n${items.map((item) => `${indent}  ${item}`).join(',\n')}\n${indent}]`;

/**
 * No other option has a default value: fastlane would hand it on as if the lane had given it, and it would win over the variables that the
 * command reads.
 */
const DEFAULTS: Readonly<Record<string, string>> = { mode: 'run', 'output-dir': 'fusegate-output/fastlane' };

function configItem(option: OptionDefinition): string {
  const { type } = option;
  // fastlane refuses a description that ends with a full stop.
  const description = optionSentences(option, FASTLANE, { default: DEFAULTS[option.id] === undefined })
    .join(' ')
    .replace(/\.$/, '');
  const preset = DEFAULTS[option.id];
  const choices =
    type.kind === 'choice' || type.kind === 'choice-list'
      ? type.choices.flatMap(({ value, synonyms = [] }) => [value, ...synonyms])
      : [];
  const fields = [
    `key: ${symbol(option.id)}`,
    `env_name: ${quoted(variableOf(option.id))}`,
    `description: ${quoted(description)}`,
    `type: ${rubyType(type)}`,
    'optional: true',
    ...(type.kind === 'secret' ? ['sensitive: true'] : []),
    ...(preset === undefined ? [] : [`default_value: ${quoted(preset)}`]),
    ...(choices.length === 0
      ? []
      : [`verify_block: one_of(${symbol(option.id)}, [${choices.map(quoted).join(', ')}])`]),
  ];
  return `FastlaneCore::ConfigItem.new(\n            ${fields.join(',\n            ')}\n          )`;
}

/** Their values may hold secrets: content in base64, overrides with passwords, the credentials of a proxy. */
function isDelicate({ type }: OptionDefinition): boolean {
  return ['file', 'file-list', 'json'].includes(type.kind) || (type.kind === 'url' && type.form === 'proxy');
}

export function fastlaneAction(): string {
  const options = availableOptions(OPTIONS, FASTLANE);
  const parts: Record<string, string> = {
    GENERATED: GENERATED.trimEnd(),
    SHARED_VALUES: OUTPUT_NAMES.map((name) => `${constant(name)} = :${constant(name)}`).join('\n      '),
    PACKAGE: quoted(EXACT_PACKAGE),
    OUTPUTS: listed(
      OUTPUT_NAMES.map((name) => `[${quoted(constant(name))}, ${quoted(OUTPUT_TEXT[name])}]`),
      '      ',
    ),
    DELICATE: listed(
      options.filter(isDelicate).map(({ id }) => symbol(id)),
      '      ',
    ),
    WITH_OUTPUT: `[${(options.find(({ id }) => id === 'output-dir')?.modes ?? []).map(quoted).join(', ')}]`,
    EXITS: `{\n${Object.entries(EXITS)
      .map(([name, text]) => `        ${EXIT[name as keyof typeof EXIT]} => ${quoted(text)}`)
      .join(',\n')}\n      }`,
    OPTIONS: listed(options.map(configItem), '        '),
  };
  const template = readFileSync(path.join('scripts/generate/recipes', 'fastlane-action.rb'), 'utf8');
  return template.replaceAll(/^# Template.*\n|#\{\{(\w+)\}\}/gm, (_, name: string | undefined) =>
    name === undefined ? '' : (parts[name] ?? ''),
  );
}
