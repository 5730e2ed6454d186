/** Rules between the signing options. Pure. */
import type { InspectedFiles } from './inspect-files.ts';
import type { ParsedOptions } from './parse-options.ts';
import { type InputProblem, notAvailable, problem } from './problem.ts';
import { missing } from './required.ts';
import type { SignRequest } from './run-request.ts';
import type { OptionId } from './table.ts';

const KEYSTORE_OPTIONS = ['keystore', 'keystore-password', 'keystore-alias', 'key-password'] as const;

interface SignDecision {
  sign?: SignRequest;
  problems: InputProblem[];
  notices: string[];
}

function onAppdome(options: ParsedOptions, files: InspectedFiles, withheld: string | undefined): SignDecision {
  const problems: InputProblem[] = [];
  const notices: string[] = [];
  const required: OptionId[] = ['keystore', 'keystore-password', 'keystore-alias'];
  for (const id of required) problems.push(...missing(options, id, 'sign is on-appdome', withheld));
  const keystorePassword = options.get('keystore-password');
  // An empty key password is one that was withheld or forgotten, and not a wish for the keystore's.
  if (options.emptySecret('key-password') !== undefined) {
    problems.push(...missing(options, 'key-password', 'sign is on-appdome', withheld));
  }
  const keyPassword = options.get('key-password');
  if (keyPassword === undefined && keystorePassword !== undefined && !options.failed('key-password')) {
    notices.push(`${options.name('key-password')} is not given: the key is opened with the password of the keystore.`);
  }
  const usableKeyPassword = keyPassword ?? keystorePassword;
  const alias = options.get('keystore-alias');
  return {
    sign: {
      method: 'on-appdome',
      ...(files.keystore === undefined ? {} : { keystore: files.keystore }),
      ...(keystorePassword === undefined ? {} : { keystorePassword }),
      ...(alias === undefined ? {} : { keystoreAlias: alias }),
      ...(usableKeyPassword === undefined ? {} : { keyPassword: usableKeyPassword }),
    },
    problems,
    notices,
  };
}

function withoutKeystore(options: ParsedOptions): SignDecision {
  const problems: InputProblem[] = [];
  const notices: string[] = [];
  for (const id of KEYSTORE_OPTIONS) {
    const origin = options.origin(id);
    if (!origin) continue;
    // The official clients' variables are often set for a whole organisation; ours and inputs are meant for this run.
    if (origin.tier === 'official') notices.push(`${origin.spelling} is not used: sign is private.`);
    else {
      problems.push(
        problem(origin.spelling, 'is given, but with sign private no keystore leaves this machine', {
          allowed: 'leave it out, or sign on-appdome',
        }),
      );
    }
  }
  return { sign: { method: 'private' }, problems, notices };
}

/** Fingerprints and Google Play App Signing: appdome-api.md §3.9, §3.10. */
function fingerprints(
  options: ParsedOptions,
  method: SignRequest['method'],
): { part: Partial<SignRequest>; problems: InputProblem[] } {
  const problems: InputProblem[] = [];
  const googlePlay = options.get('google-play-signing') ?? false;
  const fingerprint = options.get('signing-fingerprint');
  const upgrade = options.get('signing-fingerprint-upgrade');
  const name = options.name('signing-fingerprint');
  const allowed = 'the SHA-1 or SHA-256 fingerprint of the certificate, in hexadecimal';
  if (fingerprint === undefined && !options.failed('signing-fingerprint')) {
    if (googlePlay) {
      problems.push(
        problem(name, 'is missing: google-play-signing needs the fingerprint that Google Play signs with', { allowed }),
      );
    } else if (method === 'private') {
      problems.push(
        problem(name, 'is missing: sign private needs the fingerprint of the certificate that you sign with', {
          allowed,
        }),
      );
    }
  }
  const googlePlayKnown = !options.failed('google-play-signing');
  if (fingerprint !== undefined && method === 'on-appdome' && !googlePlay && googlePlayKnown) {
    problems.push(
      problem(name, 'means nothing with sign on-appdome, but with google-play-signing', {
        allowed: 'leave it out, or set google-play-signing to true',
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
  return {
    part: {
      ...(fingerprint === undefined ? {} : { signingFingerprint: fingerprint }),
      ...(upgrade === undefined ? {} : { signingFingerprintUpgrade: upgrade }),
      googlePlaySigning: googlePlay,
    },
    problems,
  };
}

/** @returns the signing part of a run, and everything that is wrong with it */
export function decideSigning(
  options: ParsedOptions,
  files: InspectedFiles,
  withheld: string | undefined,
): SignDecision {
  const method = options.get('sign');
  if (method === undefined) {
    if (options.failed('sign')) return { problems: [], notices: [] };
    return {
      problems: [
        problem(options.name('sign'), 'is missing: there is no default, so that no keystore travels by accident', {
          allowed: 'on-appdome or private',
        }),
      ],
      notices: [],
    };
  }
  if (options.platform === 'ios') {
    // An app file says it by itself (inspect-files.ts).
    const said = options.get('app') !== undefined;
    return { problems: said ? [] : [notAvailable(options.name('platform'), 'signing for iOS')], notices: [] };
  }
  const decision = method === 'on-appdome' ? onAppdome(options, files, withheld) : withoutKeystore(options);
  const { part, problems } = fingerprints(options, method);
  return {
    sign: { method, ...decision.sign, ...part },
    problems: [...decision.problems, ...problems],
    notices: decision.notices,
  };
}
