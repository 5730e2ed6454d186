/** The verdict: what the gate decided and why. Plain data, so that every report renders the same thing. */
import type { ErrorCode } from '../errors.ts';

export type VerdictOutcome = 'pass' | 'fail' | 'error' | 'not-evaluated';

/** How far the judged certificate is tied to the file that ships (design, rule 7). */
export type BindingLevel = 'file' | 'content' | 'service' | 'unconfirmed' | 'none';

export type RuleKind = 'feature' | 'key' | 'any-of' | 'all-of' | 'threat-events' | 'listener' | 'forbid' | 'build';

/**
 * `satisfied` has positive proof. `missing`: looked for and not found. `denied`: a document says false. `unproven`: the documents do
 * not say. `no-listener`: present in In-App Detection, but the app does not listen. `not-evaluated`: no verdict could be had.
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
  /** As the user wrote it. */
  requirement: string;
  /** Display name and key by the catalogue; absent for verbatim keys. */
  feature?: { name: string; key?: string };
  severity: 'error' | 'warning';
  outcome: RequirementOutcome;
  /** Where the proof (or the denial) stands. */
  evidence: EvidenceLocation[];
  /** The printed names that would have proven it. */
  lookedFor: string[];
  /** Where the rule was written: an option or file:line. */
  source: string;
  message: string;
  hint?: string;
  waivedBy?: string;
}

export type FindingCode =
  | ErrorCode
  | 'feature.missing'
  | 'feature.denied'
  | 'feature.unproven'
  | 'feature.no-listener'
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
  | 'binding.mismatch'
  | 'binding.unconfirmed'
  | 'evidence.inferred'
  | 'evidence.insufficient'
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
}

export interface Verdict {
  outcome: VerdictOutcome;
  requirements: RequirementResult[];
  findings: Finding[];
  /** Display names of the required protections that were not proven, as required by the user; sorted, no duplicates. */
  missingFeatures: string[];
  binding: Binding;
  /** `verified` = rests on the PDF, whose layout is proven; `inferred` = on a JSON shape that is not. */
  evidence: 'verified' | 'inferred' | 'none';
}
