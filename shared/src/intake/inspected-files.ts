import type { AppInput, BuildFiles, PendingFile, TrustedFingerprint } from '../model/run-request.ts';
import type { Secret } from '../model/secret.ts';
import type { InputProblem } from '../options/problem.ts';

/** What the files that the options name turned out to be. */
export interface InspectedFiles {
  app?: AppInput;
  /** A whole sentence about an app that was protected before. */
  fusedAlready?: string;
  /** The keystore or identity was exported without a password, and none is given. */
  withoutPassword?: true;
  /** Absolute, as all of these; a file that is `pending` is not there yet. */
  keystore?: string;
  p12?: string;
  provisioningProfiles: string[];
  entitlements: string[];
  trustedFingerprints?: TrustedFingerprint[];
  /** The list is in a file that is pending. */
  trustedFingerprintsFile?: string;
  buildFiles: BuildFiles;
  appIcon?: string;
  iconOverlay?: string;
  /** The `firebase` command, if it is needed. */
  firebase?: string;
  pending: PendingFile[];
  /** What was given as text and must be masked. */
  secrets: Secret[];
  caFile?: string;
  /** Of an earlier run; absolute. */
  result?: string;
  certificates: string[];
  buildOverrides: Record<string, unknown>;
  contextOverrides: Record<string, unknown>;
  signOverrides: Record<string, unknown>;
  problems: InputProblem[];
  /** Paths of files whose content is a problem already: nothing more is said about them. */
  refused: ReadonlySet<string>;
  /** Whole sentences about files that go to the service without a look into them. */
  notChecked: string[];
  /** What was passed over and may have been meant. */
  notices: string[];
}
