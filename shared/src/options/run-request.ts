/**
 * The typed, validated input of a run. Made by `options/` only; nothing below it reads raw inputs or the environment.
 * Durations are milliseconds, sizes are bytes, paths are absolute.
 */
import type { ReportKind } from '../host.ts';
import type { Secret } from '../secrets/secret.ts';

export type Mode = 'run' | 'gate' | 'validate' | 'verify';
export type Platform = 'android' | 'ios';
/** What kind of file the app is, from its extension and checked against its content. */
export type AppKind = 'apk' | 'aab' | 'ipa' | 'aar' | 'zip';
export type SignMethod = 'on-appdome' | 'private' | 'auto-dev' | 'none';
export type GateMode = 'enforce' | 'warn' | 'disabled';
export type EvidenceMode = 'any' | 'pdf' | 'json' | 'both';

export interface ServerSettings {
  /** Origin and optional path prefix, no trailing slash, without `/api/v1`. */
  url: string;
  /** Absent only where no request needs it (mode gate on files). */
  apiKey?: Secret;
  teamId?: string;
  proxy?: string;
  /** PEM file added to the system's CAs. */
  caFile?: string;
}

export interface AppInput {
  path: string;
  /** Basename, as the service gets it. */
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
  signingFingerprint?: string;
  signingFingerprintUpgrade?: string;
  googlePlaySigning?: boolean;
}

export interface ContextRequest {
  bundleId?: string;
  version?: string;
  buildNumber?: string;
  displayName?: string;
}

/** A name that must be proven, and where the user wrote it. */
export interface RequiredFeature {
  name: string;
  /** The option it came from, as it is spelt here, or the policy file. */
  origin: { option: string } | { file: string; line: number };
}

export interface GateRequest {
  mode: GateMode;
  requiredFeatures: RequiredFeature[];
  evidence: EvidenceMode;
  detail: 'full' | 'counts';
  /** Certificates to judge (mode gate on files): .pdf and .json. */
  certificates: string[];
}

export interface OutputRequest {
  /** Absolute. */
  dir: string;
  /** File name for the protected app, without extension; absent = the app's own name. */
  name?: string;
  secondOutput: boolean;
  deobfuscationMap: boolean;
  reports: ReportKind[];
}

/** All in milliseconds, but `retries`. */
export interface Limits {
  run: number;
  connect: number;
  stall: number;
  upload: number;
  analysis: number;
  build: number;
  sign: number;
  download: number;
  /** How often one request is repeated at most. */
  retries: number;
  pollMin: number;
  pollMax: number;
}

export interface RunRequest {
  mode: Mode;
  server: ServerSettings;
  /** Present in mode run unless `appId` or `buildId` is; in mode gate, the file to bind. */
  app?: AppInput;
  /** An app that is already at the service. */
  appId?: string;
  /** A build that exists: nothing is uploaded and no build is started. */
  buildId?: string;
  fusionSetId?: string;
  /** From the app's kind, or the option where there is no app. */
  platform?: Platform;
  buildLogs: boolean;
  buildOverrides: Record<string, unknown>;
  /** Absent = no context step. */
  context?: ContextRequest;
  sign?: SignRequest;
  gate: GateRequest;
  output: OutputRequest;
  limits: Limits;
  resume: 'auto' | 'never' | 'new';
  /** Ask the service by checksum whether it has this very app already. */
  reuseUpload: boolean;
  /** In a CI job: plain lines and a heartbeat instead of live progress. */
  ci: boolean;
  verbose: boolean;
}
