/**
 * What can be required, as data. `plan.ts` makes rules from what the user wrote, `evaluate.ts` judges them; nothing here decides.
 */
import type { FactName } from '../certificate/certificate.ts';
import type { EvidenceMode, Platform } from '../options/run-request.ts';
import type { Baseline } from './baseline.ts';
import type { Waiver } from './waivers.ts';

/** How a protection must act. `any` = in some mode, as long as a document shows which. */
export type ThreatEventsRule = 'in-app-detection' | 'in-app-defense' | 'any';

/** One protection by the catalogue. All lists hold normalised names (`catalogue/names.ts`, normaliseName). */
export interface FeatureCondition {
  kind: 'feature';
  name: string;
  key?: string;
  /** The printed names that prove it: lexical or certificate-proven pairings, never inferred ones. */
  proofs: string[];
  /** Its Threat-Events, for missing listeners. */
  events: string[];
  /** Same area, proves nothing; for messages. */
  related: string[];
  threatEvents?: ThreatEventsRule;
}

/** A printed name, verbatim, that the catalogue need not know. */
export interface KeyCondition {
  kind: 'key';
  printed: string;
  /** Its Threat-Events by the catalogue, and the names whose mode tells how it acts; both normalised (rule 8 holds for keys too). */
  events?: string[];
  actsAs?: string[];
  threatEvents?: ThreatEventsRule;
}

export type SubjectCondition = FeatureCondition | KeyCondition;

export type Condition =
  | SubjectCondition
  | { kind: 'any-of'; of: Condition[] }
  | { kind: 'all-of'; of: Condition[] }
  /** Proof of absence from a recognised complete list. */
  | {
      kind: 'forbid';
      subject: SubjectCondition;
      /** A build fact that says the same: false is proof of absence, true is presence. */
      fact?: FactName;
    }
  /** The certificate lists no Threat-Event listener as missing. */
  | { kind: 'listener' }
  /** A build fact is this value, ignoring case, or compares so with a version or number. */
  | { kind: 'build'; fact: FactName; operator: BuildOperator; value: string };

export type BuildOperator = '=' | '>=' | '<=' | '>' | '<';

/** What listeners that the certificate lists as missing do; absent = those of required protections fail, the others warn. */
export type MissingListeners = 'fail' | 'warn' | 'ignore';

export interface Rule {
  /** Stable within a policy and independent of spelling and order: `feature:root_detection`. */
  id: string;
  /** As the user wrote it. */
  requirement: string;
  severity: 'error' | 'warning';
  /** Where it was written: an option or `file:line`. */
  source: string;
  condition: Condition;
  /** Holds for apps of this platform only. */
  platform?: Platform;
  /** Why the rule is lifted for now; its outcome is `waived` wherever it would have failed. */
  waivedBy?: string;
  /** What is to be said of a waiver that has ended; said where the rule is not met. */
  waiverEnded?: string;
}

export interface PolicyPlan {
  platform?: Platform;
  /** Path of the policy file, where there is one. */
  path?: string;
  /** Sorted by id, each id once. */
  rules: Rule[];
  /** The canonical form that `policySha256` digests: section to sorted entries. It is `policy.resolved` of the result. */
  resolved: Record<string, string[]>;
  /** Absent = the default (rule 8 of the verdict). */
  missingListeners?: MissingListeners;
  /** What the policy asks for; the stricter of this and the option holds. */
  evidence?: EvidenceMode;
  waivers?: Waiver[];
  /** Days; a waiver that reaches further ahead lifts nothing. */
  maxWaiverDays?: number;
  /** What an earlier certificate showed. */
  baseline?: Baseline;
}
