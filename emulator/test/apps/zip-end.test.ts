import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { protectedApp, sha256Of } from '../../src/apps/protected-app.ts';
import { markedTail, readZipEnd } from '../../src/apps/zip-end.ts';
import { archive, sha256 } from '../support/session.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'archive-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function file(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

describe('the end of an archive', () => {
  it('is found with and without a comment', async () => {
    for (const comment of ['', 'a comment', 'PK\u0005\u0006 looks like an end record but is not one']) {
      const end = await readZipEnd(await file('a.zip', archive('x', comment)));
      expect(end?.comment.toString('utf8')).toBe(comment);
    }
  });

  it.each([
    ['an empty file', new Uint8Array()],
    ['a text', new TextEncoder().encode('x'.repeat(500))],
    ['a cut archive', archive('x'.repeat(500)).subarray(0, 300)],
    ['a tail without a head', new Uint8Array([1, 2, 3, 4, ...archive()])],
    ['bytes after the end', new Uint8Array([...archive(), 0])],
  ])('is not there in %s', async (_, bytes) => {
    expect(await readZipEnd(await file('b.zip', bytes))).toBeUndefined();
  });
});

describe('the protected app', () => {
  it('is the same archive with a mark, whatever comment it had', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(0, 1, 100, 65_000, 65_535),
        fc.string({ minLength: 1 }),
        async (length, mark) => {
          const original = archive('content', 'c'.repeat(length));
          const path = await file('c.zip', original);
          const composed = await protectedApp(path, mark);
          const bytes = await buffer(composed.open());
          expect(bytes.length).toBe(composed.size);
          expect(Object.keys(unzipSync(new Uint8Array(bytes)))).toEqual(['classes.dex']);
          expect(bytes.includes(mark)).toBe(true);
          expect(await sha256Of(composed, new AbortController().signal)).toBe(sha256(bytes));
          expect(sha256(bytes)).not.toBe(sha256(original));
          expect(await readFile(path)).toEqual(Buffer.from(original));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('replaces a comment that leaves no room', () => {
    const tail = markedTail({ comment: Buffer.alloc(65_535, 'c') }, 'mark');
    expect([tail.readUInt16LE(0), tail.subarray(2).toString()]).toEqual([4, 'mark']);
  });

  it('stops hashing on a signal', async () => {
    const composed = await protectedApp(await file('d.zip', archive()), 'mark');
    await expect(sha256Of(composed, AbortSignal.abort(new Error('closing')))).rejects.toThrow('closing');
  });
});
