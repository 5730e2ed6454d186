/** The shipped process that reads PDFs, which is told to practise before there is a file. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { type PdfTextReading, WARM_UP } from '../../shared/src/certificate/pdf-text-model.ts';
import { ROOT } from './support/cli.ts';

const CERTIFICATE = readFileSync(path.join(ROOT, 'test/fixtures/certificates/android-aab.pdf'));

it.each([
  ['while it practises', 0],
  ['when it has practised', 1000],
])('a file that comes %s is the first thing that it answers', async (_, wait) => {
  const reader = fork(path.join(ROOT, 'cli/dist/pdf-reader.cjs'), { serialization: 'advanced', execArgv: [] });
  try {
    const answers: unknown[] = [];
    reader.on('message', (answer) => answers.push(answer));
    await once(reader, 'message');
    reader.send(WARM_UP);
    await new Promise((resolve) => setTimeout(resolve, wait));
    expect(answers).toEqual(['ready']);
    reader.send(CERTIFICATE);
    const [reading] = (await once(reader, 'message')) as [PdfTextReading];
    if (!reading.ok) throw new Error(reading.message);
    expect(reading.text.runs.map(({ text }) => text)).toContain('SYNTHETIC CERTIFICATE');
    expect(reading.text.runs.filter(({ text }) => text === 'AB')).toEqual([]);
  } finally {
    reader.kill('SIGKILL');
  }
});
