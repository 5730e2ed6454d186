import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { keepDurations, pastRunFrom, readDurations, runsInFolder } from '../../src/jobs/past-runs.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { temporaryFolder } from '../support/folder.ts';

const RUN = { fusionSetId: 'set-1', app: 'app.aab', waits: { build: 1000, sign: 50 } };
const timing = (name: 'build' | 'upload', waitedMs?: number) => ({
  name,
  startedAt: '2026-01-01T00:00:00.000Z',
  durationMs: 2000,
  requests: 3,
  ...(waitedMs !== undefined && { waitedMs }),
});

function listener() {
  const logged: string[] = [];
  return { logged, clock: new FakeClock(), host: { log: (level: string) => void logged.push(level) } };
}

describe('the file of durations', () => {
  it('is made, grows, keeps the newest runs, and leaves nothing beside it', async () => {
    const dir = await temporaryFolder();
    const file = path.join(dir, 'cache', 'durations.json');
    const host = listener();
    expect(await readDurations(file)).toEqual({ state: 'none' });
    await keepDurations(file, RUN, host);
    await keepDurations(file, { ...RUN, waits: { build: 2000 } }, host);
    expect(await readDurations(file)).toEqual({ state: 'ours', runs: [RUN, { ...RUN, waits: { build: 2000 } }] });
    const many = Array.from({ length: 600 }, () => RUN);
    await writeFile(file, JSON.stringify({ format: 'fusegate-durations', runs: many }));
    await keepDurations(file, { ...RUN, app: 'last.aab' }, host);
    const kept = await readDurations(file);
    expect(kept.state === 'ours' && kept.runs).toHaveLength(500);
    expect(kept.state === 'ours' && kept.runs.at(-1)?.app).toBe('last.aab');
    expect(await readdir(path.dirname(file))).toEqual(['durations.json']);
    expect(host.logged).toEqual([]);
  });

  it.each(['PK\u0003\u0004 an app', '{"files":[]}', '[]', '{"format":"fusegate-durations"', ''])(
    'is neither read nor replaced where it is another file: %s',
    async (content) => {
      const file = path.join(await temporaryFolder(), 'app.aab');
      await writeFile(file, content);
      expect(await readDurations(file)).toEqual({ state: 'foreign' });
      await keepDurations(file, RUN, listener());
      expect(await readFile(file, 'utf8')).toBe(content);
    },
  );

  it('takes nothing that is no wait', async () => {
    const file = path.join(await temporaryFolder(), 'durations.json');
    const runs = [
      RUN,
      null,
      'run',
      { fusionSetId: 5, waits: { build: 1 } },
      { fusionSetId: 'set-1', waits: { build: -1 } },
    ];
    await writeFile(file, JSON.stringify({ format: 'fusegate-durations', runs }));
    expect(await readDurations(file)).toEqual({ state: 'ours', runs: [RUN] });
  });

  it('that cannot be written is a warning', async () => {
    const dir = await temporaryFolder();
    await writeFile(path.join(dir, 'file'), '');
    const host = listener();
    await keepDurations(path.join(dir, 'file', 'durations.json'), RUN, host);
    expect(host.logged).toEqual(['warning']);
  });
});

describe('results of earlier runs', () => {
  it('tell what they waited for, oldest first', async () => {
    const dir = await temporaryFolder();
    await mkdir(path.join(dir, 'previous'));
    const result = (build: number) =>
      JSON.stringify({
        ids: { fusionSetId: 'set-1' },
        app: { path: '/in/app.aab' },
        stages: [timing('upload'), timing('build', build)],
      });
    await writeFile(path.join(dir, 'fusegate-result.json'), result(2));
    await writeFile(path.join(dir, 'previous', 'fusegate-result.json'), result(1));
    const told = (build: number) => ({ fusionSetId: 'set-1', app: 'app.aab', waits: { build } });
    expect(await runsInFolder(dir)).toEqual([told(1), told(2)]);
  });

  it.each(['', '{}', '{"ids":{},"stages":[]}', '{"ids":{"fusionSetId":"s"},"stages":[5,{"name":"build"}]}'])(
    'tell nothing where they are not whole: %s',
    async (content) => {
      const dir = await temporaryFolder();
      await writeFile(path.join(dir, 'fusegate-result.json'), content);
      expect(await runsInFolder(dir)).toEqual([]);
    },
  );
});

it('a run is kept if it has waited for a whole step', () => {
  const app = { name: 'app.aab' } as never;
  expect(pastRunFrom({ fusionSetId: 'set-1', app }, [timing('upload'), timing('build', 5)])).toEqual({
    fusionSetId: 'set-1',
    app: 'app.aab',
    waits: { build: 5 },
  });
  expect(pastRunFrom({ fusionSetId: 'set-1', app }, [timing('build')])).toBeUndefined();
  expect(pastRunFrom({ app }, [timing('build', 5)])).toBeUndefined();
});
