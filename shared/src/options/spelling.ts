/** How an option is called on a system, by that system's record, and in the environment: no second list of names. */
import { OUTPUT_NAMES } from '../model/host.ts';
import type { Platform } from '../model/run-request.ts';
import { nearestNames } from '../text/nearest-name.ts';
import type { UnusedOfficialInput } from './option.ts';
import type { System } from './system.ts';
import { CLI } from './systems/cli.ts';
import { findOption, OPTIONS, type Option, type OptionId } from './table.ts';

export const ENVIRONMENT_PREFIX = 'FUSEGATE_';

/** Whether that system has the option at all: one that it has not is "not an option" there. */
export function isOn({ needs }: Option, { offers }: System): boolean {
  return needs === undefined || offers.includes(needs);
}

function optionsOn(system: System): Option[] {
  return OPTIONS.filter((option) => isOn(option, system));
}

/** The bare input name on a system, without dashes in front. */
export function inputName(id: string, { inputs }: System): string {
  return inputs.nameOf(id);
}

/** The option as a user of that system writes it, for messages: `--fusion-set-id`, `fusionSetId`. */
export function spell(id: string, system: System): string {
  return `${system.inputs.prefix}${inputName(id, system)}`;
}

/** Ids of one word are ordinary words as well and spelt alike nearly everywhere; those with a hyphen, and `verbose`, are unmistakable. */
const UNMISTAKABLE = new RegExp(
  `(?<![\\w-])(${OPTIONS.map(({ id }) => id)
    .filter((id) => id.includes('-') || id === 'verbose')
    .sort((a, b) => b.length - a.length)
    .join('|')})(?![\\w-])`,
  'g',
);

/** Our own sentence, in which options stand by their ids, as a user of that system reads it. */
export function respelled(text: string, system: System): string {
  return text.replace(UNMISTAKABLE, (id) => spell(id, system));
}

/** Input names of the official plugin of that system, which mean this option too. */
export function aliasNames(option: Option, system: System): readonly string[] {
  return system.official?.inputs[option.id] ?? [];
}

/** Inputs of the official plugin of that system that are accepted and do nothing. */
export function unusedOfficialInputs(system: System): readonly UnusedOfficialInput[] {
  return system.official?.unused ?? [];
}

function upperSnake(id: string): string {
  return id.replaceAll('-', '_').toUpperCase();
}

/** Our own variable of an option: `FUSEGATE_API_KEY`. */
export function variableOf(id: string): string {
  return `${ENVIRONMENT_PREFIX}${upperSnake(id)}`;
}

/** `FUSEGATE_API_KEY_FILE`: the variable that names a file with the secret. */
export function fileVariable(option: Option): string {
  return `${variableOf(option.id)}_FILE`;
}

/**
 * Our own variable of an option, where it is read. Where the outputs of an earlier step are variables of that form, too
 * (`FUSEGATE_BUILD_ID`), an option that shares its name with an output is not read from there, or a second step would continue with the
 * first one's build.
 */
export function ownVariable(option: Option, system: System): string | undefined {
  const variable = variableOf(option.id);
  return OUTPUT_NAMES.some((name) => system.outputName(name) === variable) ? undefined : variable;
}

/** The official clients' variables of an option; for both platforms where the platform is not known. */
export function officialVariables(option: Option, platform?: Platform): string[] {
  const byPlatform = option.officialEnvironmentByPlatform;
  const platforms: Platform[] = platform ? [platform] : ['android', 'ios'];
  return [...(option.officialEnvironment ?? []), ...platforms.flatMap((each) => byPlatform?.[each] ?? [])];
}

/** The numbered variables of a list that are set, in the order of their numbers. */
export function numberedVariables(option: Option, environment: Readonly<Record<string, string | undefined>>): string[] {
  return (option.officialEnvironmentNumbered ?? []).flatMap((prefix) =>
    Object.keys(environment)
      .filter((name) => name.startsWith(prefix) && /^\d{1,4}$/.test(name.slice(prefix.length)))
      .sort((a, b) => Number(a.slice(prefix.length)) - Number(b.slice(prefix.length))),
  );
}

/** @returns the option that an input name means on that system, ignoring case as GitHub and Azure do */
export function optionOfInput(name: string, system: System): OptionOfInput | undefined {
  let byName = namesOn.get(system);
  if (byName === undefined) {
    byName = new Map();
    for (const option of optionsOn(system)) {
      for (const [spelt, official] of [
        [inputName(option.id, system), false] as const,
        ...aliasNames(option, system).map((alias) => [alias, true] as const),
      ]) {
        const wanted = spelt.toLowerCase();
        if (!byName.has(wanted)) byName.set(wanted, { option, official });
      }
    }
    namesOn.set(system, byName);
  }
  return byName.get(name.toLowerCase());
}

interface OptionOfInput {
  option: Option;
  official: boolean;
}

/** By what a system calls them in lower case. Every start looks some hundred names up. */
const namesOn = new WeakMap<System, Map<string, OptionOfInput>>();

/** The inputs that mean an option, by its own name or by those of the official plugin. */
export function inputsOf<I extends { name: string }>(inputs: readonly I[], id: OptionId, system: System): I[] {
  return inputs.filter(({ name }) => optionOfInput(name, system)?.option.id === id);
}

/** @returns the secret option whose value `name` reads from a file: `api-key-file` */
export function secretFileOption(name: string, system: System): Option | undefined {
  const wanted = name.toLowerCase();
  return optionsOn(system).find(
    (option) => option.type.kind === 'secret' && inputName(`${option.id}-file`, system).toLowerCase() === wanted,
  );
}

/** Every name that a system reads, for "did you mean". */
export function knownInputNames(system: System): string[] {
  return optionsOn(system).flatMap((option) => [
    inputName(option.id, system),
    ...aliasNames(option, system),
    ...(option.type.kind === 'secret' ? [inputName(`${option.id}-file`, system)] : []),
  ]);
}

/** @returns the known name that is nearest to one that is not an option, with the option that it means, unless that is a secret */
export function nearestInput(name: string, system: System): { name: string; meant?: Option } | undefined {
  const [near] = nearestNames(name, knownInputNames(system));
  if (near === undefined) return undefined;
  const meant = optionOfInput(near, system)?.option;
  return meant === undefined || meant.type.kind === 'secret' ? { name: near } : { name: near, meant };
}

/** @returns the option of one of our variables, however it is cased */
export function optionOfVariable(variable: string): Option | undefined {
  const id = variable.slice(ENVIRONMENT_PREFIX.length).toLowerCase().replaceAll('_', '-');
  return findOption(id) ?? (id.endsWith('-file') ? secretFileOption(id, CLI) : undefined);
}
