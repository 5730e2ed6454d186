/** The job that both official clients do, in their own terms. */
export type AppKind = 'apk' | 'aab' | 'ipa' | 'aar' | 'zip';

/** How an Android app is signed for, when not by its owner's keystore alone. */
export type Fingerprints =
  | { kind: 'single'; sha: string }
  | { kind: 'google'; sha: string; upgrade?: string }
  | { kind: 'trusted'; list: Array<{ SHA: string; TrustedStoreSigning?: boolean }> };

export interface OfficialJob {
  kind: AppKind;
  /** `none` for an Android SDK. */
  signing: 'sign' | 'seal' | 'sign_script' | 'none';
  app: Uint8Array;
  /** A local path: one client sends it as it is. */
  appPath: string;
  fusionSetId: string;
  team?: string;
  directUpload?: boolean;
  buildLogs?: boolean;
  /** As the client's user writes it; see the table of each client. */
  buildToTest?: string;
  fingerprints?: Fingerprints;
  profiles?: number;
  entitlements?: number;
  /** Host and certificate file. */
  pinning?: Record<string, string>;
  baselineProfile?: boolean;
  startupProfile?: boolean;
  inputMapping?: boolean;
  secondOutput?: boolean;
  workflowLogs?: boolean;
  context?: Record<string, unknown>;
  keystorePassword?: string;
}

export interface OfficialOutcome {
  buildId: string;
  appId: string;
  output: Buffer;
  certificatePdf: Buffer;
  certificateJson: string;
  mapping?: Buffer;
  secondOutput?: Buffer;
  workflowLog: string[];
}

/** Ends a client as its own `exit 1` does. */
export class ClientAborted extends Error {
  override readonly name = 'ClientAborted';
}
