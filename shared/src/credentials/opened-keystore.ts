/** What was found in a keystore, whatever its format. */
import type { X509Certificate } from 'node:crypto';

export type KeystoreFormat = 'PKCS#12' | 'JKS' | 'JCEKS';

export interface StoredKey {
  /** Absent if the key has no name, as in a PKCS#12 file that OpenSSL made without `-name`. */
  alias?: string;
  /** The key's own certificate, not its issuers'; absent if it could not be read. */
  certificate?: X509Certificate;
  /** @throws NotCheckable if that cannot be known here */
  opensWith(password: string): Promise<boolean>;
  /** The password of the keystore does not open it. */
  ownPassword?: true;
  /** Why no password of it can be checked; fits after "because". */
  notCheckable?: string;
}

export interface Keystore {
  format: KeystoreFormat;
  keys: StoredKey[];
  /** Aliases that have a certificate and no key. */
  certificateAliases: string[];
}

/** `unreadable` may not be the user's fault: the service may be able to read what we cannot. */
export type OpenedKeystore =
  | { state: 'opened'; keystore: Keystore }
  | { state: 'wrong-password' /** What is too much in the password; fits after "without". */; slip?: string }
  | { state: 'unreadable'; reason: string };

/** First four bytes of Java's formats (OpenJDK, sun.security.provider.JavaKeyStore, com.sun.crypto.provider.JceKeyStore). */
export const JKS_MAGIC = 0xfeedfeed;
export const JCEKS_MAGIC = 0xcececece;
