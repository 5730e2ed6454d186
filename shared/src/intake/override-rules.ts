/**
 * Overrides that the user writes and options that set the same ones. Pure.
 *
 * Order: the user's overrides first, then what the options say. A key that both set to different values is a problem that names both,
 * so nothing is ever silently replaced; a key that only the overrides set stays as it is, and stands in for the option.
 */

import { isDeepStrictEqual } from 'node:util';
import { Secret } from '../model/secret.ts';
import type { ParsedOptions } from '../options/parse-options.ts';
import type { InputProblem } from '../options/problem.ts';
import { variableOf } from '../options/spelling.ts';
import type { OptionId } from '../options/table.ts';
import { SECRET_KEY } from '../secrets/secret-overrides.ts';

type Overrides = Record<string, unknown>;
export type OverridesOption = 'build-overrides' | 'context-overrides' | 'sign-overrides';

/** Which option sets a key; appdome-api.md §3.6 to §3.11. */
const OPTION_OF_KEY: Readonly<Record<string, OptionId>> = {
  extended_logs: 'build-logs',
  build_to_test_vendor: 'build-to-test',
  build_to_test_message: 'build-to-test',
  app_customization_pack_bundle_identifier: 'new-bundle-id',
  app_customization_pack_bundle_version: 'new-version',
  app_customization_pack_bundle_build_number: 'new-build-number',
  app_customization_pack_bundle_display_name: 'new-display-name',
  icon_overlay: 'icon-overlay',
  signing_keystore_password: 'keystore-password',
  signing_keystore_alias: 'keystore-alias',
  signing_keystore_key_password: 'key-password',
  signing_p12_password: 'p12-password',
  manual_entitlements_matching: 'entitlements',
  signing_sha1_fingerprint: 'signing-fingerprint',
  signing_keystore_use_google_signing: 'google-play-signing',
  signing_keystore_google_signing_sha1_key: 'signing-fingerprint',
  signing_keystore_google_signing_upgrade: 'signing-fingerprint-upgrade',
  signing_keystore_google_signing_sha1_key_2nd_cert: 'signing-fingerprint-upgrade',
  trusted_signing_fingerprint_list: 'signing-fingerprint-list',
};

/** @returns every text under a key that is named like a secret, at any depth */
export function secretsInOverrides(value: unknown, secret = false): Secret[] {
  if (typeof value === 'string') return secret && value !== '' ? [new Secret(value)] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => secretsInOverrides(each, secret || SECRET_KEY.test(key)));
}

/** The bash client writes booleans as words, and a number may come as text (appdome-api.md §1.8, §3.8). */
function sameValue(a: unknown, b: unknown): boolean {
  const scalar = (value: unknown) => (['boolean', 'number'].includes(typeof value) ? String(value) : value);
  return isDeepStrictEqual(scalar(a), scalar(b));
}

/**
 * @param typed what the options make of this step
 * @returns a problem for every key that both set differently; no value is shown
 */
export function overrideConflicts(
  options: ParsedOptions,
  given: { option: OverridesOption; overrides: Overrides },
  typed: Overrides,
): InputProblem[] {
  const problems: InputProblem[] = [];
  for (const [key, value] of Object.entries(typed)) {
    if (!(key in given.overrides) || sameValue(given.overrides[key], value)) continue;
    const option = OPTION_OF_KEY[key];
    const message = `and ${option === undefined ? 'an option' : options.name(option)} set ${key} to different values`;
    problems.push(options.problemWith(given.option, message, 'one of the two'));
  }
  return problems;
}

/** A command line can be read by every process: overrides with passwords come from elsewhere. */
export function secretsOnCommandLine(options: ParsedOptions, id: OverridesOption): InputProblem[] {
  const value = options.get(id);
  const origin = options.origin(id);
  if (value === undefined || !('inline' in value) || origin?.tier !== 'input' || !origin.spelling.startsWith('--'))
    return [];
  if (secretsInOverrides(value.inline).length === 0) return [];
  const message = 'holds a password, and every process on this machine can read command lines';
  const allowed = `the path of a file, or the variable ${variableOf(id)}`;
  return [options.problemWith(id, message, allowed)];
}
