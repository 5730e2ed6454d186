/** The ciphers and MACs of PKCS#12: RFC 7292 (its own, and PBES2 of RFC 8018), RFC 9579 (PBMAC1). Object identifiers as DER in hexadecimal. */
import { createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { childrenOf, type Forge, type Node, numberOf, octetsOf, oidOf } from './asn1-tree.ts';
import { type Derivation, NotCheckable, type Rounds } from './key-derivation.ts';

const PBES2 = '2a864886f70d01050d';
const PBKDF2 = '2a864886f70d01050c';
const PBMAC1 = '2a864886f70d01050e';
/** 1.2.840.113549.1.12.1, without its last number. */
const PKCS12_PBE = '2a864886f70d010c01';

const DIGESTS: Readonly<Record<string, string>> = {
  '2b0e03021a': 'sha1',
  '608648016503040204': 'sha224',
  '608648016503040201': 'sha256',
  '608648016503040202': 'sha384',
  '608648016503040203': 'sha512',
};

const HMACS: Readonly<Record<string, string>> = {
  '2a864886f70d0207': 'sha1',
  '2a864886f70d0208': 'sha224',
  '2a864886f70d0209': 'sha256',
  '2a864886f70d020a': 'sha384',
  '2a864886f70d020b': 'sha512',
};

const CIPHERS: Readonly<Record<string, { name: string; keyBytes: number }>> = {
  '608648016503040102': { name: 'aes-128-cbc', keyBytes: 16 },
  '608648016503040116': { name: 'aes-192-cbc', keyBytes: 24 },
  '60864801650304012a': { name: 'aes-256-cbc', keyBytes: 32 },
  '2a864886f70d0307': { name: 'des-ede3-cbc', keyBytes: 24 },
};

/** RC4 is in the list of the standard and in no file of today. */
const PKCS12_CIPHERS: Readonly<Record<string, { name: 'des-ede3-cbc' | 'rc2'; keyBytes: number }>> = {
  '03': { name: 'des-ede3-cbc', keyBytes: 24 },
  '04': { name: 'des-ede3-cbc', keyBytes: 16 },
  '05': { name: 'rc2', keyBytes: 16 },
  '06': { name: 'rc2', keyBytes: 5 },
};

function known<T>(table: Readonly<Record<string, T>>, oid: string, what: string): T {
  const found = table[oid];
  if (found === undefined) throw new NotCheckable(`its ${what} is not known here`);
  return found;
}

/** PKCS#12's own algorithms take the password as UTF-16 with a zero at the end (RFC 7292, appendix B.1), all others as UTF-8. */
function wide(password: string): Buffer {
  return Buffer.from(`${password}\0`, 'utf16le').swap16();
}

export interface Opener {
  forge: Forge;
  rounds: Rounds;
}

/** @returns undefined where the password is not the right one; @throws NotCheckable */
export async function decrypt(
  algorithm: Node,
  data: Buffer,
  password: string,
  io: Opener,
): Promise<Buffer | undefined> {
  const [type, parameters] = childrenOf(algorithm);
  const oid = oidOf(type);
  if (oid === PBES2) return decryptPbes2(parameters, data, password, io);
  const cipher = oid.startsWith(PKCS12_PBE)
    ? known(PKCS12_CIPHERS, oid.slice(PKCS12_PBE.length), 'encryption')
    : known<never>({}, oid, 'encryption');
  const [salt, count] = childrenOf(parameters);
  const derivation = { salt: octetsOf(salt), count: numberOf(count), hash: 'sha1' };
  const key = await io.rounds.pkcs12(wide(password), derivation, 1, cipher.keyBytes);
  const iv = await io.rounds.pkcs12(wide(password), derivation, 2, 8);
  if (cipher.name === 'rc2') return decryptRc2(key, iv, data, io.forge);
  const full = cipher.keyBytes === 16 ? Buffer.concat([key, key.subarray(0, 8)]) : key;
  return decryptWith(cipher.name, full, iv, data);
}

async function decryptPbes2(
  parameters: Node | undefined,
  data: Buffer,
  password: string,
  { rounds }: Opener,
): Promise<Buffer | undefined> {
  const [derivation, encryption] = childrenOf(parameters);
  const [type, iv] = childrenOf(encryption);
  const cipher = known(CIPHERS, oidOf(type), 'encryption');
  const key = await rounds.pbkdf2(Buffer.from(password, 'utf8'), pbkdf2Of(derivation).derivation, cipher.keyBytes);
  return decryptWith(cipher.name, key, octetsOf(iv), data);
}

/** Salt, count, the key's length and the hash; the last two may be left out. */
function pbkdf2Of(algorithm: Node | undefined): { derivation: Derivation; length: number | undefined } {
  const [type, parameters] = childrenOf(algorithm);
  if (oidOf(type) !== PBKDF2) throw new NotCheckable('its key derivation is not known here');
  const [salt, count, ...rest] = childrenOf(parameters);
  const prf = rest.find(({ value }) => Array.isArray(value));
  const length = rest.find(({ value }) => !Array.isArray(value));
  const hash = prf === undefined ? 'sha1' : known(HMACS, oidOf(childrenOf(prf)[0]), 'key derivation');
  return {
    derivation: { salt: octetsOf(salt), count: numberOf(count), hash },
    length: length && numberOf(length),
  };
}

function decryptWith(name: string, key: Buffer, iv: Buffer, data: Buffer): Buffer | undefined {
  const decipher = createDecipheriv(name, key, iv);
  try {
    return Buffer.concat([decipher.update(data), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** Node refuses RC2, in which macOS Keychain and OpenSSL 1 wrap certificates. */
function decryptRc2(key: Buffer, iv: Buffer, data: Buffer, forge: Forge): Buffer | undefined {
  const text = (bytes: Buffer) => forge.util.createBuffer(bytes.toString('latin1'));
  const cipher = forge.rc2.createDecryptionCipher(text(key), key.length * 8);
  cipher.start(text(iv));
  cipher.update(text(data));
  return cipher.finish() ? Buffer.from(cipher.output.getBytes(), 'latin1') : undefined;
}

/** @throws NotCheckable */
export async function isRightMac(
  macData: Node,
  content: Buffer,
  password: string,
  { rounds }: Opener,
): Promise<boolean> {
  const [info, salt, count] = childrenOf(macData);
  const [algorithm, digest] = childrenOf(info);
  const [type, parameters] = childrenOf(algorithm);
  const expected = octetsOf(digest);
  const matches = (key: Buffer, hash: string) => {
    const own = createHmac(hash, key).update(content).digest();
    return own.length === expected.length && timingSafeEqual(own, expected);
  };
  if (oidOf(type) === PBMAC1) {
    const [kdf, scheme] = childrenOf(parameters);
    const hash = known(HMACS, oidOf(childrenOf(scheme)[0]), 'MAC');
    const { derivation, length = expected.length } = pbkdf2Of(kdf);
    return matches(await rounds.pbkdf2(Buffer.from(password, 'utf8'), derivation, length), hash);
  }
  const hash = known(DIGESTS, oidOf(type), 'MAC');
  const derivation = { salt: octetsOf(salt), count: count === undefined ? 1 : numberOf(count), hash };
  // Without a password there are two forms: a zero alone, and nothing at all.
  for (const form of password === '' ? [wide(''), Buffer.alloc(0)] : [wide(password)]) {
    if (matches(await rounds.pkcs12(form, derivation, 3, expected.length), hash)) return true;
  }
  return false;
}
