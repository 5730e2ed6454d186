/** What signing an Android app needs: keystore, or fingerprints of the certificates that it will be signed with. Pure. */

import type { SignRequest, TrustedFingerprint } from '../model/run-request.ts';
import { Secret } from '../model/secret.ts';
import { type InputProblem, problem } from '../options/problem.ts';
import type { OptionId } from '../options/table.ts';
import { missing } from './required.ts';
import { type SignInputs, type SignPart, unused } from './sign-inputs.ts';

const KEYSTORE_OPTIONS = ['keystore', 'keystore-password', 'keystore-alias', 'key-password'] as const;

export function androidCredentials(inputs: SignInputs): SignPart {
  const { options, method } = inputs;
  if (method === 'on-appdome') return keystore(inputs);
  const rest =
    method === 'none'
      ? { message: 'is given, but nothing is signed', allowed: 'leave it out', because: 'nothing is signed' }
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
    if (overridden[id as keyof typeof overridden] === undefined) problems.push(...missing(options, id, why, withheld));
  }
  const secret = (id: 'keystore-password' | 'key-password') => {
    const text = overridden[id];
    return options.get(id) ?? (text === undefined ? undefined : new Secret(text));
  };
  const keystorePassword = secret('keystore-password');
  // An empty key password is one that was withheld or forgotten, and not a wish for the keystore's.
  if (options.emptySecret('key-password') !== undefined && overridden['key-password'] === undefined) {
    problems.push(...missing(options, 'key-password', why, withheld));
  }
  const keyPassword = secret('key-password');
  if (keyPassword === undefined && keystorePassword !== undefined && !options.failed('key-password')) {
    notices.push(`${options.name('key-password')} is not given: the key is opened with the password of the keystore.`);
  }
  const usableKeyPassword = keyPassword ?? keystorePassword;
  const alias = options.get('keystore-alias') ?? overridden['keystore-alias'];
  return {
    part: {
      ...(files.keystore === undefined ? {} : { keystore: files.keystore }),
      ...(keystorePassword === undefined ? {} : { keystorePassword }),
      ...(alias === undefined ? {} : { keystoreAlias: alias }),
      ...(usableKeyPassword === undefined ? {} : { keyPassword: usableKeyPassword }),
    },
    problems,
    notices,
  };
}

const HEX = 'the SHA-1 or SHA-256 fingerprint of the certificate, in hexadecimal';
const ONE_WAY =
  'signing-fingerprint, google-play-signing with its fingerprint, or signing-fingerprint-list: one of the three';

/** One fingerprint, Google Play App Signing, or a list; never two of them (appdome-api.md §3.9, §3.10). */
export function fingerprints({ options, files, method, override }: SignInputs): SignPart {
  const problems: InputProblem[] = [];
  const flag = files.signOverrides.signing_keystore_use_google_signing;
  const overridden = flag === true || flag === 'true';
  const googlePlay = (options.get('google-play-signing') ?? false) || overridden;
  if (overridden && options.origin('google-play-signing') && options.get('google-play-signing') === false) {
    problems.push(
      problem(options.name('google-play-signing'), `and ${options.name('sign-overrides')} say different things`, {
        allowed: 'one of the two',
      }),
    );
  }
  const fingerprint =
    options.get('signing-fingerprint') ??
    override(googlePlay ? 'signing_keystore_google_signing_sha1_key' : 'signing_sha1_fingerprint');
  const upgrade =
    options.get('signing-fingerprint-upgrade') ?? override('signing_keystore_google_signing_sha1_key_2nd_cert');
  const listed =
    files.trustedFingerprints !== undefined ||
    files.trustedFingerprintsFile !== undefined ||
    options.failed('signing-fingerprint-list') ||
    options.get('signing-fingerprint-list') !== undefined ||
    files.signOverrides.trusted_signing_fingerprint_list !== undefined;

  if (method === 'none') {
    const rest = { message: 'is given, but nothing is signed', allowed: 'leave it out', because: 'nothing is signed' };
    const ids = ['signing-fingerprint', 'signing-fingerprint-upgrade', 'signing-fingerprint-list'] as const;
    const found = unused(options, ids, rest);
    if (googlePlay)
      found.problems.push(problem(options.name('google-play-signing'), rest.message, { allowed: rest.allowed }));
    return { part: {}, ...found };
  }

  const name = options.name('signing-fingerprint');
  const google = options.name('google-play-signing');
  const googlePlayKnown = !options.failed('google-play-signing');
  const list = options.name('signing-fingerprint-list');
  if (listed) {
    for (const [set, other] of [
      [googlePlay, google],
      [fingerprint !== undefined, name],
      [upgrade !== undefined, options.name('signing-fingerprint-upgrade')],
    ] as const) {
      if (set) problems.push(problem(list, `is given together with ${other}`, { allowed: ONE_WAY }));
    }
  } else {
    if (fingerprint === undefined && !options.failed('signing-fingerprint')) {
      if (googlePlay) {
        const why = 'is missing: google-play-signing needs the fingerprint that Google Play signs with';
        problems.push(problem(name, why, { allowed: HEX }));
      } else if (method !== 'on-appdome') {
        const why = `is missing: sign ${method} needs the fingerprint of the certificate that you sign with`;
        problems.push(problem(name, why, { allowed: HEX }));
      }
    }
    if (fingerprint !== undefined && method === 'on-appdome' && !googlePlay && googlePlayKnown) {
      problems.push(
        problem(name, 'means nothing with sign on-appdome, but with google-play-signing', {
          allowed: 'leave it out, or set google-play-signing to true',
        }),
      );
    }
    if (googlePlay && files.signOverrides.signing_sha1_fingerprint !== undefined) {
      problems.push(
        problem(options.name('sign-overrides'), `sets signing_sha1_fingerprint together with ${google}`, {
          allowed: ONE_WAY,
        }),
      );
    }
    if (upgrade !== undefined && !googlePlay && googlePlayKnown) {
      problems.push(
        problem(options.name('signing-fingerprint-upgrade'), 'means nothing without google-play-signing', {
          allowed: 'leave it out, or set google-play-signing to true',
        }),
      );
    }
    if (upgrade !== undefined && upgrade === fingerprint) {
      problems.push(
        problem(options.name('signing-fingerprint-upgrade'), 'is the same as signing-fingerprint', {
          allowed: 'the fingerprint of the other key, old or new',
        }),
      );
    }
  }
  return {
    part: {
      ...(fingerprint === undefined ? {} : { signingFingerprint: fingerprint }),
      ...(upgrade === undefined ? {} : { signingFingerprintUpgrade: upgrade }),
      googlePlaySigning: googlePlay,
      ...trusted(files.trustedFingerprints, files.trustedFingerprintsFile),
    },
    problems,
    notices: [],
  };
}

function trusted(list: TrustedFingerprint[] | undefined, file: string | undefined): Partial<SignRequest> {
  return {
    ...(list === undefined ? {} : { trustedFingerprints: list }),
    ...(file === undefined ? {} : { trustedFingerprintsFile: file }),
  };
}
