/**
 * Opens keystores of any format. The first bytes of a file show its format: a `.keystore` may have any of them.
 */
import { Rounds } from './key-derivation.ts';
import { JCEKS_MAGIC, JKS_MAGIC, type OpenedKeystore } from './opened-keystore.ts';

/**
 * Throws nothing but the reason of the rounds' signal.
 * @param rounds of this file; the same ones when another password is tried on it
 */
export async function openKeystore(bytes: Buffer, password: string, rounds = new Rounds()): Promise<OpenedKeystore> {
  const magic = bytes.length >= 4 ? bytes.readUInt32BE(0) : 0;
  try {
    if (magic === JKS_MAGIC || magic === JCEKS_MAGIC) {
      const { openJavaKeystore } = await import('./java-keystore.ts');
      return openJavaKeystore(bytes, password, rounds);
    }
    // A DER SEQUENCE.
    if (bytes[0] === 0x30) {
      const { openPkcs12 } = await import('./pkcs12.ts');
      return await openPkcs12(bytes, password, rounds);
    }
  } catch {
    rounds.throwIfAborted();
    // Without the cause's text, which could quote the file.
    return { state: 'unreadable', reason: 'its content is damaged or in an unknown format' };
  }
  return { state: 'unreadable', reason: 'it is neither PKCS#12 nor JKS nor JCEKS' };
}
