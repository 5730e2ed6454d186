/**
 * The certificate model: what a Certified Secure document says, fact by fact, and where each fact was found.
 *
 * A reader reports; it never judges. What counts as proof is decided in `policy/`.
 */
import type { RawCertificate } from './build-outcome.ts';

export type DocumentKind = 'pdf' | 'json';

/** A statement of the document, verbatim. */
export interface Fact {
  value: string;
  document: DocumentKind;
  /** `page 1 at 213,1940` (points from the lower left) or a JSON path such as `$.build_id`. */
  where: string;
  /**
   * What is not understood on the way to it. PDF: text outside the list of protections, above the fact or beside it. JSON: the fact itself,
   * outside the known parts of the record, or another kind of value under the same key. Never empty.
   */
  unread?: Wording[];
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

/** Every value found, in reading order. Two different values for one name mean that the document contradicts itself. */
export type Facts = Partial<Record<FactName, Fact[]>>;

/**
 * Wording that decides what the text below or beside it means. `text` is everything that fits none of the other places.
 *
 * Only known wording (`known-wording.ts`) is understood on its own. A policy may accept other wording that a person has read.
 */
export type WordingKind = 'title' | 'heading' | 'label' | 'mode' | 'text';

export interface Wording {
  kind: WordingKind;
  /** As printed, wrapped lines joined by one blank. */
  text: string;
  document: DocumentKind;
  where: string;
  /** It is outside the PDF's list of protections. People's names may be in it, so reports quote only its beginning. */
  outside?: true;
  /** It does not lead to the fact that it casts doubt on: it is in another part of the JSON. */
  elsewhere?: true;
  /** JSON: nothing but these names, listed like protections. It is understood where each of them is known to be one. */
  names?: string[];
}

/**
 * A place in the document that was not understood and may mention a protection: unread text in the PDF, or a JSON value that belongs to no
 * understood entry.
 */
export interface Mention {
  /** As printed. In JSON, the value verbatim: a string without its quotes, everything else as JSON. */
  text: string;
  document: DocumentKind;
  where: string;
  /**
   * The words to search for names, in reading order, where `text` is not all of them: the keys above a value too. An empty word separates
   * two that are not adjacent.
   */
  words?: string[];
  /** Each of `words` is also a mention on its own; this one finds names that span several of them. */
  joined?: true;
  /** Other unread text on or near its line (PDF). It may say what the mention means, so accept one only after reading both. */
  beside?: Wording[];
  /** As for wording; only after `policy/rules/understood.ts`. */
  outside?: true;
}

/**
 * `present` only by positive proof: a chip in a Plugins: or Parameters: row, a line under APPLICATION THREAT INTELLIGENCE, or an
 * allow-listed true value in an allow-listed JSON shape. `absent` only by an allow-listed false value. Everything else is `unknown`.
 */
export type Presence = 'present' | 'absent' | 'unknown';

export interface FeatureFact {
  /** As printed. */
  name: string;
  /** Where on the certificate it was found. `intelligence` = a line under APPLICATION THREAT INTELLIGENCE. */
  role: 'plugin' | 'parameter' | 'intelligence' | 'json';
  /** The category heading above it, as printed; absent for intelligence lines and where JSON has none. */
  category?: string;
  presence: Presence;
  /**
   * Unknown wording on the path from the top of the document to this fact. Never empty. The fact is `unknown`, and becomes `present` only
   * if a policy accepts all of this wording.
   */
  unread?: Wording[];
  /**
   * What the JSON says, if presence is not `present`. For an `unknown` entry this is the whole entry verbatim, so that a policy can accept
   * it.
   */
  rawValue?: string;
  /** A policy accepts its name as text, so the name does not count as a mention of another protection. */
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
  /** Whether a feature list was recognised (it may still be empty). */
  hasFeatureList: boolean;
  /** Whether we know where the list begins and ends (PDF: one block, on one page, with an end). Never true of an inferred JSON shape. */
  bounded: boolean;
  /**
   * The list is bounded and nothing in it is unread, so a name that is not in it is absent. A policy that accepts everything unread makes a
   * bounded list complete.
   */
  complete: boolean;
  /** Everything in the list that was not understood, top to bottom. Empty for JSON, which uses `mentions` instead. */
  unread: Wording[];
  /**
   * Entries of `unread` that could belong to the list of missing listeners. If there are any, the document does not show whether a listener
   * is missing.
   */
  listenerDoubts: Wording[];
  /** Places that may mention names which none of the facts above covers. */
  mentions: Mention[];
  /** Those that a policy accepts (PDF). They deny nothing, but say no mode that is understood. */
  accepted?: Array<Mention & { inList: boolean }>;
  facts: Facts;
  /**
   * What the PDF says about signing, if that is understood: `later` = its last part is the one for private or auto-dev signing, `none` = it
   * has no such part. Absent if Appdome has signed, and if it is not certain.
   */
  signing?: 'later' | 'none';
  features: FeatureFact[];
  /** Threat-Event names that the certificate lists as not implemented in the app. */
  missingListeners: Fact[];
  /** It says that an embedded build service issued it, so it certifies nothing. */
  rehearsal?: true;
  /** Top-level keys and their types (JSON only), so that users can report an unknown shape without showing values. */
  topLevel: Array<{ key: string; type: string }>;
}

export type ReadingProblem =
  | 'absent'
  /** Certificates were given as files, but none of this kind. */
  | 'not-given'
  | 'empty'
  | 'too-large'
  | 'not-pdf'
  | 'damaged'
  | 'not-certificate'
  /** A PDF that holds more than the service writes: a second revision, a second page, something drawn over its page. */
  | 'revised'
  /** More than one security block; no real certificate has two. */
  | 'two-blocks'
  | 'not-json'
  | 'not-object'
  /** A file that Fusegate wrote. */
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
