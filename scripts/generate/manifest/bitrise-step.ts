/** bitrise-step/step.yml: the option table as the inputs of a Bitrise step. */

import { stringify } from 'yaml';
import { APP_DEFAULT, KEYSTORE_URL_INPUT } from '../../../bitrise-step/src/bitrise-inputs.ts';
import { OFFICIAL_OUTPUT_NAMES } from '../../../bitrise-step/src/export-outputs.ts';
import { defined } from '../../../shared/src/model/defined.ts';
import { OUTPUT_NAMES } from '../../../shared/src/model/host.ts';
import { MINIMUM_NODE } from '../../../shared/src/model/version.ts';
import { OUTPUT_TEXT } from '../../../shared/src/options/output-text.ts';
import {
  aliasNames,
  inputName,
  isOn,
  ownVariable,
  unusedOfficialInputs,
} from '../../../shared/src/options/spelling.ts';
import { BITRISE } from '../../../shared/src/options/systems/bitrise.ts';
import { OPTION_GROUPS, type Option } from '../../../shared/src/options/table.ts';
import { availableChoices, availableOptions, optionSentences } from './option-prose.ts';
import { REPOSITORY_URL } from './repository.ts';

const OFFICIAL_CATEGORY = "Names of Appdome's own steps";
/** The step library's audit rejects longer ones. */
const LONGEST_SUMMARY = 100;

interface InputOptions {
  category: string;
  title: string;
  summary: string;
  description?: string;
  value_options?: string[];
  is_required?: boolean;
  is_expand?: boolean;
  is_sensitive?: boolean;
}

/** Values from Bitrise itself. No other input has a meaningful default, because it would win over the FUSEGATE_ variables. */
const PRESETS: Readonly<Partial<Record<Option['id'], string>>> = {
  app: APP_DEFAULT,
  'api-key': '$APPDOME_API_KEY',
};

/** Texts that only this system needs. */
const MORE: Readonly<Partial<Record<Option['id'], string>>> = {
  app: 'The app that an earlier step built, if exactly one of these variables has a value; mode run only.',
  keystore:
    'With sign on-appdome and no keystore, the one from the Code Signing page is used: BITRISEIO_ANDROID_KEYSTORE_URL and its password, alias and private key password.',
  p12: 'With sign on-appdome, defaults to the certificate of BITRISE_CERTIFICATE_URL; if it has several, give the file name of one.',
  'provisioning-profiles':
    'Defaults to those of BITRISE_PROVISION_URL. You can also give file names from that list, with or without their extension.',
};

