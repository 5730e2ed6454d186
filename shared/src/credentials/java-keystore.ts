/**
 * JKS and JCEKS, Java's own keystore formats: a count, the entries, and a SHA-1 over everything. Libraries such as jks-js convert a whole
 * keystore to PEM, with its private keys decrypted. This reader only checks whether each password is right: it lists aliases and
 * certificates without the key's password, keeps no decrypted key, and can say that it does not know. Source: OpenJDK,
 * `sun/security/provider/JavaKeyStore.java`, `KeyProtector.java` and `com/sun/crypto/provider/JceKeyStore.java`, `KeyProtector.java`,
 * `PBES1Core.java` (https://github.com/openjdk/jdk).
 */
import { createDecipheriv, createHash, X509Certificate } from 'node:crypto';
import { defined } from '../model/defined.ts';
import { NotCheckable, type Rounds } from './key-derivation.ts';
import { JKS_MAGIC, type KeystoreFormat, type OpenedKeystore, type StoredKey } from './opened-keystore.ts';

/** Hashed between password and data, so that the digest is not a plain hash of known text. */
const WHITENER = Buffer.from('Mighty Aphrodite', 'utf8');
const SHA1_BYTES = 20;
const KEY_ENTRY = 1;
const CERTIFICATE_ENTRY = 2;

/**
 * @param password of the keystore; keys have their own
 * @throws RangeError if the file ends too early or a length in it is impossible
 */
export function openJavaKeystore(bytes: Buffer, password: string, rounds: Rounds): OpenedKeystore {
  const content = bytes.subarray(0, bytes.length - SHA1_BYTES);
  // A file that was cut has a wrong digest, too, and that is not the fault of the password.
  const read = readEntries(content, rounds);
  const digest = createHash('sha1').update(utf16(password)).update(WHITENER).update(content).digest();
  if (!digest.equals(bytes.subarray(content.length))) return { state: 'wrong-password' };
  return read;
}

