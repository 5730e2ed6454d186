/** Runs that never start: the green of an earlier run goes, and nothing is destroyed (design, rule 15). */

import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockFolder } from '../../src/files/folder-lock.ts';
import { readRequest } from '../../src/intake/read-request.ts';
import { refuse } from '../../src/jobs/refuse.ts';
import { CLI } from '../../src/options/systems/cli.ts';
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
  const read = await readRequest({ inputs }, { ...KEY, ...environment }, CLI, { cwd, now: Date.now() });
  if (read.ok) throw new Error('nothing was wrong');
  const context = { ci: { system: 'cli' }, tool: {}, root: '/repository', mask: (text: string) => text };
  if (read.draft) await refuse(read.error, read.draft, { log() {} }, new FakeClock(), context);
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

type Words = Array<[string, string]>;
const GATE: Words = [
  ['mode', 'gate'],
  ['required-features', 'Root Detection'],
];
const WITHOUT_APP = RUN.filter(([name]) => name !== 'app');
/** What makes a run be refused, whatever it works on. */
const FAULTS: Array<[string, Words]> = [
  ['a misspelt protection', [['required-features', 'Rot Detction']]],
  ['an option that does not exist', [['nonsense', 'x']]],
  ['a misspelt option', [['detial', 'full']]],
  ['an unknown word', [['evidence', 'pfd']]],
  ['a policy that is not there', [['policy', 'none.yml']]],
  ['a baseline that is not there', [['baseline', 'none.json']]],
];

