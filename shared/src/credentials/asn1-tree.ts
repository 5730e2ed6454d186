/** What PKCS#12 needs of ASN.1: node-forge parses DER and BER, and these read its tree. All throw where the tree has another form. */
import type { asn1 } from 'node-forge';

export type Forge = typeof import('node-forge');
export type Node = asn1.Asn1;

/** Loaded late, because it is large. */
export async function loadForge(): Promise<Forge> {
  const loaded: Forge & { default?: Forge } = await import('node-forge');
  // CommonJS: the default export in Node, the module itself in a bundle.
  return loaded.default ?? loaded;
}

export function parse(forge: Forge, bytes: Buffer): Node {
  return forge.asn1.fromDer(forge.util.createBuffer(bytes.toString('latin1')));
}

export function childrenOf(node: Node | undefined): Node[] {
  if (!Array.isArray(node?.value)) throw new RangeError('an element has no parts');
  return node.value;
}

/** BER may split a text of octets into several. */
export function octetsOf(node: Node | undefined): Buffer {
  if (node === undefined) throw new RangeError('an element is missing');
  return Array.isArray(node.value) ? Buffer.concat(node.value.map(octetsOf)) : Buffer.from(node.value, 'latin1');
}

/** In hexadecimal, as DER encodes it. */
export function oidOf(node: Node | undefined): string {
  return octetsOf(node).toString('hex');
}

export function numberOf(node: Node | undefined): number {
  const bytes = octetsOf(node);
  // A larger number is a larger number of rounds than any.
  return bytes.length > 6 ? Number.MAX_SAFE_INTEGER : bytes.readUIntBE(0, bytes.length);
}
