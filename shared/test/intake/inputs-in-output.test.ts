import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { OutputFolder } from '../../src/files/output-folder.ts';
import { readRequest } from '../../src/intake/read-request.ts';
import { CLI } from '../../src/options/systems/cli.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { temporaryFolder } from '../support/folder.ts';
import { APK } from '../support/zip.ts';

const RUN = {
  'fusion-set-id': '11111111-631e-11f0-811d-012fa289ddab',
  sign: 'private',
  'signing-fingerprint': 'a1:b2:c3:d4:e5:f6:07:18:29:3a:4b:5c:6d:7e:8f:90:01:12:23:34',
  'required-features': 'Root Detection',
};
const ALLOWED = 'a folder that holds no input';

let cwd = '';

beforeEach(async () => {
  cwd = await temporaryFolder();
});

async function put(...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(path.dirname(path.join(cwd, name)), { recursive: true });
    await writeFile(path.join(cwd, name), name.endsWith('apk') ? APK : '{"synthetic": true}');
  }
}

const read = (inputs: Record<string, string>) =>
  readRequest(
    { inputs: Object.entries(inputs).map(([name, value]) => ({ name, value })) },
    { APPDOME_API_KEY: 'synthetic-key' },
    CLI,
    { cwd, now: Date.now() },
  );

async function problemsOf(inputs: Record<string, string>) {
  const result = await read({ ...RUN, ...inputs });
  if (result.ok) return [];
  // A refused run may clear a folder only where it is certain that nothing in it is an input.
  expect(result.draft).toBeUndefined();
  return result.error.problems;
}

function refusal(name: string, dir = 'out', allowed = ALLOWED) {
  const message = `holds ${name} where this run would delete or overwrite it`;
  return [{ option: '--output-dir', value: expect.stringContaining(dir), message, allowed }];
}

describe('an app in the output folder', () => {
  it.each([
    ['rejected/App.apk', {}],
    ['App.apk', {}],
    ['rejected/Other.apk', { 'output-name': 'Other' }],
    ['rejected/App-universal.apk', { 'output-name': 'App' }],
  ])('is refused as %s with %j', async (name, change) => {
    await put(`out/${name}`);
    const problems = await problemsOf({ app: `out/${name}`, 'output-dir': 'out', ...change });
    expect(problems).toMatchObject(refusal(path.basename(name)));
    expect(problems).toHaveLength(1);
  });

  it('is refused in the default folder, where a red run has left it', async () => {
    await put('fusegate-output/App/rejected/App.apk');
    const problems = await problemsOf({ app: 'fusegate-output/App/rejected/App.apk' });
    expect(problems).toMatchObject(refusal('App.apk', 'App'));
  });

  it('is refused behind links, of the file and of the folder', async () => {
    await put('out/rejected/App.apk');
    await symlink(path.join(cwd, 'out/rejected/App.apk'), path.join(cwd, 'App.apk'));
    await symlink(path.join(cwd, 'out'), path.join(cwd, 'linked'), 'dir');
    expect(await problemsOf({ app: 'App.apk', 'output-dir': 'out' })).toMatchObject(refusal('App.apk'));
    expect(await problemsOf({ app: 'out/rejected/App.apk', 'output-dir': 'linked' })).toMatchObject(
      refusal('App.apk', 'linked'),
    );
  });

  it.each([
    ['out/App.apk', 'Protected'],
    ['out/rejected/App.apk', 'Protected'],
    ['out/sub/App.apk', 'App'],
    ['App.apk', 'App'],
  ])('%s is left alone by a run that writes elsewhere', async (app, name) => {
    await put(app, 'out/rejected/Old.apk');
    const result = await read({ ...RUN, app, 'output-dir': 'out', 'output-name': name });
    if (!result.ok) throw result.error;
    await OutputFolder.of(result.request, new FakeClock()).prepare();
    const left = await readdir(path.dirname(path.join(cwd, app)));
    expect(left).toContain('App.apk');
  });

  it.each([
    ['App.apk', { sign: 'auto-dev' }],
    ['App-universal.apk', { 'output-name': 'App' }],
  ])('%s may lie where nothing is put over it, with %j', async (name, change) => {
    await put(`out/${name}`);
    const result = await read({ ...RUN, app: `out/${name}`, 'output-dir': 'out', ...change });
    if (!result.ok) throw result.error;
    await OutputFolder.of(result.request, new FakeClock()).prepare();
    expect(await readdir(path.join(cwd, 'out'))).toContain(name);
  });
});

