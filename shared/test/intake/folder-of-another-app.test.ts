import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { lockFolder } from '@fusegate/shared/files/folder-lock';
import { readRequest } from '@fusegate/shared/intake/read-request';
import { CLI } from '@fusegate/shared/options/systems/cli';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../support/fake-clock.ts';
import { temporaryFolder } from '../support/folder.ts';
import { APK } from '../support/zip.ts';

const GITHUB = { GITHUB_ACTIONS: 'true', GITHUB_SERVER_URL: 'https://github.example', GITHUB_REPOSITORY: 'a/b' };
const RUN_7 = { ...GITHUB, GITHUB_RUN_ID: '7' };

/** `brand-a` has been run; its result is in the default folder of both. */
async function workspace(runUrl?: string) {
  const cwd = await temporaryFolder();
  for (const brand of ['brand-a', 'brand-b']) {
    await mkdir(path.join(cwd, brand));
    await writeFile(path.join(cwd, brand, 'app.apk'), APK);
  }
  const folder = path.join(cwd, 'fusegate-output', 'app');
  await mkdir(folder, { recursive: true });
  const result = { tool: { name: 'fusegate' }, app: { path: path.join(cwd, 'brand-a', 'app.apk') }, ci: { runUrl } };
  await writeFile(path.join(folder, 'fusegate-result.json'), JSON.stringify(result));
  return { cwd, folder };
}

async function folderOf(app: string, cwd: string, environment: Record<string, string> = {}, dir?: string) {
  const inputs = Object.entries({
    app,
    'fusion-set-id': '11111111-631e-11f0-811d-012fa289ddab',
    sign: 'private',
    'signing-fingerprint': 'AB'.repeat(20),
    'required-features': 'Root Detection',
    ...(dir === undefined ? {} : { 'output-dir': dir }),
  }).map(([name, value]) => ({ name, value }));
  const read = await readRequest({ inputs }, { FUSEGATE_API_KEY: 'synthetic-key', ...environment }, CLI, {
    cwd,
    now: 0,
  });
  if (!read.ok) throw read.error;
  return path.relative(cwd, read.request.output.dir).split(path.sep).join('/');
}

const APART = /^fusegate-output\/app-[0-9a-f]{8}$/;

describe('the default folder of an app whose name another one has', () => {
  it('is its own outside of CI, the same each time, and only where both are there', async () => {
    const { cwd } = await workspace();
    expect(await folderOf('brand-a/app.apk', cwd)).toBe('fusegate-output/app');
    const apart = await folderOf('brand-b/app.apk', cwd);
    expect(apart).toMatch(APART);
    expect(await folderOf('./brand-b/../brand-b/app.apk', cwd)).toBe(apart);
    expect(await folderOf('brand-b/app.apk', cwd, {}, 'out')).toBe('out');
    await symlink(path.join(cwd, 'brand-a', 'app.apk'), path.join(cwd, 'app.apk'));
    expect(await folderOf('app.apk', cwd)).toBe('fusegate-output/app');
    await rm(path.join(cwd, 'brand-a'), { recursive: true });
    expect(await folderOf('brand-b/app.apk', cwd)).toBe('fusegate-output/app');
  });

  it('is its own in the same CI run, and replaces the outcome of an earlier one', async () => {
    const { cwd } = await workspace('https://github.example/a/b/actions/runs/7');
    expect(await folderOf('brand-b/app.apk', cwd, RUN_7)).toMatch(APART);
    expect(await folderOf('brand-b/app.apk', cwd, { ...RUN_7, GITHUB_RUN_ID: '8' })).toBe('fusegate-output/app');
  });

  it('is its own while the other run goes on', async () => {
    const { cwd, folder } = await workspace('https://github.example/a/b/actions/runs/6');
    const unlock = await lockFolder({ dir: folder, clock: new FakeClock(), log() {} });
    expect(await folderOf('brand-b/app.apk', cwd, RUN_7)).toMatch(APART);
    expect(await folderOf('brand-a/app.apk', cwd, RUN_7)).toBe('fusegate-output/app');
    await unlock();
  });

  it('is the usual one where what lies there is no result', async () => {
    const { cwd, folder } = await workspace();
    for (const text of [
      '',
      '{}',
      'null',
      '{"tool":{"name":"fusegate"}}',
      '{"tool":{"name":"other"},"app":{"path":"x"}}',
    ]) {
      await writeFile(path.join(folder, 'fusegate-result.json'), text);
      expect(await folderOf('brand-b/app.apk', cwd)).toBe('fusegate-output/app');
    }
  });
});
