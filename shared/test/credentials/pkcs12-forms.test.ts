/** PKCS#12 as the standard allows it and few tools write it: other MACs and ciphers, passwords of their own, endless derivation. */
import { execFileSync } from 'node:child_process';
import { createHmac, pbkdf2Sync } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import forge from 'node-forge';
import { beforeAll, describe, expect, it } from 'vitest';
import { type AndroidCredentials, checkAndroidKeystore } from '../../src/credentials/android-credentials.ts';
import { checkIosCredentials } from '../../src/credentials/ios-credentials.ts';
import { NotCheckable, Rounds } from '../../src/credentials/key-derivation.ts';
import { openKeystore } from '../../src/credentials/keystore.ts';
import { credentialBytes, credentialFile, NOW, P12_PASSWORD } from '../preflight/credential-fixtures.ts';
import { temporaryFolder } from '../support/folder.ts';

const PASSWORD = 'store pass';
const { asn1 } = forge;
const { UNIVERSAL, CONTEXT_SPECIFIC } = asn1.Class;

const sequence = (...parts: forge.asn1.Asn1[]) => asn1.create(UNIVERSAL, asn1.Type.SEQUENCE, true, parts);
const tagged = (part: forge.asn1.Asn1) => asn1.create(CONTEXT_SPECIFIC, 0, true, [part]);
const octets = (bytes: string) => asn1.create(UNIVERSAL, asn1.Type.OCTETSTRING, false, bytes);
const number = (bytes: string) => asn1.create(UNIVERSAL, asn1.Type.INTEGER, false, bytes);
const oid = (text: string) => asn1.create(UNIVERSAL, asn1.Type.OID, false, asn1.oidToDer(text).getBytes());
const der = (node: forge.asn1.Asn1) => asn1.toDer(node).getBytes();

/** A PFX of these bags, under a MAC of SHA-1 or the one that is given. */
function pfxOf(bags: forge.asn1.Asn1[], password: string, macOf = sha1Mac): Buffer {
  const data = (bytes: string) => sequence(oid('1.2.840.113549.1.7.1'), tagged(octets(bytes)));
  const content = der(sequence(data(der(sequence(...bags)))));
  return Buffer.from(der(sequence(number('\x03'), data(content), macOf(content, password))), 'latin1');
}

function sha1Mac(content: string, password: string): forge.asn1.Asn1 {
  const hmac = forge.hmac.create();
  const key = forge.pkcs12.generateKey(password, forge.util.createBuffer('saltsalt'), 3, 1, 20);
  hmac.start('sha1', key);
  hmac.update(content);
  const digest = sequence(sequence(oid('1.3.14.3.2.26')), octets(hmac.digest().getBytes()));
  return sequence(digest, octets('saltsalt'), number('\x01'));
}

/** RFC 9579, as OpenSSL 3.4 writes it with `-pbmac1_pbkdf2`: the outer salt and count stand there and mean nothing. */
function pbmac1({ scheme = '1.2.840.113549.2.9', kdf = '1.2.840.113549.1.5.12' }) {
  return (content: string, password: string): forge.asn1.Asn1 => {
    const key = pbkdf2Sync(password, 'saltsalt', 2, 32, 'sha256');
    const mac = createHmac('sha256', key).update(content, 'latin1').digest().toString('latin1');
    const hmac = (name: string) => sequence(oid(name), asn1.create(UNIVERSAL, asn1.Type.NULL, false, ''));
    const derivation = sequence(octets('saltsalt'), number('\x02'), number('\x20'), hmac('1.2.840.113549.2.9'));
    const parameters = sequence(sequence(oid(kdf), derivation), hmac(scheme));
    const digest = sequence(sequence(oid('1.2.840.113549.1.5.14'), parameters), octets(mac));
    return sequence(digest, octets('NOT USED'), number('\x01'));
  };
}

function keyBag(password: string): forge.asn1.Asn1 {
  const pem = forge.pki.privateKeyToAsn1(forge.pki.rsa.generateKeyPair({ bits: 512, prng: forge.random }).privateKey);
  const info = forge.pki.encryptPrivateKeyInfo(forge.pki.wrapRsaPrivateKey(pem), password, {
    algorithm: 'aes128',
    count: 1,
  });
  const name = asn1.create(UNIVERSAL, asn1.Type.BMPSTRING, false, 'rel');
  const set = (part: forge.asn1.Asn1) => asn1.create(UNIVERSAL, asn1.Type.SET, true, [part]);
  const attributes = set(sequence(oid('1.2.840.113549.1.9.20'), set(name)));
  return sequence(oid('1.2.840.113549.1.12.10.1.2'), tagged(info), attributes);
}

