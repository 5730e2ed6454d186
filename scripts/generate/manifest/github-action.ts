/** actions/action.yml: the option table as inputs of a GitHub Action. */

import { stringify } from 'yaml';
import { OUTPUT_NAMES } from '../../../shared/src/model/host.ts';
import { OUTPUT_TEXT } from '../../../shared/src/options/output-text.ts';
import { aliasNames, inputName, unusedOfficialInputs } from '../../../shared/src/options/spelling.ts';
import { GITHUB } from '../../../shared/src/options/systems/github.ts';
import type { Option } from '../../../shared/src/options/table.ts';
import { availableOptions, optionSentences } from './option-prose.ts';

/** The Marketplace listing cuts the description at 125 characters (GitHub's metadata reference asks for a short one). */
const LONGEST_DESCRIPTION = 125;

// biome-ignore lint/suspicious/noTemplateCurlyInString: a GitHub expression
const OWN_TOKEN = '${{ github.token }}';

interface ActionInput {
  description: string;
  required: false;
  default?: string;
  deprecationMessage?: string;
}

/**
 * No input has a `default`: the runner passes it on as if the user had written it, so it would win over FUSEGATE_* and the official
 * variables. Nor is any `required`: that depends on the mode, and the run reports everything that is missing at once. The token is the
 * exception, because an action cannot get the job's own token any other way.
 */
function actionInput(option: Option): ActionInput {
  return {
    description: optionSentences(option, GITHUB).join(' '),
    required: false,
    ...(option.id === 'github-token' ? { default: OWN_TOKEN } : {}),
  };
}

/**
 * An alias has to be declared, or the runner warns about an unexpected input. It is not marked deprecated: one notice per run is enough.
 */
function aliasInput(option: Option): ActionInput {
  return {
    description: `Name of Appdome's own action for ${inputName(option.id, GITHUB)}; None means not given.`,
    required: false,
  };
}

/** @returns the content of action.yml */
export function actionYml(options: readonly Option[]): string {
  const shown = availableOptions(options, GITHUB);
  const inputs = Object.fromEntries<ActionInput>([
    ...shown.map((option): [string, ActionInput] => [inputName(option.id, GITHUB), actionInput(option)]),
    ...shown.flatMap((option) =>
      aliasNames(option, GITHUB).map((alias): [string, ActionInput] => [alias, aliasInput(option)]),
    ),
    ...unusedOfficialInputs(GITHUB).map(({ name, instead }): [string, ActionInput] => [
      name,
      {
        description: "Input of Appdome's own action; accepted but not used.",
        required: false,
        deprecationMessage: `It is not used. ${instead}`,
      },
    ]),
  ]);
  const description =
    'Protects a mobile app with Appdome and fails unless its certificate proves the protections you require';
  if (description.length > LONGEST_DESCRIPTION) throw new RangeError('the description of action.yml is too long');
  const manifest = {
    name: 'Fusegate for Appdome',
    description,
    author: 'Fusegate',
    branding: { icon: 'shield', color: 'green' },
    inputs,
    outputs: Object.fromEntries(OUTPUT_NAMES.map((name) => [name, { description: `${OUTPUT_TEXT[name]}.` }])),
    runs: { using: 'node24', main: 'dist/index.cjs', post: 'dist/post.cjs', 'post-if': 'always()' },
  };
  const head = '# Generated from the option table by `npm run generate`. Do not edit.\n';
  return head + stringify(manifest, { lineWidth: 120 });
}
