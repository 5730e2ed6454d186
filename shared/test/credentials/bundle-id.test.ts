import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build, buildBinary } from 'plist';
import { describe, expect, it } from 'vitest';
import { expectedBundleId } from '../../src/credentials/bundle-id.ts';
import { checkCredentials } from '../../src/credentials/credentials.ts';
import { Secret } from '../../src/model/secret.ts';
import { credentialFile, NOW, P12_PASSWORD } from '../preflight/credential-fixtures.ts';
import { temporaryFolder } from '../support/folder.ts';
import { archiveOf } from '../support/zip.ts';

const INFO = { CFBundleIdentifier: 'com.example.shop', CFBundleName: 'Shop' };

async function ipa(members: Record<string, string | Buffer>) {
  const file = path.join(await temporaryFolder(), 'shop.ipa');
  await writeFile(file, archiveOf(members));
  return { path: file, name: 'shop.ipa', kind: 'ipa', platform: 'ios', size: 1 } as const;
}

describe('the bundle id of the protected app', () => {
  it.each([
    ['binary, as Xcode writes it', Buffer.from(buildBinary(INFO))],
    ['XML', build(INFO)],
  ])('is read from an .ipa whose Info.plist is %s', async (_, plist) => {
    const app = await ipa({
      'Payload/Shop.app/Info.plist': plist,
      'Payload/Shop.app/PlugIns/Widget.appex/Info.plist': build({ CFBundleIdentifier: 'com.example.shop.widget' }),
    });
    expect(await expectedBundleId({ app })).toBe('com.example.shop');
  });

  it('is read from an .ipa with more members than an archive of certificates may have', async () => {
    const files = Array.from({ length: 12_000 }, (_, i) => [`Payload/Shop.app/assets/${i}.png`, ''] as const);
    const app = await ipa({ ...Object.fromEntries(files), 'Payload/Shop.app/Info.plist': build(INFO) });
    expect(await expectedBundleId({ app })).toBe('com.example.shop');
  });

  it('is read from an .ipa with two other members of one name', async () => {
    const members = { 'Payload/Shop.app/a': '', 'Payload/Shop.app/b': '', 'Payload/Shop.app/Info.plist': build(INFO) };
    const app = await ipa(members);
    await writeFile(app.path, (await readFile(app.path, 'latin1')).replaceAll('app/b', 'app/a'), 'latin1');
    expect(await expectedBundleId({ app })).toBe('com.example.shop');
  });

  it('is what the job changes it to', async () => {
    const app = await ipa({ 'Payload/Shop.app/Info.plist': build(INFO) });
    expect(await expectedBundleId({ app, context: { bundleId: 'com.example.qa' } })).toBe('com.example.qa');
    const overrides = { app_customization_pack_bundle_identifier: 'com.example.beta' };
    expect(await expectedBundleId({ app, context: { bundleId: 'com.example.qa', overrides } })).toBe(
      'com.example.beta',
    );
  });

  it.each([
    ['no Info.plist', { 'Payload/Shop.app/Shop': 'x' }],
    ['two apps', { 'Payload/A.app/Info.plist': build(INFO), 'Payload/B.app/Info.plist': build(INFO) }],
    ['a broken list', { 'Payload/Shop.app/Info.plist': '<plist>' }],
    ['no identifier', { 'Payload/Shop.app/Info.plist': build({ CFBundleName: 'Shop' }) }],
  ])('is not known with %s', async (_, members) => {
    expect(await expectedBundleId({ app: await ipa(members) })).toBeUndefined();
  });

  it('is not known of a file that is not an archive, or missing', async () => {
    const app = await ipa({});
    await writeFile(app.path, 'synthetic');
    expect(await expectedBundleId({ app })).toBeUndefined();
    expect(await expectedBundleId({ app: { ...app, path: `${app.path}.gone` } })).toBeUndefined();
  });
});

describe('credentials as files', () => {
  const signing = { p12: credentialFile('ios-distribution.p12'), p12Password: new Secret(P12_PASSWORD) };

  it('hold together for the app that they are for', async () => {
    const app = await ipa({ 'Payload/Shop.app/Info.plist': build(INFO) });
    const provisioningProfiles = ['app', 'extension'].map((name) => credentialFile(`${name}.mobileprovision`));
    expect(await checkCredentials({ ...signing, provisioningProfiles }, { app }, NOW)).toEqual({
      problems: [],
      warnings: [],
      notChecked: [],
    });
  });

  it.each<[string[], string[], string[]]>([
    [['app', 'extension'], ['com.example.shop.widget'], []],
    [['wildcard'], ['com.example.shop.widget', 'com.example.shop.share'], []],
    [['app'], [], []],
    [['app'], ['com.example.shop.widget'], ['com.example.shop.widget']],
    [['app', 'extension'], ['com.example.shop.widget', 'com.example.shop.share'], ['com.example.shop.share']],
  ])('the profiles %j and extensions %j: without one are %j', async (names, ids, without) => {
    const members = ids.map((id, at) => [
      `Payload/Shop.app/PlugIns/E${at}.appex/Info.plist`,
      build({ CFBundleIdentifier: id }),
    ]);
    const app = await ipa({ 'Payload/Shop.app/Info.plist': build(INFO), ...Object.fromEntries(members) });
    const provisioningProfiles = names.map((name) => credentialFile(`${name}.mobileprovision`));
    const { problems } = await checkCredentials({ ...signing, provisioningProfiles }, { app }, NOW);
    expect(problems.length).toBe(without.length);
    for (const id of without) expect(problems[0]).toMatchObject({ message: expect.stringContaining(`"${id}"`) });
    // Nobody knows what the service makes of their ids.
    const renamed = { app, context: { bundleId: 'com.example.shop' } };
    expect((await checkCredentials({ ...signing, provisioningProfiles }, renamed, NOW)).problems).toEqual([]);
  });

  it('do not for another app', async () => {
    const app = await ipa({ 'Payload/Shop.app/Info.plist': build({ CFBundleIdentifier: 'com.example.other' }) });
    const provisioningProfiles = [credentialFile('app.mobileprovision')];
    expect((await checkCredentials({ ...signing, provisioningProfiles }, { app }, NOW)).problems).toMatchObject([
      { option: 'provisioning-profiles', message: expect.stringContaining('"com.example.other"') },
    ]);
  });

  it('are not checked if the bundle id of the app cannot be read; an app that does not exist is not mentioned', async () => {
    const app = await ipa({ 'Payload/Shop.app/Info.plist': '<plist>' });
    const provisioningProfiles = [credentialFile('app.mobileprovision')];
    const found = async (of: typeof app) => checkCredentials({ ...signing, provisioningProfiles }, { app: of }, NOW);
    expect(await found(app)).toEqual({
      problems: [],
      warnings: [],
      notChecked: [expect.stringMatching(/profiles are for the app was not checked, because/)],
    });
    expect((await found({ ...app, path: `${app.path}.gone` })).notChecked).toEqual([]);
  });

  it('that are not there say nothing', async () => {
    const provisioningProfiles = [credentialFile('none.mobileprovision')];
    const none = { keystore: credentialFile('none.jks'), keystorePassword: new Secret('x'), provisioningProfiles };
    expect(await checkCredentials(none, {}, NOW)).toEqual({ problems: [], warnings: [], notChecked: [] });
  });
});
