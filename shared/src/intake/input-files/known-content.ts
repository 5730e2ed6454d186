/**
 * What a small file is, by its content: people bring login pages, Git LFS pointers and certificates where a keystore belongs. Names prove
 * nothing, so only bytes are looked at.
 */
import { X509Certificate } from 'node:crypto';
import { decodeBase64 } from '../../options/file-source.ts';
import { plainLine } from '../../text/untrusted-text.ts';
import { withoutByteOrderMark } from '../../text/white-space.ts';
import { isGpgMessage } from './gpg-message.ts';

/**
 * The kinds that an option can ask for. `text` is text in no known format, `foreign` is a known format that no option takes, and `unknown`
 * is a binary format that is not known here.
 */
export type ContentKind =
  | 'java-keystore'
  | 'pkcs12'
  | 'profile'
  | 'certificate'
  | 'public-key'
  | 'private-key'
  | 'property-list'
  | 'json'
  | 'mapping'
  | 'zip'
  | 'image'
  | 'text'
  | 'foreign'
  | 'unknown';

export interface KnownContent {
  kind: ContentKind;
  /** Fits after "is". */
  said: string;
}

/** How much of a file has to be read. Everything but a mapping file is smaller, and a mapping file shows what it is long before. */
export const CONTENT_BYTES = 256 * 1024;

/** @param bytes a file, or its first `CONTENT_BYTES` */
export function recognise(bytes: Buffer): KnownContent {
  const text = textOf(bytes);
  if (text !== undefined) return recogniseText(text);
  const format = FORMATS.find(({ magic }) => magic.some((each) => bytes.subarray(0, each.length).equals(each)));
  if (format !== undefined) return { kind: format.kind, said: format.said };
  if (bytes.subarray(0, 4).toString('latin1') === 'RIFF' && bytes.subarray(8, 12).toString('latin1') === 'WEBP') {
    return { kind: 'image', said: 'a WebP image' };
  }
  return (
    recogniseDer(bytes) ??
    recogniseArchived(bytes) ??
    recogniseLatin(bytes) ??
    recogniseRuined(bytes) ?? { kind: 'unknown', said: 'binary, in a format not known here' }
  );
}

const MAGIC = (...texts: string[]) => texts.map((text) => Buffer.from(text, 'latin1'));

const FORMATS: ReadonlyArray<KnownContent & { magic: Buffer[] }> = [
  { kind: 'java-keystore', said: 'a JKS keystore', magic: MAGIC('\xfe\xed\xfe\xed') },
  { kind: 'java-keystore', said: 'a JCEKS keystore', magic: MAGIC('\xce\xce\xce\xce') },
  { kind: 'property-list', said: 'a binary property list', magic: MAGIC('bplist') },
  { kind: 'property-list', said: "a binary with codesign's entitlements", magic: MAGIC('\xfa\xde\x71\x71') },
  { kind: 'zip', said: 'a ZIP file', magic: MAGIC('PK\x03\x04') },
  { kind: 'foreign', said: 'a ZIP file without members', magic: MAGIC('PK\x05\x06') },
  { kind: 'image', said: 'a PNG image', magic: MAGIC('\x89PNG\r\n\x1a\n') },
  { kind: 'image', said: 'a JPEG image', magic: MAGIC('\xff\xd8\xff') },
  { kind: 'image', said: 'a GIF image', magic: MAGIC('GIF87a', 'GIF89a') },
  { kind: 'foreign', said: 'a PDF', magic: MAGIC('%PDF-') },
  { kind: 'foreign', said: 'a gzip archive', magic: MAGIC('\x1f\x8b') },
  { kind: 'foreign', said: 'a 7z archive', magic: MAGIC('7z\xbc\xaf\x27\x1c') },
  { kind: 'foreign', said: 'a RAR archive', magic: MAGIC('Rar!\x1a\x07') },
  { kind: 'foreign', said: 'an XZ archive', magic: MAGIC('\xfd7zXZ\0') },
  { kind: 'foreign', said: 'encrypted by openssl enc', magic: MAGIC('Salted__') },
  { kind: 'foreign', said: 'encrypted by age', magic: MAGIC('age-encryption.org/') },
  { kind: 'foreign', said: 'encrypted by git-crypt', magic: MAGIC('\0GITCRYPT\0') },
  { kind: 'foreign', said: 'an SQLite database', magic: MAGIC('SQLite format 3\0') },
  { kind: 'foreign', said: 'a program', magic: MAGIC('\x7fELF', '\xcf\xfa\xed\xfe', '\xca\xfe\xba\xbe') },
];

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what text does not have
const BINARY = /[\0-\x08\x0e-\x1a\x1c-\x1f]/;

/** @returns the text, or undefined for binary content; UTF-16 only with its mark, as PowerShell writes it */
export function textOf(bytes: Buffer): string | undefined {
  const mark = bytes.subarray(0, 2).toString('hex');
  const encoding = mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'utf-8';
  try {
    // A character may be cut where the file continues.
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true });
    return BINARY.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** The most that letters beyond ASCII make of a text in a language that is written with Latin letters. */
