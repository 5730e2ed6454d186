/** Passwords as secrets hold them: with a line break from echo, in quotes, empty. */
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { checkCredentials, opensWithoutPassword } from '../../src/credentials/credentials.ts';
import { Rounds } from '../../src/credentials/key-derivation.ts';
import { readRequest } from '../../src/intake/read-request.ts';
import { FusegateError } from '../../src/model/errors.ts';
import { Secret } from '../../src/model/secret.ts';
import { CLI } from '../../src/options/systems/cli.ts';
import {
  credentialBytes,
  credentialFile,
  KEY_PASSWORD,
  NOW,
  P12_PASSWORD,
  STORE_PASSWORD,
} from '../preflight/credential-fixtures.ts';
import { temporaryFolder } from '../support/folder.ts';
import { APK, IPA } from '../support/zip.ts';

async function problemsOf(
  passwords: { keystorePassword?: string; keyPassword?: string; p12Password?: string },
  keystore: string,
) {
  const secrets = Object.fromEntries(Object.entries(passwords).map(([name, text]) => [name, new Secret(text)]));
  const file = credentialFile(keystore);
  const files = passwords.p12Password === undefined ? { keystore: file, keystoreAlias: 'release' } : { p12: file };
  const { problems } = await checkCredentials({ ...files, ...secrets }, {}, NOW);
  return problems.map(({ option, message }) => `${option} ${message}`);
}

describe('a password with something around it', () => {
  it.each<[string, (password: string) => string, RegExp]>([
    ['echo', (password) => `${password}\n`, /but would without the line break at its end$/],
    ['echo on Windows', (password) => `${password}\r\n`, /without the line break/],
    ['a copied cell', (password) => `\t${password} `, /without the white space/],
    ['YAML', (password) => `"${password}"`, /without the quotes/],
    ['a shell', (password) => `'${password}'\n`, /without the quotes/],
    ['another password', (password) => `x${password}\n`, /^[^,]*$/],
  ])('as %s leaves it', async (_, dress, message) => {
    const store = { keystorePassword: STORE_PASSWORD, keyPassword: KEY_PASSWORD };
    for (const [passwords, file, option] of [
      [{ keystorePassword: dress(STORE_PASSWORD) }, 'android-modern.p12', 'keystore-password'],
      [{ ...store, keystorePassword: dress(STORE_PASSWORD) }, 'android.jks', 'keystore-password'],
      [{ ...store, keyPassword: dress(KEY_PASSWORD) }, 'android.jks', 'key-password'],
      [{ ...store, keyPassword: dress(KEY_PASSWORD) }, 'android.jceks', 'key-password'],
      [{ p12Password: dress(P12_PASSWORD) }, 'ios-distribution.p12', 'p12-password'],
    ] as const) {
      const problems = await problemsOf(passwords, file);
      expect(problems).toEqual([expect.stringMatching(new RegExp(`^${option} does not open`))]);
      expect(problems[0]).toMatch(message);
    }
  });

  it.each([
    ['android-modern.p12', { keystorePassword: `"x"\n` }],
    ['android.jceks', { keystorePassword: STORE_PASSWORD, keyPassword: `"x"\n` }],
  ])('has no rounds of key derivation of its own for %s', async (file, passwords) => {
    const spend = vi.spyOn(Rounds.prototype, 'spend');
    onTestFinished(() => spend.mockRestore());
    expect(await problemsOf(passwords, file)).toHaveLength(1);
    expect(spend.mock.calls.length).toBeGreaterThan(2);
    expect(new Set(spend.mock.contexts).size).toBe(1);
  });

  it('is not changed where it opens as it stands', async () => {
    expect(await problemsOf({ keystorePassword: STORE_PASSWORD }, 'android-modern.p12')).toEqual([]);
  });
});

