/** What every report shows of waivers, of the baseline, and of the service's word on the certificate. */
import type { FusegateResult } from '../model/result.ts';

/** The words of the baseline's record (policy/baseline/baseline.ts), in the order in which they are read. */
const BASELINE_WORD: Record<string, string> = {
  path: 'Compared with',
  kind: 'Kind',
  sha256: 'SHA-256',
  buildId: 'Build id',
  appdomeVersion: 'Appdome version',
  fusionSetModified: 'Fusion Set modified',
  protections: 'Protections it had',
  gone: 'Gone since',
  weakened: 'Weaker since',
  newlyMissingListeners: 'Listeners newly missing',
  added: 'New since',
};

/** @returns name and value for each line of the baseline's record; empty without a baseline */
export function baselineFacts(result: FusegateResult): Array<[string, string]> {
  const record = result.baseline ?? {};
  const known = Object.keys(BASELINE_WORD).filter((key) => Object.hasOwn(record, key));
  const others = Object.keys(record).filter((key) => !Object.hasOwn(BASELINE_WORD, key));
  return [...known, ...others].map((key) => [BASELINE_WORD[key] ?? key, record[key] ?? '']);
}

/** What each state of a waiver means, where it is shown. */
export const WAIVER_WORD: Record<FusegateResult['waivers'][number]['state'], string> = {
  active: 'active: it lifts a rule',
  unused: 'unused: the rule holds without it',
  orphan: 'orphan: no rule is about it',
  expired: 'expired: it lifts nothing',
};

/** What the service said of the certificate's genuineness, where it was asked. */
export function verificationSentence(result: FusegateResult): string | undefined {
  return result.verification && `${result.verification.outcome}: ${result.verification.message}`;
}
