/**
 * Which package is the app's own: its id. Manifests of libraries are merged into the app's, so the package of an activity or of the
 * Application class proves nothing. Three forms of the same manifest.
 */
import type { Zip } from '../../../files/zip-members.ts';
import { UnreadablePart } from '../problem.ts';
import { readBinaryXml } from './binary-xml.ts';
import type { Element } from './element.ts';
import { readProtoXml } from './proto-xml.ts';

export const MANIFESTS = /^(?:[^/]+\/manifest\/)?AndroidManifest\.xml$/;
/** Of the app; other modules add to it. */
const MAIN = ['AndroidManifest.xml', 'base/manifest/AndroidManifest.xml'];
const MAX_BYTES = 8 * 1024 * 1024;

/** @returns nothing where the manifest cannot be read; then whose a class is cannot be told */
export async function packagesOf(zip: Zip): Promise<string[]> {
  const name = MAIN.find((each) => zip.members.some((member) => member.name === each));
  if (name === undefined) return [];
  const elements = await zip
    .read(name, MAX_BYTES)
    .then(elementsOf)
    .catch(() => []);
  const id = elements.find((element) => element.name === 'manifest')?.attributes['package'] ?? '';
  return /^[A-Za-z]\w*(?:\.\w+)*$/.test(id) ? [id] : [];
}

/** The elements in their order. Bytes tell the form: binary XML starts with its chunk, text with `<`, the rest is protobuf. */
export async function elementsOf(bytes: Buffer): Promise<Element[]> {
  if (bytes.length > 8 && bytes.readUInt32LE(0) === 0x00080003) return readBinaryXml(bytes);
  if (/^\s*</.test(bytes.toString('latin1', 0, 64).replace(/^\xef\xbb\xbf/, ''))) return readText(bytes.toString());
  return readProtoXml(bytes);
}

async function readText(text: string): Promise<Element[]> {
  const { SaxesParser } = await import('saxes');
  const elements: Element[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw new UnreadablePart(error.message);
  });
  parser.on('opentag', ({ name, attributes }) => {
    const plain = Object.entries(attributes).map(([key, value]) => [key.replace(/^\w+:/, ''), String(value)]);
    elements.push({ name, attributes: Object.fromEntries(plain) });
  });
  parser.write(text).close();
  return elements;
}
