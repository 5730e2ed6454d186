import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { type Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** How much of each file is kept in memory while its request is answered: enough to tell what it is. */
const HEAD_SIZE = 256 * 1024;

export interface Received {
  size: number;
  /** Lower-case hex. */
  sha256: string;
  /** Its first bytes. */
  head: Buffer;
}

/**
 * Counts and hashes a stream.
 * @param path where to save it, if anywhere; it gets that name only once it has arrived completely
 */
export async function receive(source: Readable, path: string | undefined): Promise<Received> {
  const temporary = `${path}.${randomUUID()}.part`;
  const hash = createHash('sha256');
  const head: Buffer[] = [];
  let size = 0;
  const sink =
    path === undefined
      ? new Writable({ write: (_chunk, _encoding, done) => done() })
      : createWriteStream(temporary, { highWaterMark: 1024 * 1024, mode: 0o600 });
  try {
    await pipeline(
      source,
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          hash.update(chunk);
          if (size < HEAD_SIZE) head.push(chunk.subarray(0, HEAD_SIZE - size));
          size += chunk.length;
          yield chunk;
        }
      },
      sink,
    );
    if (path !== undefined) await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  return { size, sha256: hash.digest('hex'), head: Buffer.concat(head) };
}
