import { describe, expect, it } from 'vitest';
import { checkIosCredentials, type IosCredentials } from '../../src/credentials/ios-credentials.ts';
import { openKeystore } from '../../src/credentials/keystore.ts';
import { readPropertyList } from '../../src/credentials/property-list.ts';
import { coversBundleId, readProvisioningProfile } from '../../src/credentials/provisioning-profile.ts';
import { credentialBytes, NOW, P12_PASSWORD, STORE_PASSWORD } from '../preflight/credential-fixtures.ts';

async function identity(file = 'ios-distribution.p12', password = P12_PASSWORD) {
  return { identity: { file, opened: await openKeystore(credentialBytes(file), password) } };
}

async function profiles(...names: string[]): Promise<Pick<IosCredentials, 'profiles'>> {
  return {
    profiles: await Promise.all(
      names.map(async (name) => ({
        file: `${name}.mobileprovision`,
        read: await readProvisioningProfile(credentialBytes(`${name}.mobileprovision`)),
      })),
    ),
  };
}

const NONE = { profiles: [], entitlements: [] };

describe('a provisioning profile', () => {
  it('is read out of its signature', async () => {
    const read = await readProvisioningProfile(credentialBytes('app.mobileprovision'));
    expect(read).toMatchObject({
      state: 'read',
      profile: {
        name: 'Synthetic app',
        bundleId: 'com.example.shop',
        expires: Date.UTC(2099, 0, 1),
        teamIds: ['SYNTH12345'],
      },
    });
  });

  it.each([
    ['text', 'synthetic profile'],
    ['a list that is cut', '<?xml version="1.0"?><plist version="1.0"><dict><key>Name</plist>'],
    ['an array', '<?xml version="1.0"?><plist version="1.0"><array/></plist>'],
  ])('%s is unreadable', async (_, text) => {
    expect(await readProvisioningProfile(Buffer.from(text))).toMatchObject({ state: 'unreadable' });
  });

  it.each([
    ['com.example.shop', 'com.example.shop', true],
    ['com.example.shop', 'com.example.shop.widget', false],
    ['com.example.*', 'com.example.shop', true],
    ['com.example.*', 'com.example.', false],
    ['com.example.*', 'com.example', false],
    ['com.example.*', 'com.examples.shop', false],
    ['*', 'org.other', true],
    ['com.example.shop', 'com.Example.shop', false],
  ])('%s covers %s: %s', (pattern, bundleId, covers) => {
    expect(coversBundleId(pattern, bundleId)).toBe(covers);
  });
});

describe('iOS credentials that hold', () => {
  it.each([
    [['app'], 'com.example.shop'],
    [['app', 'extension'], 'com.example.shop'],
    [['wildcard'], 'com.example.anything'],
    [['app'], undefined],
  ])('%o for %s', async (names, bundleId) => {
    const given = { ...NONE, ...(await identity()), ...(await profiles(...names)), bundleId };
    expect(checkIosCredentials(given, NOW)).toEqual({ problems: [], warnings: [], notChecked: [] });
  });
});

describe('iOS credentials that cannot work', () => {
  it('a wrong password', async () => {
    const given = { ...NONE, ...(await identity('ios-distribution.p12', 'wrong')) };
    expect(checkIosCredentials(given, NOW).problems).toMatchObject([
      { option: 'p12-password', message: 'does not open ios-distribution.p12' },
    ]);
  });

  it.each([
    ['certificate-only.p12', 'p12', 'has no private key'],
    ['android-expired.p12', 'p12', 'expired on 2020-12-31'],
    ['android-expired.jks', 'p12', 'is a JKS keystore'],
  ])('%s as the identity', async (file, option, message) => {
    const given = { ...NONE, ...(await identity(file, STORE_PASSWORD)) };
    expect(checkIosCredentials(given, NOW).problems).toMatchObject([
      { option, message: expect.stringContaining(message) },
    ]);
  });

  it.each([
    [['expired'], 'com.example.shop', 'expired on 2021-01-01: expired.mobileprovision ("Synthetic expired")'],
    [['extension'], 'com.example.shop', 'bundle id "com.example.shop"'],
    [['other-identity'], 'com.example.shop', 'certificate of the p12'],
  ])('the profiles %o for %s', async (names, bundleId, message) => {
    const given = { ...NONE, ...(await identity()), ...(await profiles(...names)), bundleId };
    expect(checkIosCredentials(given, NOW).problems).toMatchObject([
      { option: 'provisioning-profiles', message: expect.stringContaining(message) },
    ]);
  });

  it('profiles of two teams', async () => {
    const { profiles: one } = await profiles('app');
    const other = structuredClone(one[0]);
    if (other?.read.state !== 'read') throw new Error('unreadable');
    other.read.profile.teamIds = ['OTHER12345'];
    const given = { ...NONE, profiles: [...one, other] };
    expect(checkIosCredentials(given, NOW).problems).toMatchObject([
      { message: 'belong to different teams: "SYNTH12345", "OTHER12345"' },
    ]);
  });

  it.each([
    ['text', 'synthetic'],
    ['broken XML', '<plist version="1.0"><dict><key>a</dict></plist>'],
    [
      'an entity of its own',
      '<!DOCTYPE plist [<!ENTITY x "y">]><plist version="1.0"><dict><key>&x;</key></dict></plist>',
    ],
    ['an array', '<plist version="1.0"><array/></plist>'],
    ['a cut binary list', 'bplist00'],
  ])('entitlements that are %s', async (_, text) => {
    const entitlements = [{ file: 'app.entitlements', list: await readPropertyList(Buffer.from(text)) }];
    expect(checkIosCredentials({ ...NONE, entitlements }, NOW).problems).toMatchObject([
      { option: 'entitlements', message: expect.stringContaining('app.entitlements is not a property list') },
    ]);
  });
});

describe('what cannot be read is a warning', () => {
  it('an identity and a profile, which then does not stand in the way of the bundle id', async () => {
    const given: IosCredentials = {
      ...NONE,
      identity: { file: 'id.p12', opened: await openKeystore(Buffer.from('synthetic'), 'x') },
      profiles: [
        ...(await profiles('extension')).profiles,
        { file: 'new.mobileprovision', read: { state: 'unreadable', reason: 'it holds no property list' } },
      ],
      bundleId: 'com.example.shop',
    };
    const { problems, notChecked } = checkIosCredentials(given, NOW);
    expect(problems).toEqual([]);
    expect(notChecked).toEqual([
      expect.stringContaining('id.p12 was not checked'),
      expect.stringContaining('new.mobileprovision was not checked'),
    ]);
  });
});
