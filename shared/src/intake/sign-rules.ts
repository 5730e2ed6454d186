/** Rules between the signing options: which method goes with which kind of app, and what each needs. Pure. */

import { signOverrides } from '../api/sign-overrides.ts';
import type { AppKind, Platform, SignMethod, SignRequest } from '../model/run-request.ts';
import { Secret } from '../model/secret.ts';
import type { ParsedOptions } from '../options/parse-options.ts';
import type { InputProblem } from '../options/problem.ts';
import type { InspectedFiles } from './inspected-files.ts';
import { overrideConflicts } from './override-rules.ts';
import type { SignInputs } from './sign-inputs.ts';
import { androidCredentials, fingerprints } from './sign-rules-android.ts';
import { iosCredentials } from './sign-rules-ios.ts';

export interface SignDecision {
  sign?: SignRequest;
  problems: InputProblem[];
  notices: string[];
}

/** Which methods an app of that kind has (appdome-api.md §3.9 to §3.11, §3.26). */
function methodsOf(kind: AppKind | undefined, platform: Platform): readonly SignMethod[] {
  if (kind === 'aar') return ['none'];
  if (kind === 'zip') return ['on-appdome', 'private'];
  // Only its id is known: it may be an Android SDK.
  const unsigned: SignMethod[] = kind === undefined && platform === 'android' ? ['none'] : [];
  return ['on-appdome', 'private', 'auto-dev', ...unsigned];
}

/** @returns the signing part of a run, and everything that is wrong with it */
export function decideSigning(
  options: ParsedOptions,
  files: InspectedFiles,
  withheld: string | undefined,
): SignDecision {
  const kind = files.app?.kind;
  const platform = files.app?.platform ?? options.platform ?? 'android';
  const methods = methodsOf(kind, platform);
  const method = options.get('sign');
  if (method === undefined || !methods.includes(method)) {
    if (options.failed('sign')) return { problems: [], notices: [] };
    const allowed = inWords(method === undefined ? methods.slice(0, 3) : methods);
    return { problems: [options.problemWith('sign', wrongMethod(method, kind), allowed)], notices: [] };
  }

  const given = files.signOverrides;
  const inputs: SignInputs = {
    options,
    files,
    method,
    kind,
    withheld,
    override: (key) => (typeof given[key] === 'string' && given[key] !== '' ? given[key] : undefined),
  };
  const parts = platform === 'ios' ? [iosCredentials(inputs)] : [androidCredentials(inputs), fingerprints(inputs)];
  const sign: SignRequest = Object.assign({ method }, ...parts.map(({ part }) => part));
  const problems = parts.flatMap((part) => part.problems);
  const notices = parts.flatMap((part) => part.notices);
  if (Object.keys(given).length > 0) {
    if (method === 'none') {
      problems.push(options.problemWith('sign-overrides', 'has no effect: nothing is signed', 'leave it out'));
    }
    const typed = signOverrides(sign, platform, kind);
    problems.push(...overrideConflicts(options, { option: 'sign-overrides', overrides: given }, typed));
    sign.overrides = new Secret(JSON.stringify(given));
  }
  return { sign, problems, notices };
}

function wrongMethod(method: SignMethod | undefined, kind: AppKind | undefined): string {
  if (method === 'none') return 'is none, but only an .aar may stay unsigned';
  if (kind === 'aar' && method === undefined) return 'is missing: an .aar is not signed; set sign to none explicitly';
  if (kind === 'aar') return `is ${method}, but an .aar is not signed`;
  if (method !== undefined) return `is ${method}, but an iOS SDK has no signing script`;
  return 'is missing: it has no default, so that no keystore is uploaded by accident';
}

function inWords(methods: readonly SignMethod[]): string {
  return methods.join(', ').replace(/, ([^,]*)$/, ' or $1');
}
