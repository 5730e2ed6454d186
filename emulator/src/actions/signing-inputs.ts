/** What the three signing actions require of their inputs (appdome-api.md §3.9, §3.10, §8.1.7), so that a client's mistakes show. */
import { Refusal } from '../http/reply.ts';
import { type BuildActionRequest, isTrue } from './action.ts';

const FINGERPRINT = 'signing_sha1_fingerprint';
const GOOGLE = 'signing_keystore_use_google_signing';
const GOOGLE_KEY = 'signing_keystore_google_signing_sha1_key';
const GOOGLE_UPGRADE = 'signing_keystore_google_signing_upgrade';
const GOOGLE_SECOND_KEY = 'signing_keystore_google_signing_sha1_key_2nd_cert';
const TRUSTED = 'trusted_signing_fingerprint_list';

/** @throws Refusal 400 */
export function demandFile({ form }: BuildActionRequest, field: string): void {
  const file = form.files.find((part) => part.field === field);
  if (file === undefined || file.size === 0) throw new Refusal(400, `${field} is required`);
}

/**
 * @returns the values
 * @throws Refusal 400 unless each is a non-empty text
 */
export function demandTexts({ overrides }: BuildActionRequest, names: string[]): string[] {
  return names.map((name) => {
    const value = overrides[name];
    if (typeof value !== 'string' || value === '') throw new Refusal(400, `${name} is required`);
    return value;
  });
}

/** SHA-1 or SHA-256, with or without colons. */
function isFingerprint(value: unknown): boolean {
  return typeof value === 'string' && /^([0-9a-f]{40}|[0-9a-f]{64})$/i.test(value.replaceAll(':', ''));
}

/**
 * Checks the fingerprints of an Android signing action: one certificate, Google Play signing, or a trusted list; never two of them.
 * @param needed private and auto-dev signing need one; signing on Appdome does not
 * @throws Refusal 400
 */
export function checkFingerprints({ overrides }: BuildActionRequest, needed: boolean): void {
  const google = isTrue(overrides[GOOGLE]);
  const ways = [overrides[FINGERPRINT] !== undefined, google, overrides[TRUSTED] !== undefined].filter(Boolean).length;
  if (ways > 1) throw new Refusal(400, 'Only one kind of signing fingerprint is allowed');
  if (ways === 0 && needed) throw new Refusal(400, `${FINGERPRINT} is required`);
  if (!google && (overrides[GOOGLE_KEY] !== undefined || overrides[GOOGLE_SECOND_KEY] !== undefined)) {
    throw new Refusal(400, `${GOOGLE} is required`);
  }
  const given: unknown[] = [];
  if (overrides[FINGERPRINT] !== undefined) given.push(overrides[FINGERPRINT]);
  if (google) given.push(overrides[GOOGLE_KEY]);
  if (isTrue(overrides[GOOGLE_UPGRADE])) given.push(overrides[GOOGLE_SECOND_KEY]);
  if (overrides[TRUSTED] !== undefined) given.push(...trustedFingerprints(overrides[TRUSTED]));
  if (!given.every(isFingerprint)) throw new Refusal(400, 'Invalid signing fingerprint');
}

function trustedFingerprints(list: unknown): unknown[] {
  if (!Array.isArray(list) || list.length === 0) throw new Refusal(400, `${TRUSTED} must be a list`);
  return list.map((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null || !('SHA' in entry)) return undefined;
    if ('TrustedStoreSigning' in entry && !isFlag(entry.TrustedStoreSigning)) {
      throw new Refusal(400, 'TrustedStoreSigning must be true or false');
    }
    return entry.SHA;
  });
}

function isFlag(value: unknown): boolean {
  return typeof value === 'boolean' || (typeof value === 'string' && /^(true|false)$/i.test(value));
}

/**
 * Requesting manual entitlements matching without entitlements, or sending profiles for an SDK, has no effect: a mistake, not a failure.
 */
export function checkEntitlements({ context, form, overrides, app }: BuildActionRequest): void {
  const sent = (name: string) => form.files.some(({ field }) => field === name);
  if (isTrue(overrides.manual_entitlements_matching) && !sent('entitlements_files')) {
    context.violation(
      'missing-entitlements',
      'manual_entitlements_matching is true, but no entitlements_files were sent.',
    );
  }
  if (app.identity?.type === 'zip' && (sent('provisioning_profile') || sent('entitlements_files'))) {
    context.violation(
      'misplaced-file',
      'An iOS SDK is signed without profiles and entitlements (appdome-api.md §3.9).',
    );
  }
}

/** iOS apps need at least one provisioning profile; an iOS SDK none (§3.9). */
export function demandProfiles(request: BuildActionRequest): void {
  if (request.app.identity?.type === 'ipa') demandFile(request, 'provisioning_profile');
}
