/**
 * PKCS#12 (RFC 7292): .p12, .pfx, and what keytool makes since Java 9. Node's own crypto opens such files only for TLS and gives no names.
 * node-forge would open them in one go, but it derives keys without a pause, knows only the password of the file and no newer MAC, and cannot
 * tell any of that from damage. So only its parser and its RC2 are used.
 */
import { X509Certificate } from 'node:crypto';
import { defined } from '../model/defined.ts';
import { childrenOf, loadForge, type Node, octetsOf, oidOf, parse } from './asn1-tree.ts';
import { NotCheckable, orNotCheckable, type Rounds } from './key-derivation.ts';
import type { OpenedKeystore, StoredKey } from './opened-keystore.ts';
import { decrypt, isRightMac, type Opener } from './pkcs12-cipher.ts';

const DATA = '2a864886f70d010701';
const ENCRYPTED_DATA = '2a864886f70d010706';
/** 1.2.840.113549.1.12.10.1, without its last number. */
const BAG = '2a864886f70d010c0a01';
const KEY_BAG = `${BAG}01`;
const SHROUDED_KEY_BAG = `${BAG}02`;
const CERTIFICATE_BAG = `${BAG}03`;
const NESTED_BAG = `${BAG}06`;
const FRIENDLY_NAME = '2a864886f70d010914';
const LOCAL_KEY_ID = '2a864886f70d010915';

interface Bag {
  type: string;
  value: Node;
  name: string | undefined;
  id: string | undefined;
}

/**
 * @throws if the file is not PKCS#12 or damaged
 * @throws the reason of the rounds' signal
 */
export async function openPkcs12(bytes: Buffer, password: string, rounds: Rounds): Promise<OpenedKeystore> {
  const io: Opener = { forge: await loadForge(), rounds };
  try {
    const [, authSafe, macData] = childrenOf(parse(io.forge, bytes));
    const content = contentOf(authSafe);
    if (macData !== undefined && !(await isRightMac(macData, content, password, io)))
      return { state: 'wrong-password' };
    const bags: Bag[] = [];
    for (const part of childrenOf(parse(io.forge, content))) bags.push(...(await bagsOf(part, password, io)));
    const opened = await keystoreOf(bags, password, io);
    if (macData === undefined && opened.keystore.keys.some(({ ownPassword }) => ownPassword)) {
      throw new NotCheckable(
        'its key does not open with this password, and without a MAC nothing says which of the two is wrong',
      );
    }
    return opened;
  } catch (error) {
    if (error instanceof NotCheckable) return { state: 'unreadable', reason: error.message };
    throw error;
  }
}

/** Of a ContentInfo with plain data. */
function contentOf(info: Node | undefined): Buffer {
  const [type, content] = childrenOf(info);
  if (oidOf(type) !== DATA) throw new NotCheckable('it is protected by a key instead of a password');
  return octetsOf(childrenOf(content)[0]);
}

async function bagsOf(info: Node, password: string, io: Opener): Promise<Bag[]> {
  const [type, content] = childrenOf(info);
  if (oidOf(type) !== ENCRYPTED_DATA) return readBags(parse(io.forge, contentOf(info)));
  const [, encrypted] = childrenOf(childrenOf(content)[0]);
  const [, algorithm, data] = childrenOf(encrypted);
  if (algorithm === undefined) throw new RangeError('an encrypted part has no algorithm');
  const plain = await decrypt(algorithm, octetsOf(data), password, io);
  if (plain === undefined) throw new NotCheckable('the password does not open all of its parts');
  return readBags(parse(io.forge, plain));
}

function readBags(contents: Node): Bag[] {
  return childrenOf(contents).flatMap((bag): Bag[] => {
    const [type, wrapped, attributes] = childrenOf(bag);
    const [value] = childrenOf(wrapped);
    if (value === undefined) throw new RangeError('a bag is empty');
    if (oidOf(type) === NESTED_BAG) return readBags(value);
    const id = attributeOf(attributes, LOCAL_KEY_ID);
    // node-forge has decoded this one already: it is of the kind BMPString.
    const name = attributeOf(attributes, FRIENDLY_NAME)?.value;
    const names = typeof name === 'string' && name !== '' ? name : undefined;
    return [{ type: oidOf(type), value, name: names, id: id && octetsOf(id).toString('hex') }];
  });
}

function attributeOf(attributes: Node | undefined, wanted: string): Node | undefined {
  if (attributes === undefined) return undefined;
  const found = childrenOf(attributes).find((each) => oidOf(childrenOf(each)[0]) === wanted);
  return found && childrenOf(childrenOf(found)[1])[0];
}

async function keystoreOf(bags: readonly Bag[], password: string, io: Opener) {
  const certificates = bags.filter(({ type }) => type === CERTIFICATE_BAG);
  const keyBags = bags.filter(({ type }) => type === SHROUDED_KEY_BAG || type === KEY_BAG);
  const isOwn = (key: Bag, certificate: Bag) => key.id !== undefined && key.id === certificate.id;
  const keys: StoredKey[] = [];
  for (const bag of keyBags) {
    const own =
      certificates.find((each) => isOwn(bag, each)) ?? (certificates.length === 1 ? certificates[0] : undefined);
    const certificate = own && certificateOf(own);
    const alias = bag.name ?? own?.name;
    keys.push({ ...defined({ alias, certificate }), ...(await lockOf(bag, password, io)) });
  }
  const certificateAliases = certificates
    .filter((each) => !keyBags.some((bag) => isOwn(bag, each)))
    .flatMap(({ name }) => name ?? []);
  return { state: 'opened', keystore: { format: 'PKCS#12', keys, certificateAliases } } as const;
}

/** Most tools give the key the password of the file; the format allows another. */
async function lockOf(bag: Bag, password: string, io: Opener): Promise<Omit<StoredKey, 'alias' | 'certificate'>> {
  if (bag.type === KEY_BAG) return { opensWith: async () => true };
  const opens = (each: string) => opensKey(bag.value, each, io);
  const withFile = await orNotCheckable(() => opens(password));
  if (withFile instanceof NotCheckable) {
    return { notCheckable: withFile.message, opensWith: () => Promise.reject(withFile) };
  }
  return withFile ? { opensWith: async (each) => each === password } : { ownPassword: true, opensWith: opens };
}

async function opensKey(shrouded: Node, password: string, io: Opener): Promise<boolean> {
  const [algorithm, data] = childrenOf(shrouded);
  if (algorithm === undefined) throw new RangeError('a key has no algorithm');
  const plain = await decrypt(algorithm, octetsOf(data), password, io);
  if (plain === undefined) return false;
  try {
    // A wrong key can leave padding that looks right, but no private key.
    return childrenOf(parse(io.forge, plain)).length >= 3;
  } catch {
    return false;
  } finally {
    plain.fill(0);
  }
}

function certificateOf(bag: Bag): X509Certificate | undefined {
  try {
    return new X509Certificate(octetsOf(childrenOf(childrenOf(bag.value)[1])[0]));
  } catch {
    return undefined;
  }
}
