/**
 * Reads multipart forms as streams: fields are small, and files are hashed and discarded (they may be keystores), unless a handler asks to
 * save them.
 */
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy, type BusboyInstance } from '@fastify/busboy';
import type { RecordedFile } from '../record/request-log.ts';
import { type Received, receive } from './receive.ts';
import { INVALID_PAYLOAD, Refusal } from './reply.ts';

const MAX_FIELD = 1024 * 1024;
const MAX_PARTS = 500;

/** The head is never recorded. */
export type FormFile = RecordedFile & Received;

export interface Form {
  fields: Map<string, string>;
  files: FormFile[];
}

/**
 * Reads a multipart form. A part named `None` is left out: an official client sends it to force multipart (appdome-api.md §1.8).
 * @param save where to save a field's file; it gets that path only once it has arrived completely
 * @throws Refusal 415 for another content type, 400 for a broken form
 */
export async function readForm(request: IncomingMessage, save: Record<string, string> = {}): Promise<Form> {
  const parser = parserOf(request);
  return new Promise((resolve, reject) => {
    const form: Form = { fields: new Map(), files: [] };
    const taking: Promise<void>[] = [];
    const streams: Readable[] = [];
    const fail = () => {
      request.unpipe();
      request.resume();
      // Otherwise a file that is being saved would wait for its end for ever.
      for (const stream of streams) stream.destroy(new Error('The form ended early.'));
      reject(new Refusal(400, INVALID_PAYLOAD));
    };
    parser.on('field', (name, value, _nameCut, valueCut) => {
      if (valueCut) fail();
      else if (name !== 'None') form.fields.set(name, value);
    });
    parser.on('file', (field, stream, fileName, _encoding, mimeType) => {
      const taken = receive(stream, save[field]).then((received) => {
        if (field !== 'None') form.files.push({ field, fileName: fileName ?? '', mimeType, ...received });
      });
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

function parserOf({ headers }: IncomingMessage): BusboyInstance {
  const contentType = headers['content-type'] ?? '';
  if (!/^multipart\/form-data\b/i.test(contentType)) throw new Refusal(415, 'Unsupported Media Type');
  try {
    return new Busboy({
      headers: { ...headers, 'content-type': contentType },
      preservePath: true,
      // Certificate pinning names its fields after hosts (§3.6), beyond the parser's default of 100 bytes.
      limits: { fieldNameSize: 2048, fieldSize: MAX_FIELD, parts: MAX_PARTS },
    });
  } catch {
    throw new Refusal(400, INVALID_PAYLOAD);
  }
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
