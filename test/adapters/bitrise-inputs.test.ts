/** How the step's variables become inputs: the app of the stack, the Code Signing page, the official steps' defaults. */
import type { RawInput } from '@fusegate/shared/options/input-candidates';
import { describe, expect, it } from 'vitest';
import { fileNameOf, keystoreVariables, pipeItems, withoutFileScheme } from '../../bitrise-step/src/bitrise-files.ts';
import { APP_DEFAULT, bitriseInputs } from '../../bitrise-step/src/bitrise-inputs.ts';

const values = (inputs: readonly RawInput[]) => Object.fromEntries(inputs.map(({ name, value }) => [name, value]));
const read = (environment: Record<string, string>) => bitriseInputs(environment);
const refused = (environment: Record<string, string>) =>
  read(environment).raw.inputs.flatMap(({ name, spelling, refused: no }) =>
    no ? `${spelling ?? name} ${no.message}` : [],
  );
const expanded = (environment: Record<string, string>) =>
  APP_DEFAULT.replace(/\$(\w+)/g, (_, name: string) => environment[name] ?? '');

describe('files', () => {
  it.each([
    ['file:///a/b%20c.jks', '/a/b c.jks'],
    ['file://./keys/a.jks', './keys/a.jks'],
    ['https://host/a.jks', 'https://host/a.jks'],
    ['keys/a.jks', 'keys/a.jks'],
  ])('%s', (text, path) => expect(withoutFileScheme(text)).toBe(path));

  it('keeps the places of a list', () => expect(pipeItems('a||b')).toEqual(['a', '', 'b']));
  it('knows the name in a URL', () => expect(fileNameOf('https://host/x/Dist%20Cert.p12?sig=1')).toBe('Dist Cert.p12'));

  it.each([
    ['BITRISEIO_ANDROID_KEYSTORE_URL', 'BITRISEIO_ANDROID_KEYSTORE_PRIVATE_KEY_PASSWORD'],
    ['BITRISEIO_ANDROID_KEYSTORE_1_URL', 'BITRISEIO_ANDROID_KEYSTORE_1_PRIVATE_KEY_PASSWORD'],
    ['BITRISEIO_ANDROID_KEYSTORE_URL_2', 'BITRISEIO_ANDROID_KEYSTORE_PRIVATE_KEY_PASSWORD_2'],
    ['BITRISEIO_URL_SHOP_URL', 'BITRISEIO_URL_SHOP_PRIVATE_KEY_PASSWORD'],
  ])('%s has the key password in %s', (url, keyPassword) =>
    expect(keystoreVariables(url).keyPassword).toBe(keyPassword),
  );
});

describe('the app of the stack', () => {
  it('counts in mode run only, and where nothing else names one', () => {
    const stack = { BITRISE_APK_PATH: '/built.apk' };
    expect(values(read({ ...stack, app: expanded(stack) }).raw.inputs)['app']).toBe('/built.apk');
    expect(values(read({ ...stack, app: expanded(stack), mode: 'gate' }).raw.inputs)).not.toHaveProperty('app');
    expect(values(read({ ...stack, app: expanded(stack), app_id: 'x' }).raw.inputs)).not.toHaveProperty('app');
    expect(values(read({ ...stack, app: expanded(stack), fleet: 'f.yml' }).raw.inputs)).not.toHaveProperty('app');
    const official = read({ ...stack, app: expanded(stack), app_location: '/other.apk' });
    expect(official.raw.inputs.filter(({ name }) => name === 'app')).toEqual([]);
    expect(official.official).toBe(true);
  });
});

describe('a choice, whose default in step.yml is its variable', () => {
  it('counts as the variable, so that a name of the official step wins over it', () => {
    const set = { FUSEGATE_SIGN: 'private', FUSEGATE_VERBOSE: 'true' };
    const { raw } = read({ ...set, sign: 'private', verbose: 'true', sign_method: 'On-Appdome' });
    expect(values(raw.inputs)).toEqual({ sign_method: 'On-Appdome' });
  });
  it('is an input where somebody has written one', () => {
    const inputs = values(read({ FUSEGATE_SIGN: 'private', sign: 'on-appdome', mode: 'run' }).raw.inputs);
    expect(inputs).toEqual({ sign: 'on-appdome', mode: 'run' });
  });
  it('only of choices: a text that a variable also holds stays what was written', () => {
    const inputs = values(read({ FUSEGATE_APP: '/a.apk', app: '/a.apk' }).raw.inputs);
    expect(inputs).toEqual({ app: '/a.apk' });
  });
});

