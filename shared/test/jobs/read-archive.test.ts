import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readArchive } from '../../src/jobs/read-archive.ts';
import { systemClock } from '../../src/model/clock.ts';
import { TraceRecorder } from '../../src/pipeline/trace-recorder.ts';

it('an archive is read in the order of its files, and each one is told', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'archive-'));
  const files = Array.from({ length: 12 }, (_, index) => path.join(dir, `${index}.json`));
  for (const [index, file] of files.entries()) await writeFile(file, JSON.stringify({ build_id: `build ${index}` }));
  const told: number[] = [];
  const trace = new TraceRecorder(systemClock);
  const { signal } = new AbortController();
  const documents = await readArchive(files, { signal, told: (done) => told.push(done), trace });
  expect(documents.map(({ label }) => label)).toEqual(files.map((file) => path.basename(file)));
  expect(told).toEqual(files.map((_, index) => index + 1));
  expect(trace.contents().spans.filter(({ category }) => category === 'read')).toHaveLength(files.length);
});
