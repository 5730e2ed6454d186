/** Which packages are the app's own: the id, and those of its application and first activity. Three forms of the same manifest. */
import type { Zip } from '../../../files/zip-members.ts';
import { UnreadablePart } from '../problem.ts';
import { readBinaryXml } from './binary-xml.ts';
import type { Element } from './element.ts';
import { readProtoXml } from './proto-xml.ts';

export const MANIFESTS = /^(?:[^/]+\/manifest\/)?AndroidManifest\.xml$/;
const MAX_BYTES = 8 * 1024 * 1024;

/** @returns nothing where the manifest cannot be read; then whose a class is cannot be told */
export async function packagesOf(zip: Zip): Promise<string[]> {
  const found = new Set<string>();
  for (const { name } of zip.members) {
    if (!MANIFESTS.test(name)) continue;
    const elements = await elementsOf(await zip.read(name, MAX_BYTES)).catch(() => []);
    for (const each of packagesIn(elements)) found.add(each);
  }
  return [...found];
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

function packagesIn(elements: readonly Element[]): string[] {
  const id = elements.find(({ name }) => name === 'manifest')?.attributes['package'] ?? '';
  const classes = elements.filter(({ name }) => name === 'application').map(({ attributes }) => attributes['name']);
  let activity: string | undefined;
  for (const { name, attributes } of elements) {
    if (name === 'activity') activity = attributes['name'];
    if (name === 'category' && attributes['name'] === 'android.intent.category.LAUNCHER') classes.push(activity);
  }
  const packages = classes.flatMap((each) => {
    if (each === undefined || !each.includes('.')) return [];
    return [(each.startsWith('.') ? id + each : each).split('.').slice(0, -1).join('.')];
  });
  return [...new Set([id, ...packages])].filter((each) => /^[A-Za-z]\w*(?:\.\w+)*$/.test(each));
}
