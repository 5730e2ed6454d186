/** What the command prints arrives in pieces, from two streams at once: no part of a secret is quoted from it. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { Secret } from '../../../src/model/secret.ts';
import { uploadToCrashlytics } from '../../../src/pipeline/mapping-uploads/crashlytics.ts';
import { maskerOf } from '../../../src/secrets/masker.ts';

const SECRET = 'Q7é-secret-of-the-account';

async function reasonOf(script: string): Promise<string> {
  const executable = path.join(mkdtempSync(path.join(os.tmpdir(), 'fusegate-crashlytics-')), 'firebase');
  writeFileSync(executable, `#!${process.execPath}\nconst secret = ${JSON.stringify(SECRET)};\n${script}`, {
    mode: 0o755,
  });
  const end = await uploadToCrashlytics(
    {
      executable,
      appId: '1:2:android:3',
      environment: new Secret('{}'),
      mapping: 'mapping.txt',
      crashlyticsId: 'id.xml',
      maskForeign: (text, cut) => maskerOf([SECRET]).maskForeign(text, cut),
    },
    new AbortController().signal,
  );
  return end.ok ? '' : end.reason;
}

it.each([
  [
    'within a character',
    `const bytes = Buffer.from('no: ' + secret);
    process.stderr.write(bytes.subarray(0, 7), () => setImmediate(() => process.stderr.write(bytes.subarray(7))));`,
  ],
  [
    'while the other stream speaks',
    `process.stderr.write('no: ' + secret.slice(0, 9), () => process.stdout.write('...', () =>
    process.stderr.write(secret.slice(9))));`,
  ],
  ['at the end of a very long line', `process.stderr.write('no: ' + 'x'.repeat(2 ** 20 - 20) + secret);`],
  ['at what is kept of one', `process.stderr.write('no: ' + secret + 'x'.repeat(2 ** 20 - 15));`],
])('a secret that is cut %s', async (_, script) => {
  const reason = await reasonOf(`process.exitCode = 3;\n${script}`);
  expect(reason).toContain('3');
  expect(reason).not.toMatch(/Q7|secret|account/);
});

it('says the last line', async () => {
  expect(await reasonOf(`console.error('first'); console.error('the reason'); process.exitCode = 1;`)).toMatch(
    /: the reason$/,
  );
});
