/**
 * PKCS#12 (RFC 7292): .p12, .pfx, and what keytool makes since Java 9. Uses node-forge, because Node's own crypto opens such files only for
 * TLS, gives no names, and refuses RC2, in which macOS Keychain and OpenSSL 1 wrap certificates. Loaded late, because it is large.
 */
import { X509Certificate } from 'node:crypto';
import type { asn1, pkcs12 } from 'node-forge';
import { defined } from '../model/defined.ts';
import type { OpenedKeystore, StoredKey } from './opened-keystore.ts';

type Forge = typeof import('node-forge');

/** @throws if the file is not PKCS#12, or contains something that node-forge does not support */
export async function openPkcs12(bytes: Buffer, password: string): Promise<OpenedKeystore> {
  const loaded: Forge & { default?: Forge } = await import('node-forge');
  // CommonJS: the default export in Node, the module itself in a bundle.
  const forge = loaded.default ?? loaded;
  const parse = () => forge.asn1.fromDer(forge.util.createBuffer(bytes.toString('latin1')));
  let content: pkcs12.Pkcs12Pfx;
  try {
    content = forge.pkcs12.pkcs12FromAsn1(parse(), false, password);
  } catch (error) {
    if (isWrongPassword(error)) return { state: 'wrong-password' };
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what is meant
    if (/^[\x00-\x7f]*$/.test(password)) throw error;
    // The MAC, which takes the password as UTF-16 (RFC 7292, appendix B.1), was right. PBES2 takes it as UTF-8, which node-forge does not
    // do.
    content = forge.pkcs12.pkcs12FromAsn1(withoutMac(parse()), false, forge.util.encodeUtf8(password));
  }
  const bags = content.safeContents.flatMap(({ safeBags }) => safeBags);
  const certificates = bags.filter(({ type }) => type === forge.pki.oids.certBag);
  const keyBags = bags.filter(
    ({ type }) => type === forge.pki.oids.pkcs8ShroudedKeyBag || type === forge.pki.oids.keyBag,
  );
  const keys = keyBags.map((bag): StoredKey => {
    const own =
      certificates.find((each) => isOwn(bag, each)) ?? (certificates.length === 1 ? certificates[0] : undefined);
    const certificate = own && certificateOf(own, forge);
    const alias = nameOf(bag) ?? (own && nameOf(own));
    return {
      ...defined({ alias, certificate }),
      // It is open already: in this format the key has the password of the keystore.
      opensWith: (keyPassword) => keyPassword === password,
    };
  });
  const certificateAliases = certificates
    .filter((each) => !keyBags.some((bag) => isOwn(bag, each)))
    .flatMap((each) => nameOf(each) ?? []);
  return { state: 'opened', keystore: { format: 'PKCS#12', keys, certificateAliases } };
}

/** node-forge has no error codes. The MAC is checked before anything is decrypted, so no other failure is about the password. */
function isWrongPassword(error: unknown): boolean {
  return error instanceof Error && /MAC could not be verified/.test(error.message);
}

/** A PFX is version, content and, optionally, the MAC. */
function withoutMac(pfx: asn1.Asn1): asn1.Asn1 {
  return { ...pfx, value: Array.isArray(pfx.value) ? pfx.value.slice(0, 2) : pfx.value };
}

/** A bag's attributes. Their type wrongly says that they are always present. */
function attribute(bag: pkcs12.Bag, name: 'friendlyName' | 'localKeyId'): string | undefined {
  const values = (bag.attributes as Record<string, unknown[]> | undefined)?.[name];
  const value = values?.[0];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function nameOf(bag: pkcs12.Bag): string | undefined {
  return attribute(bag, 'friendlyName');
}

function isOwn(key: pkcs12.Bag, certificate: pkcs12.Bag): boolean {
  const id = attribute(key, 'localKeyId');
  return id !== undefined && id === attribute(certificate, 'localKeyId');
}

/** node-forge reads only RSA certificates; Node reads all of them from the same bytes. */
function certificateOf(bag: pkcs12.Bag, forge: Forge): X509Certificate | undefined {
  try {
    const tree = bag.cert ? forge.pki.certificateToAsn1(bag.cert) : bag.asn1;
    return new X509Certificate(Buffer.from(forge.asn1.toDer(tree).getBytes(), 'latin1'));
  } catch {
    return undefined;
  }
}
