import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Journal } from '@fusegate/shared/pipeline/journal';
import { JOURNAL_STAGES } from '@fusegate/shared/pipeline/journal-record';
import { describe, expect, it } from 'vitest';
import { errorOf } from '../support/errors.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { temporaryFolder } from '../support/folder.ts';

describe('Journal', () => {
  it('is there whole, or not at all, and is of this run only', async () => {
    const file = path.join(await temporaryFolder(), 'private', 'fusegate-journal.json');
    const clock = new FakeClock();
    const journal = new Journal({ file, clock, runId: 'run-1' });
    expect(await journal.live()).toBeUndefined();
    await journal.record('building', { buildId: 'b' });
    expect(await journal.live(), 'nothing was begun').toBeUndefined();
    journal.begin('f', 'sha');
    for (const stage of JOURNAL_STAGES) {
      if (stage === 'finished') break;
      await journal.record(stage, { appId: 'a', buildId: 'b', fusionSetId: 'set', teamId: 't' });
      const read = await new Journal({ file, clock, runId: 'run-1' }).live();
      expect(read).toMatchObject({ stage, fingerprint: 'f', appSha256: 'sha', ids: { appId: 'a', buildId: 'b' } });
      expect(Object.keys(read?.ids ?? {})).toEqual(['appId', 'buildId']);
    }
    expect(await new Journal({ file, clock, runId: 'run-2' }).live()).toBeUndefined();
    await journal.record('finished', {});
    expect(await journal.live()).toBeUndefined();
    expect(await readdir(path.dirname(file))).toEqual(['fusegate-journal.json']);
  });

  it('fails loudly where it cannot be written', async () => {
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, 'private'), 'a file');
    const journal = new Journal({ file: path.join(folder, 'private', 'j.json'), clock: new FakeClock() });
    journal.begin('f');
    expect(await errorOf(journal.record('build-intent', {}))).toMatchObject({ code: 'output.unwritable', exitCode: 2 });
  });
});