describe('the green in the folder that a run has by default goes', () => {
  const subjects: Array<[string, Words, string]> = [
    ['gate on a certificate', [...GATE, ['certificate', 'C.pdf']], 'C-gate'],
    ['gate on a certificate that has gone', [...GATE, ['certificate', 'Gone.pdf']], 'Gone-gate'],
    ['gate on both documents', [...GATE, ['certificate', 'C.pdf,C.json']], 'certificates-gate'],
    ['gate on both documents, one gone', [...GATE, ['certificate', 'C.pdf,Gone.json']], 'certificates-gate'],
    ['gate on a pattern', [...GATE, ['certificate', 'C*.pdf']], 'C-gate'],
    ['gate on a pattern that matches nothing now', [...GATE, ['certificate', 'Go*.pdf']], 'Gone-gate'],
    ['gate on a pattern that matched several', [...GATE, ['certificate', 'Go*.pdf']], 'certificates-gate'],
    ['gate on a build', [...GATE, ['build-id', ID]], `build-${ID}-gate`],
    ['gate on a build, in capitals', [...GATE, ['build-id', ID.toUpperCase()]], `build-${ID}-gate`],
    ['gate with an app', [...GATE, ['build-id', ID], ['app', 'App.apk']], 'App-gate'],
    ['gate with an app that has gone', [...GATE, ['certificate', 'C.pdf'], ['app', 'Gone.apk']], 'Gone-gate'],
    [
      'validate',
      [
        ['mode', 'validate'],
        ['app', 'App.apk'],
        ['build-id', ID],
      ],
      'App-validate',
    ],
    [
      'validate of an app that has gone',
      [
        ['mode', 'validate'],
        ['app', 'Gone.apk'],
        ['build-id', ID],
      ],
      'Gone-validate',
    ],
    ['run', RUN, 'App'],
    ['run with an app that has gone', [...WITHOUT_APP, ['app', 'build/Gone.apk']], 'Gone'],
    ['run with an app that is none', [...WITHOUT_APP, ['app', 'Text.apk']], 'Text'],
    ['run with a pattern that matches nothing now', [...WITHOUT_APP, ['app', 'build/Go*-[0-9].*']], 'Gone-1.2'],
    ['run with a pattern that matches two', [...WITHOUT_APP, ['app', '{App,Text}.apk']], 'App'],
    ['run with a URL', [...WITHOUT_APP, ['app', 'https://files.example.com/My%20App.apk?token=x']], 'My App'],
    ['run with a URL that is refused', [...WITHOUT_APP, ['app', 'http://files.example.com/a/App.apk']], 'App'],
    ['run with an app id', [...WITHOUT_APP, ['app-id', ID]], `app-${ID}`],
    ['run with an app id and an app', [...RUN, ['app-id', ID]], `app-${ID}`],
    ['run with a build id', [...WITHOUT_APP, ['build-id', ID]], `build-${ID}`],
    ['run with a build id that is none', [...WITHOUT_APP, ['build-id', 'B-7']], 'build-B-7'],
  ];
  const rows = subjects.flatMap(([what, words, name]) =>
    FAULTS.map(([fault, more]) => [what, fault, words, more, name] as const),
  );
  it.each(rows)('%s, with %s', async (_what, _fault, words, more, name) => {
    const folder = `fusegate-output/${name}`;
    const cwd = await workplace(folder, 'fusegate-output/Other', 'fusegate-output/Other-gate');
    for (const file of ['C.pdf', 'C.json', 'Text.apk']) await writeFile(path.join(cwd, file), 'synthetic');
    const given = new Set(more.map(([option]) => option));
    await refused(cwd, [...words.filter(([option]) => !given.has(option)), ...more]);
    expect(await verdictIn(path.join(cwd, folder))).toBe('error');
    expect(await verdictIn(path.join(cwd, folder, 'previous'))).toBe('pass');
    expect(await readFile(path.join(cwd, folder, 'previous/App.apk'), 'utf8')).toBe('paid');
    expect(await verdictIn(path.join(cwd, 'fusegate-output/Other'))).toBe('pass');
    expect(await verdictIn(path.join(cwd, 'fusegate-output/Other-gate'))).toBe('pass');
  });

  it.each<[string, Words, string]>([
    [
      'the mode is misspelt',
      [
        ['mode', 'gaet'],
        ['certificate', 'C.pdf'],
      ],
      'C-gate',
    ],
    [
      'the option of the mode is',
      [
        ['mod', 'gate'],
        ['certificate', 'C.pdf'],
      ],
      'C-gate',
    ],
    ['the option of the certificate is', [...GATE, ['certifcate', 'C.pdf']], 'C-gate'],
    ['the option of the build is', [...GATE, ['bild-id', ID]], `build-${ID}-gate`],
    ['the option of the app is', [...WITHOUT_APP, ['ap', 'App.apk']], 'App'],
    ['two apps are named', [...RUN, ['app', 'Gone.apk']], 'Gone'],
    ['two builds are named', [...GATE, ['build-id', ID], ['build-id', ID.replace('1', '2')]], `build-${ID}-gate`],
  ])('where %s', async (_, words, name) => {
    const folder = `fusegate-output/${name}`;
    const cwd = await workplace(folder, 'fusegate-output/Other');
    await writeFile(path.join(cwd, 'C.pdf'), 'synthetic');
    await refused(cwd, words);
    expect(await verdictIn(path.join(cwd, folder))).toBe('error');
    expect(await verdictIn(path.join(cwd, folder, 'previous'))).toBe('pass');
    expect(await verdictIn(path.join(cwd, 'fusegate-output/Other'))).toBe('pass');
  });

  it('below the place that the system has for it', async () => {
    const cwd = await workplace('deploy/fusegate-output/Gone', 'fusegate-output/Gone');
    const inputs = [...WITHOUT_APP, ['app', 'Gone.apk']].map(([name = '', value = '']) => ({ name, value }));
    const read = await readRequest({ inputs }, KEY, CLI, { cwd, outputBase: 'deploy', now: Date.now() });
    expect(!read.ok && read.draft?.request.output.dir).toBe(path.join(cwd, 'deploy/fusegate-output/Gone'));
    expect(!read.ok && read.draft?.otherFolders).toEqual([]);
  });

  it('and no folder is made for a run whose folder is not certain', async () => {
    const cwd = await workplace();
    for (const words of [[...WITHOUT_APP, ['app', 'Gone.apk']], [...GATE, ['build-id', '../up']], GATE] as Words[])
      expect((await refused(cwd, words)).draft).toBeUndefined();
    expect(await readdir(cwd)).toEqual(['App.apk']);
  });

  it('but not where the app that is meant lies', async () => {
    const cwd = await workplace('fusegate-output/App');
    await refused(cwd, [...WITHOUT_APP, ['app', 'fusegate-output/App/App.apk']]);
    expect(await verdictIn(path.join(cwd, 'fusegate-output/App'))).toBe('pass');
  });
});

