/**
 * The step's variables -> raw inputs. Pure. What the option table cannot say is here: the stack's own variables for the app, and the
 * keystores, certificates and profiles of Bitrise's Code Signing page.
 */

import { declaredInputs } from '@fusegate/shared/adapter/declared-inputs';
import type { Environment } from '@fusegate/shared/model/host';
import { isOfficialStep, type RawInput, type RawInputs, refusedInput } from '@fusegate/shared/options/input-candidates';
import { platformOfName } from '@fusegate/shared/options/parse-options';
import { parseValue } from '@fusegate/shared/options/parse-value';
import { type InputProblem, problem } from '@fusegate/shared/options/problem';
import { inputsOf, officialVariables, optionOfInput, ownVariable, spell } from '@fusegate/shared/options/spelling';
import { BITRISE } from '@fusegate/shared/options/systems/bitrise';
import { type OptionId, optionById } from '@fusegate/shared/options/table';
import {
  fileNameOf,
  KEYSTORE_URL_VARIABLES,
  keystoreVariables,
  passphraseBeside,
  pipeItems,
  placesOf,
  profileNameOf,
  withoutFileScheme,
} from './bitrise-files.ts';

/** An input of the official Android step that names a variable and has no option of ours (appdome-api.md §10.2). */
export const KEYSTORE_URL_INPUT = 'android_keystore_url_env';

/** The stack's variables of a built app, as the step's default value: separated by `|`, because at most one of them should have a value. */
export const APP_DEFAULT = '$BITRISE_AAB_PATH|$BITRISE_APK_PATH|$BITRISE_IPA_PATH';

export interface BitriseInputs {
  raw: RawInputs;
  /** The step was written for the official plugin: its outputs are set as well. */
  official: boolean;
}

class Collected {
  inputs: RawInput[];
  readonly problems: InputProblem[] = [];
  readonly environment: Environment;

  constructor(inputs: RawInput[], environment: Environment) {
    this.inputs = inputs;
    this.environment = environment;
  }

  /** Of the input or its official aliases. */
  input(id: OptionId): string {
    return inputsOf(this.inputs, id, BITRISE).find(({ value }) => value.trim() !== '')?.value ?? '';
  }

  /** Of the input or a variable. */
  value(id: OptionId): string {
    const option = optionById(id);
    const variables = [ownVariable(option, BITRISE), ...officialVariables(option)];
    const texts = [this.input(id), ...variables.map((name) => this.environment[name ?? ''] ?? '')];
    return texts.find((text) => text.trim() !== '') ?? '';
  }

  add(id: OptionId, value: string, spelling: string): void {
    if (value.trim() !== '') this.inputs.push({ name: spell(id, BITRISE), value, spelling });
  }

  /** Instead of what the input says. */
  take(id: OptionId, value: string, spelling: string): void {
    this.drop(({ name }) => optionOfInput(name, BITRISE)?.option.id !== id);
    this.add(id, value, spelling);
  }

  refuse(id: OptionId, spelling: string, message: string, allowed: string): void {
    this.inputs.push(refusedInput({ name: spell(id, BITRISE), spelling }, message, allowed));
  }

  drop(keep: (input: RawInput) => boolean): void {
    this.inputs = this.inputs.filter(keep);
  }

  isRun(): boolean {
    return (this.choice('mode') ?? 'run') === 'run';
  }

  /** The parsed value of a choice; undefined if it is missing or wrong. */
  choice(id: 'mode' | 'sign' | 'platform'): unknown {
    const text = this.value(id);
    const parsed = text === '' ? undefined : parseValue(optionById(id), text, BITRISE);
    return parsed?.ok ? parsed.value : undefined;
  }
}

/** The default of a choice in step.yml is our variable of it: what came from there is the variable's, which an input wins over. */
function isOwnDefault({ name, value }: RawInput, environment: Environment): boolean {
  const found = optionOfInput(name, BITRISE);
  if (!found || found.official || !['boolean', 'choice'].includes(found.option.type.kind)) return false;
  const variable = ownVariable(found.option, BITRISE);
  return variable !== undefined && environment[variable] === value;
}

