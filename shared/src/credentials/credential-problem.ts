/** What a check of credentials can find. Contains neither secret values nor text from an encrypted part. */

import { plainLine } from '../text/untrusted-text.ts';

/** The options whose values are checked; `credentials.ts` turns them into the names that the user wrote. */
export type CredentialOption =
  | 'keystore'
  | 'keystore-password'
  | 'keystore-alias'
  | 'key-password'
  | 'p12'
  | 'p12-password'
  | 'provisioning-profiles'
  | 'entitlements';

export interface CredentialProblem {
  option: CredentialOption;
  /** Fits after the option's name, without a full stop. */
  message: string;
  allowed?: string;
}

export interface CredentialFindings {
  /** Each ends the run before it begins. */
  problems: CredentialProblem[];
  /** Whole sentences. */
  warnings: string[];
  /** The same about what could not be checked. The service may still be able to read it. */
  notChecked: string[];
}

export function noFindings(): CredentialFindings {
  return { problems: [], warnings: [], notChecked: [] };
}

/** A name from a file, as a message may quote it. */
export function quotedName(name: string): string {
  return `"${plainLine(name, 80)}"`;
}
