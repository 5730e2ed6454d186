import type { ServiceIds, StageName } from './errors.ts';
import type { AppKind, Platform, SignMethod } from './run-request.ts';

export type FileRole = 'protected-app' | 'second-output' | 'deobfuscation-map' | 'certificate-pdf' | 'certificate-json';

/** A file that was downloaded whole and checked. */
export interface OutputFile {
  /** `protected-app` is a script where the app was signed with auto-dev. */
  role: FileRole;
  /** Absolute. */
  path: string;
  /** Lower-case hex. */
  sha256: string;
  /** Bytes. */
  size: number;
}

export interface StageTiming {
  name: StageName;
  /** ISO 8601, UTC. */
  startedAt: string;
  durationMs: number;
  /** HTTP requests sent in this stage, repeats included. */
  requests: number;
  /** How many of them repeat one that failed; absent = none. */
  retries?: number;
  /** Milliseconds from the first question to the answer that the service was done; absent if the step had begun before. */
  waitedMs?: number;
}

/** What the build produced, before anyone judged it. */
export interface BuildOutcome {
  ids: ServiceIds;
  /** The original app; absent when the run began from an app id or a build id. */
  app?: {
    path: string;
    kind: AppKind;
    platform: Platform;
    /** Lower-case hex of the bytes that were uploaded. */
    sha256: string;
    size: number;
    /** The build existed before this run, so only the user or a journal says that it was made from this app. */
    claimed?: true;
  };
  sign: SignMethod;
  files: OutputFile[];
  /** The certificates as they came; the gate reads these bytes, not the files. */
  certificates: RawCertificates;
}

export interface RawCertificates {
  pdf: RawCertificate;
  json: RawCertificate;
}

/** A certificate document as bytes, or why it is missing. */
export type RawCertificate =
  | { state: 'present'; bytes: Uint8Array; sha256: string }
  | {
      state: 'absent';
      reason: string;
      /** Certificates were given as files, and none of this kind was expected. */
      notGiven?: true;
    };