describe('an empty secret', () => {
  const ANDROID = {
    app: 'shop.apk',
    'fusion-set-id': '11111111-631e-11f0-811d-012fa289ddab',
    'required-features': 'Root Detection',
    sign: 'on-appdome',
    keystore: credentialFile('android.jks'),
    'keystore-alias': 'release',
  };
  const { keystore: _keystore, 'keystore-alias': _alias, ...app } = ANDROID;
  const IOS = {
    ...app,
    app: 'shop.ipa',
    'required-features': 'Jailbreak Detection',
    p12: credentialFile('ios-distribution.p12'),
    'provisioning-profiles': credentialFile('app.mobileprovision'),
  };
  const SECRETS = {
    FUSEGATE_API_KEY: 'synthetic-api-key-1',
    FUSEGATE_KEYSTORE_PASSWORD: STORE_PASSWORD,
    FUSEGATE_KEY_PASSWORD: KEY_PASSWORD,
  };
  let cwd = '';

  beforeEach(async () => {
    cwd = await temporaryFolder();
    await writeFile(path.join(cwd, 'shop.apk'), APK);
    await writeFile(path.join(cwd, 'shop.ipa'), IPA);
  });

  async function read(inputs: Record<string, string>, environment: Record<string, string>) {
    const raw = { inputs: Object.entries(inputs).map(([name, value]) => ({ name, value })) };
    const result = await readRequest(raw, environment, CLI, { cwd, outputBase: cwd, now: NOW });
    return { problems: result.ok ? [] : result.error.problems, notices: result.notices };
  }

  it.each(Object.keys(SECRETS))('%s is one message', async (name) => {
    const { problems, notices } = await read(ANDROID, { ...SECRETS, [name]: '' });
    expect(problems).toMatchObject([{ option: name, message: expect.stringMatching(/^is empty/) }]);
    expect(notices).toEqual([]);
  });

  const NONE = Object.fromEntries(Object.keys(SECRETS).map((name) => [name, '']));
  it.each([
    ['in a job that has none of its secrets', { ...NONE, CI: 'true' }, true],
    ['where it is known', { ...NONE, GITHUB_ACTIONS: 'true', GITHUB_ACTOR: 'dependabot[bot]' }, true],
    ['in a job that has another', { ...SECRETS, FUSEGATE_KEY_PASSWORD: '', CI: 'true' }, false],
    ['on a desk', NONE, false],
  ])('is told as withheld %s: %o %s', async (_, environment, withheld) => {
    const { problems } = await read(ANDROID, environment);
    expect(problems.length).toBeGreaterThan(0);
    for (const { message } of problems) expect(/withhold|Dependabot/.test(message)).toBe(withheld);
  });

  describe('of a file that asks for millions of rounds', () => {
    beforeEach(async () => {
      const source = credentialFile('ios-distribution.p12');
      const openssl = (...args: string[]) => execFileSync('openssl', ['pkcs12', ...args], { cwd, stdio: 'pipe' });
      openssl('-legacy', '-in', source, '-nodes', '-passin', `pass:${P12_PASSWORD}`, '-out', 'all.pem');
      const secret = `pass:${STORE_PASSWORD}`;
      openssl('-export', '-in', 'all.pem', '-passout', secret, '-iter', '70000', '-out', 'slow.p12');
      const slow = path.join(cwd, 'slow.p12');
      const bytes = (await readFile(slow)).toString('hex').replaceAll('0203011170', '02033d0900');
      await writeFile(slow, bytes, 'hex');
    });

    it.each(['x', undefined])('ends with the run where the password is %o', async (password) => {
      const { FUSEGATE_KEYSTORE_PASSWORD: _, ...others } = SECRETS;
      const environment = { ...others, ...(password && { FUSEGATE_KEYSTORE_PASSWORD: password }) };
      for (const timeout of ['20m', '1s']) {
        const inputs = { ...ANDROID, keystore: 'slow.p12', timeout };
        const raw = { inputs: Object.entries(inputs).map(([name, value]) => ({ name, value })) };
        const cancel = new AbortController();
        const cancelled = new FusegateError('run.cancelled', 'cancelled', { hint: 'none' });
        if (timeout === '20m') setTimeout(() => cancel.abort(cancelled), 100);
        const began = performance.now();
        const result = await readRequest(raw, environment, CLI, { cwd, now: NOW, signal: cancel.signal });
        const code = timeout === '20m' ? 'run.cancelled' : 'timeout.run';
        expect(result).toMatchObject({ ok: false, error: { code, problems: [] }, draft: { otherFolders: [] } });
        expect(performance.now() - began).toBeLessThan(2500);
      }
    });
  });

  it('says with the request what looks wrong, so that the result has it', async () => {
    const list = '<plist version="1.0"><dict><key>team</key><string>$(TEAM)</string></dict></plist>';
    await writeFile(path.join(cwd, 'a.entitlements'), `<?xml version="1.0"?>\n${list}`);
    const raw = Object.entries({ ...IOS, entitlements: 'a.entitlements' }).map(([name, value]) => ({ name, value }));
    const environment = { FUSEGATE_API_KEY: SECRETS.FUSEGATE_API_KEY, FUSEGATE_P12_PASSWORD: P12_PASSWORD };
    const result = await readRequest({ inputs: raw }, environment, CLI, { cwd, outputBase: cwd, now: NOW });
    expect(result).toMatchObject({ ok: true, request: { doubts: [expect.stringContaining('$(TEAM)')] } });
  });

  describe('of a file that has no password', () => {
    let file = '';

    beforeEach(async () => {
      const source = credentialFile('ios-distribution.p12');
      const openssl = (...args: string[]) => execFileSync('openssl', ['pkcs12', ...args], { cwd, stdio: 'pipe' });
      openssl('-legacy', '-in', source, '-nodes', '-passin', `pass:${P12_PASSWORD}`, '-out', 'all.pem');
      openssl('-export', '-in', 'all.pem', '-passout', 'pass:', '-name', 'release', '-out', 'open.p12');
      file = path.join(cwd, 'open.p12');
    });

    it('says what to do, by path and as base64', async () => {
      const bytes = await readFile(file);
      expect(await opensWithoutPassword(bytes)).toBe(true);
      expect(await opensWithoutPassword(credentialBytes('ios-distribution.p12'))).toBe(false);
      const { FUSEGATE_API_KEY } = SECRETS;
      for (const value of [file, bytes.toString('base64')]) {
        for (const environment of [{ FUSEGATE_API_KEY, FUSEGATE_P12_PASSWORD: '' }, { FUSEGATE_API_KEY }]) {
          const { problems } = await read(
            { ...IOS, p12: value, 'provisioning-profiles': credentialFile('wildcard.mobileprovision') },
            environment,
          );
          expect(problems).toMatchObject([
            {
              option: expect.stringMatching(/p12.password/i),
              message: expect.stringMatching(/exported without one/),
              allowed: expect.stringMatching(/export the file again/),
            },
          ]);
        }
      }
    });

    it('is another matter where the file has one', async () => {
      const { FUSEGATE_API_KEY } = SECRETS;
      const { problems } = await read(IOS, { FUSEGATE_API_KEY, FUSEGATE_P12_PASSWORD: '' });
      expect(problems).toMatchObject([{ message: expect.stringMatching(/^is empty/) }]);
    });
  });
});