const MOST_ACCENTS = 1 / 8;

/** @returns prose in an old encoding such as Latin-1 or Windows-1252: lines of mostly ASCII. Encrypted content is none by chance. */
export function latinTextOf(bytes: Buffer): string | undefined {
  const text = bytes.toString('latin1');
  if (!/[\r\n]/.test(text) || BINARY.test(text)) return undefined;
  const accents = bytes.reduce((sum, byte) => sum + (byte < 0x80 ? 0 : 1), 0);
  return accents <= bytes.length * MOST_ACCENTS ? text : undefined;
}

const HTML = {
  kind: 'foreign',
  said: 'an HTML page, as a server sends where a login is needed or a file is missing',
  pattern: /^(?:<!--[\s\S]*?-->\s*)?<(?:!doctype html|html|head|body)\b/i,
} as const;

const TEXTS: ReadonlyArray<KnownContent & { pattern: RegExp }> = [
  { kind: 'foreign', said: 'nothing but white space', pattern: /^$/ },
  {
    kind: 'foreign',
    said: 'a Git LFS pointer and not the file, which git lfs pull fetches',
    pattern: /^version https:\/\/git-lfs\.github\.com\/spec\//,
  },
  {
    kind: 'foreign',
    said: 'a Git annex pointer and not the file',
    pattern: /^(?:\.\.\/)*(?:\.git)?\/annex\/objects\//,
  },
  HTML,
  {
    kind: 'property-list',
    said: 'an XML property list',
    pattern: /^(?:<\?xml[^>]*>\s*)?(?:<!doctype plist|<plist)\b/i,
  },
  { kind: 'foreign', said: 'an SVG drawing', pattern: /^(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)?<svg\b/i },
  { kind: 'foreign', said: 'an XML document', pattern: /^<\?xml\b/ },
  { kind: 'foreign', said: 'encrypted by Ansible Vault', pattern: /^\$ANSIBLE_VAULT;/ },
  { kind: 'foreign', said: 'encrypted by age', pattern: /^age-encryption\.org\// },
  { kind: 'foreign', said: 'a PDF', pattern: /^%PDF-/ },
  { kind: 'mapping', said: 'a mapping file', pattern: /^\S[^\n]* -> \S+:\s*$/m },
  { kind: 'mapping', said: 'a mapping file that renames nothing', pattern: /^(?:#[^\n]*\n?\s*)+$/ },
  { kind: 'json', said: 'JSON', pattern: /^(?:\[\s*["[{\]\d]|\{\s*(?:\}|"(?:[^"\\]|\\.)*"\s*:))/ },
];

/** Short, and of the form of a status: it cannot be a secret that somebody took for a file. */
const STATUS = /^(?:HTTP\/[\d.]+ )?[45]\d\d:? \p{Lu}[\p{L} ]{2,40}$/u;

function recogniseText(full: string): KnownContent {
  const text = withoutByteOrderMark(full).trim();
  const armoured = /^-----BEGIN ([A-Z0-9 ]+)-----/m.exec(text);
  if (armoured) return inArmour(text, armoured);
  const known = TEXTS.find(({ pattern }) => pattern.test(text));
  if (known) return { kind: known.kind, said: known.said };
  if (STATUS.test(text)) return statusOf(text);
  const content = decodeBase64(text);
  if (content !== undefined) return { kind: 'foreign', said: `base64 text${around(content)}` };
  return { kind: 'text', said: 'text' };
}

function statusOf(text: string): KnownContent {
  return { kind: 'foreign', said: `the text "${plainLine(text, 60)}"` };
}

/** What is not UTF-8: a page in Latin-1 shows by its tags, whatever else is in it. */
function recogniseLatin(bytes: Buffer): KnownContent | undefined {
  const text = bytes
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .trim();
  if (HTML.pattern.test(text)) return { kind: HTML.kind, said: HTML.said };
  if (STATUS.test(text)) return statusOf(text);
  const prose = latinTextOf(bytes);
  return prose === undefined ? undefined : recogniseText(prose);
}

/** @returns undefined for binary content, and for text in no known format */
export function recogniseKnownText(bytes: Buffer): KnownContent | undefined {
  const text = textOf(bytes);
  const known = text === undefined ? recogniseLatin(bytes) : recogniseText(text);
  return known?.kind === 'text' ? undefined : known;
}

const ENCRYPTED_WITH_GPG: KnownContent = { kind: 'foreign', said: 'encrypted with GPG: decrypt it first' };

/** POSIX and GNU tar write this into the first header. */
const USTAR = { at: 257, text: 'ustar' };

function recogniseArchived(bytes: Buffer): KnownContent | undefined {
  if (isGpgMessage(bytes)) return ENCRYPTED_WITH_GPG;
  const { at, text } = USTAR;
  const isTar = bytes.subarray(at, at + text.length).toString('latin1') === text;
  return isTar ? { kind: 'foreign', said: 'a tar archive: extract the file first' } : undefined;
}

function inArmour(text: string, { 1: label = '' }: RegExpExecArray): KnownContent {
  if (/PRIVATE KEY/.test(text)) return { kind: 'private-key', said: 'PEM text with a private key' };
  if (label === 'PGP MESSAGE') return ENCRYPTED_WITH_GPG;
  const content = decodeBase64(text.slice(text.indexOf('-----BEGIN')));
  const inside = content && recognise(content);
  const is = (kind: ContentKind) => inside?.kind === kind;
  if (is('certificate') || label === 'CERTIFICATE') {
    if (inside === undefined || is('certificate') || is('unknown')) {
      return { kind: 'certificate', said: 'PEM text with a certificate' };
    }
  }
  if (label === 'PUBLIC KEY') return { kind: 'public-key', said: 'PEM text with a public key' };
  return { kind: 'foreign', said: content && !is('unknown') ? `PEM text${around(content)}` : `PEM text (${label})` };
}

function around(content: Buffer): string {
  const { kind, said } = recognise(content);
  return kind === 'unknown' ? '' : ` around ${said}`;
}

const OID_SIGNED_DATA = '2a864886f70d010702';
const OID_PKCS7 = '2a864886f70d0107';

/** By the first elements; a file that is cut still shows what it was. */
function recogniseDer(bytes: Buffer): KnownContent | undefined {
  const outer = derElement(bytes, 0);
  if (outer?.tag !== 0x30) return undefined;
  const first = derElement(bytes, outer.start);
  if (first === undefined) return undefined;
  const value = bytes.subarray(first.start, first.end).toString('hex');
  const second = derElement(bytes, first.end);
  if (first.tag === 0x06 && value === OID_SIGNED_DATA) {
    return bytes.includes('<plist')
      ? { kind: 'profile', said: 'a provisioning profile' }
      : { kind: 'foreign', said: 'a PKCS#7 message (.p7b)' };
  }
  if (first.tag === 0x02) return withNumber(bytes, value, second);
  if (first.tag !== 0x30) return undefined;
  const inner = derElement(bytes, first.start);
  if (inner?.tag === 0x06 && second?.tag === 0x04)
    return { kind: 'private-key', said: 'a private key without a certificate' };
  if (inner?.tag === 0x06 && second?.tag === 0x03) return { kind: 'public-key', said: 'a public key' };
  return isCertificate(bytes) ? { kind: 'certificate', said: 'a certificate without a private key' } : undefined;
}

/** A PFX has version 3; private keys have version 0 (PKCS#1, PKCS#8) or 1 (SEC 1). */
function withNumber(bytes: Buffer, value: string, second: ReturnType<typeof derElement>): KnownContent | undefined {
  if (value === '03' && second?.tag === 0x30) {
    const type = derElement(bytes, second.start);
    const oid = type?.tag === 0x06 ? bytes.subarray(type.start, type.end).toString('hex') : '';
    return oid.startsWith(OID_PKCS7) ? { kind: 'pkcs12', said: 'a PKCS#12 file' } : undefined;
  }
  const isKey =
    (value === '00' && (second?.tag === 0x30 || second?.tag === 0x02)) || (value === '01' && second?.tag === 0x04);
  return isKey ? { kind: 'private-key', said: 'a private key without a certificate' } : undefined;
}

function isCertificate(bytes: Buffer): boolean {
  try {
    return new X509Certificate(bytes) !== undefined;
  } catch {
    return false;
  }
}

/** Too long for a binary file to be valid UTF-8 by chance. */
const LEAST_RUINED_BYTES = 64;

/** Binary content that was read as text and written again: every byte beyond ASCII is now a sequence of UTF-8. */
function recogniseRuined(bytes: Buffer): KnownContent | undefined {
  if (bytes.length < LEAST_RUINED_BYTES || bytes.every((byte) => byte < 0x80)) return undefined;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return undefined;
  }
  return { kind: 'foreign', said: 'a binary file that was copied as text, which destroyed it' };
}

/** The head of one DER or BER element. */
interface DerElement {
  tag: number;
  /** Of the value. */
  start: number;
  /** Past the value; may lie beyond a file that was cut. For an indefinite length, the start. */
  end: number;
}

/** @returns undefined where no element can begin */
export function derElement(bytes: Buffer, at: number): DerElement | undefined {
  if (at + 2 > bytes.length) return undefined;
  const tag = bytes.readUInt8(at);
  const first = bytes.readUInt8(at + 1);
  if (first <= 0x80) return { tag, start: at + 2, end: at + 2 + (first & 0x7f) };
  const count = first & 0x7f;
  if (count > 4 || at + 2 + count > bytes.length) return undefined;
  const start = at + 2 + count;
  return { tag, start, end: start + bytes.readUIntBE(at + 2, count) };
}
