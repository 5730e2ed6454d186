/** What every report shows about waivers and the baseline. */
import { printedTime } from '../certificate/printed-time.ts';
import type { FusegateResult } from '../model/result.ts';
import { baselineSentence } from './describe.ts';

/** Labels for the baseline's record (policy/baseline/baseline.ts), in reading order. */
const BASELINE_WORD: Record<string, string> = {
  path: 'Compared with',
  kind: 'Kind',
  sha256: 'SHA-256',
  buildId: 'Build id',
  certificateCreated: 'Certificate made',
  appdomeVersion: 'Appdome version',
  fusionSetModified: 'Fusion Set modified',
  protections: 'Protections it had',
  gone: 'Gone since',
  weakened: 'Weaker since',
  newlyMissingListeners: 'Listeners newly missing',
  added: 'New since',
  addedNames: 'New protections',
};

/** @returns name and value for each line of the baseline's record; empty without a baseline */
export function baselineFacts(result: FusegateResult): Array<[string, string]> {
  const record = result.baseline ?? {};
  const known = Object.keys(BASELINE_WORD).filter((key) => Object.hasOwn(record, key));
  const others = Object.keys(record).filter((key) => !Object.hasOwn(BASELINE_WORD, key));
  return [...known, ...others].map((key) => [BASELINE_WORD[key] ?? key, record[key] ?? '']);
}

/** Whether the baseline is newer than the build, and what was lost since; empty if nothing was compared. */
export function sinceBaseline(result: FusegateResult): string {
  return [baselineAge(result), baselineSentence(result)].filter(Boolean).join('; ');
}

/** A later build cannot show what this one lost. undefined unless the baseline is known to be the newer one. */
function baselineAge({ baseline, certificate: { facts } }: FusegateResult): string | undefined {
  const newer = (before: string | undefined, now: string | undefined) =>
    (printedTime(before ?? '') ?? 0) > (printedTime(now ?? '') ?? Number.POSITIVE_INFINITY);
  const isNewer =
    newer(baseline?.certificateCreated, facts.certificate_created) ||
    newer(baseline?.fusionSetModified, facts.fusion_set_modified);
  return isNewer ? 'the baseline is newer than this build' : undefined;
}

type Waiver = FusegateResult['waivers'][number];

export function waiverState({ state, mismatch }: Waiver): string {
  return mismatch === undefined ? WAIVER_WORD[state] : `${WAIVER_WORD[state]} (${mismatch})`;
}

const WAIVER_WORD: Record<Waiver['state'], string> = {
  active: 'active: it lifts a rule',
  unused: 'unused: the rule holds without it',
  orphan: 'orphan: no rule is about it',
  expired: 'expired: it lifts nothing',
  'out-of-scope': 'not for this build',
};
