import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Journal } from '@fusegate/shared/pipeline/journal';
import { JOURNAL_STAGES, readJournal } from '@fusegate/shared/pipeline/journal-record';
import { describe, expect, it } from 'vitest';
import { errorOf } from '../support/errors.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { temporaryFolder } from '../support/folder.ts';

describe('Journal', () => {
  it('is there whole, or not at all', async () => {
    const file = path.join(await temporaryFolder(), 'private', 'fusegate-journal.json');
    const journal = new Journal({ file, clock: new FakeClock(), runId: 'run-1' });
    expect(await journal.found()).toEqual({ state: 'none' });
    await journal.record('building', { buildId: 'b' });
    expect(await journal.found(), 'nothing was begun').toEqual({ state: 'none' });
    journal.begin({ fingerprint: 'f', actions: 'a', appSha256: 'sha' });
    for (const stage of JOURNAL_STAGES) {
      await journal.record(stage, { appId: 'a', buildId: 'b', fusionSetId: 'set', teamId: 't' });
      const found = await journal.found();
      expect(found).toMatchObject({
        state: 'whole',
        record: { stage, runId: 'run-1', fingerprint: 'f', actions: 'a', appSha256: 'sha' },
      });
      expect(found.state === 'whole' && found.record.ids).toEqual({ appId: 'a', buildId: 'b' });
    }
    expect(await readdir(path.dirname(file))).toEqual(['fusegate-journal.json']);
  });

  it('is damaged where it is not ours; the build id is saved from it where it can be', () => {
    for (const text of ['', '{', 'null', '[]', '{"version":2}', '{"version":1,"stage":"building"}', '\u0000']) {
      expect(readJournal(text), text).toEqual({ state: 'damaged' });
    }
    expect(readJournal('{"version":1,"stage":"building","ids":{"buildId": "b-1"')).toEqual({
      state: 'damaged',
      buildId: 'b-1',
    });
    expect(readJournal('{"ids":{"buildId":"$(rm -r ~)"}}')).toEqual({ state: 'damaged' });
  });

  it('takes no id that could not be one', () => {
    const record = { version: 1, fingerprint: 'f', startedAt: '2026-01-01T00:00:00Z', stage: 'built' };
    for (const buildId of ['', 'a b', '../x', 7, null]) {
      expect(readJournal(JSON.stringify({ ...record, ids: { buildId } }))).toMatchObject({
        state: 'whole',
        record: { ids: {} },
      });
    }
  });

  it('ends only what was begun, and never throws', async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'private', 'j.json');
    const journal = new Journal({ file, clock: new FakeClock() });
    await journal.finish();
    expect(await journal.found()).toEqual({ state: 'none' });
    journal.begin({ fingerprint: 'f' });
    await journal.record('signed', { buildId: 'b' });
    await journal.finish();
    expect(await journal.found()).toMatchObject({ record: { stage: 'finished', ids: { buildId: 'b' } } });
    const nowhere = new Journal({ file: path.join(file, 'j.json'), clock: new FakeClock() });
    nowhere.begin({ fingerprint: 'f' });
    await nowhere.finish();
  });

  it('fails loudly where it cannot be written', async () => {
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, 'private'), 'a file');
    const journal = new Journal({ file: path.join(folder, 'private', 'j.json'), clock: new FakeClock() });
    journal.begin({ fingerprint: 'f' });
    expect(await errorOf(journal.record('build-intent', {}))).toMatchObject({ code: 'output.unwritable', exitCode: 2 });
  });
});
