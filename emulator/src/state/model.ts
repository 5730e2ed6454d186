/** Everything that the emulator remembers, as plain data: it is written to disk unchanged. All times are milliseconds since the epoch. */
import type { CertificateAppType, CertificatePlatform, CertifiedApp } from '../certificate/model.ts';
import type { FaultState } from '../faults/instruction.ts';
import type { FusionSet } from '../fusion-sets/fusion-set.ts';

/** The team of an absent or `personal` team_id (appdome-api.md §1.4). */
export const PERSONAL_TEAM = 'personal';

/** A presigned link, and the bytes that were uploaded to it. */
export interface StoredUpload {
  fileId: string;
  teamId: string;
  signature: string;
  createdAt: number;
  /** Present once a PUT has succeeded. */
  content?: { sha256: string; size: number };
  /** The app that was registered from it. */
  appId?: string;
}

export interface StoredApp {
  id: string;
  teamId: string;
  fileId: string;
  fileName: string;
  sha256: string;
  size: number;
  registeredAt: number;
  /** Until then the status is `queued`. */
  queuedUntil: number;
  /** Until then the status is `progress`. */
  analysedAt: number;
  /** The text under `error` in the upload status, if the file is refused. */
  refusal?: string;
  /** Present unless it was refused. */
  identity?: AppIdentity;
  /** The address that it was made from (appdome-api.md §3.4). */
  pwaUrl?: string;
}

export interface AppIdentity extends CertifiedApp {
  platform: CertificatePlatform;
  type: CertificateAppType;
  minSdkVersion: string;
  /** Read from the app's own manifest or Info.plist, or made from the file name (documented in the README). */
  source: 'manifest' | 'info-plist' | 'file-name';
}

export const STAGE_ACTIONS = ['fuse', 'context', 'sign', 'seal', 'sign_script'] as const;
export type StageAction = (typeof STAGE_ACTIONS)[number];

/** One accepted action of a build. Its state follows from the clock alone, so that it survives a restart. */
export interface StoredStage {
  action: StageAction;
  startedAt: number;
  endsAt: number;
  /** When its output was known, if that was later; the stage was not done before. */
  settledAt?: number;
  /** As sent, passwords masked. */
  overrides: Record<string, unknown>;
  /** SHA-256 of the files sent with it, by field name. */
  files: Array<{ field: string; sha256: string; size: number }>;
  /** The task ends in `error` with this text. */
  failure?: string | undefined;
}

export interface StoredTask {
  id: string;
  teamId: string;
  appId: string;
  /** X-Appdome-Client of the build, as sent. */
  client: string;
  /** The Fusion Set as it was when the build began: sets are mutable, certificates are not. */
  fusionSet: FusionSet;
  /** Events of the Fusion Set whose names do not occur in the app; absent where the set does not ask for it, or not yet. */
  missingListeners?: string[];
  stages: StoredStage[];
  /** SHA-256 and size of what `output` serves; absent while they are being computed. */
  output?: { stages: number; sha256: string; size: number };
  /** Whether anyone has asked for this build by its id. */
  asked: boolean;
  /** Present for a build of POST /build-to-test: the vendor constant, as sent. Such a build cannot be tested by Appdome Test (§3.13). */
  vendor?: string;
}

/** A run of Appdome Test on a build: a task of its own (appdome-api.md §3.13). */
export interface StoredTest {
  id: string;
  teamId: string;
  buildId: string;
  startedAt: number;
  endsAt: number;
  failure?: string | undefined;
}

/** An app that was sent for validation (§3.17). The bytes are not kept. */
export interface StoredValidation {
  id: string;
  fileName: string;
  sha256: string;
  size: number;
  /** Until then `pending`. */
  pendingUntil: number;
  /** Until then `active`, then `completed`. */
  endsAt: number;
  /** The sentence of the result. */
  message: string;
  /** The build that the mark in the app names; absent if there is none. */
  buildId?: string;
}

/** Something that only the official clients do; noted, but not a violation. */
export interface Quirk extends Violation {
  code: 'official-quirk';
}

export interface Violation {
  code: string;
  message: string;
  /** Number of the request in the record. */
  request: number;
}

/** Settings that may be changed at run time (POST /__emulator/settings). Times are milliseconds before the time scale (appdome-api.md §8.3). */
export const DEFAULT_SETTINGS = {
  queuedMs: 0,
  uploadMs: 300,
  fuseMs: 1000,
  contextMs: 300,
  signMs: 1000,
  /** Appdome Test. */
  testMs: 1000,
  /** How long a validation is `pending`; 0 = never, because the bash client takes that word for a failure (§1.7). */
  validationPendingMs: 0,
  /** How long it is `active`. */
  validationMs: 300,
  /** `absent` answers 404 to check-by-checksum, like a server that does not know it. */
  checksumLookup: 'on' as 'on' | 'absent',
  /** Outputs answer 302 to the storage origin. */
  redirectOutputs: false,
  /** The status for outputs and certificates that do not exist yet (inferred). */
  notReadyStatus: 404 as 400 | 404,
  /** A signing password with this value ends the task in `error`. */
  wrongPassword: 'wrong-password',
  /**
   * `checked` inspects keystores, p12 files, provisioning profiles and entitlements and refuses invalid ones; `any` accepts every non-empty
   * file, so that tests do not need real ones.
   */
  signingFiles: 'any' as 'any' | 'checked',
  /** How many builds of a team may run at once; one more is answered 429 (inferred: no document says what an account at its limit gets). 0 = any. */
  buildLimit: 0,
  /** The licence builds a PWA automatically, with the playground set (§3.4, "Short Flow"). */
  shortFlow: false,
};
export type Settings = typeof DEFAULT_SETTINGS;

export interface EmulatorState {
  version: 1;
  settings: Settings;
  fusionSets: FusionSet[];
  uploads: StoredUpload[];
  apps: StoredApp[];
  tasks: StoredTask[];
  tests: StoredTest[];
  validations: StoredValidation[];
  violations: Violation[];
  quirks: Quirk[];
  faults: FaultState[];
}
