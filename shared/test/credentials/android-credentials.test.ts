import { describe, expect, it } from 'vitest';
import { type AndroidCredentials, checkAndroidKeystore } from '../../src/credentials/android-credentials.ts';
import { openKeystore } from '../../src/credentials/keystore.ts';
import { credentialBytes, KEY_PASSWORD, NOW, STORE_PASSWORD } from '../preflight/credential-fixtures.ts';

async function check(file: string, given: Partial<AndroidCredentials> = {}) {
  const keystorePassword = given.keystorePassword ?? STORE_PASSWORD;
  const opened = await openKeystore(credentialBytes(file), keystorePassword);
  const all = { file, alias: 'release', keyPassword: undefined, ...given, keystorePassword };
  return checkAndroidKeystore(opened, all, NOW);
}

describe('credentials that hold', () => {
  it.each([
    ['android-modern.p12', {}],
    ['android-modern.p12', { keyPassword: STORE_PASSWORD }],
    ['android-legacy.p12', {}],
    ['android-no-name.p12', { alias: '1' }],
    ['android.jks', { keyPassword: KEY_PASSWORD }],
    ['android.jks', { keyPassword: KEY_PASSWORD, alias: 'RELEASE' }],
    ['android.jceks', { keyPassword: KEY_PASSWORD }],
  ])('%s with %o', async (file, given) => {
    expect(await check(file, given)).toEqual({ problems: [], warnings: [], notChecked: [] });
  });
});

describe('credentials that cannot work', () => {
  it.each([
    ['android-modern.p12', { keystorePassword: 'wrong' }, 'keystore-password', 'does not open android-modern.p12'],
    ['android.jks', { keystorePassword: 'wrong' }, 'keystore-password', 'does not open android.jks'],
    ['android-modern.p12', { alias: 'upload' }, 'keystore-alias', 'names no key of android-modern.p12'],
    ['android.jks', { alias: 'upload' }, 'keystore-alias', 'names no key of android.jks'],
    ['android-no-name.p12', { alias: '2' }, 'keystore-alias', 'names no key of android-no-name.p12'],
    ['android-no-name.p12', { alias: 'release' }, 'keystore-alias', 'names no key of android-no-name.p12'],
    ['android.jks', {}, 'key-password', 'does not open the key "release" of android.jks'],
    ['android.jks', { keyPassword: 'wrong' }, 'key-password', 'does not open the key "release" of android.jks'],
    ['android.jceks', { keyPassword: 'wrong' }, 'key-password', 'does not open the key "release" of android.jceks'],
    [
      'android-modern.p12',
      { keyPassword: 'other' },
      'key-password',
      'does not open the key "release" of android-modern.p12',
    ],
    ['certificate-only.p12', {}, 'keystore', 'has no private key: certificate-only.p12 contains only certificates'],
    ['certificate-only.jks', {}, 'keystore', 'has no private key: certificate-only.jks contains only certificates'],
  ])('%s with %o: %s %s', async (file, given, option, message) => {
    const { problems, warnings } = await check(file, given);
    expect(problems).toMatchObject([{ option, message }]);
    expect(warnings).toEqual([]);
    const said = JSON.stringify(problems);
    for (const secret of [STORE_PASSWORD, KEY_PASSWORD, '"wrong"', '"other"']) expect(said).not.toContain(secret);
  });

  it('lists the aliases that there are', async () => {
    expect((await check('android.jks', { alias: 'upload' })).problems[0]?.allowed).toBe(
      '"release", the only key of android.jks',
    );
    expect((await check('android-no-name.p12', { alias: 'upload' })).problems[0]?.allowed).toBe(
      '"1", the only key of android-no-name.p12',
    );
  });
});

describe('what is worth a warning only', () => {
  it.each(['android-expired.p12', 'android-expired.jks'])(
    '%s: an expired certificate, which Android does not mind',
    async (file) => {
      const { problems, warnings } = await check(file);
      expect(problems).toEqual([]);
      expect(warnings).toEqual([expect.stringContaining('expired on 2020-12-31')]);
    },
  );

  it('a debug key', async () => {
    const { problems, warnings } = await check('android-debug.p12', {
      alias: 'androiddebugkey',
      keystorePassword: 'android',
    });
    expect(problems).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining('debug key')]);
  });

  it('a keystore that cannot be read here', async () => {
    const findings = await checkAndroidKeystore(
      { state: 'unreadable', reason: 'it is neither PKCS#12 nor JKS nor JCEKS' },
      { file: 'release.bks', alias: 'release', keyPassword: undefined, keystorePassword: 'x' },
      NOW,
    );
    expect(findings).toEqual({
      problems: [],
      warnings: [],
      notChecked: [expect.stringMatching(/release\.bks was not checked, because it is neither/u)],
    });
  });
});
