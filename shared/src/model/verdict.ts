/** The verdict: what the gate decided and why. Plain data, so that every report renders the same thing. */

import type { Wording } from './certificate.ts';
import type { ErrorCode } from './errors.ts';

/** What a rule's author wrote about it; carried into every report. */
export interface RuleReference {
  id?: string;
  reason?: string;
  link?: string;
}

export type VerdictOutcome = 'pass' | 'fail' | 'error' | 'not-evaluated';

/** How far the judged certificate is tied to the file that ships (design, rule 10). */
export type BindingLevel = 'file' | 'content' | 'service' | 'unconfirmed' | 'none';

export type RuleKind =
  | 'feature'
  | 'key'
  | 'any-of'
  | 'all-of'
  | 'at-least'
  | 'threat-events'
  | 'listener'
  | 'forbid'
  | 'build'
  | 'signature-validity'
  | 'baseline';

/**
 * `satisfied`: positively proven. `missing`: looked for and not found. `denied`: a document says false. `unproven`: the documents do not
 * say. `no-listener`: present in In-App Detection, but the app does not listen. `not-evaluated`: there is no verdict.
 */
export type RequirementOutcome =
  | 'satisfied'
  | 'missing'
  | 'denied'
  | 'unproven'
  | 'no-listener'
  | 'waived'
  | 'not-evaluated';

export interface EvidenceLocation {
  document: 'pdf' | 'json';
  where: string;
  /** As printed there. */
  text: string;
}

export interface RequirementResult {
  /** Stable within a policy: `feature:root_detection`. */
  id: string;
  rule: RuleKind;
  /** It asks for a component that only supports protections. */
  component?: boolean;
  /** As the user wrote it. */
  requirement: string;
  /** Display name and key from the catalogue; null unless the rule is about exactly one protection in it. */
  feature: { name: string; key?: string } | null;
  /** What the policy's author wrote about the rule; may be empty. */
  reference: RuleReference;
  severity: 'error' | 'warning';
  outcome: RequirementOutcome;
  /** Where the proof (or the denial) was found. */
  evidence: EvidenceLocation[];
  /** The printed names that would have proven it. */
  lookedFor: string[];
  /** Where the rule was written: an option or file:line. */
  source: string;
  message: string;
  hint?: string;
  waivedBy?: string;
}

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

export type FindingCode =
  | ErrorCode
  | 'feature.missing'
  | 'feature.denied'
  | 'feature.unproven'
  | 'feature.no-listener'
  /** Present in a mode that the service does not enforce. */
  | 'feature.not-enforced'
  | 'listener.missing'
  | 'features.unclaimed'
  | 'certificate.none'
  | 'certificate.pdf-unreadable'
  | 'certificate.json-unreadable'
  | 'certificate.json-shape-unknown'
  | 'certificate.no-feature-list'
  | 'certificate.empty-feature-list'
  | 'certificate.contradiction'
  | 'certificate.disagreement'
  | 'identity.unproven'
  | 'identity.mismatch'
  | 'identity.platform'
  | 'binding.mismatch'
  | 'binding.unconfirmed'
  | 'evidence.inferred'
  | 'evidence.insufficient'
  | 'waiver.expired'
  | 'waiver.unused'
  | 'waiver.expires-soon'
  | 'baseline.gone'
  | 'baseline.weakened'
  | 'baseline.no-listener'
  | 'baseline.changed'
  | 'baseline.other-app'
  | 'certificate.unconfirmed'
  /** Unknown wording on the certificate, and where it is. */
  | 'certificate.unread'
  /** Older than the policy's `max-certificate-age`. */
  | 'certificate.too-old'
  /** The certificate does not show whether a listener is missing. */
  | 'listener.unproven'
  /** Wording that counts as understood because the policy accepts it. */
  | 'policy.accepted'
  /** A name that proved something only through the policy's `aliases`. */
  | 'policy.alias-used'
  /** Every rule that asks for a protection is waived. */
  | 'policy.all-waived'
  /** Who switched the gate off, or to `warn`. */
  | 'gate.weakened'
  /** A waiver for something that no rule requires. */
  | 'waiver.orphan'
  | 'archive.duplicate'
  | 'dry-run.complete'
  | 'dry-run.clock'
  | 'validation.confirmed'
  | 'mapping.none'
  | 'mapping.upload-failed'
  | 'server.rehearsal'
  | 'run.incomplete';

export interface Finding {
  code: FindingCode;
  level: 'error' | 'warning' | 'note';
  /** Display name, where the finding is about one. */
  feature?: string;
  message: string;
  /** What to do next. */
  hint: string;
  waivedBy?: string;
}

export interface Binding {
  level: BindingLevel;
  /** One sentence: what was compared with what. */
  message: string;
  originalMatches?: boolean;
  finalMatches?: boolean;
  /** The file that is bound, lower-case hex; only at level file, content or service. What `verify` compares with. */
  sha256?: string;
}

/** The service's answer to whether the certificate is genuine (appdome-api.md §3.16, documented only). */
export interface CertificateVerification {
  /** `confirmed`: it said yes. `unanswered`: anything else. Never a reason to fail, because no real answer has been seen. */
  outcome: 'confirmed' | 'unanswered';
  /** One sentence. */
  message: string;
}

/** A waiver as reports show it. */
export interface WaiverRecord {
  /** As written. */
  features: string[];
  owner: string;
  reason: string;
  ticket?: string;
  /** YYYY-MM-DD; holds to the end of that day, UTC. */
  expires: string;
  /** `file:line`. */
  source: string;
  /**
   * `active` lifts a rule here; `unused` would, but its rule is satisfied; `orphan`: no rule is about it; `expired` no longer lifts
   * anything; `out-of-scope` is not for this build.
   */
  state: 'active' | 'unused' | 'orphan' | 'expired' | 'out-of-scope';
  /** Why it is out of scope: `bundle-id com.example.app, not com.example.qa.*`. */
  mismatch?: string;
}

export interface Verdict {
  outcome: VerdictOutcome;
  requirements: RequirementResult[];
  findings: Finding[];
  /** Display names of the required protections that were not proven, as required by the user; sorted, no duplicates. */
  missingFeatures: string[];
  binding: Binding;
  /** `verified` = rests on the PDF, whose layout is proven; `inferred` = rests on an unproven JSON shape. */
  evidence: 'verified' | 'inferred' | 'none';
  /** Every waiver in the policy, with its effect here. */
  waivers: WaiverRecord[];
  /** Wording that counted as understood only because the policy accepts it. */
  accepted: Wording[];
  /** Absent if the service was not asked. */
  verification?: CertificateVerification;
  /** The baseline, name to value, as the result records it; absent if there was none. */
  baseline?: Record<string, string>;
}
