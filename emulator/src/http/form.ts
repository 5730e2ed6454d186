/**
 * Reads multipart forms as streams: fields are small, and files are hashed and discarded (they may be keystores), unless a handler asks to
 * save them.
 */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Busboy, type BusboyInstance } from '@fastify/busboy';
import type { RecordedFile } from '../record/request-log.ts';
import { Refusal } from './reply.ts';

const MAX_FIELD = 1024 * 1024;
const MAX_PARTS = 500;
const INVALID = 'Invalid request payload input';

/** How much of each file is kept in memory while its request is answered: enough to tell what it is. */
const HEAD_SIZE = 256 * 1024;

export interface FormFile extends RecordedFile {
  /** Its first bytes; never recorded. */
  head: Buffer;
}

export interface Form {
  fields: Map<string, string>;
  files: FormFile[];
}

/**
 * Reads a multipart form. A part named `None` is left out: an official client sends it to force multipart (appdome-api.md §1.8).
 * @param save where to save a field's file; it gets that path only once it has arrived completely
 * @throws Refusal 415 for another content type, 400 for a broken form
 */
export function readForm(request: IncomingMessage, save: Record<string, string> = {}): Promise<Form> {
  const contentType = request.headers['content-type'] ?? '';
  if (!/^multipart\/form-data\b/i.test(contentType)) {
    return Promise.reject(new Refusal(415, 'Unsupported Media Type'));
  }
  return new Promise((resolve, reject) => {
    const form: Form = { fields: new Map(), files: [] };
    const taking: Promise<void>[] = [];
    const streams: Readable[] = [];
    const fail = () => {
      request.unpipe();
      request.resume();
      // Otherwise a file that is being saved would wait for its end for ever.
      for (const stream of streams) stream.destroy(new Error('The form ended early.'));
      reject(new Refusal(400, INVALID));
    };
    let parser: BusboyInstance;
    try {
      parser = new Busboy({
        headers: { ...request.headers, 'content-type': contentType },
        preservePath: true,
        // Certificate pinning names its fields after hosts (§3.6), beyond the parser's default of 100 bytes.
        limits: { fieldNameSize: 2048, fieldSize: MAX_FIELD, parts: MAX_PARTS },
      });
    } catch {
      fail();
      return;
    }
    parser.on('field', (name, value, _nameCut, valueCut) => {
      if (valueCut) fail();
      else if (name !== 'None') form.fields.set(name, value);
    });
    parser.on('file', (field, stream, fileName, _encoding, mimeType) => {
      const taken = takeFile(form, { field, fileName: fileName ?? '', mimeType }, stream, save[field]);
      streams.push(stream);
      taken.catch(fail);
      taking.push(taken);
    });
    parser.on('partsLimit', fail);
    parser.on('error', fail);
    parser.on('finish', () => Promise.all(taking).then(() => resolve(form), fail));
    request.on('aborted', fail);
    request.on('error', fail);
    request.pipe(parser);
  });
}

async function takeFile(
  form: Form,
  part: { field: string; fileName: string; mimeType: string },
  stream: Readable,
  path: string | undefined,
): Promise<void> {
  const hash = createHash('sha256');
  const head: Buffer[] = [];
  let size = 0;
  async function* counted(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      hash.update(chunk);
      if (size < HEAD_SIZE) head.push(chunk.subarray(0, HEAD_SIZE - size));
      size += chunk.length;
      yield chunk;
    }
  }
  if (path === undefined) {
    for await (const _ of counted(stream)) {
      // Only counted.
    }
  } else {
    await pipeline(stream, counted, createWriteStream(`${path}.part`, { mode: 0o600 })).catch(
      async (error: unknown) => {
        await rm(`${path}.part`, { force: true });
        throw error;
      },
    );
    await rename(`${path}.part`, path);
  }
  if (part.field === 'None') return;
  form.files.push({ ...part, size, sha256: hash.digest('hex'), head: Buffer.concat(head) });
}

/** The last segment of a POSIX or Windows path: an official client sends whole paths as file names (§1.8). */
export function baseName(fileName: string): string {
  return fileName.split(/[/\\]/).at(-1) ?? '';
}

/**
 * Reads a small JSON object.
 * @throws Refusal 415, 413 or 400
 */
export async function readJson(request: IncomingMessage, limit = MAX_FIELD): Promise<unknown> {
  const contentType = request.headers['content-type'] ?? '';
  if (!/^application\/([\w.-]+\+)?json\b/i.test(contentType)) throw new Refusal(415, 'Unsupported Media Type');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > limit) throw new Refusal(413, 'Payload content length greater than maximum allowed');
    chunks.push(chunk as Buffer);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new Refusal(400, 'Invalid request payload JSON format');
  }
}
