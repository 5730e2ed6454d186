/**
 * The typed, validated input of a run. Only `intake/` makes it; nothing below reads raw inputs or the environment. Durations are
 * milliseconds, sizes are bytes, paths are absolute.
 */
import type { ReportKind } from './host.ts';
import type { Secret } from './secret.ts';

export type Mode = 'run' | 'gate' | 'validate' | 'verify';
export type Platform = 'android' | 'ios';
/**
 * File types that the service accepts, by extension: apps, an Android SDK (.aar), an iOS SDK (.zip with an .xcframework) (appdome-api.md
 * §3.26).
 */
export const PLATFORM_OF_KIND = {
  apk: 'android',
  aab: 'android',
  ipa: 'ios',
  aar: 'android',
  zip: 'ios',
} as const satisfies Record<string, Platform>;
/** What kind of file the app is, from its extension and checked against its content. */
export type AppKind = keyof typeof PLATFORM_OF_KIND;
export const APP_KINDS = Object.keys(PLATFORM_OF_KIND) as readonly AppKind[];

/** As people write it. */
export function platformName(platform: Platform | undefined): string {
  return platform === 'ios' ? 'iOS' : 'Android';
}

export type SignMethod = 'on-appdome' | 'private' | 'auto-dev' | 'none';
export type GateMode = 'enforce' | 'warn' | 'disabled';
export type EvidenceMode = 'any' | 'pdf' | 'json' | 'both';

/** The device clouds that a build can be bound to, in the words of the official Python client (appdome-api.md §3.7). */
export type VendorName =
  | 'aws_device_farm'
  | 'bitbar'
  | 'browserstack'
  | 'firebase'
  | 'katalon'
  | 'kobiton'
  | 'lambdatest'
  | 'perfecto'
  | 'saucelabs'
  | 'tosca'
  | 'tricentis_device_cloud'
  | 'app_debug'
  | 'app_profiler';
/** A vendor's name, or the service's constant for a vendor that is not in this list. */
export type BuildToTestVendor = VendorName | `AUTOMATION_${string}`;

export interface ServerSettings {
  /** Origin and optional path prefix, no trailing slash, without `/api/v1`. */
  url: string;
  /** Absent only if no request needs it (mode gate on files). */
  apiKey?: Secret;
  teamId?: string;
  proxy?: string;
  /** PEM file to trust in addition to the system's CAs. */
  caFile?: string;
}

export interface AppInput {
  path: string;
  /** The URL it was fetched from, without its query, if `path` is only a temporary copy. */
  url?: string;
  /** Base name, as sent to the service. */
  name: string;
  kind: AppKind;
  platform: Platform;
  /** Bytes. */
  size: number;
}

export interface SignRequest {
  method: SignMethod;
  keystore?: string;
  keystorePassword?: Secret;
  keystoreAlias?: string;
  keyPassword?: Secret;
  /** iOS. */
  p12?: string;
  p12Password?: Secret;
  provisioningProfiles?: string[];
  entitlements?: string[];
  signingFingerprint?: string;
  signingFingerprintUpgrade?: string;
  googlePlaySigning?: boolean;
  /** Instead of one fingerprint (appdome-api.md §3.9). */
  trustedFingerprints?: TrustedFingerprint[];
  /** The same in a file that has to be fetched first; it is then read into `trustedFingerprints`. */
  trustedFingerprintsFile?: string;
  /** The user's own overrides, a JSON object. Secret, since it may hold passwords. */
  overrides?: Secret;
}

/** A signing certificate that the protected app trusts. */
export interface TrustedFingerprint {
  /** SHA-1 or SHA-256, upper-case hex without colons. */
  sha: string;
  /** Whether the store signs with it. */
  trustedStoreSigning: boolean;
}

/** A file that is not on this machine yet. It is created before the job begins and removed when it ends. */
export interface PendingFile {
  /** The option as the user spelt it. */
  option: string;
  /** Absolute; where the rest of the request expects it. */
  path: string;
  /** Secret, since a URL may be presigned; `shown` is what messages may quote. */
  source: { url: Secret; shown: string } | { base64: Secret };
  /** An app is a ZIP of its kind; what another file contains is judged by its option. */
  content: 'app' | 'any';
}

/** Files that a build takes beside the app. Absolute paths. */
export interface BuildFiles {
  baselineProfile?: string;
  startupProfile?: string;
  inputMapping?: string;
  /** .zip with a JSON map of hosts; expanded into `pinnedCertificates` before the job begins. */
  certPinningZip?: string;
  pinnedCertificates?: PinnedCertificate[];
}

export interface PinnedCertificate {
  host: string;
  /** Absolute. */
  file: string;
}

/** Where mapping files are uploaded, if the build has any. */
export interface MappingUploads {
  datadog?: { apiKey: Secret; site: string };
  firebase?: {
    appId: string;
    /** Absolute path of the program that was found. */
    executable: string;
    /** Its environment as a JSON object: that of this process without the secrets of this job. */
    environment: Secret;
  };
}

export interface ContextRequest {
  bundleId?: string;
  version?: string;
  buildNumber?: string;
  displayName?: string;
  /** Absolute paths. */
  appIcon?: string;
  iconOverlay?: string;
  /** The user's own. */
  overrides?: Record<string, unknown>;
}

