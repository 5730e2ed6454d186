/**
 * What a synthetic Certified Secure certificate says. Both renderings (PDF and JSON) are pure functions of this.
 *
 * The fields follow the real document (appdome-api.md §6.2, read from three real certificates). Nothing here is a real
 * certificate: every rendering says that it is synthetic.
 */

export type CertificatePlatform = 'android' | 'ios';

/** `app_type` of the JSON: the extensions that the service accepts (§3.1). `aab` and `ipa` are verified (§5.2), the others inferred. */
export const APP_TYPES = ['apk', 'aab', 'ipa', 'aar', 'zip'] as const;
export type CertificateAppType = (typeof APP_TYPES)[number];

/** One chip of a `Plugins:` or `Parameters:` row. */
export interface Chip {
  /** The printed internal key, e.g. `root_detection`. */
  key: string;
  /** Threat-Events is on for it: a small icon on the PDF, and no text (§6.2, verified). Default: it has a mode. */
  marked?: boolean | undefined;
  /**
   * Threat-Events mode, e.g. `In-App Detection`. The PDF prints it in a line with the display name alone; in the JSON, shapes that have room
   * for a mode write it (inferred).
   */
  mode?: string | undefined;
}

/** A category heading with its rows. A row without chips is left out, as on real certificates. */
export interface CategoryBlock {
  /** e.g. `OS Integrity`. */
  heading: string;
  plugins: Chip[];
  parameters: Chip[];
}

/** One line under APPLICATION THREAT INTELLIGENCE. */
export interface IntelligenceLine {
  /** Display name, e.g. `Root Detection`. */
  name: string;
  /** e.g. `In-App Detection`. */
  mode: string;
  /** Heading of the protection; the PDF does not print it here. */
  category: string;
}

export interface CertifiedApp {
  name: string;
  version: string;
  buildNumber: string;
  bundleId: string;
}

/** The last block of the PDF. Absent = the app was not signed (SDK, §3.26). */
export type Signing =
  | {
      method: 'on-appdome';
      /** ISO 8601. */
      at: string;
      /** Distinguished name, e.g. `CN=Rehearsal Signer, O=Rehearsal`. */
      owner: string;
      /** ISO 8601; printed as `Jul 24, 2045, 15:02:50`. */
      expiresAt: string;
      /** 64 hex; printed in upper case. */
      signerCertificateSha256: string;
      /** 64 hex; printed in lower case. */
      finalSha256: string;
      /** Bytes. */
      finalSize: number;
    }
  /**
   * Signed by the customer. What such a certificate prints is unknown: ours prints a title and neither signer nor final hash (inferred).
   */
  | { method: 'private' | 'auto-dev'; at: string };

export interface CertificateModel {
  buildId: string;
  appId: string;
  /** Absent = personal workspace. What the JSON says then is unknown; ours says `personal` (inferred). */
  teamId?: string | undefined;
  platform: CertificatePlatform;
  appType: CertificateAppType;
  /** The app as it was uploaded. */
  app: CertifiedApp;
  minSdkVersion: string;
  /** Display name of the account user. Always a synthetic one. */
  user: string;
  /** The build client as the service shows it: `Appdome-cli-python/1.0` becomes `AppdomeCliPython` (§1.3, verified for that one). */
  client: string;
  appdomeVersion: string;
  /** When the certificate was made: ISO 8601. Also the PDF's creation date. */
  createdAt: string;
  added: {
    at: string;
    /** 64 hex, of the uploaded bytes. */
    sha256: string;
    /** Bytes. */
    size: number;
  };
  secured: {
    at: string;
    fusionSetId: string;
    fusionSetName: string;
    fusionSetModifiedAt: string;
    /** e.g. `Android 15`. */
    coveredOs: string[];
    /** Free text of the user; the line is left out when absent. */
    annotation?: string | undefined;
    /** Bytes, signed. */
    securityInside: number;
  };
  categories: CategoryBlock[];
  /** The block `Other In "…" FUSION SET`; left out when absent. */
  other?: { plugins: Chip[]; size: number } | undefined;
  /** Empty = the block is left out, as on a real certificate without Threat-Events. */
  intelligence: IntelligenceLine[];
  /** Threat-Event names (externalID) without a listener in the app; empty = the block is left out. */
  missingListeners: string[];
  /** Bytes, signed. */
  optimizeBuild: number;
  /** Absent = the context step did not run. */
  context?: { at: string; app: CertifiedApp } | undefined;
  signing?: Signing | undefined;
  /** Diagnostic Logs. */
  extendedLogs: boolean;
  /** Values of the real service are unknown (§5.2). */
  releaseType: string;
  /** A contradiction for tests: a second, different value for one key, as a second line of the PDF and a second, inner key of the JSON. */
  secondIdentity?: { key: SecondIdentityKey; value: string };
}

export type SecondIdentityKey = 'build_id' | 'fusion_set_id' | 'app_id' | 'bundle_id';

const SHAPES = ['A', 'B', 'C', 'D', 'E', 'F', 'G'] as const;
type Shape = (typeof SHAPES)[number];
export type JsonShape = Shape | 'none' | 'nested' | `nested-${Shape}`;

/** JSON shapes of appdome-api.md §7.3 (all inferred); `nested…` = everything one level down, `nested` is `nested-A`. */
export const JSON_SHAPES: readonly JsonShape[] = [
  ...SHAPES,
  'none',
  'nested',
  ...SHAPES.slice(1).map((shape) => `nested-${shape}` as const),
];
