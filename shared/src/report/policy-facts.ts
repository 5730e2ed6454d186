/** What every report shows of waivers, of the baseline, and of the service's word on the certificate. */
import { separateFindings } from './describe.ts';
import type { FusegateResult } from './result.ts';

/** The words of the baseline's record (policy/baseline.ts), in the order in which they are read. */
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

export interface ReportedWaiver {
  what: string;
  why: string;
  /** False where the rule holds without it. */
  used: boolean;
}

/** Every waiver that bears on this result. */
export function waiversOf(result: FusegateResult): ReportedWaiver[] {
  const rules = result.requirements.flatMap(({ requirement, waivedBy, outcome }) =>
    waivedBy === undefined && outcome !== 'waived'
      ? []
      : [{ what: requirement, why: waivedBy ?? 'no reason is recorded', used: outcome === 'waived' }],
  );
  const findings = separateFindings(result).flatMap(({ feature, code, waivedBy }) =>
    waivedBy === undefined ? [] : [{ what: feature ?? code, why: waivedBy, used: true }],
  );
  return [...rules, ...findings];
}

/** What the service said of the certificate's genuineness, where it was asked. */
export function verificationSentence(result: FusegateResult): string | undefined {
  return result.verification && `${result.verification.outcome}: ${result.verification.message}`;
}
