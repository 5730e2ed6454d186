/** Credentials through readRequest, and the requests of the modes validate and verify. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRequest } from '../../src/intake/read-request.ts';
import { CLI } from '../../src/options/systems/cli.ts';
import { credentialFile, NOW } from '../preflight/credential-fixtures.ts';
import { APK } from '../support/zip.ts';

const FUSION_SET = '11111111-631e-11f0-811d-012fa289ddab';
const BUILD = '22222222-631e-11f0-811d-012fa289ddab';
const KEY = { APPDOME_API_KEY: 'synthetic-api-key-1' };
let cwd = '';

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'fusegate-credentials-'));
  writeFileSync(join(cwd, 'app.apk'), APK);
  writeFileSync(join(cwd, 'fusegate-result.json'), '{}');
  writeFileSync(join(cwd, 'release.bks'), '\0synthetic keystore');
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

function read(inputs: Record<string, string>, environment: Record<string, string> = KEY) {
  const raw = { inputs: Object.entries(inputs).map(([name, value]) => ({ name, value })) };
  return readRequest(raw, environment, CLI, { cwd, now: NOW });
}

const RUN = { app: 'app.apk', 'fusion-set-id': FUSION_SET, 'required-features': 'Root Detection' };

function signed(keystore: string, more: Record<string, string> = {}, environment: Record<string, string> = {}) {
  const inputs = { ...RUN, sign: 'on-appdome', keystore, 'keystore-alias': 'release', ...more };
  return read(inputs, { ...KEY, FUSEGATE_KEYSTORE_PASSWORD: 'store pass', ...environment });
}

describe('credentials', () => {
  it('that hold are no word worth', async () => {
    const result = await signed(credentialFile('android-modern.p12'), {}, { FUSEGATE_KEY_PASSWORD: 'store pass' });
    expect(result).toMatchObject({ ok: true, notices: [] });
  });

  it('that do not are told with everything else that is wrong, each by the name that was used', async () => {
    const environment = { FUSEGATE_KEYSTORE_PASSWORD: '', ANDROID_KEYSTORE_PASS: 'not the password' };
    const result = await signed(credentialFile('android.jks'), { timeout: '5', 'new-bundle-id': 'x' }, environment);
    if (result.ok) throw new Error('accepted');
    expect(result.error.exitCode).toBe(2);
    expect(result.error.problems.map(({ option }) => option).sort()).toEqual([
      '--new-bundle-id',
      '--timeout',
      'ANDROID_KEYSTORE_PASS',
    ]);
    expect(JSON.stringify(result.error.problems)).not.toContain('not the password');
  });

  it.each([
    ['keystore-alias', { 'keystore-alias': 'upload' }, '--keystore-alias'],
    ['key-password', {}, '--key-password'],
  ])('a wrong %s is its own problem', async (_, more, option) => {
    const result = await signed(credentialFile('android.jks'), more);
    expect(result).toMatchObject({ ok: false, error: { problems: [{ option }] } });
  });

  it('that cannot be read here are a notice', async () => {
    const result = await signed('release.bks');
    expect(result).toMatchObject({ ok: true });
    expect(result.notices).toContainEqual(expect.stringContaining('The keystore release.bks was not checked'));
  });

  it('that are not used are not looked at', async () => {
    const inputs = { ...RUN, sign: 'private', 'signing-fingerprint': 'ab'.repeat(20) };
    const environment = { ...KEY, ANDROID_KEYSTORE: credentialFile('android.jks'), ANDROID_KEYSTORE_PASS: 'wrong' };
    expect(await read(inputs, environment)).toMatchObject({ ok: true });
  });
});

describe('mode validate', () => {
  const VALIDATE = { mode: 'validate', app: 'app.apk' };

  it.each([
    [{ result: 'fusegate-result.json' }],
    [{ 'build-id': BUILD }],
    [{ result: 'fusegate-result.json', 'build-id': BUILD }],
  ])('takes %o', async (more) => {
    const result = await read({ ...VALIDATE, ...more, 'output-dir': 'out' });
    expect(result).toMatchObject({
      ok: true,
      request: { mode: 'validate', app: { name: 'app.apk' } },
      plan: { rules: [] },
    });
  });

  it('writes into a folder of its own, and never over what it reads', async () => {
    const result = await read({ ...VALIDATE, 'build-id': BUILD });
    expect(result).toMatchObject({ ok: true, request: { output: { dir: join(cwd, 'fusegate-output/app-validate') } } });
    const over = await read({ ...VALIDATE, result: 'fusegate-result.json', 'output-dir': '.' });
    expect(over).toMatchObject({ ok: false, error: { problems: [{ option: '--output-dir' }] } });
  });

  it.each([
    [{}, KEY, ['--result']],
    [{ 'build-id': BUILD }, {}, ['--api-key']],
    [{ result: 'none.json' }, KEY, ['--result']],
    [{ result: '.' }, KEY, ['--result']],
    [{ 'build-id': BUILD, 'required-features': 'Root Detection' }, KEY, ['--required-features']],
  ])('refuses %o', async (more, environment, options) => {
    const result = await read({ ...VALIDATE, ...more }, environment as Record<string, string>);
    if (result.ok) throw new Error('accepted');
    expect(result.error.problems.map(({ option }) => option)).toEqual(options);
  });
});

describe('mode verify', () => {
  const VERIFY = { mode: 'verify', app: 'app.apk', result: 'fusegate-result.json' };

  it('needs neither a key nor a requirement', async () => {
    const result = await read({ ...VERIFY, 'max-age': '7d', 'policy-sha256': 'AB'.repeat(32) }, {});
    expect(result).toMatchObject({
      ok: true,
      request: {
        mode: 'verify',
        result: join(cwd, 'fusegate-result.json'),
        verify: { maxAge: 7 * 86_400_000, policySha256: 'ab'.repeat(32) },
      },
    });
  });

  it.each([
    [{}, undefined],
    [{ rehearsal: 'false' }, undefined],
    [{ rehearsal: 'true' }, true],
  ])('with %o rehearses: %s', async (more, rehearsal) => {
    const made = await read({ ...VERIFY, ...more }, {});
    if (!made.ok) throw new Error('refused');
    expect(made.request.verify?.rehearsal).toBe(rehearsal);
  });

  it.each([
    [{ app: '' }, ['--app']],
    [{ result: '' }, ['--result']],
    [{ 'max-age': '7' }, ['--max-age']],
    [{ 'policy-sha256': 'ab' }, ['--policy-sha256']],
    [{ 'output-dir': 'out' }, ['--output-dir']],
    [{ 'build-id': BUILD }, ['--build-id']],
  ])('refuses %o, and would write no result', async (more, options) => {
    const result = await read({ ...VERIFY, ...more }, {});
    if (result.ok) throw new Error('accepted');
    expect(result.error.problems.map(({ option }) => option)).toEqual(options);
    expect(result.draft).toBeUndefined();
  });
});
