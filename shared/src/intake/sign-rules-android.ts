/** What signing an Android app needs: keystore, or fingerprints of the certificates that it will be signed with. Pure. */

import { defined } from '../model/defined.ts';
import { Secret } from '../model/secret.ts';
import type { ParsedOptions } from '../options/parse-options.ts';
import type { InputProblem } from '../options/problem.ts';
import type { OptionId } from '../options/table.ts';
import { fileWithoutPassword, missing } from './required.ts';
import { type SignInputs, type SignPart, unused } from './sign-inputs.ts';

const NOT_SIGNED = {
  message: 'has no effect: nothing is signed',
  allowed: 'leave it out',
  because: 'nothing is signed',
};

const KEYSTORE_OPTIONS = ['keystore', 'keystore-password', 'keystore-alias', 'key-password'] as const;

export function androidCredentials(inputs: SignInputs): SignPart {
  const { options, method } = inputs;
  if (method === 'on-appdome') return keystore(inputs);
  const rest =
    method === 'none'
      ? NOT_SIGNED
      : {
          message: `is given, but with sign ${method} no keystore leaves this machine`,
          allowed: 'leave it out, or sign on-appdome',
          because: `sign is ${method}`,
        };
  return { part: {}, ...unused(options, KEYSTORE_OPTIONS, rest) };
}

function keystore({ options, files, withheld, override }: SignInputs): SignPart {
  const problems: InputProblem[] = [];
  const notices: string[] = [];
  const overridden = {
    'keystore-password': override('signing_keystore_password'),
    'keystore-alias': override('signing_keystore_alias'),
    'key-password': override('signing_keystore_key_password'),
  };
  const why = 'sign is on-appdome';
  const required: OptionId[] = ['keystore', 'keystore-password', 'keystore-alias'];
  for (const id of required) {
    if (overridden[id as keyof typeof overridden] !== undefined) continue;
    const noPassword = id === 'keystore-password' && files.withoutPassword;
    problems.push(...(noPassword ? [fileWithoutPassword(options, id)] : missing(options, id, why, withheld)));
  }
  const secret = (id: 'keystore-password' | 'key-password') => {
    const text = overridden[id];
    return options.get(id) ?? (text === undefined ? undefined : new Secret(text));
  };
  const keystorePassword = secret('keystore-password');
  // An empty key password is one that was withheld or forgotten, not a request to use the keystore's.
  if (options.emptySecret('key-password') !== undefined && overridden['key-password'] === undefined) {
    problems.push(...missing(options, 'key-password', why, withheld));
  }
  const keyPassword = secret('key-password');
  const given = options.failed('key-password') || options.emptySecret('key-password') !== undefined;
  if (keyPassword === undefined && keystorePassword !== undefined && !given) {
    notices.push(`${options.name('key-password')} is not given: the key is opened with the password of the keystore.`);
  }
  const part = {
    keystore: files.keystore,
    keystorePassword,
    keystoreAlias: options.get('keystore-alias') ?? overridden['keystore-alias'],
    keyPassword: keyPassword ?? keystorePassword,
  };
  return { part: defined(part), problems, notices };
}

const HEX = 'the SHA-1 or SHA-256 fingerprint of the certificate, in hexadecimal';
const ONE_WAY =
  'signing-fingerprint, google-play-signing with its fingerprint, or signing-fingerprint-list: one of the three';

interface Fingerprints {
  googlePlay: boolean;
  fingerprint: string | undefined;
  upgrade: string | undefined;
}