describe('another input in the output folder', () => {
  it.each([
    ['build-overrides', 'private/certificate.json'],
    ['policy', 'fusegate-archive.json'],
    ['signing-fingerprint-list', 'private/fusegate-journal.json'],
    ['input-mapping', 'private/fusegate.env'],
    ['cert-pinning-zip', 'private/deobfuscation.zip'],
  ])('%s is refused as %s', async (option, name) => {
    await put('App.apk', `out/${name}`);
    const problems = await problemsOf({ app: 'App.apk', 'output-dir': 'out', [option]: `out/${name}` });
    // Its content may be wrong besides: all problems are told at once.
    expect(problems).toEqual(expect.arrayContaining([expect.objectContaining(refusal(path.basename(name))[0] ?? {})]));
  });

  it.each(['fusegate-result.json', 'private/certificate.json'])('a baseline is refused as %s', async (name) => {
    await put('App.apk', `out/${name}`);
    const problems = await problemsOf({ app: 'App.apk', 'output-dir': 'out', baseline: `out/${name}` });
    const allowed = `${ALLOWED}; as baseline, a copy kept elsewhere: every run replaces its result, a red one too`;
    expect(problems).toEqual(
      expect.arrayContaining([expect.objectContaining(refusal(path.basename(name), 'out', allowed)[0] ?? {})]),
    );
  });

  it('several are one problem', async () => {
    await put('out/App.apk', 'out/private/certificate.json');
    const problems = await problemsOf({
      app: 'out/App.apk',
      'output-dir': 'out',
      'build-overrides': 'out/private/certificate.json',
    });
    expect(problems.filter(({ option }) => option === '--output-dir')).toMatchObject(
      refusal('App.apk and certificate.json'),
    );
  });

  it('is refused where only the app may lie, and is not taken for the baseline', async () => {
    await put('App.apk', 'out/App.apk', 'old.json');
    const inputs = { app: 'App.apk', 'output-dir': 'out', sign: 'auto-dev', 'input-mapping': 'out/App.apk' };
    const problems = await problemsOf({ ...inputs, baseline: 'old.json' });
    expect(problems).toEqual(expect.arrayContaining([expect.objectContaining(refusal('App.apk')[0] ?? {})]));
  });

  it.each(['policy', 'baseline', 'input-mapping'])('%s that is not there is told as that alone', async (option) => {
    await put('App.apk', 'out/other.json');
    const result = await read({ ...RUN, app: 'App.apk', 'output-dir': 'out', [option]: 'out/none.yml' });
    const problems = result.ok ? [] : result.error.problems;
    expect(problems).toMatchObject([{ message: expect.stringMatching(/does not exist/u) }]);
  });

  it('is told beside an app that is not there', async () => {
    await put('out/private/certificate.json');
    const inputs = { app: 'none.apk', 'output-dir': 'out', 'build-overrides': 'out/private/certificate.json' };
    const messages = (await problemsOf(inputs)).map(({ option, message }) => `${option} ${message}`);
    expect(messages).toEqual(
      expect.arrayContaining(['--app does not exist', `--output-dir ${refusal('certificate.json')[0]?.message ?? ''}`]),
    );
  });

  it('cannot lie in a folder that is not there', async () => {
    await put('App.apk', 'private/certificate.json');
    const inputs = { app: 'App.apk', 'output-dir': 'new', 'build-overrides': 'private/certificate.json' };
    expect((await read({ ...RUN, ...inputs })).ok).toBe(true);
  });

  it('as text is no file', async () => {
    await put('App.apk', 'out/private/certificate.json');
    const result = await read({
      ...RUN,
      app: 'App.apk',
      'output-dir': 'out',
      'build-overrides': '{"synthetic": true}',
    });
    expect(result.ok).toBe(true);
  });

  it('is told once where it is a certificate to be judged', async () => {
    await put('out/private/certificate.json');
    const result = await read({
      mode: 'gate',
      certificate: 'out/private/certificate.json',
      'output-dir': 'out',
      'required-features': 'Root Detection',
    });
    expect(result.ok ? [] : result.error.problems).toHaveLength(1);
  });

  it('may lie where nothing is written', async () => {
    await put('App.apk', 'out/overrides.json');
    const result = await read({ ...RUN, app: 'App.apk', 'output-dir': 'out', 'build-overrides': 'out/overrides.json' });
    expect(result.ok).toBe(true);
  });
});