const SECRET_BAG = sequence(
  oid('1.2.840.113549.1.12.10.1.5'),
  tagged(sequence(oid('1.2.840.113549.1.12.10.1.2'), tagged(octets('synthetic')))),
);

let pem = '';

beforeAll(async () => {
  pem = execFileSync('openssl', [
    ...['pkcs12', '-legacy', '-in', credentialFile('ios-distribution.p12'), '-nodes'],
    ...['-passin', `pass:${P12_PASSWORD}`],
  ]).toString();
});

/** Made by OpenSSL from the key and certificate of the identity. */
async function exported(...args: string[]): Promise<Buffer> {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, 'all.pem'), pem);
  const common = [
    'pkcs12',
    '-export',
    '-in',
    'all.pem',
    '-name',
    'release',
    '-passout',
    `pass:${PASSWORD}`,
    '-out',
    'x.p12',
  ];
  execFileSync('openssl', [...common, ...args], { cwd: folder, stdio: 'pipe' });
  return readFile(path.join(folder, 'x.p12'));
}

function check(opened: Awaited<ReturnType<typeof openKeystore>>, given: Partial<AndroidCredentials> = {}) {
  const all = { file: 'x.p12', alias: 'rel', keyPassword: undefined, keystorePassword: PASSWORD, ...given };
  return checkAndroidKeystore(opened, all, NOW);
}