function readEntries(content: Buffer, rounds: Rounds): OpenedKeystore {
  const reader = new Reader(content);
  const format: KeystoreFormat = reader.uint32() === JKS_MAGIC ? 'JKS' : 'JCEKS';
  const version = reader.uint32();
  if (version !== 1 && version !== 2) return { state: 'unreadable', reason: `it is ${format} of version ${version}` };
  const keys: StoredKey[] = [];
  const certificateAliases: string[] = [];
  for (let left = reader.uint32(); left > 0; left -= 1) {
    const tag = reader.uint32();
    // A secret key is a serialised Java object without a length, so what follows it cannot be found.
    if (tag !== KEY_ENTRY && tag !== CERTIFICATE_ENTRY) {
      return { state: 'unreadable', reason: 'it holds secret keys beside its signing keys' };
    }
    const alias = reader.text();
    reader.take(8); // Date of creation.
    if (tag === CERTIFICATE_ENTRY) {
      reader.certificate(version);
      certificateAliases.push(alias);
      continue;
    }
    const encrypted = reader.take(reader.uint32());
    const chain = Array.from({ length: reader.uint32() }, () => reader.certificate(version));
    const certificate = chain[0] === undefined ? undefined : certificateOf(chain[0]);
    keys.push({ alias, ...defined({ certificate }), opensWith: (each) => opensKey(encrypted, each, rounds) });
  }
  if (reader.left > 0) return { state: 'unreadable', reason: 'it has more data after its last entry' };
  return { state: 'opened', keystore: { format, keys, certificateAliases } };
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  take(count: number): Buffer {
    if (this.#at + count > this.#bytes.length) throw new RangeError('the file ends too early');
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  uint32(): number {
    return this.take(4).readUInt32BE();
  }

  /** Java's modified UTF-8 differs from UTF-8 only for NUL and beyond the BMP, and no alias has those. */
  text(): string {
    return this.take(this.take(2).readUInt16BE()).toString('utf8');
  }

  certificate(version: number): Buffer {
    if (version === 2) this.text(); // `X.509`
    return this.take(this.uint32());
  }
}

function certificateOf(der: Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(der);
  } catch {
    return undefined;
  }
}

function utf16(password: string): Buffer {
  return Buffer.from(password, 'utf16le').swap16();
}

/** Object identifiers of the key protections; both wrap a PKCS#8 key in an EncryptedPrivateKeyInfo. */
const JKS_PROTECTION = '2b060104012a02110101';
const JCEKS_PROTECTION = '2b060104012a021301';

/** @throws NotCheckable, also if the protection is damaged */
async function opensKey(encrypted: Buffer, password: string, rounds: Rounds): Promise<boolean> {
  let opens: boolean | undefined;
  try {
    opens = await opensProtectedKey(encrypted, password, rounds);
  } catch (error) {
    rounds.throwIfAborted();
    if (error instanceof NotCheckable) throw error;
  }
  if (opens === undefined) throw new NotCheckable("the key's protection is not known here");
  return opens;
}

async function opensProtectedKey(encrypted: Buffer, password: string, rounds: Rounds): Promise<boolean | undefined> {
  const [info] = derElements(encrypted);
  const [algorithm, data] = derElements(info ?? encrypted);
  if (algorithm === undefined || data === undefined) return undefined;
  const [oid, parameters] = derElements(algorithm);
  const protection = oid?.toString('hex');
  if (protection === JKS_PROTECTION) return opensJksKey(data, password);
  return protection === JCEKS_PROTECTION && parameters ? opensJceksKey(data, parameters, password, rounds) : undefined;
}

/** The values of consecutive DER elements; lengths of up to four bytes. */
function derElements(bytes: Buffer): Buffer[] {
  const elements: Buffer[] = [];
  for (let at = 0; at + 2 <= bytes.length; ) {
    const first = bytes[at + 1] ?? 0;
    const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
    if (lengthBytes > 4) throw new RangeError('a length is nonsense');
    const start = at + 2 + lengthBytes;
    const length = lengthBytes === 0 ? first : bytes.readUIntBE(at + 2, lengthBytes);
    if (start + length > bytes.length) throw new RangeError('an element is longer than its text');
    elements.push(bytes.subarray(start, start + length));
    at = start + length;
  }
  return elements;
}

/** Salt, key XOR a chain of SHA-1 digests, and a digest of password and key, which shows whether the password is right. */
function opensJksKey(data: Buffer, password: string): boolean {
  const secret = utf16(password);
  const key = Buffer.from(data.subarray(SHA1_BYTES, data.length - SHA1_BYTES));
  let stream: Buffer = data.subarray(0, SHA1_BYTES);
  for (let at = 0; at < key.length; at += SHA1_BYTES) {
    stream = createHash('sha1').update(secret).update(stream).digest();
    for (let i = 0; i < SHA1_BYTES && at + i < key.length; i += 1) {
      key.writeUInt8((key[at + i] ?? 0) ^ (stream[i] ?? 0), at + i);
    }
  }
  const check = createHash('sha1').update(secret).update(key).digest();
  key.fill(0);
  return check.equals(data.subarray(data.length - SHA1_BYTES));
}

/** PBEWithMD5AndTripleDES: each half of the salt is hashed with the password repeatedly; the digests are key and IV. */
async function opensJceksKey(
  data: Buffer,
  parameters: Buffer,
  password: string,
  rounds: Rounds,
): Promise<boolean | undefined> {
  const [salt, count] = derElements(parameters);
  if (salt?.length !== 8 || count === undefined || count.length === 0 || count.length > 4) return undefined;
  // Java accepts only ASCII here, so nothing else could have been the password.
  if (!/^[\x20-\x7e]*$/.test(password)) return false;
  const times = count.readUIntBE(0, count.length);
  const half = salt.length / 2;
  if (salt.subarray(0, half).equals(salt.subarray(half))) return undefined;
  const derived: Buffer[] = [];
  for (const part of [salt.subarray(0, half), salt.subarray(half)]) {
    rounds.spend(times);
    const step = (hash: Buffer) => createHash('md5').update(hash).update(password, 'latin1').digest();
    derived.push(await rounds.repeat(times, part, step));
  }
  const material = Buffer.concat(derived);
  try {
    const decipher = createDecipheriv('des-ede3-cbc', material.subarray(0, 24), material.subarray(24));
    const key = Buffer.concat([decipher.update(data), decipher.final()]);
    const isSequence = key[0] === 0x30;
    key.fill(0);
    return isSequence;
  } catch (error) {
    // Wrong padding means a wrong password; a machine without MD5 or 3DES (FIPS) fails differently.
    return (error as NodeJS.ErrnoException).code === 'ERR_OSSL_BAD_DECRYPT' ? false : undefined;
  }
}
