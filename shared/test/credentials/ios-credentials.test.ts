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
        prefixes: expect.arrayContaining(['SYNTH12345']),
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

describe('entitlements of', () => {
  const warningsOf = async (identifier: string, given: Partial<IosCredentials>) => {
    const list = { state: 'read', value: { 'application-identifier': identifier } } as const;
    const entitlements = [{ file: 'app.entitlements', list }];
    return checkIosCredentials({ ...NONE, ...given, entitlements }, NOW).warnings;
  };
  const SHOP = { bundleId: 'com.example.shop', extensions: [{ name: 'W.appex', id: 'com.example.shop.widget' }] };

  it.each<[string, string, Partial<IosCredentials>]>([
    ['the app', 'SYNTH12345.com.example.shop', SHOP],
    ['one of its extensions', 'SYNTH12345.com.example.shop.widget', SHOP],
    ['any app of the team', 'SYNTH12345.*', SHOP],
    ['an app that is not known', 'SYNTH12345.com.other', {}],
    ['an app whose name Xcode writes', '$(AppIdentifierPrefix)com.other', {}],
  ])('%s cause no warning', async (_, identifier, given) => {
    const warnings = await warningsOf(identifier, given);
    expect(warnings.filter((each) => each.includes('are those of'))).toEqual([]);
  });

  it('another app cause a warning, whether the app or its profiles show that', async () => {
    for (const given of [SHOP, await profiles('app'), await profiles('app', 'extension')]) {
      const warnings = await warningsOf('SYNTH12345.com.other', given);
      expect(warnings).toEqual([expect.stringMatching(/app\.entitlements.*"com\.other".*"com\.example\.shop"/)]);
    }
    expect(await warningsOf('SYNTH12345.com.example.shop.widget', await profiles('extension'))).toEqual([]);
    expect(await warningsOf('SYNTH12345.com.other', await profiles('wildcard'))).toEqual([]);
  });
});

describe('entitlements with the bundle id of the app', () => {
  const APP = 'SYNTH12345.com.example.shop';
  const TEAM = 'com.apple.developer.team-identifier';
  const warningsOf = async (value: Record<string, unknown>, given: Partial<IosCredentials>) =>
    checkIosCredentials(
      { ...NONE, ...given, entitlements: [{ file: 'app.entitlements', list: { state: 'read', value } }] },
      NOW,
    ).warnings;

  it.each([
    { 'application-identifier': 'OTHER12345.com.example.shop' },
    { 'application-identifier': APP, [TEAM]: 'OTHER12345' },
    { [TEAM]: 'OTHER12345' },
  ])('and another team cause a warning that names both teams: %o', async (value) => {
    const warnings = await warningsOf(value, await profiles('app'));
    expect(warnings).toEqual([expect.stringMatching(/app\.entitlements.*"OTHER12345".*"SYNTH12345"/)]);
  });

  it('and its team, or with no team to compare, cause no warning', async () => {
    expect(await warningsOf({ 'application-identifier': APP, [TEAM]: 'SYNTH12345' }, await profiles('app'))).toEqual(
      [],
    );
    expect(await warningsOf({ 'application-identifier': APP, [TEAM]: 'OTHER12345' }, {})).toEqual([]);
  });
});

describe('several identities in one file', () => {
  async function both(...names: string[]) {
    const { identity: own } = await identity();
    const expired = await identity('android-expired.p12', STORE_PASSWORD);
    if (own.opened.state !== 'opened' || expired.identity.opened.state !== 'opened') throw new Error('unreadable');
    const keys = [...expired.identity.opened.keystore.keys, ...own.opened.keystore.keys];
    const opened = { state: 'opened' as const, keystore: { ...own.opened.keystore, keys } };
    return checkIosCredentials({ ...NONE, identity: { file: 'two.p12', opened }, ...(await profiles(...names)) }, NOW);
  }

  it('are each compared with the profiles', async () => {
    expect((await both('app')).problems).toEqual([]);
    expect((await both('other-identity')).problems).toMatchObject([
      { message: expect.stringContaining('certificate of the p12') },
    ]);
  });

  it('are a remark where one has expired', async () => {
    expect((await both('app')).warnings).toEqual([
      expect.stringMatching(/One of the 2 identities in two\.p12.*expired/),
    ]);
  });
});

describe('the wrong time or platform', () => {
  it('an identity that is not valid yet', async () => {
    const { problems } = checkIosCredentials({ ...NONE, ...(await identity()) }, Date.UTC(1999, 0, 1));
    expect(problems).toMatchObject([{ option: 'p12', message: expect.stringMatching(/is not valid before/) }]);
  });

  it.each([
    [['iOS', 'xrOS', 'visionOS'], 0],
    [[], 0],
    [['OSX'], 1],
    [['tvOS'], 1],
  ])('a profile for %j: %i problems', async (platforms, count) => {
    const { profiles: given } = await profiles('app');
    for (const { read } of given) if (read.state === 'read') read.profile.platforms = platforms;
    const { problems } = checkIosCredentials({ ...NONE, profiles: given }, NOW);
    expect(problems).toHaveLength(count);
    for (const { message } of problems) expect(message).toContain(platforms[0]);
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
