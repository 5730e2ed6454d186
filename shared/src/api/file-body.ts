/** A file as a request body that is hashed while it is sent. */

import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { CHUNK_BYTES } from '../files/hash-file.ts';
import { FusegateError } from '../model/errors.ts';
import type { ApiCall, ApiResponse, CallContext, OpenedBody } from './call.ts';
import { unexpected } from './read-body.ts';
import type { Transport } from './transport.ts';

export interface FileBody extends OpenedBody {
  /** Lower-case hex of what was sent; undefined unless the request has taken all of it. */
  sha256(): string | undefined;
}

/**
 * Opens a file for one attempt.
 * @param expectedBytes the size that the file must have; the Content-Length of the request
 * @throws FusegateError `upload.changed`, at once or through `failure()`, if the file has changed or changes
 */
export async function openFileBody(
  file: string,
  expectedBytes: number,
  onBytes: (sent: number) => void,
): Promise<FileBody> {
  let failure: FusegateError | undefined;
  let sent = 0;
  let digest: string | undefined;
  const { handle, mtimeMs } = await openUnchanged(file, expectedBytes);
  const check = async (): Promise<void> => {
    const after = await handle.stat();
    if (sent === expectedBytes && after.size === expectedBytes && after.mtimeMs === mtimeMs) return;
    throw changed(file, 'changed while it was being uploaded');
  };
  async function* chunks(): AsyncGenerator<Buffer> {
    try {
      const hash = createHash('sha256');
      for await (const chunk of fileChunks(handle, expectedBytes)) {
        hash.update(chunk);
        sent += chunk.length;
        if (sent === expectedBytes) {
          // Before the last byte leaves: no answer can overtake the check, and a file that has changed never arrives whole.
          await check();
          digest = hash.digest('hex');
        }
        onBytes(sent);
        yield chunk;
      }
      if (digest === undefined) await check();
    } catch (error) {
      failure = error instanceof FusegateError ? error : changed(file, 'could not be read to its end', error);
      throw failure;
    } finally {
      await handle.close();
    }
  }
  const data = Readable.from(chunks(), { objectMode: false, highWaterMark: CHUNK_BYTES });
  // The request listens too; this covers the time before and after.
  data.on('error', () => {});
  return {
    data,
    headers: { 'Content-Length': String(expectedBytes) },
    sha256: () => (data.readableLength === 0 ? digest : undefined),
    failure: () => failure,
    close() {
      data.destroy();
      // A generator that was never started does not run its `finally`.
      handle.close().catch(() => {});
    },
  };
}

/**
 * Sends a request whose body is a file.
 * @param file path, and the bytes that it must have
 * @param wrap the body around the file, if it is more than the file
 * @returns what `read` returns, and the lower-case hex SHA-256 of what was sent
 * @throws FusegateError upload.changed; as `Transport.send`
 */
export function sendFile<T>(
  transport: Transport,
  call: Omit<ApiCall, 'body'>,
  { path: file, size }: { path: string; size: number },
  context: CallContext,
  read: (response: ApiResponse) => Promise<T>,
  wrap: (file: FileBody) => OpenedBody | Promise<OpenedBody> = (body) => body,
): Promise<{ value: T; sha256: string }> {
  let sent: FileBody | undefined;
  const body = async () => {
    sent = await openFileBody(file, size, (bytes) => context.onBytes?.(bytes, size));
    return wrap(sent);
  };
  return transport.send({ ...call, body }, context, async (response) => {
    const value = await read(response);
    const sha256 = sent?.sha256();
    // A service that accepts before it has all bytes has not stored our file.
    if (sha256 === undefined) throw unexpected(response, 'the upload was accepted before it was complete');
    return { value, sha256 };
  });
}

async function openUnchanged(file: string, expectedBytes: number): Promise<{ handle: FileHandle; mtimeMs: number }> {
  const handle = await open(file, 'r').catch((cause) => {
    throw changed(file, 'can no longer be read', cause);
  });
  const { size, mtimeMs } = await handle.stat();
  if (size === expectedBytes) return { handle, mtimeMs };
  await handle.close();
  throw changed(file, `has ${size} bytes where it had ${expectedBytes}`);
}

/** The file's bytes up to `limit`. Chunks are not reused, because the socket holds them until they are sent. */
async function* fileChunks(handle: FileHandle, limit: number): AsyncGenerator<Buffer> {
  for (let position = 0; position < limit; ) {
    const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, limit - position));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

function changed(file: string, what: string, cause?: unknown): FusegateError {
  return new FusegateError('upload.changed', `The app ${path.basename(file)} ${what}.`, {
    hint: 'Make sure that the step that builds the app ends before this one starts, then run again.',
    cause,
  });
}