/** A required name, and where the user wrote it. */
export interface RequiredFeature {
  name: string;
  /** The option it came from, as it is spelt here, or the policy file. */
  origin: { option: string } | { file: string; line: number };
}

export interface GateRequest {
  mode: GateMode;
  /** Who set the mode, if it is not the default: `the environment variable FUSEGATE_GATE`. */
  setBy?: string;
  /** The same for `evidence`. */
  evidenceSetBy?: string;
  /** Settings that were ignored because the policy does not allow them, one sentence each. */
  overruled?: string[];
  requiredFeatures: RequiredFeature[];
  /** Mode run: whether the app is checked for listeners, and what that does; absent = warn, if a required protection may need one. */
  listeners?: 'off' | 'warn' | 'fail';
  evidence: EvidenceMode;
  detail: 'full' | 'counts';
  /** Certificates to judge (mode gate on files): .pdf and .json. */
  certificates: string[];
}

export type PublishedKind = 'reports' | 'app' | 'certificate';

export interface OutputRequest {
  /** Absolute. */
  dir: string;
  /** File name for the protected app, without extension; absent = the app's own name. */
  name?: string;
  secondOutput: boolean;
  deobfuscationMap: boolean;
  /** Somebody set the option, so a run without the map is a failure. */
  mapAskedFor?: true;
  reports: ReportKind[];
  /** What an adapter publishes to its system's artifact storage. */
  publish: PublishedKind[];
}

/** All in milliseconds, except `retries`. */
export interface Limits {
  run: number;
  connect: number;
  stall: number;
  upload: number;
  analysis: number;
  build: number;
  sign: number;
  download: number;
  /** How often one request is retried at most; absent = as long as the deadline of its step allows. */
  retries?: number;
  pollMin: number;
  pollMax: number;
}

/** What the deploy job demands of a result. */
export interface VerifyRequest {
  /** Milliseconds; absent = any age. */
  maxAge?: number;
  /** Lower-case hex. */
  policySha256?: string;
  /** Also accept a verdict that rests on the JSON alone. */
  inferred?: boolean;
  /** Accept the result of a rehearsal, and no other. */
  rehearsal?: boolean;
  /** Who requested it: `the environment variable FUSEGATE_REHEARSAL`. */
  rehearsalSetBy?: string;
  /** The same for the server whose results are accepted, if it is not the default. */
  serverSetBy?: string;
}

/** The comment on a pull request (GitHub). */
export interface CommentRequest {
  when: 'on-failure' | 'always';
  /** Absent if it was given but empty. */
  token?: Secret;
}

/** The app of a fleet file that a run is for. */
export interface FleetRequest {
  /** The fleet file as messages name it. */
  file: string;
  /** The name of the entry. */
  app: string;
  /** SHA-256 of what the file says, lower-case hex. */
  plan: string;
}

export interface RunRequest {
  mode: Mode;
  fleet?: FleetRequest;
  server: ServerSettings;
  /** Present in mode run unless `appId` or `buildId` is; in mode gate, the file to bind. */
  app?: AppInput;
  /** An app that is already at the service. */
  appId?: string;
  /** A build that exists: nothing is uploaded and no build is started. */
  buildId?: string;
  fusionSetId?: string;
  /** From the app's kind, or from the option if no app was given. */
  platform?: Platform;
  buildLogs: boolean;
  buildOverrides: Record<string, unknown>;
  buildFiles?: BuildFiles;
  /** The device cloud that the build is for; absent = an ordinary build. */
  buildToTest?: BuildToTestVendor;
  /** Absent = no context step. */
  context?: ContextRequest;
  sign?: SignRequest;
  gate: GateRequest;
  output: OutputRequest;
  mappingUploads?: MappingUploads;
  /** Absent = every file is on this machine. */
  pendingFiles?: PendingFile[];
  /** Inputs that go to the service without a look into them, and why: whole sentences. */
  notChecked?: string[];
  /** Inputs that look wrong and may be meant: whole sentences. */
  doubts?: string[];
  /** The app has marks of an earlier fusion: a whole sentence. */
  fusedAlready?: string;
  /** Options that are checked once `pendingFiles` have been fetched: option id to the user's spelling. */
  optionNames?: Readonly<Record<string, string>>;
  limits: Limits;
  /** Absolute: the file that keeps how long the service took. */
  durations?: string;
  /** Absolute: where the trace of the run goes. */
  trace?: string;
  resume: 'auto' | 'never' | 'new';
  /** Ask the service by checksum whether it already has this app. */
  reuseUpload: boolean;
  /** Mode run: check everything that can be checked without starting anything. */
  dryRun?: boolean;
  /** Who requested it: `the environment variable FUSEGATE_DRY_RUN`. */
  dryRunSetBy?: string;
  /** Modes validate and verify: absolute path of a `fusegate-result.json`. */
  result?: string;
  /** Mode verify. */
  verify?: VerifyRequest;
  /** Absent = no comment. */
  comment?: CommentRequest;
  /** In a CI job: plain lines and a heartbeat instead of live progress. */
  ci: boolean;
  /** The id of the system whose lines and outputs the job gets; absent = the one that its environment tells. Decides nothing else. */
  ciSystem?: string;
  verbose: boolean;
}