describe('what OpenSSL can write is opened, and only by its password', () => {
  it.each([
    ['the default', []],
    ['a MAC of SHA-512', ['-macalg', 'sha512']],
    ['a MAC of SHA-384', ['-macalg', 'sha384']],
    ['3DES', ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES']],
    ['AES-128', ['-keypbe', 'AES-128-CBC', '-certpbe', 'AES-192-CBC']],
    ['RC2-40, as macOS', ['-legacy', '-certpbe', 'PBE-SHA1-RC2-40']],
    ['RC2-128', ['-legacy', '-certpbe', 'PBE-SHA1-RC2-128', '-keypbe', 'PBE-SHA1-2DES']],
    ['plain certificates', ['-certpbe', 'NONE']],
    ['nothing encrypted', ['-certpbe', 'NONE', '-keypbe', 'NONE']],
    ['many rounds', ['-iter', '20000']],
  ])('%s', async (_, args) => {
    const bytes = await exported(...args);
    const opened = await openKeystore(bytes, PASSWORD);
    if (opened.state !== 'opened') throw new Error(JSON.stringify(opened));
    const [key] = opened.keystore.keys;
    expect(key).toMatchObject({ alias: 'release' });
    expect(key?.certificate?.subject).toContain('SYNTH12345');
    expect(key?.ownPassword).toBeUndefined();
    expect(await key?.opensWith(PASSWORD)).toBe(true);
    expect(await openKeystore(bytes, 'wrong')).toEqual({ state: 'wrong-password' });
  });
});

describe('a key with a password of its own', () => {
  const bytes = pfxOf([keyBag('key pass')], PASSWORD);

  it('opens with that alone', async () => {
    const opened = await openKeystore(bytes, PASSWORD);
    expect(await check(opened, { keyPassword: 'key pass' })).toEqual({ problems: [], warnings: [], notChecked: [] });
    expect((await check(opened, { keyPassword: 'other' })).problems).toMatchObject([{ option: 'key-password' }]);
    expect((await check(opened)).problems).toMatchObject([
      { option: 'key-password', allowed: expect.not.stringMatching(/both/) },
    ]);
  });

  it('is not checked on iOS, where there is one password', async () => {
    const opened = await openKeystore(bytes, PASSWORD);
    const { problems, notChecked } = checkIosCredentials(
      { identity: { file: 'x.p12', opened }, profiles: [], entitlements: [] },
      NOW,
    );
    expect(problems).toEqual([]);
    expect(notChecked).toEqual([expect.stringMatching(/x\.p12 was not checked, because it has a password of its own/)]);
  });
});

it('a key under an unknown cipher is not checked', async () => {
  const cipher = /60864801650304012a/g;
  const bytes = (await exported('-nomac', '-certpbe', 'NONE')).toString('hex').replace(cipher, '60864801650304012e');
  const opened = await openKeystore(Buffer.from(bytes, 'hex'), PASSWORD);
  const { problems, notChecked } = await check(opened, { alias: 'release' });
  expect(problems).toEqual([]);
  expect(notChecked).toEqual([expect.stringMatching(/^The password of the key "release" of x\.p12 was not checked/)]);
});

it('a secret key beside the signing key does not stand in its way', async () => {
  const opened = await openKeystore(pfxOf([SECRET_BAG, keyBag(PASSWORD)], PASSWORD), PASSWORD);
  expect(await check(opened)).toEqual({ problems: [], warnings: [], notChecked: [] });
});

describe('a MAC by PBMAC1', () => {
  it('is opened, and only by its password', async () => {
    const bytes = pfxOf([keyBag(PASSWORD)], PASSWORD, pbmac1({}));
    expect(await check(await openKeystore(bytes, PASSWORD))).toEqual({ problems: [], warnings: [], notChecked: [] });
    expect(await openKeystore(bytes, 'wrong')).toEqual({ state: 'wrong-password' });
  });

  it.each([
    ['scheme', { scheme: '2.16.840.1.101.3.4.2.19' }, /its MAC is not known/],
    ['key derivation', { kdf: '1.3.6.1.4.1.11591.4.11' }, /its key derivation is not known/],
  ])('of another %s is not checked, and never called damaged', async (_, parts, reason) => {
    const opened = await openKeystore(pfxOf([keyBag(PASSWORD)], PASSWORD, pbmac1(parts)), PASSWORD);
    expect(opened).toEqual({ state: 'unreadable', reason: expect.stringMatching(reason) });
    expect((await check(opened)).notChecked).toEqual([expect.stringMatching(/not checked, because/)]);
  });
});

describe('what is not known here is not checked, and never called damaged', () => {
  const replaced = (bytes: Buffer, from: string, to: string) =>
    Buffer.from(bytes.toString('hex').replaceAll(from, to), 'hex');

  it.each<[string, string[], (bytes: Buffer) => Buffer, RegExp]>([
    // SHA-256 becomes SHAKE128, AES-256-CBC becomes AES-256-GCM.
    ['a MAC', [], (bytes) => replaced(bytes, '608648016503040201', '60864801650304020b'), /key derivation|MAC/],
    [
      'a cipher',
      ['-nomac', '-certpbe', 'AES-256-CBC'],
      (bytes) => replaced(bytes, '60864801650304012a', '60864801650304012e'),
      /encryption is not known/,
    ],
    [
      'a signature instead of a MAC',
      [],
      (bytes) => replaced(bytes, '2a864886f70d010701', '2a864886f70d010702'),
      /key instead of a password/,
    ],
  ])('%s', async (_, args, change, reason) => {
    const opened = await openKeystore(change(await exported(...args)), PASSWORD);
    expect(opened).toEqual({ state: 'unreadable', reason: expect.stringMatching(reason) });
    expect((await check(opened)).notChecked).toEqual([expect.stringMatching(/not checked, because/)]);
  });
});

describe('endless derivation', () => {
  // 70,000 rounds in three bytes, so that the number can be changed in place.
  const asking = async (rounds: string) =>
    Buffer.from((await exported('-iter', '70000')).toString('hex').replaceAll('0203011170', `0203${rounds}`), 'hex');

  it('is not begun', async () => {
    expect(await openKeystore(await asking('7fffff'), PASSWORD)).toEqual({
      state: 'unreadable',
      reason: expect.stringMatching(/5,000,000 rounds/),
    });
  });

  it('of a key alone is said, not that its protection is unknown', async () => {
    const bytes = (await exported('-iter', '70000', '-nomac', '-certpbe', 'NONE')).toString('hex');
    const opened = await openKeystore(Buffer.from(bytes.replaceAll('0203011170', '02037fffff'), 'hex'), PASSWORD);
    const { problems, notChecked } = await check(opened, { alias: 'release' });
    expect(problems).toEqual([]);
    expect(notChecked).toEqual([expect.stringMatching(/not checked, because it asks for more than 5,000,000 rounds/)]);
  });

  it('is not begun where the parts ask for it together', () => {
    const rounds = new Rounds();
    rounds.spend(3_000_000);
    expect(() => rounds.spend(3_000_000)).toThrow(NotCheckable);
    for (const count of [0, -1, Number.NaN]) expect(() => new Rounds().spend(count)).toThrow(NotCheckable);
  });

  it('ends with its signal, and lets others work meanwhile', async () => {
    const bytes = await asking('3d0900');
    const abort = new AbortController();
    setTimeout(() => abort.abort(new Error('cancelled')), 20);
    await expect(openKeystore(bytes, PASSWORD, new Rounds(abort.signal))).rejects.toThrow('cancelled');
  });
});

it('a keystore that was cut is not said to have another password', async () => {
  for (const file of ['android.jks', 'android.jceks', 'android-modern.p12']) {
    const bytes = credentialBytes(file);
    for (const length of [bytes.length - 1, bytes.length - 30, Math.floor(bytes.length / 2), 100]) {
      const opened = await openKeystore(bytes.subarray(0, length), PASSWORD);
      expect(opened, `${file} ${length}`).toMatchObject({ state: 'unreadable' });
    }
  }
});
