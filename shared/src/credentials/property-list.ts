/** Reads property lists as far as signing needs them: XML, binary and OpenStep, as Xcode, codesign, plutil and editors leave them. */

export type PropertyList = { state: 'read'; value: Record<string, unknown> } | { state: 'invalid'; reason: string };

/** Never throws, and never quotes the file. */
export async function readPropertyList(bytes: Buffer): Promise<PropertyList> {
  const { parse, parseBinary, parseOpenStep } = await import('plist');
  let value: unknown;
  try {
    const content = withoutBlobHeader(bytes);
    if (content.subarray(0, 6).toString('latin1') === 'bplist') value = parseBinary(content);
    else {
      const text = textOf(content);
      const isXml = text.startsWith('<');
      if (isXml && !(await isWellFormed(text))) return { state: 'invalid', reason: 'its XML is broken' };
      value = isXml ? parse(text) : parseOpenStep(text);
    }
  } catch {
    return { state: 'invalid', reason: 'its content is not a property list' };
  }
  return isDictionary(value) ? { state: 'read', value } : { state: 'invalid', reason: 'it holds no dictionary' };
}

/** `codesign -d --entitlements` writes the blob as it lies in the signature: a magic number and a length (xnu, cs_blobs.h). */
function withoutBlobHeader(bytes: Buffer): Buffer {
  return bytes.subarray(0, 4).toString('hex') === 'fade7171' ? bytes.subarray(8) : bytes;
}

/** UTF-16 with its mark, else UTF-8. No parser takes blank lines before the XML declaration. */
function textOf(bytes: Buffer): string {
  const mark = bytes.subarray(0, 2).toString('hex');
  const encoding = mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding, { fatal: true })
    .decode(bytes)
    .replace(/^(\s*<\?xml[^>]*?)\s+encoding=(["'])[^"']*\2/i, '$1')
    .trim();
}

/** Checked first, because plist's XML parser writes its complaints to the console, past every host. */
async function isWellFormed(text: string): Promise<boolean> {
  const { SaxesParser } = await import('saxes');
  const parser = new SaxesParser();
  let wellFormed = true;
  parser.on('error', () => {
    wellFormed = false;
  });
  parser.write(text).close();
  return wellFormed;
}

export function isDictionary(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  return !Array.isArray(value) && !(value instanceof Date) && !(value instanceof Uint8Array);
}