/** The step's default names three variables; what is left of it counts only in mode run and where nothing else names an app. */
function settleApp(collected: Collected): void {
  const given = collected.inputs.find(({ name, value }) => name === 'app' && value.includes('|'));
  if (!given) return;
  collected.drop((input) => input !== given);
  const other =
    collected.input('app') !== '' ||
    (['app-id', 'build-id', 'fleet'] as const).some((id) => collected.value(id) !== '');
  if (!collected.isRun() || other || (collected.environment.FUSEGATE_APP ?? '').trim() !== '') return;
  const apps = [...new Set(pipeItems(given.value).filter((item) => item !== ''))];
  const [app, ...more] = apps;
  if (app === undefined) return;
  if (more.length === 0) collected.add('app', app, 'app');
  else {
    const message = `finds ${apps.length} apps in BITRISE_AAB_PATH, BITRISE_APK_PATH and BITRISE_IPA_PATH`;
    collected.refuse('app', 'app', message, 'app: $BITRISE_AAB_PATH, or the one that you mean');
  }
}

/** What the official steps do where their inputs are left out (appdome-api.md §10.2, §10.3), so that a moved step does the same. */
function officialDefaults(collected: Collected): void {
  const { environment } = collected;
  if (collected.value('sign') === '' && collected.isRun()) {
    collected.add('sign', 'On-Appdome', 'sign_method (default of the official step)');
  }
  const app = collected.value('app');
  if (collected.value('output-name') === '' && app !== '' && collected.isRun()) {
    const name = fileNameOf(app).replace(/\.[A-Za-z0-9]+$/, '');
    collected.add('output-name', `Appdome_${name}`, 'output_filename (default of the official step)');
  }
  const googlePlay = /^\s*(true|yes|on|1)\s*$/i.test(collected.value('google-play-signing'));
  const [used, unused] = googlePlay ? ['google_fingerprint', 'fingerprint'] : ['fingerprint', 'google_fingerprint'];
  // Each belongs to one way of signing; both may be set for a whole workspace.
  const pointless = collected.choice('sign') === 'on-appdome' && !googlePlay;
  collected.drop(({ name }) => name !== unused && !(pointless && name === used));
  if (!pointless && collected.value('signing-fingerprint') === '') {
    const variable = googlePlay ? 'GOOGLE_SIGN_FINGERPRINT' : 'SIGN_FINGERPRINT';
    collected.add('signing-fingerprint', environment[variable] ?? '', variable);
  }
}

/** The keystore of the Code Signing page, where the step signs on Appdome and names no other. */
function addKeystore(collected: Collected): void {
  const { environment } = collected;
  const named = environment[KEYSTORE_URL_INPUT]?.trim().replace(/^\$\{?(\w+)\}?$/, '$1') ?? '';
  if (collected.value('keystore') !== '') return;
  const present = (name: string) => (environment[name] ?? '').trim() !== '';
  const urlVariable = named !== '' ? named : KEYSTORE_URL_VARIABLES.find(present);
  if (urlVariable === undefined) return;
  if (!/^\w+$/.test(urlVariable) || !urlVariable.split('_').includes('URL') || !present(urlVariable)) {
    const allowed = 'the name of the variable with the URL of the keystore, such as BITRISEIO_ANDROID_KEYSTORE_URL';
    collected.problems.push(problem(KEYSTORE_URL_INPUT, 'names no variable that has a value', { allowed }));
    return;
  }
  const variables = keystoreVariables(urlVariable);
  const from = (id: OptionId, variable: string) => {
    if (collected.value(id) === '') collected.add(id, environment[variable] ?? '', variable);
  };
  collected.add('keystore', withoutFileScheme(environment[urlVariable] ?? ''), urlVariable);
  from('keystore-password', variables.password);
  from('keystore-alias', variables.alias);
  from('key-password', variables.keyPassword);
}

