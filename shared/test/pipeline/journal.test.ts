import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RunRequest } from '@fusegate/shared/model/run-request';
import { Secret } from '@fusegate/shared/model/secret';
import {
  decideResume,
  fingerprintOf,
  hasPassed,
  isLive,
  JOURNAL_STAGES,
  Journal,
  type JournalRecord,
} from '@fusegate/shared/pipeline/journal';
import { describe, expect, it } from 'vitest';
import { errorOf } from '../support/errors.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { temporaryFolder } from '../support/folder.ts';
import { LIMITS } from '../support/pipeline.ts';

const NOW = Date.UTC(2026, 10, 21, 12);
const HOUR = 3_600_000;
const record: JournalRecord = {
  version: 1,
  fingerprint: 'f',
  runId: 'run-1',
  startedAt: new Date(NOW - HOUR).toISOString(),
  updatedAt: new Date(NOW - HOUR).toISOString(),
  stage: 'building',
  ids: { appId: 'a', buildId: 'b' },
};

describe('isLive', () => {
  it.each<[string, Partial<JournalRecord>, string | undefined, boolean]>([
    ['the same run', {}, 'run-1', true],
    ['another run', {}, 'run-2', false],
    ['a run without an id', {}, undefined, false],
    ['finished', { stage: 'finished' }, 'run-1', false],
    ['23 hours old', { startedAt: new Date(NOW - 23 * HOUR).toISOString() }, 'run-1', true],
    ['24 hours old', { startedAt: new Date(NOW - 24 * HOUR).toISOString() }, 'run-1', false],
    ['from the future', { startedAt: new Date(NOW + 1).toISOString() }, 'run-1', false],
    ['of no time', { startedAt: 'x' }, 'run-1', false],
  ])('%s', (_name, more, runId, expected) => {
    expect(isLive({ ...record, ...more }, runId, NOW)).toBe(expected);
  });

  it('takes a record without a run id for a run without one', () => {
    const { runId: _runId, ...without } = record;
    expect(isLive(without, undefined, NOW)).toBe(true);
    expect(isLive(without, 'run-1', NOW)).toBe(false);
  });
});

describe('decideResume', () => {
  const modes = ['auto', 'never', 'new'] as const;
  it('for every stage and mode', () => {
    for (const stage of JOURNAL_STAGES) {
      const actions = modes.map((mode) => decideResume({ ...record, stage }, 'f', mode).action);
      expect(actions, stage).toEqual(
        stage === 'build-intent' ? ['refuse', 'refuse', 'start'] : ['continue', 'start', 'start'],
      );
      expect(modes.map((mode) => decideResume({ ...record, stage }, 'other', mode).action)).toEqual([
        'start',
        'start',
        'start',
      ]);
    }
  });
});

describe('hasPassed', () => {
  it('follows the order of the run', () => {
    expect(hasPassed('signed', 'built')).toBe(true);
    expect(hasPassed('built', 'built')).toBe(true);
    expect(hasPassed('build-intent', 'building')).toBe(false);
  });
});

const request: RunRequest = {
  mode: 'run',
  server: { url: 'https://fusion.appdome.com', apiKey: new Secret('key-1') },
  fusionSetId: 'SET-1',
  buildLogs: false,
  buildOverrides: {},
  sign: { method: 'on-appdome', keystorePassword: new Secret('p1') },
  gate: { mode: 'enforce', requiredFeatures: [], evidence: 'any', detail: 'full', certificates: [] },
  output: { dir: '/x', secondOutput: false, deobfuscationMap: false, reports: [], publish: [] },
  limits: LIMITS,
  resume: 'auto',
  reuseUpload: true,
  ci: true,
  verbose: false,
};

describe('fingerprintOf', () => {
  const of = (
    more: Partial<RunRequest> = {},
    app: Parameters<typeof fingerprintOf>[1] = { sha256: 's' },
    origin = 'o',
  ) => fingerprintOf({ ...request, ...more }, app, origin);

  it('changes with everything that makes another build', () => {
    const all = [
      of(),
      of({}, { sha256: 't' }),
      of({}, { appId: 's' }),
      of({}, { sha256: 's' }, 'elsewhere'),
      of({ fusionSetId: 'set-2' }),
      of({ server: { ...request.server, teamId: 't' } }),
      of({ buildLogs: true }),
      of({ buildOverrides: { a: 1 } }),
      of({ context: { version: '2' } }),
      of({ sign: { method: 'private' } }),
      of({ sign: { method: 'on-appdome', googlePlaySigning: true } }),
      of({ sign: { method: 'on-appdome', signingFingerprint: 'AA' } }),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  it('does not change with secrets, spelling or limits', () => {
    for (const same of [
      of({ server: { url: 'https://fusion.appdome.com', apiKey: new Secret('key-2'), teamId: 'personal' } }),
      of({ sign: { method: 'on-appdome', keystorePassword: new Secret('p2') } }),
      of({ fusionSetId: 'set-1' }),
      of({ resume: 'never', limits: { ...LIMITS, run: 1 } }),
    ]) {
      expect(same).toBe(of());
    }
  });
});

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