/** One fingerprint, Google Play App Signing, or a list; never two of them (appdome-api.md §3.9, §3.10). */
export function fingerprints(inputs: SignInputs): SignPart {
  const { options, files, method, override } = inputs;
  const flag = files.signOverrides.signing_keystore_use_google_signing;
  const overridden = flag === true || flag === 'true';
  const googlePlay = (options.get('google-play-signing') ?? false) || overridden;
  if (method === 'none') return noFingerprints(options, googlePlay);
  const fingerprint =
    options.get('signing-fingerprint') ??
    override(googlePlay ? 'signing_keystore_google_signing_sha1_key' : 'signing_sha1_fingerprint');
  const upgrade =
    options.get('signing-fingerprint-upgrade') ?? override('signing_keystore_google_signing_sha1_key_2nd_cert');
  const { trustedFingerprints, trustedFingerprintsFile } = files;
  const listed =
    trustedFingerprints !== undefined ||
    trustedFingerprintsFile !== undefined ||
    options.failed('signing-fingerprint-list') ||
    options.get('signing-fingerprint-list') !== undefined ||
    files.signOverrides.trusted_signing_fingerprint_list !== undefined;
  const found = { googlePlay, fingerprint, upgrade };
  const problems = listed ? besideList(options, found) : withoutList(inputs, found);
  if (overridden && options.origin('google-play-signing') && options.get('google-play-signing') === false) {
    const message = `and ${options.name('sign-overrides')} say different things`;
    problems.unshift(options.problemWith('google-play-signing', message, 'one of the two'));
  }
  const given = { signingFingerprint: fingerprint, signingFingerprintUpgrade: upgrade, googlePlaySigning: googlePlay };
  return { part: defined({ ...given, trustedFingerprints, trustedFingerprintsFile }), problems, notices: [] };
}

function noFingerprints(options: ParsedOptions, googlePlay: boolean): SignPart {
  const ids = ['signing-fingerprint', 'signing-fingerprint-upgrade', 'signing-fingerprint-list'] as const;
  const found = unused(options, ids, NOT_SIGNED);
  const { message, allowed } = NOT_SIGNED;
  if (googlePlay) found.problems.push(options.problemWith('google-play-signing', message, allowed));
  return { part: {}, ...found };
}

function besideList(options: ParsedOptions, { googlePlay, fingerprint, upgrade }: Fingerprints): InputProblem[] {
  const others: Array<[boolean, OptionId]> = [
    [googlePlay, 'google-play-signing'],
    [fingerprint !== undefined, 'signing-fingerprint'],
    [upgrade !== undefined, 'signing-fingerprint-upgrade'],
  ];
  return others.flatMap(([set, id]) =>
    set ? [options.problemWith('signing-fingerprint-list', `is given together with ${options.name(id)}`, ONE_WAY)] : [],
  );
}

function withoutList({ options, files, method }: SignInputs, found: Fingerprints): InputProblem[] {
  const { googlePlay, fingerprint, upgrade } = found;
  const problems: InputProblem[] = [];
  const wrong = (id: OptionId, message: string, allowed: string) =>
    problems.push(options.problemWith(id, message, allowed));
  const onAppdome = method === 'on-appdome';
  // A value of google-play-signing that is wrong may have been meant as true.
  const noGooglePlay = !googlePlay && !options.failed('google-play-signing');
  const setGooglePlay = 'leave it out, or set google-play-signing to true';
  if (fingerprint === undefined && (googlePlay || !onAppdome) && !options.failed('signing-fingerprint')) {
    const needs = googlePlay
      ? 'google-play-signing needs the fingerprint that Google Play signs with'
      : `sign ${method} needs the fingerprint of the certificate that you sign with`;
    wrong('signing-fingerprint', `is missing: ${needs}`, HEX);
  }
  if (fingerprint !== undefined && onAppdome && noGooglePlay) {
    wrong(
      'signing-fingerprint',
      'has an effect with sign on-appdome only if google-play-signing is set',
      setGooglePlay,
    );
  }
  if (googlePlay && files.signOverrides.signing_sha1_fingerprint !== undefined) {
    const message = `sets signing_sha1_fingerprint together with ${options.name('google-play-signing')}`;
    wrong('sign-overrides', message, ONE_WAY);
  }
  if (upgrade !== undefined && noGooglePlay) {
    wrong('signing-fingerprint-upgrade', 'has no effect without google-play-signing', setGooglePlay);
  }
  if (upgrade !== undefined && upgrade === fingerprint) {
    const other = 'the fingerprint of the other key, old or new';
    wrong('signing-fingerprint-upgrade', 'is the same as signing-fingerprint', other);
  }
  return problems;
}