/** The form shows this above the field; the rest is the description. */
function titleOf(option: Option): string {
  const words = option.id.replaceAll('-', ' ').replace(/\b(id|url|ca|api|ci|p12)\b/g, (word) => word.toUpperCase());
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * The choices that the form offers. The first, the default, means "not given": our variable, which is empty unless somebody has set it.
 * `stepman share create` refuses a choice whose default is empty, and so does step.schema.json (bitrise-io/stepman, cli/share_create.go;
 * bitrise-io/bitrise-json-schemas).
 */
function valueOptions(option: Option): [string, ...string[]] | undefined {
  if (option.type.kind !== 'boolean' && option.type.kind !== 'choice') return undefined;
  const variable = ownVariable(option, BITRISE);
  // An input with the same name as an output has no choices: the value is typed in.
  if (variable === undefined) return undefined;
  const values =
    option.type.kind === 'boolean' ? ['true', 'false'] : availableChoices(option).map(({ value }) => value);
  return [`$${variable}`, ...values];
}

function stepInput(option: Option): Record<string, unknown> {
  const [summary = '', ...more] = optionSentences(option, BITRISE);
  const choices = valueOptions(option);
  const extra = MORE[option.id];
  const opts: InputOptions = {
    category: OPTION_GROUPS.find(({ id }) => id === option.group)?.title ?? '',
    title: titleOf(option),
    summary,
    description: [summary, ...more, ...(extra === undefined ? [] : [extra])].join(' '),
    ...defined({ value_options: choices }),
    // Bitrise passes on a sensitive value only if it comes from a Secret.
    ...(option.type.kind === 'secret' ? { is_expand: true, is_sensitive: true } : {}),
  };
  return { [inputName(option.id, BITRISE)]: PRESETS[option.id] ?? choices?.[0] ?? '', opts };
}

function aliasInput(name: string, summary: string, secret: boolean): Record<string, unknown> {
  const opts: InputOptions = {
    category: OFFICIAL_CATEGORY,
    title: name,
    summary,
    ...(secret ? { is_expand: true, is_sensitive: true } : {}),
  };
  return { [name]: '', opts };
}

/** A name that both the official steps and ours use is declared once. */
function aliasInputs(options: readonly Option[]): Array<Record<string, unknown>> {
  const own = new Set(options.map(({ id }) => inputName(id, BITRISE)));
  const aliases = options.flatMap((option) =>
    aliasNames(option, BITRISE)
      .filter((alias) => !own.has(alias))
      .map((alias) =>
        aliasInput(alias, `Accepted for ${inputName(option.id, BITRISE)}.`, option.type.kind === 'secret'),
      ),
  );
  return [
    ...aliases,
    aliasInput(KEYSTORE_URL_INPUT, 'Name of the variable with the URL of the keystore to sign with.', false),
    ...unusedOfficialInputs(BITRISE).map(({ name, instead }) => aliasInput(name, `It is not used. ${instead}`, false)),
  ];
}

/** @returns the content of step.yml */
export function stepYml(options: readonly Option[]): string {
  const shown = availableOptions(options).filter((option) => isOn(option, BITRISE));
  const summary = 'Protect an app with Appdome; fail unless its certificate proves the protections you require';
  if (summary.length > LONGEST_SUMMARY) throw new RangeError('the summary of step.yml is too long');
  const outputs = [
    ...OUTPUT_NAMES.map((name) => ({
      [BITRISE.outputName(name)]: '',
      opts: { title: titleOf({ id: name } as never), summary: `${OUTPUT_TEXT[name]}.` },
    })),
    ...OFFICIAL_OUTPUT_NAMES.map((name) => ({
      [name]: '',
      opts: { title: name, summary: "As Appdome's own steps set it; only if their input names are used." },
    })),
  ];
  const step = {
    title: 'Fusegate for Appdome',
    summary,
    description: [
      'Uploads an app to Appdome, applies a Fusion Set, waits for the build, signs, downloads the protected app, and fails the build ' +
        `unless the Certified Secure certificate proves the protections that you require. Needs Node ${MINIMUM_NODE} or newer on the stack.`,
      'Store the API key in a Secret named `APPDOME_API_KEY`, and put this step after the one that builds the app and before the one ' +
        'that deploys it. The protected app and the reports are saved in `$BITRISE_DEPLOY_DIR`.',
    ].join('\n\n'),
    website: REPOSITORY_URL,
    source_code_url: REPOSITORY_URL,
    support_url: `${REPOSITORY_URL}/issues`,
    // One of the words in step.schema.json (bitrise-io/bitrise-json-schemas), which has no host_os_tags.
    project_type_tags: ['android', 'ios', 'react-native', 'flutter', 'cordova', 'ionic', 'kotlin-multiplatform'],
    type_tags: ['security', 'code-sign', 'deploy'],
    is_always_run: false,
    is_skippable: false,
    run_if: '',
    toolkit: { bash: { entry_file: 'step.sh' } },
    inputs: [...shown.map(stepInput), ...aliasInputs(shown)],
    outputs,
  };
  const head = '# Generated from the option table by `npm run generate`. Do not edit.\n';
  return head + stringify(step, { lineWidth: 0, blockQuote: 'literal' });
}
