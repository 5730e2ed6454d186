import { truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { MAX_RESULT_BYTES } from '../../src/files/file-on-disk.ts';
import { readResultFile } from '../../src/jobs/read-result.ts';
import { temporaryFolder } from '../support/folder.ts';

it('refuses a file that is larger than any result, before it is read', async () => {
  const file = path.join(await temporaryFolder(), 'fusegate-result.json');
  await writeFile(file, '{}');
  await truncate(file, MAX_RESULT_BYTES + 1);
  await expect(readResultFile(file)).rejects.toMatchObject({ code: 'result.refused', cause: expect.any(RangeError) });
});
