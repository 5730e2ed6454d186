/** What can be required, as data. `plan.ts` makes rules from what the user wrote, and `evaluate.ts` judges them; nothing here decides. */

import type { FactName } from '../../model/certificate.ts';
import type { EvidenceMode, GateMode, Platform } from '../../model/run-request.ts';
import type { RuleReference } from '../../model/verdict.ts';

/** How a protection must act. `any` = in some mode, as long as a document shows which. */
export type ThreatEventsRule = 'in-app-detection' | 'in-app-defense' | 'any';

/** What counts as listening: a registration tied to the name, or that the name occurs in the app's own code. */
export type ListenersRule = 'registered' | 'named';

/** Wording, verbatim, that the policy accepts as understood (design, rule 3 of the verdict). */
export type Accept = Record<'titles' | 'headings' | 'labels' | 'modes' | 'texts', string[]>;

/** One protection from the catalogue. All lists contain normalised names (`catalogue/names.ts`, normaliseName). */
export interface FeatureCondition {
  kind: 'feature';
  name: string;
  key?: string;
  /** The printed names that prove it: lexical or certificate-proven pairings, never inferred ones. */
  proofs: string[];
  /** Its Threat-Events, for missing listeners. */
  events: string[];
  /** Names from the same area, for messages; they prove nothing. */
  related: string[];
  /**
   * Names that count against it if they are denied, or mentioned in a way that is not understood: `proofs`, and names matched by meaning
   * only.
   */
  mentions: string[];
  /** Names under which certificates print it while Threat-Events are off, matched by meaning. For messages; they prove nothing. */
  elsewhere: string[];
  /** Whether its printed form was seen on a real certificate, or is unknown (then only its own words are searched for). */
  printing: 'seen' | 'not-seen';
  /** The only platforms it is known for, and what does the same on the other one; for messages. */
  onlyOn?: { platforms: Platform[]; counterpart?: string };
  /** A component that only supports protections (openssl, threat_events): a policy with nothing but such rules requires nothing. */
  component?: true;
  /** Names that are in `proofs` only because of the policy's `aliases`. */
  aliased?: string[];
  threatEvents?: ThreatEventsRule;
}

/** A printed name, verbatim; it need not be in the catalogue. */
export interface KeyCondition {
  kind: 'key';
  printed: string;
  /** Its Threat-Events in the catalogue, and the names whose mode tells how it acts; both normalised (rule 8 applies to keys too). */
  events?: string[];
  actsAs?: string[];
  /** A component that only supports protections. */
  component?: true;
  threatEvents?: ThreatEventsRule;
}

export type SubjectCondition = FeatureCondition | KeyCondition;

export type Condition =
  | SubjectCondition
  | { kind: 'any-of'; of: Condition[] }
  | { kind: 'all-of'; of: Condition[] }
  /** At least `count` of them; 1 <= count <= of.length. */
  | { kind: 'at-least'; count: number; of: Condition[] }
  /** Absence, proven by a recognised complete list. */
  | {
      kind: 'forbid';
      subject: SubjectCondition;
      /** A build fact that says the same: false proves absence, true proves presence. */
      fact?: FactName;
    }
  /** The certificate lists no Threat-Event listener as missing. */
  | { kind: 'listener' }
  /** The app listens for every Threat-Event that the required protections need, by the check of the app itself. */
  | { kind: 'app-listens'; least: ListenersRule }
  /** A build fact equals this value, ignoring case, or compares this way with a version or number. */
  | { kind: 'build'; fact: FactName; operator: BuildOperator; value: string }
  /** By the certificate, the app's signature is valid for at least this long from today. Milliseconds. */
  | { kind: 'signature-validity'; minimumMs: number };

export type BuildOperator = '=' | '>=' | '<=' | '>' | '<';

/** What happens for listeners that the certificate lists as missing; absent = those of required protections fail, the others warn. */
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
  /** Applies only to apps for this platform. */
  platform?: Platform;
  reference?: RuleReference;
  /** Why the rule is waived for now; if it would have failed, its outcome is `waived`. */
  waivedBy?: string;
  /** Why a waiver does not lift it: expired, or not for this build. Reported if the rule is not met. */
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
  /** Subjects of `features`, without a mode: `feature:proxy_detection`. */
  subjects: string[];
  /** Those of `features` that no rule in the policy is about, on any platform. */
  orphans: string[];
  /** `file:line`. */
  source: string;
}

export interface BaselineFeature {
  /** Display name from the catalogue, or the printed name. */
  name: string;
  /** Internal key as printed. */
  key?: string;
  /** Threat-Events mode as printed. */
  mode?: string;
}

/** What an earlier certificate or result showed. */
export interface Baseline {
  /** As messages call it. */
  path: string;
  /** Of the file, lower-case hex. */
  sha256: string;
  kind: 'certificate' | 'result';
  features: BaselineFeature[];
  missingListeners: string[];
  /** As printed, by name of the fact. */
  facts: Record<string, string>;
}

export interface PolicyPlan {
  platform?: Platform;
  /** Where the policy says so (`file:line`), if only the policy does. */
  platformSource?: string;
  /** Path of the policy file, if there is one. */
  path?: string;
  /** Sorted by id, each id once. */
  rules: Rule[];
  /** The canonical form that `policySha256` digests: section to sorted entries. It is `policy.resolved` of the result. */
  resolved: Record<string, string[]>;
  /** Absent = the default (rule 8 of the verdict). */
  missingListeners?: MissingListeners;
  /** What the policy asks for; the stricter of this and the option applies. */
  evidence?: EvidenceMode;
  waivers?: Waiver[];
  /** Absent = nothing. */
  accept?: Accept;
  /** The policy's aliases, display name to printed names. */
  aliases?: Record<string, string[]>;
  /** The origin of the only service that the policy allows. */
  server?: string;
  /** What the policy pins; no option or variable can weaken it. */
  gate?: GateMode;
  /** How old a certificate may be when it is judged, in milliseconds. */
  maxCertificateAgeMs?: number;
  /** Days; a waiver that reaches further ahead lifts nothing. */
  maxWaiverDays?: number;
  /** What an earlier certificate showed. */
  baseline?: Baseline;
}