/** Certificates come with their passphrases in a second list of the same order. */
function addCertificate(collected: Collected, official: boolean): void {
  const { environment } = collected;
  const urls = pipeItems(environment.BITRISE_CERTIFICATE_URL);
  const passphrases = environment.BITRISE_CERTIFICATE_PASSPHRASE ?? '';
  const asked = collected.value('p12').trim();
  const places = asked === '' ? urls.flatMap((url, at) => (url === '' ? [] : [at])) : placesOf(asked, urls);
  const [first] = places;
  if (first === undefined) return;
  // The official step takes the first one where its input names none.
  if (places.length > 1 && !(official && asked === '')) {
    const message =
      asked === ''
        ? `is missing, and BITRISE_CERTIFICATE_URL names ${places.length} certificates`
        : `names ${places.length} certificates of BITRISE_CERTIFICATE_URL`;
    collected.refuse('p12', 'p12', message, asked === '' ? 'the file name of one of them' : 'the URL of one of them');
    return;
  }
  collected.take('p12', withoutFileScheme(urls[first] ?? ''), 'BITRISE_CERTIFICATE_URL');
  if (collected.value('p12-password') !== '') return;
  const passphrase = passphraseBeside(first, urls, passphrases);
  if (passphrase !== undefined) collected.add('p12-password', passphrase, 'BITRISE_CERTIFICATE_PASSPHRASE');
  else {
    const [given, wanted] = [passphrases.split('|').length, urls.filter((url) => url !== '').length];
    collected.refuse(
      'p12-password',
      'BITRISE_CERTIFICATE_PASSPHRASE',
      `has ${given} passphrases separated by |, and BITRISE_CERTIFICATE_URL names ${wanted} certificates`,
      'one passphrase for each certificate, or the right one as p12_password',
    );
  }
}

/** All profiles of the Code Signing page, or those that the input names. */
function addProfiles(collected: Collected): void {
  const urls = pipeItems(collected.environment.BITRISE_PROVISION_URL).filter((url) => url !== '');
  // They are those of the app; an SDK is signed without.
  if (urls.length === 0 || /\.zip$/i.test(fileNameOf(collected.value('app')))) return;
  const asked = collected
    .value('provisioning-profiles')
    .split(/[\r\n,|]/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
  const found = asked.flatMap((item) => {
    const whole = placesOf(item, urls);
    const places = whole.length > 0 ? whole : placesOf(item, urls, profileNameOf);
    return places.length > 0 ? places.map((at) => urls[at] ?? '') : [item];
  });
  const values = asked.length > 0 ? found : urls;
  collected.take(
    'provisioning-profiles',
    values.map(withoutFileScheme).join('\n'),
    asked.length > 0 ? 'provisioning_profiles' : 'BITRISE_PROVISION_URL',
  );
}

/** The official iOS step parts entitlements by blanks. Only where every part is a URL: a path may hold a blank. */
function splitEntitlements(text: string): string {
  const parts = text.trim().split(/\s+/);
  return parts.every((part) => /^(https?|file):\/\//i.test(part)) ? parts.join('\n') : text;
}

export function bitriseInputs(environment: Environment): BitriseInputs {
  const declared = declaredInputs(BITRISE, (name) => environment[name]).filter(
    (input) => !isOwnDefault(input, environment),
  );
  const official = isOfficialStep(declared, BITRISE) || (environment[KEYSTORE_URL_INPUT] ?? '').trim() !== '';
  const collected = new Collected(declared, environment);
  settleApp(collected);
  if (official) officialDefaults(collected);
  const platform = collected.choice('platform');
  const ios = platform === 'ios' || platformOfName(collected.value('app')) === 'ios';
  const sign = collected.choice('sign');
  if (sign === 'on-appdome' && !ios) addKeystore(collected);
  if (ios && sign === 'on-appdome') addCertificate(collected, official);
  if (ios && sign !== undefined) addProfiles(collected);
  const inputs = collected.inputs.map((input) => {
    const { id, type: { kind = '' } = {} } = optionOfInput(input.name, BITRISE)?.option ?? {};
    if (!/^(file|path)(-list)?$/.test(kind)) return input;
    const text = id === 'entitlements' ? splitEntitlements(input.value) : input.value;
    const parts = kind.endsWith('-list') ? text.split(/[\r\n,|]/) : [text];
    return { ...input, value: parts.map(withoutFileScheme).join('\n') };
  });
  return { raw: { inputs, problems: collected.problems }, official };
}