describe('certificates and profiles of the Code Signing page', () => {
  const page = {
    app: '/built.ipa',
    sign: 'on-appdome',
    BITRISE_CERTIFICATE_URL: 'https://host/Dev.p12|file:///keys/Dist.p12',
    BITRISE_CERTIFICATE_PASSPHRASE: 'dev pass|dist pass',
    BITRISE_PROVISION_URL: 'https://host/App.mobileprovision|https://host/Widget.mobileprovision',
  };

  it('the one certificate that there is, with its passphrase, and every profile', () => {
    const inputs = values(
      read({ ...page, BITRISE_CERTIFICATE_URL: 'https://host/Only.p12', BITRISE_CERTIFICATE_PASSPHRASE: 'pass' }).raw
        .inputs,
    );
    expect(inputs).toMatchObject({
      p12: 'https://host/Only.p12',
      p12_password: 'pass',
      provisioning_profiles: 'https://host/App.mobileprovision\nhttps://host/Widget.mobileprovision',
    });
  });

  it('by its file name where there are several', () => {
    expect(values(read({ ...page, p12: 'Dist.p12' }).raw.inputs)).toMatchObject({
      p12: '/keys/Dist.p12',
      p12_password: 'dist pass',
    });
    const wanted = read({
      ...page,
      p12: 'Dist.p12',
      provisioning_profiles: 'Widget.mobileprovision|own/App.mobileprovision',
    });
    expect(values(wanted.raw.inputs)['provisioning_profiles']).toBe(
      'https://host/Widget.mobileprovision\nown/App.mobileprovision',
    );
  });

  it('never guesses which identity signs', () => {
    expect(refused(page)).toEqual(['p12 is missing, and BITRISE_CERTIFICATE_URL names 2 certificates']);
    const twins = 'https://host/a/Dist.p12|https://host/b/Dist.p12';
    expect(refused({ ...page, BITRISE_CERTIFICATE_URL: twins, p12: 'Dist.p12' })).toEqual([
      'p12 names 2 certificates of BITRISE_CERTIFICATE_URL',
    ]);
    const one = read({ ...page, BITRISE_CERTIFICATE_URL: twins, p12: 'https://host/b/Dist.p12' });
    expect(values(one.raw.inputs)['p12_password']).toBe('dist pass');
  });

  it("the first one is the official step's choice, and ours to ask about", () => {
    const { app: _, sign: __, ...lists } = page;
    const official = { ...lists, app_location: '/built.ipa', sign_method: 'On-Appdome' };
    expect(values(read(official).raw.inputs)).toMatchObject({ p12: 'https://host/Dev.p12', p12_password: 'dev pass' });
  });

  it.each([
    ['as many as places', 'https://host/a.p12||https://host/b.p12', 'a||b', 'b'],
    ['as many as certificates', '|https://host/a.p12|https://host/b.p12|', 'a|b', 'b'],
    ['an empty one is one', 'https://host/a.p12|https://host/b.p12', '|b', 'b'],
    ['blanks belong to it', 'https://host/a.p12|https://host/b.p12', 'a| b ', ' b '],
  ])('passphrases: %s', (_how, urls, passphrases, expected) => {
    const lists = { ...page, BITRISE_CERTIFICATE_URL: urls, BITRISE_CERTIFICATE_PASSPHRASE: passphrases };
    expect(values(read({ ...lists, p12: 'b.p12' }).raw.inputs)['p12_password']).toBe(expected);
  });

  it.each([
    ['more than certificates', 'dev pass|dist pass|one more', 3],
    ['fewer', 'dev pass', 1],
  ])('passphrases, %s: none is taken, and its own input still counts', (_how, passphrases, count) => {
    const odd = { ...page, p12: 'Dist.p12', BITRISE_CERTIFICATE_PASSPHRASE: passphrases };
    expect(refused(odd)).toEqual([
      `BITRISE_CERTIFICATE_PASSPHRASE has ${count} passphrases separated by |, and BITRISE_CERTIFICATE_URL names 2 certificates`,
    ]);
    expect(refused({ ...odd, p12_password: 'own' })).toEqual([]);
    expect(values(read({ ...odd, p12_password: 'own' }).raw.inputs)).toMatchObject({ p12_password: 'own' });
  });

  it('names of the official step: profiles without extension, a blank as _', () => {
    const lists = {
      ...page,
      BITRISE_CERTIFICATE_URL: 'https://host/Dev.p12|https://host/My%20Dist.p12',
      BITRISE_PROVISION_URL: 'https://host/My%20App.mobileprovision?sig=1|https://host/Widget.mobileprovision',
    };
    const inputs = values(read({ ...lists, p12: 'My_Dist.p12', provisioning_profiles: 'Widget, My_App' }).raw.inputs);
    expect(inputs).toMatchObject({
      p12: 'https://host/My%20Dist.p12',
      p12_password: 'dist pass',
      provisioning_profiles: 'https://host/Widget.mobileprovision\nhttps://host/My%20App.mobileprovision?sig=1',
    });
  });

  it('an SDK is signed without the profiles of the app', () => {
    const sdk = { ...page, app: '/built.zip', p12: 'Dist.p12' };
    expect(values(read(sdk).raw.inputs)).not.toHaveProperty('provisioning_profiles');
    // What somebody wrote is refused later, by the rules for signing.
    expect(values(read({ ...sdk, provisioning_profiles: 'App' }).raw.inputs)).toHaveProperty('provisioning_profiles');
  });

  it('a path of ones own wins, and Android knows none of it', () => {
    expect(values(read({ ...page, p12: 'keys/own.p12', p12_password: 'own' }).raw.inputs)).toMatchObject({
      p12: 'keys/own.p12',
      p12_password: 'own',
    });
    expect(values(read({ ...page, app: '/built.apk' }).raw.inputs)).not.toHaveProperty('provisioning_profiles');
  });

  it('entitlements parted by blanks, where all of them are URLs', () => {
    const official = { ...page, entitlements: 'https://host/a.plist file:///keys/b.plist' };
    expect(values(read(official).raw.inputs)['entitlements']).toBe('https://host/a.plist\n/keys/b.plist');
    expect(values(read({ ...page, entitlements: 'my file.plist' }).raw.inputs)['entitlements']).toBe('my file.plist');
  });
});

