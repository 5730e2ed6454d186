/** What may be pinned for a host: certificates and public keys that can be read as a whole, and nothing beside them. */
import { createPublicKey, X509Certificate } from 'node:crypto';
import { openZip, ZipProblem } from '../../files/zip-members.ts';
import { plainLine } from '../../text/untrusted-text.ts';
import { derElement, latinTextOf, recognise, textOf } from './known-content.ts';

/** Bytes, of one file. */
export const MAX_PINNED_BYTES = 8 * 1024 * 1024;
const SHOWN = 120;

/** @returns what it is instead, in words that fit after "which is"; undefined for what may be pinned. The service takes a ZIP of them, too */
export async function whyNotPinnable(content: Buffer): Promise<string | undefined> {
  return recognise(content).kind === 'zip' ? whyNotInZip(content) : whyNotKeys(content);
}

async function whyNotInZip(content: Buffer): Promise<string | undefined> {
  try {
    const zip = await openZip(content);
    try {
      if (zip.members.length === 0) return 'a ZIP file without members';
      for (const { name } of zip.members) {
        const wrong = whyNotKeys(await zip.read(name, MAX_PINNED_BYTES));
        if (wrong !== undefined) return `a ZIP file with ${plainLine(name, SHOWN)}, which is ${wrong}`;
      }
    } finally {
      zip.close();
    }
  } catch (error) {
    if (!(error instanceof ZipProblem)) throw error;
    return `a ZIP file that ${plainLine(error.message, SHOWN)}`;
  }
  return undefined;
}

function whyNotKeys(content: Buffer): string | undefined {
  if (content.length === 0) return 'empty';
  const { kind, said } = recognise(content);
  if (kind !== 'certificate' && kind !== 'public-key') return said;
  const text = textOf(content) ?? latinTextOf(content);
  if (text !== undefined) return whyNotPem(text);
  if (derElement(content, 0)?.end !== content.length) return `${said}, but cut or followed by something else`;
  return isWhole(content, kind) ? undefined : `${said}, but damaged`;
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/\s]+={0,2}\s*)-----END \1-----/g;
const LABELS = { CERTIFICATE: 'certificate', 'X509 CERTIFICATE': 'certificate', 'PUBLIC KEY': 'public-key' } as const;

/** Tools write a subject or attributes above a block. More armour, or what may be the base64 of a key, is none of that. */
const BESIDE_BLOCKS = /-----|^[A-Za-z0-9+/=]{40,}\s*$/m;

function whyNotPem(text: string): string | undefined {
  const blocks = [...text.matchAll(BLOCK)];
  if (blocks.length === 0) return 'PEM text that is cut or damaged';
  for (const [index, { 1: label = '', 2: base64 = '' }] of blocks.entries()) {
    if (!(label in LABELS)) return `PEM text (${label})`;
    const kind = LABELS[label as keyof typeof LABELS];
    const content = Buffer.from(base64, 'base64');
    if (derElement(content, 0)?.end !== content.length || !isWhole(content, kind)) {
      return `PEM text whose block ${index + 1} (${label}) is not a whole ${kind.replace('-', ' ')}`;
    }
  }
  return BESIDE_BLOCKS.test(text.replaceAll(BLOCK, ''))
    ? 'PEM text with more than certificates and public keys'
    : undefined;
}

function isWhole(der: Buffer, kind: 'certificate' | 'public-key'): boolean {
  try {
    if (kind === 'certificate') return new X509Certificate(der).raw.length === der.length;
    return createPublicKey({ key: der, format: 'der', type: 'spki' }).type === 'public';
  } catch {
    return false;
  }
}
