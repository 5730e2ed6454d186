/**
 * What can be required, as data. `plan.ts` makes rules from what the user wrote, `evaluate.ts` judges them; nothing here decides.
 */

import type { FactName } from '../../model/certificate.ts';
import type { EvidenceMode, GateMode, Platform } from '../../model/run-request.ts';
import type { RuleReference } from '../../model/verdict.ts';

/** How a protection must act. `any` = in some mode, as long as a document shows which. */
export type ThreatEventsRule = 'in-app-detection' | 'in-app-defense' | 'any';

/** Wording, verbatim, that the policy accepts as understood (design, rule 3 of the verdict). */
export type Accept = Record<'titles' | 'headings' | 'labels' | 'modes' | 'texts', string[]>;

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
  /** Names whose denial, or mention that is not understood, speaks against it: `proofs`, and names that are joined by meaning only. */
  mentions: string[];
  /** Names under which certificates print it where Threat-Events are off, joined by meaning: they prove nothing; for messages. */
  elsewhere: string[];
  /** How certificates print it: seen on a real one, or unknown (then only its own words are searched for). */
  printing: 'seen' | 'not-seen';
  /** The platforms that it is known for alone, and what does the same on the other; for messages. */
  onlyOn?: { platforms: Platform[]; counterpart?: string };
  /** It supports protections and is not one (openssl, threat_events): a policy of such rules alone requires nothing. */
  component?: true;
  /** Names of `proofs` that stand there only because the policy's `aliases` say so. */
  aliased?: string[];
  threatEvents?: ThreatEventsRule;
}

/** A printed name, verbatim, that the catalogue need not know. */
export interface KeyCondition {
  kind: 'key';
  printed: string;
  /** Its Threat-Events by the catalogue, and the names whose mode tells how it acts; both normalised (rule 8 holds for keys too). */
  events?: string[];
  actsAs?: string[];
  /** It supports protections and is not one. */
  component?: true;
  threatEvents?: ThreatEventsRule;
}

export type SubjectCondition = FeatureCondition | KeyCondition;

export type Condition =
  | SubjectCondition
  | { kind: 'any-of'; of: Condition[] }
  | { kind: 'all-of'; of: Condition[] }
  /** At least so many of them; 1 <= count <= of.length. */
  | { kind: 'at-least'; count: number; of: Condition[] }
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
  | { kind: 'build'; fact: FactName; operator: BuildOperator; value: string }
  /** The app's signature holds for at least so long from today, by the certificate. Milliseconds. */
  | { kind: 'signature-validity'; minimumMs: number };

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
  reference?: RuleReference;
  /** Why the rule is lifted for now; its outcome is `waived` wherever it would have failed. */
  waivedBy?: string;
  /** Why a waiver does not lift it: ended, or not for this build; said where the rule is not met. */
  waiverNote?: string;
}

export interface DeclaredWaiver {
  /** As written; at least one. */
  features: string[];
  reason: string;
  owner: string;
  ticket?: string;
  /** YYYY-MM-DD. */
  expires: string;
  /** In `bundleId` a `*` stands for any characters. */
  scope: { bundleId?: string; fusionSetId?: string; platform?: Platform };
}

export interface Waiver extends DeclaredWaiver {
  /** Of each of `features`, without a mode: `feature:proxy_detection`. */
  subjects: string[];
  /** Those of `features` that no rule of the policy is about, on any platform. */
  orphans: string[];
  /** `file:line`. */
  source: string;
}

export interface BaselineFeature {
  /** Display name by the catalogue, or the printed one. */
  name: string;
  /** Internal key as printed. */
  key?: string;
  /** Threat-Events mode as printed. */
  mode?: string;
}

/** What an earlier certificate or result showed. */
export interface Baseline {
  /** As messages name it. */
  path: string;
  /** Lower-case hex, of the file. */
  sha256: string;
  kind: 'certificate' | 'result';
  features: BaselineFeature[];
  missingListeners: string[];
  /** As printed, by name of the fact. */
  facts: Record<string, string>;
}

export interface PolicyPlan {
  platform?: Platform;
  /** Where the policy says so (`file:line`), where nothing but the policy does. */
  platformSource?: string;
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
  /** Absent = nothing. */
  accept?: Accept;
  /** The policy's pairings, display name to printed names. */
  aliases?: Record<string, string[]>;
  /** What the policy pins; no option or variable can weaken it. */
  gate?: GateMode;
  /** How old a certificate may be when it is judged, in milliseconds. */
  maxCertificateAgeMs?: number;
  /** Days; a waiver that reaches further ahead lifts nothing. */
  maxWaiverDays?: number;
  /** What an earlier certificate showed. */
  baseline?: Baseline;
}