describe("the official Android step's defaults", () => {
  const step = { app_location: '/built.aab', fusion_set_id: 'x' };

  it.each([
    [
      'Google Play signing',
      { gp_signing: 'true', google_fingerprint: 'G', fingerprint: 'F' },
      'google_fingerprint',
      'G',
    ],
    [
      'private signing',
      { sign_method: 'Private-Signing', google_fingerprint: 'G', fingerprint: 'F' },
      'fingerprint',
      'F',
    ],
  ])('%s takes its own fingerprint of the two', (_how, more, name, value) => {
    const inputs = values(read({ ...step, ...more }).raw.inputs);
    expect(inputs[name]).toBe(value);
    expect(['fingerprint', 'google_fingerprint'].filter((each) => each in inputs)).toEqual([name]);
  });

  it('variables count where the inputs are empty, as the step.yml of that step has them', () => {
    const inputs = read({ ...step, sign_method: 'Private-Signing', SIGN_FINGERPRINT: 'F' }).raw.inputs;
    expect(inputs).toContainEqual({ name: 'signing_fingerprint', value: 'F', spelling: 'SIGN_FINGERPRINT' });
  });

  it('nothing of it happens in a step of ours', () => {
    const { raw, official } = read({
      app: '/built.aab',
      SIGN_FINGERPRINT: 'F',
      BITRISEIO_ANDROID_KEYSTORE_URL: 'https://h/k',
    });
    expect(official).toBe(false);
    expect(values(raw.inputs)).toEqual({ app: '/built.aab' });
  });
});
