/** The verdict: what the gate decided and why. Plain data, so that every report renders the same thing. */

import type { Wording } from './certificate.ts';
import type { ErrorCode } from './errors.ts';
import type { FusegateResult } from './result.ts';

export type VerdictOutcome = FusegateResult['verdict'];
/** How far the judged certificate is tied to the file that ships (design, rule 10). */
export type Binding = FusegateResult['binding'];
export type RequirementResult = FusegateResult['requirements'][number];
export type RuleKind = RequirementResult['rule'];
export type RequirementOutcome = RequirementResult['outcome'];
/** What a rule's author wrote about it; carried into every report. */
export type RuleReference = RequirementResult['reference'];
export type EvidenceLocation = RequirementResult['evidence'][number];
/** A waiver as reports show it. */
export type WaiverRecord = FusegateResult['waivers'][number];

type Countable = { rule: RuleKind; component?: boolean | undefined };

/** What counts as a required protection, here and in every report: a single name. */
export function protectionsOf<T extends Countable>(requirements: readonly T[]): T[] {
  return requirements.filter(({ rule, component }) => /^(?:feature|key|threat-events)$/u.test(rule) && !component);
}

/** A group of protections: one, some or all of them must be proven. */
export function groupsOf<T extends Countable>(requirements: readonly T[]): T[] {
  return requirements.filter(({ rule }) => /^(?:any-of|all-of|at-least)$/u.test(rule));
}

/** Everything else that the policy enforces: components, build facts, forbidden names, listeners. */
export function conditionsOf<T extends Countable>(requirements: readonly T[]): T[] {
  const counted = [...protectionsOf(requirements), ...groupsOf(requirements)];
  return requirements.filter((one) => one.rule !== 'baseline' && !counted.includes(one));
}

/** The codes of findings that are not errors of a run (errors.ts). Each has an entry in docs/errors.md. */
export const FINDING_CODES = [
  'feature.missing',
  'feature.denied',
  'feature.unproven',
  'feature.no-listener',
  /** Present in a mode that the service does not enforce. */
  'feature.not-enforced',
  'listener.missing',
  /** The check of the app before the upload: nobody listens; only the name is there; it cannot be read. */
  'listener.not-found',
  'listener.not-tied',
  'listener.unreadable',
  'features.unclaimed',
  'certificate.none',
  'certificate.pdf-unreadable',
  'certificate.json-unreadable',
  'certificate.json-shape-unknown',
  'certificate.no-feature-list',
  'certificate.empty-feature-list',
  'certificate.contradiction',
  'certificate.disagreement',
  'identity.unproven',
  'identity.mismatch',
  'identity.platform',
  'binding.mismatch',
  'binding.unconfirmed',
  'evidence.inferred',
  'evidence.insufficient',
  'waiver.expired',
  'waiver.unused',
  'waiver.expires-soon',
  'baseline.gone',
  'baseline.weakened',
  'baseline.no-listener',
  'baseline.changed',
  'baseline.other-app',
  'baseline.newer',
  /** Unknown wording on the certificate, and where it is. */
  'certificate.unread',
  /** Older than the policy's `max-certificate-age`. */
  'certificate.too-old',
  /** The certificate does not show whether a listener is missing. */
  'listener.unproven',
  /** Wording that counts as understood because the policy accepts it. */
  'policy.accepted',
  /** A name that proved something only through the policy's `aliases`. */
  'policy.alias-used',
  /** Every rule that asks for a protection is waived. */
  'policy.all-waived',
  /** Who switched the gate off, or to `warn`. */
  'gate.weakened',
  /** A waiver for something that no rule requires. */
  'waiver.orphan',
  'archive.duplicate',
  'dry-run.complete',
  'dry-run.clock',
  /** Credentials or files that could not be read here. */
  'input.not-checked',
  /** Credentials that look wrong and may be meant. */
  'input.doubtful',
  /** The app has marks of an earlier fusion. */
  'input.fused-already',
  'validation.confirmed',
  /** Re-attached, and no document shows that the app was signed. */
  'signing.unproven',
  /** The journal of an earlier run names a build that this run leaves alone. */
  'journal.not-followed',
  'mapping.not-fetched',
  'mapping.none',
  'mapping.upload-failed',
  'server.rehearsal',
  /** Results of another origin than the service's own count, and who says so. */
  'server.trusted',
  /** A setting from outside that asks for connections without verification. */
  'server.tls-setting',
  'run.incomplete',
  /** Joining: an app of the fleet file without a result, with two, of another plan, not of the fleet, or not judged. */
  'fleet.absent',
  'fleet.twice',
  'fleet.other-plan',
  'fleet.unknown',
  'fleet.not-judged',
] as const;

export type FindingCode = ErrorCode | (typeof FINDING_CODES)[number];

/** What a report has in place of a finding where none explains why a run is not a pass. */
export type VerdictCode = `verdict.${Exclude<VerdictOutcome, 'pass'>}`;

/** Every code that a person can meet. */
export type PublishedCode = FindingCode | VerdictCode;

export type Finding = FusegateResult['findings'][number] & { code: FindingCode };

export interface Verdict {
  outcome: VerdictOutcome;
  requirements: RequirementResult[];
  findings: Finding[];
  /** Display names of the required protections that were not proven, as required by the user; sorted, no duplicates. */
  missingFeatures: string[];
  binding: Binding;
  evidence: FusegateResult['evidence'];
  /** Every waiver in the policy, with its effect here. */
  waivers: WaiverRecord[];
  /** Wording that counted as understood only because the policy accepts it. */
  accepted: Wording[];
  /** The baseline, name to value, as the result records it; absent if there was none. */
  baseline?: Record<string, string>;
}
