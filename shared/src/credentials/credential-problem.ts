/** What a look at credentials can say. Neither holds a value of a secret, nor text from inside an encrypted part. */

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
  /** Each makes the run end before it begins. */
  problems: CredentialProblem[];
  /** Whole sentences. */
  warnings: string[];
}

export function noFindings(): CredentialFindings {
  return { problems: [], warnings: [] };
}

/** A day as people write it, UTC. */
export function dayOf(time: Date | number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** A name from a file, as a message may show it: one line, not endless. */
export function quoted(name: string): string {
  const line = name.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return `"${line.length > 80 ? `${line.slice(0, 80)}…` : line}"`;
}
