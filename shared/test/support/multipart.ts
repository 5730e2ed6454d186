/** The parts of a multipart body, by hand: a test should not read with the library that wrote. */
export interface ReceivedPart {
  name: string;
  filename?: string;
  contentType?: string;
  content: Buffer;
}

export function partsOf(request: { headers: { 'content-type'?: string | undefined }; body: Buffer }): ReceivedPart[] {
  const boundary = /boundary=(.+)$/.exec(request.headers['content-type'] ?? '')?.[1];
  if (boundary === undefined) throw new Error('not multipart');
  const text = request.body.toString('latin1');
  const sections = text.split(`--${boundary}`).slice(1, -1);
  return sections.map((section) => {
    const split = section.indexOf('\r\n\r\n');
    // Names and file names are UTF-8 (RFC 7578, 5.1); the rest is kept byte for byte.
    const head = Buffer.from(section.slice(2, split), 'latin1').toString('utf8');
    const field = (pattern: RegExp) => pattern.exec(head)?.[1];
    const filename = field(/filename="([^"]*)"/);
    const contentType = field(/Content-Type: (.+)/i);
    return {
      name: field(/ name="([^"]*)"/) ?? '',
      content: Buffer.from(section.slice(split + 4, -2), 'latin1'),
      ...(filename === undefined ? {} : { filename }),
      ...(contentType === undefined ? {} : { contentType }),
    };
  });
}

/** Field values by name, and files by name as `filename:bytes`. */
export function fieldsOf(request: Parameters<typeof partsOf>[0]): Record<string, string> {
  return Object.fromEntries(
    partsOf(request).map((part) => [
      part.name,
      part.filename === undefined ? part.content.toString() : `${part.filename}:${part.content.length}`,
    ]),
  );
}
