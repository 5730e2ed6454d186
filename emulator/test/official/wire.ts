/** Requests byte by byte, as the official clients' libraries write them: without anything that fetch would add or fix. */
import { randomBytes } from 'node:crypto';
import { request } from 'node:http';

export interface WireAnswer {
  status: number;
  body: Buffer;
  text: string;
}

/** Sends exactly these headers (and Host), in this spelling. */
export function send(
  method: string,
  url: string,
  headers: Record<string, string>,
  body: Buffer | undefined = undefined,
): Promise<WireAnswer> {
  const { promise, resolve, reject } = defer<WireAnswer>();
  const outgoing = request(url, { method, headers, agent: false }, (answer) => {
    const chunks: Buffer[] = [];
    answer.on('data', (chunk: Buffer) => chunks.push(chunk));
    answer.on('error', reject);
    answer.on('end', () => {
      const whole = Buffer.concat(chunks);
      resolve({ status: answer.statusCode ?? 0, body: whole, text: whole.toString('utf8') });
    });
  });
  outgoing.on('error', reject);
  // curl waits for the go-ahead before a large body.
  if (headers.Expect === undefined) outgoing.end(body);
  else outgoing.on('continue', () => outgoing.end(body));
  return promise;
}

function defer<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<T>((fulfil, fail) => {
    resolve = fulfil;
    reject = fail;
  });
  return { promise, resolve, reject };
}

export interface WirePart {
  name: string;
  content: string | Buffer;
  /** Makes it a file part. */
  fileName?: string;
  contentType?: string;
}

/** The body of a form, and the boundary; names and file names are written as they are, between quotes. */
export function multipart(parts: WirePart[], boundary = randomBytes(16).toString('hex')) {
  const chunks: Buffer[] = [];
  for (const { name, content, fileName, contentType } of parts) {
    const file = fileName === undefined ? '' : `; filename="${fileName}"`;
    const type = contentType === undefined ? '' : `Content-Type: ${contentType}\r\n`;
    chunks.push(Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n${type}\r\n`));
    chunks.push(Buffer.from(content), Buffer.from('\r\n'));
  }
  chunks.push(Buffer.from(`--${boundary}--\r\n`));
  return { body: Buffer.concat(chunks), boundary };
}

/** A moment for the emulator between two polls; the clients wait 1 or 10 seconds. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