describe('the output folder under a misspelt name, or without a value', () => {
  const refusedInput = {
    name: 'output-dir',
    value: '',
    refused: { message: 'needs a value', allowed: '--output-dir DIR' },
  };

  it.each(['output-dri', 'outputdir', 'output', 'outptu-dir'])(
    '%s takes the green from the folder that was meant',
    async (name) => {
      const cwd = await workplace('w', 'out', 'other');
      await refused(cwd, [...RUN, [name, 'w']]);
      expect(await verdictIn(path.join(cwd, 'w'))).toBe('error');
      expect(await verdictIn(path.join(cwd, 'w/previous'))).toBe('pass');
      await refused(cwd, [...RUN, [name, 'out'], ['output-dir', 'other']]);
      expect(await verdictIn(path.join(cwd, 'out'))).toBe('error');
      expect(await verdictIn(path.join(cwd, 'other'))).toBe('error');
    },
  );

  it('makes no folder that is not there, and touches no input', async () => {
    const cwd = await workplace('w');
    await refused(cwd, [...RUN, ['output-dri', 'new']]);
    expect((await readdir(cwd)).sort()).toEqual(['App.apk', 'w']);
    await refused(cwd, [...WITHOUT_APP, ['app', 'w/App.apk'], ['output-dri', 'w']]);
    expect(await verdictIn(path.join(cwd, 'w'))).toBe('pass');
  });

  it.each(['', 'env'])('without a value it is the default one, or that of the variable (%j)', async (variable) => {
    const folder = variable === '' ? 'fusegate-output/App' : variable;
    const cwd = await workplace(folder, 'w');
    const inputs = [...RUN.map(([name, value]) => ({ name, value })), refusedInput];
    const environment = { ...KEY, ...(variable === '' ? {} : { FUSEGATE_OUTPUT_DIR: variable }) };
    const read = await readRequest({ inputs }, environment, CLI, { cwd, now: Date.now() });
    expect(!read.ok && read.draft?.request.output.dir).toBe(path.join(cwd, folder));
  });
});

it('a result of a refused run names who set the gate, the evidence and the dry run', async () => {
  const cwd = await workplace();
  await refused(cwd, [...RUN, ['output-dir', 'out'], ['timeout', '5']], {
    FUSEGATE_GATE: 'disabled',
    FUSEGATE_EVIDENCE: 'any',
    FUSEGATE_DRY_RUN: 'true',
  });
  const result = JSON.parse(await readFile(path.join(cwd, 'out/fusegate-result.json'), 'utf8'));
  expect(result).toMatchObject({
    schemaVersion: 2,
    gate: 'disabled',
    gateSetBy: 'the environment variable FUSEGATE_GATE',
    evidenceSetBy: 'the environment variable FUSEGATE_EVIDENCE',
    dryRunSetBy: 'the environment variable FUSEGATE_DRY_RUN',
    transport: {},
    waivers: [],
    accepted: [],
  });
});

it('what to write instead is a sentence that names the option', async () => {
  const cwd = await workplace();
  await refused(cwd, [...RUN, ['output-dir', 'out'], ['timeout', '5'], ['api-key', '']]);
  const { findings } = JSON.parse(await readFile(path.join(cwd, 'out/fusegate-result.json'), 'utf8'));
  const hints: string[] = findings.map(({ hint }: { hint: string }) => hint);
  expect(hints.find((hint) => hint.includes('--timeout'))).toMatch(/^Correct --timeout: .+\.$/u);
  for (const hint of hints) expect(hint).toMatch(/^[A-Z].*[.!?]$/u);
});

describe('a folder that another run works in', () => {
  it('is left as it is', async () => {
    const cwd = await workplace('out');
    const unlock = await lockFolder({ dir: path.join(cwd, 'out'), clock: new FakeClock(), log() {} });
    const words: Array<[string, string]> = [...RUN, ['output-dir', 'out'], ['timeout', '5']];
    await expect(refused(cwd, words)).rejects.toMatchObject({ code: 'output.in-use' });
    expect(await readFile(path.join(cwd, 'out', 'fusegate-result.json'), 'utf8')).toBe(PAID);
    await unlock();
    await refused(cwd, words);
    expect(await verdictIn(path.join(cwd, 'out'))).toBe('error');
  });
});
