/** Runs that never start: the green of an earlier run goes, and nothing is destroyed (design, rule 15). */
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRequest } from '../../src/intake/read-request.ts';
import { refuse } from '../../src/jobs/refuse.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { temporaryFolder } from '../support/folder.ts';
import { APK } from '../support/zip.ts';

const KEY = { FUSEGATE_API_KEY: 'synthetic-key' };
const ID = '11111111-631e-11f0-811d-012fa289ddab';
const PAID = JSON.stringify({
  tool: { name: 'fusegate' },
  verdict: 'pass',
  exitCode: 0,
  stages: [{ name: 'build' }],
  files: [{ role: 'protected-app', path: 'out/App.apk', size: 4 }],
});

/** A working directory with an app, and the outcome of a paid run in each of the folders. */
async function workplace(...folders: string[]): Promise<string> {
  const cwd = await temporaryFolder();
  await writeFile(path.join(cwd, 'App.apk'), APK);
  for (const folder of folders) {
    await mkdir(path.join(cwd, folder), { recursive: true });
    await writeFile(path.join(cwd, folder, 'fusegate-result.json'), PAID);
    await writeFile(path.join(cwd, folder, 'App.apk'), 'paid');
  }
  return cwd;
}

/** Refuses what these words ask for, as every adapter does. */
async function refused(cwd: string, words: Array<[string, string]>, environment: Record<string, string> = {}) {
  const inputs = words.map(([name, value]) => ({ name, value, spelling: `--${name}` }));
  const read = await readRequest({ inputs }, { ...KEY, ...environment }, 'cli', { cwd });
  if (read.ok) throw new Error('nothing was wrong');
  const context = { ci: { system: 'cli' }, tool: {}, mask: (text: string) => text };
  if (read.draft) await refuse(read.error, read.draft, new FakeClock(), context);
  return read;
}

const RUN: Array<[string, string]> = [
  ['app', 'App.apk'],
  ['fusion-set-id', ID],
  ['sign', 'private'],
  ['signing-fingerprint', 'AB'.repeat(20)],
  ['required-features', 'Root Detection'],
];
const verdictIn = async (folder: string) =>
  JSON.parse(await readFile(path.join(folder, 'fusegate-result.json'), 'utf8')).verdict;

describe('a typo', () => {
  it.each<[string, Array<[string, string]>, string]>([
    [
      'in an option, with the folder given',
      [
        ['output-dir', 'out'],
        ['tiemout', '5m'],
      ],
      'out',
    ],
    ['in an option, with the folder by default', [['timeout', '5']], 'fusegate-output/App'],
    [
      'in the name of a protection',
      [
        ['output-dir', 'out'],
        ['required-features', 'Rot Detction'],
      ],
      'out',
    ],
    [
      'beside a folder that is given twice, once without its value',
      [
        ['output-dir', 'out'],
        ['output-dir', ''],
        ['timeout', '5'],
      ],
      'out',
    ],
  ])('%s takes the green away and keeps the paid app', async (_, words, folder) => {
    const cwd = await workplace(folder);
    const dir = path.join(cwd, folder);
    const names = new Set(words.map(([name]) => name));
    await refused(cwd, [...RUN.filter(([name]) => !names.has(name)), ...words]);
    expect(await verdictIn(dir)).toBe('error');
    expect((await readdir(dir)).sort()).toEqual(['fusegate-result.json', 'previous']);
    expect(await readFile(path.join(dir, 'previous/App.apk'), 'utf8')).toBe('paid');
    expect(await verdictIn(path.join(dir, 'previous'))).toBe('pass');
  });

  it('that is made again and again costs nothing more', async () => {
    const cwd = await workplace('out');
    for (let times = 0; times < 3; times += 1) await refused(cwd, [...RUN, ['output-dir', 'out'], ['timeout', '5']]);
    expect((await readdir(path.join(cwd, 'out'))).sort()).toEqual(['fusegate-result.json', 'previous']);
  });

  it('in the folder itself takes the green away from every folder that was named and has one', async () => {
    const cwd = await workplace('one', 'two', 'three');
    await mkdir(path.join(cwd, 'four'));
    await refused(cwd, [...RUN, ['output-dir', 'one'], ['output-dir', 'two'], ['output-dir', 'four']]);
    expect(await verdictIn(path.join(cwd, 'one'))).toBe('error');
    expect(await verdictIn(path.join(cwd, 'two'))).toBe('error');
    expect(await verdictIn(path.join(cwd, 'three'))).toBe('pass');
    expect(await readdir(path.join(cwd, 'four'))).toEqual([]);
  });

  it('leaves a folder alone that holds an input', async () => {
    const cwd = await workplace('one', 'two');
    const baseline: [string, string] = ['baseline', 'one/fusegate-result.json'];
    await refused(cwd, [...RUN, ['output-dir', 'one'], ['output-dir', 'two'], baseline]);
    expect(await verdictIn(path.join(cwd, 'one'))).toBe('pass');
    expect(await verdictIn(path.join(cwd, 'two'))).toBe('error');
    await refused(cwd, [...RUN, ['output-dir', 'one'], baseline]);
    expect(await verdictIn(path.join(cwd, 'one'))).toBe('pass');
  });

  it('is told where a link stands in place of rejected/, too', async () => {
    const cwd = await workplace('out');
    await mkdir(path.join(cwd, 'elsewhere'));
    await writeFile(path.join(cwd, 'elsewhere/App.apk'), 'not ours');
    await symlink(path.join(cwd, 'elsewhere'), path.join(cwd, 'out/rejected'), 'dir');
    await refused(cwd, [...RUN, ['output-dir', 'out'], ['timeout', '5']]);
    expect(await verdictIn(path.join(cwd, 'out'))).toBe('error');
    expect(await readFile(path.join(cwd, 'elsewhere/App.apk'), 'utf8')).toBe('not ours');
  });
});

it('a result of a refused run names who set the gate', async () => {
  const cwd = await workplace();
  await refused(cwd, [...RUN, ['output-dir', 'out'], ['timeout', '5']], { FUSEGATE_GATE: 'disabled' });
  const result = JSON.parse(await readFile(path.join(cwd, 'out/fusegate-result.json'), 'utf8'));
  expect(result).toMatchObject({
    schemaVersion: 2,
    gate: 'disabled',
    gateSetBy: 'the environment variable FUSEGATE_GATE',
    transport: {},
    waivers: [],
    accepted: [],
  });
});
