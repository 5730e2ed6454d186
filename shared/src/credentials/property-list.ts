/** Reads property lists, XML and binary, as far as signing needs them. */

export type PropertyList = { state: 'read'; value: Record<string, unknown> } | { state: 'invalid'; reason: string };

/** Never throws, and never quotes the file. */
export async function readPropertyList(bytes: Buffer): Promise<PropertyList> {
  const { parse, parseBinary } = await import('plist');
  let value: unknown;
  try {
    if (bytes.subarray(0, 6).toString('latin1') === 'bplist') value = parseBinary(bytes);
    else {
      const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
      if (!(await isWellFormed(text))) return { state: 'invalid', reason: 'its XML is broken' };
      value = parse(text);
    }
  } catch {
    return { state: 'invalid', reason: 'its content is not a property list' };
  }
  return isDictionary(value) ? { state: 'read', value } : { state: 'invalid', reason: 'it holds no dictionary' };
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
