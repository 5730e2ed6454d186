/**
 * What a keystore turned out to be, whatever its format. Which format a file has is told by its first bytes: `.keystore` may be any.
 */
import type { X509Certificate } from 'node:crypto';

export type KeystoreFormat = 'PKCS#12' | 'JKS' | 'JCEKS';

/** A private key in a keystore. */
export interface StoredKey {
  /** Absent where the key has no name, as in a PKCS#12 file that OpenSSL made without `-name`. */
  alias?: string;
  /** Of the key itself, not of its issuers; absent where it could not be read. */
  certificate?: X509Certificate;
  /** Whether this password opens the key; undefined where that cannot be told. */
  opensWith(password: string): boolean | undefined;
}

export interface Keystore {
  format: KeystoreFormat;
  keys: StoredKey[];
  /** Aliases that have a certificate and no key. */
  certificateAliases: string[];
}

/** `unreadable` is never a user's fault for certain: the service may well read what we cannot. */
export type OpenedKeystore =
  | { state: 'opened'; keystore: Keystore }
  | { state: 'wrong-password' }
  | { state: 'unreadable'; reason: string };

/** Opens a keystore of any format that is known here. Never throws. */
export async function openKeystore(bytes: Buffer, password: string): Promise<OpenedKeystore> {
  const magic = bytes.length >= 4 ? bytes.readUInt32BE(0) : 0;
  try {
    if (magic === JKS_MAGIC || magic === JCEKS_MAGIC) {
      const { openJavaKeystore } = await import('./java-keystore.ts');
      return openJavaKeystore(bytes, password);
    }
    // A DER SEQUENCE.
    if (bytes[0] === 0x30) {
      const { openPkcs12 } = await import('./pkcs12.ts');
      return await openPkcs12(bytes, password);
    }
  } catch {
    // Without the cause's text: it could quote what it has read.
    return { state: 'unreadable', reason: 'its content is damaged, or of a form that is not known here' };
  }
  return { state: 'unreadable', reason: 'it is neither PKCS#12 nor JKS nor JCEKS' };
}

/** First four bytes of the formats of Java (OpenJDK, sun.security.provider.JavaKeyStore, com.sun.crypto.provider.JceKeyStore). */
export const JKS_MAGIC = 0xfeedfeed;
export const JCEKS_MAGIC = 0xcececece;
