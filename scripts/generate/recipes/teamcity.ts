/**
 * recipes/teamcity/: recipes, to upload in Project Settings or to publish on the Marketplace. Source of the form and its limits:
 * jetbrains.com/help/teamcity/recipe-yaml-syntax.html.
 *
 * Inputs are environment variables, as that page recommends: a parameter reference would put a value into the script as it is. What a run
 * tells TeamCity (progress, build problem, tests, artifacts) is the command line's own doing.
 */
import publish from '../../../publish.json' with { type: 'json' };
import type { Mode } from '../../../shared/src/model/run-request.ts';
import { VERSION } from '../../../shared/src/model/version.ts';
import { type RecipeInput, recipeInputs, within } from './inputs.ts';
import type { RecipeFile } from './recipes.ts';
import { fusegateScript, RELEASE_INPUTS, type VariableOf } from './shell.ts';
import { recipeSystem } from './system-by-id.ts';
import { yamlText } from './yaml.ts';

/** Of recipes on the Marketplace. */
const LONGEST_DESCRIPTION = 250;

interface Recipe {
  mode: Mode;
  name: string;
  title: string;
  about: string;
}

const TEAMCITY_RECIPES: readonly Recipe[] = [
  {
    mode: 'run',
    name: 'fusegate',
    title: 'Fusegate: protect an app with Appdome',
    about: 'Protects an app with Appdome; green only if its certificate proves the protections that you require.',
  },
  {
    mode: 'gate',
    name: 'fusegate-gate',
    title: 'Fusegate: judge a certificate',
    about: 'Judges a build or certificates that exist. It starts no build.',
  },
  {
    mode: 'validate',
    name: 'fusegate-validate',
    title: 'Fusegate: check an app that you signed',
    about: 'Has the service check an app that you signed yourself.',
  },
  {
    mode: 'verify',
    name: 'fusegate-verify',
    title: 'Fusegate: verify before deploy',
    about: 'Checks a protected app against its result, before it is deployed. Needs no key and no network.',
  },
];

/** As in the recipes of JetBrains. */
export const inputVariable: VariableOf = (id) => `input_${id.replaceAll('-', '_')}`;

const TYPES = { text: 'text', switch: 'boolean', choice: 'select', secret: 'password' } as const;

function labelOf(id: string): string {
  const words = id.replaceAll('-', ' ').replace(/\b(id|url|ca|api|p12|sha256)\b/g, (word) => word.toUpperCase());
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function inputOf(input: RecipeInput): Record<string, unknown> {
  const { option, kind, choices, required, sentences } = input;
  const spec = {
    type: TYPES[kind],
    label: labelOf(option.id),
    description: within(LONGEST_DESCRIPTION, sentences),
    required,
    ...(required ? {} : { default: input.default }),
    ...(kind === 'choice' ? { options: choices } : {}),
  };
  return { [`env.${inputVariable(option.id)}`]: spec };
}

function releaseInput({ id, text }: (typeof RELEASE_INPUTS)[number]): Record<string, unknown> {
  const spec = { type: 'text', label: labelOf(id), description: text, required: false, default: '' };
  return { [`env.${inputVariable(id)}`]: spec };
}

function recipe({ mode, name, title, about }: Recipe): RecipeFile {
  const inputs = recipeInputs(mode, recipeSystem('teamcity'));
  const script = fusegateScript(mode, inputs, {
    variable: inputVariable,
    secretOf: (variable) => `$${variable}`,
  });
  if (script.includes('%')) throw new RangeError('TeamCity takes what stands between two % for a parameter');
  const content = {
    name: `${publish.teamcityNamespace}/${name}`,
    title,
    version: VERSION,
    description: about,
    inputs: [...inputs.map(inputOf), ...RELEASE_INPUTS.map(releaseInput)],
    steps: [{ name: `fusegate ${mode}`, script: `#!/bin/sh\nset -e\n${script}` }],
  };
  return { path: `recipes/teamcity/${name}.yml`, text: yamlText(about, content) };
}

export function teamcityRecipe(): RecipeFile[] {
  return TEAMCITY_RECIPES.map(recipe);
}
