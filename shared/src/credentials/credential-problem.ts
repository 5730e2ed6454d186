/** What a check of credentials can find. It holds neither the value of a secret nor text from an encrypted part. */

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
  /** Fits behind the option's name, without a full stop. */
  message: string;
  allowed?: string;
}

export interface CredentialFindings {
  /** Each ends the run before it begins. */
  problems: CredentialProblem[];
  /** Whole sentences. */
  warnings: string[];
}

export function noFindings(): CredentialFindings {
  return { problems: [], warnings: [] };
}

/** `2026-11-21`, UTC. */
export function dayOf(time: Date | number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** A name from a file, for a message: on one line, of limited length. */
export function quoted(name: string): string {
  const line = name.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return `"${line.length > 80 ? `${line.slice(0, 80)}…` : line}"`;
}
