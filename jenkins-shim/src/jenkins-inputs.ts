/**
 * Inputs of the Jenkins script: flags, as the CLI has them, and what `fusegate(...)` of the shared library hands over. Pure.
 *
 * The library gives its arguments as JSON in a variable, so that nothing of them passes through a shell; a secret is only the name of
 * the variable that withCredentials has bound it to.
 */

import { parseArguments } from '@fusegate/shared/adapter/arguments';
import type { Environment } from '@fusegate/shared/model/host';
import { isOfficialStep, type RawInput } from '@fusegate/shared/options/input-candidates';
import { parseJsonObject } from '@fusegate/shared/options/parse-value';
import { type InputProblem, problem } from '@fusegate/shared/options/problem';
import { inputsOf, optionOfInput } from '@fusegate/shared/options/spelling';
import { JENKINS } from '@fusegate/shared/options/systems/jenkins';
import type { OptionId } from '@fusegate/shared/options/table';

/** JSON: `{"app": "app.aab", "apiKey": {"variable": "FUSEGATE_CREDENTIAL_0"}}`. */
const ARGUMENTS_VARIABLE = 'FUSEGATE_JENKINS_ARGUMENTS';
/** Where the script leaves its outputs for the library, as `NAME=value` lines. */
export const OUTPUTS_VARIABLE = 'FUSEGATE_JENKINS_OUTPUTS';

/** The environment without what the library hands over by variables: none of it is an option. */
export function withoutLibraryVariables(environment: Environment): Environment {
  const own = /^FUSEGATE_(JENKINS_|(FILE_)?CREDENTIAL_\d+$)/;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !own.test(name)));
}

export interface JenkinsInputs {
  inputs: RawInput[];
  problems: InputProblem[];
  help: boolean;
}

/** Groovy names are camelCase; what is then no option of ours may be a field of the official plugin. */
function inputNameOf(key: string): string {
  const own = key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return optionOfInput(own, JENKINS)?.official === false || !optionOfInput(key, JENKINS) ? own : key;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || typeof value === 'number') return String(value);
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join('\n');
  return undefined;
}

function argumentOf(key: string, value: unknown, environment: Environment): RawInput | InputProblem | undefined {
  if (value === null) return undefined;
  const name = inputNameOf(key);
  const secret = optionOfInput(name, JENKINS)?.option.type.kind === 'secret';
  const variable = (value as { variable?: unknown }).variable;
  if (typeof variable === 'string') return { name, spelling: key, value: environment[variable] ?? '' };
  if (secret) {
    const message = 'is a secret, and Jenkins keeps the arguments of a pipeline step in the build record';
    const allowed = `credentials: [${key}: 'ID'], with the id of a "Secret text" credential`;
    return { name, spelling: key, value: '', refused: { message, allowed } };
  }
  const text = textOf(value);
  return text === undefined
    ? problem(key, 'is neither text, number, boolean nor a list of texts')
    : { name, spelling: key, value: text };
}

function libraryArguments(environment: Environment): Omit<JenkinsInputs, 'help'> {
  const given = parseJsonObject(environment[ARGUMENTS_VARIABLE] || '{}');
  if (!given.ok) {
    const wrong = problem(ARGUMENTS_VARIABLE, 'is not a JSON object', { allowed: 'leave it to fusegate(...)' });
    return { inputs: [], problems: [wrong] };
  }
  const { inline } = given.value as { inline: Record<string, unknown> };
  const read = Object.entries(inline).flatMap(([key, value]) => argumentOf(key, value, environment) ?? []);
  return {
    inputs: read.filter((each) => 'name' in each),
    problems: read.filter((each) => 'option' in each),
  };
}

/** The official plugin has one keystore field for both platforms, and reads paths from variables where the field is empty (§10.4). */
function officialMeaning(inputs: RawInput[], environment: Environment): RawInput[] {
  if (!isOfficialStep(inputs, JENKINS)) return inputs;
  const has = (id: OptionId) => inputsOf(inputs, id, JENKINS).some(({ value }) => value.trim() !== '');
  const all = [...inputs];
  const fromVariable = (id: OptionId, variable: string) => {
    const value = environment[variable];
    if (!has(id) && value) all.push({ name: id, value, spelling: variable });
  };
  fromVariable('app', 'APP_PATH');
  const text = (id: OptionId) => inputsOf(all, id, JENKINS)[0]?.value ?? '';
  const ios = /\.ipa$/i.test(text('app')) || /^ios/i.test(text('platform')) || /^ios_/i.test(text('sign'));
  if (ios) {
    fromVariable('provisioning-profiles', 'MOBILE_PROVISION_PROFILE_PATHS');
    fromVariable('entitlements', 'ENTITLEMENTS_PATHS');
  } else if (/auto_?sign|sign_?on_?appdome/i.test(text('sign'))) fromVariable('keystore', 'KEYSTORE_PATH');
  const renamed = all.map((input): RawInput => {
    if (!ios || !/^keystore(Path|Password|-password)$/.test(input.name)) return input;
    const name = input.name === 'keystorePath' ? 'p12' : 'p12-password';
    return { ...input, name, spelling: input.spelling ?? input.name };
  });
  // The fingerprint of Google Play is that plugin's switch for it as well.
  const googleSign = renamed.some(({ name, value }) => name.toLowerCase() === 'googlesign' && value.trim() !== '');
  return googleSign && !has('google-play-signing')
    ? [...renamed, { name: 'google-play-signing', value: 'true', spelling: 'googleSign' }]
    : renamed;
}

/** @param words of the command line; no command word */
export function jenkinsInputs(words: readonly string[], environment: Environment): JenkinsInputs {
  const flags = parseArguments(words, undefined, JENKINS);
  const library = libraryArguments(environment);
  return {
    inputs: officialMeaning([...flags.raw.inputs, ...library.inputs], environment),
    problems: [...(flags.raw.problems ?? []), ...library.problems],
    help: flags.help,
  };
}
