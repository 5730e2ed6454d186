/**
 * The certificate model: what a Certified Secure document says, fact by fact, and where each fact was found.
 *
 * A reader reports; it never judges. What counts as proof is decided in `policy/`.
 */
import type { RawCertificate } from './build-outcome.ts';

export type DocumentKind = 'pdf' | 'json';

/** Something that a document states, verbatim. */
export interface Fact {
  value: string;
  document: DocumentKind;
  /** `page 1 at 213,1940` (points from the lower left) or a JSON path such as `$.build_id`. */
  where: string;
}

/**
 * The facts that we read. The first thirteen are the keys proven for the JSON (appdome-api.md §5.2, tested by the vendor's own suite);
 * the rest are printed on the PDF (§6.2, real certificates).
 */
export const FACT_NAMES = [
  'build_id',
  'app_id',
  'app_type',
  'bundle_id',
  'fusion_set_id',
  'fusion_set_name',
  'team_id',
  'extended_logs',
  'sign_type',
  'min_sdk_version',
  'release_type',
  'build_external_api_plugin_name',
  'is_context_api_call',
  'app_name',
  'app_version',
  'app_build_number',
  'platform',
  'certificate_created',
  'appdome_version',
  'app_added',
  'app_secured',
  'fusion_set_modified',
  'covered_os',
  'annotation',
  'security_inside',
  'original_sha256',
  'original_size',
  'context_added',
  'app_signed',
  'signer',
  'signature_expires',
  'signer_certificate_sha256',
  'final_sha256',
  'final_size',
] as const;
export type FactName = (typeof FACT_NAMES)[number];

/** Every value found, in reading order. Two different values for one name are a contradiction inside the document. */
export type Facts = Partial<Record<FactName, Fact[]>>;

/**
 * Wording of the document that decides what stands below or beside it. `text` is everything that fits none of the other places.
 *
 * Only wording that is known (`known-wording.ts`) is understood by itself. A policy may accept other wording that a person has read.
 */
export type WordingKind = 'title' | 'heading' | 'label' | 'mode' | 'text';

export interface Wording {
  kind: WordingKind;
  /** As printed, wrapped lines joined by one blank. */
  text: string;
  document: DocumentKind;
  where: string;
}

/**
 * A place of the document that was not understood and that may speak of a protection: unread text of the PDF, or a value of the JSON that
 * belongs to no understood entry.
 */
export interface Mention {
  /** As printed; in the JSON the value, verbatim: a text without its quotes, everything else as JSON. */
  text: string;
  document: DocumentKind;
  where: string;
  /** What is searched for names, in reading order, where `text` is not all of it: the keys above a value. An empty word parts two that do not follow each other. */
  words?: string[];
  /** Each of `words` is a mention by itself; this one is for names that several of them make together. */
  joined?: true;
}

/**
 * `present` only by positive proof: a chip in a Plugins: or Parameters: row, a line under APPLICATION THREAT INTELLIGENCE, or an
 * allow-listed true value in an allow-listed JSON shape. `absent` only by an allow-listed false value. Everything else is `unknown`.
 */
export type Presence = 'present' | 'absent' | 'unknown';

export interface FeatureFact {
  /** As printed. */
  name: string;
  /** Where on the certificate it stands. `intelligence` = a line under APPLICATION THREAT INTELLIGENCE. */
  role: 'plugin' | 'parameter' | 'intelligence' | 'json';
  /** The category heading above it, as printed; absent for intelligence lines and where JSON has none. */
  category?: string;
  presence: Presence;
  /**
   * Wording on the way from the top of the document to this fact that is not known. Never empty; its fact is `unknown`, and becomes
   * `present` only where a policy accepts all of it.
   */
  unread?: Wording[];
  /** What the JSON says where presence is not `present`; of an `unknown` entry, all of it verbatim, so that a policy can accept it. */
  rawValue?: string;
  /** A policy accepts its name as text: it mentions no other protection. */
  accepted?: true;
  /** Threat-Events mode: `In-App Detection`, …, as printed; absent = the document does not say. */
  threatEvents?: string;
  document: DocumentKind;
  where: string;
}

export interface CertificateDocument {
  kind: DocumentKind;
  /** Lower-case hex of the document's bytes. */
  sha256: string;
  /** `certified-secure` for the PDF layout; `A`…`G`, with `nested` appended when one level down, or `unknown` for JSON. */
  shape: string;
  /** A feature list was recognised (it may still be empty). */
  hasFeatureList: boolean;
  /** The list has a beginning and an end that we know (PDF: one block, on one page, with an end). A JSON of an inferred shape never has. */
  bounded: boolean;
  /**
   * The document shows a complete list, so that a name that is not there is absent: it is bounded, and nothing in it is unread. A
   * policy that accepts all that is unread makes a bounded list complete.
   */
  complete: boolean;
  /** Everything in the list that was not understood, top to bottom. Empty for JSON, where `mentions` says it. */
  unread: Wording[];
  /**
   * Which of `unread` could be, or belong to, the part that lists missing listeners. While there is one, the document does not show whether
   * a listener is missing.
   */
  listenerDoubts: Wording[];
  /** Where names may be spoken of that no fact above stands for. */
  mentions: Mention[];
  facts: Facts;
  features: FeatureFact[];
  /** Threat-Event names that the certificate lists as not implemented in the app. */
  missingListeners: Fact[];
  /** Top-level keys and their types (JSON only), so that users can report an unknown shape without showing values. */
  topLevel: Array<{ key: string; type: string }>;
}

export type ReadingProblem =
  | 'absent'
  /** Certificates were given as files, and none of this kind. */
  | 'not-given'
  | 'empty'
  | 'too-large'
  | 'not-pdf'
  | 'damaged'
  | 'not-certificate'
  /** A PDF that was changed after it was written: it holds a second revision. */
  | 'revised'
  /** More than one security block, which no certificate has. */
  | 'two-blocks'
  | 'not-json'
  | 'not-object'
  /** A file that Fusegate itself wrote. */
  | 'own-result';

/** The outcome of reading one document. A reader never throws for bad content. */
export type DocumentReading =
  | { ok: true; document: CertificateDocument }
  | { ok: false; kind: DocumentKind; problem: ReadingProblem; message: string; sha256?: string };

/** Both documents of one build, as far as they could be read. */
export interface Evidence {
  pdf: DocumentReading;
  json: DocumentReading;
}

export type { RawCertificate };
