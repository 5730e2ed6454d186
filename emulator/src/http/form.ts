/** Multipart forms, read as streams: fields are small, files are hashed and thrown away (they may be keystores). */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy, type BusboyInstance } from '@fastify/busboy';
import type { RecordedFile } from '../record/request-log.ts';
import { Refusal } from './reply.ts';

const MAX_FIELD = 1024 * 1024;
const MAX_PARTS = 500;
const INVALID = 'Invalid request payload input';

export interface Form {
  fields: Map<string, string>;
  files: RecordedFile[];
}

/**
 * Reads a multipart form. A part named `None` is left out: an official client sends it to force multipart (appdome-api.md §1.8).
 * @throws Refusal 415 for another content type, 400 for a broken form
 */
export function readForm(request: IncomingMessage): Promise<Form> {
  const contentType = request.headers['content-type'] ?? '';
  if (!/^multipart\/form-data\b/i.test(contentType)) {
    return Promise.reject(new Refusal(415, 'Unsupported Media Type'));
  }
  return new Promise((resolve, reject) => {
    const form: Form = { fields: new Map(), files: [] };
    const hashing: Promise<void>[] = [];
    const fail = () => {
      request.unpipe();
      request.resume();
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
    parser.on('file', (field, stream, fileName) => hashing.push(hashFile(form, field, stream, fileName)));
    parser.on('partsLimit', fail);
    parser.on('error', fail);
    parser.on('finish', () => Promise.all(hashing).then(() => resolve(form), fail));
    request.on('aborted', fail);
    request.on('error', fail);
    request.pipe(parser);
  });
}

async function hashFile(form: Form, field: string, stream: Readable, fileName: string | undefined): Promise<void> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of stream) {
    hash.update(chunk as Buffer);
    size += (chunk as Buffer).length;
  }
  if (field === 'None') return;
  form.files.push({ field, fileName: fileName ?? '', size, sha256: hash.digest('hex') });
}

/** The last segment of a path, of either system: an official client sends whole paths as file names (§1.8). */
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
