/**
 * iOS signing on Bitrise through the shipped step: the lists of the Code Signing page, as presigned https addresses and as file URLs.
 * What the service gets is compared byte for byte.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeIpa, writeXcframework } from '../e2e/support/apps.ts';
import { temporaryFolder } from '../e2e/support/cli.ts';
import { API_KEY, type Service, startService } from '../e2e/support/service.ts';
import { type Tee, teeTo } from '../e2e/support/tee.ts';
import { runBitriseStep } from './support/bitrise-cli.ts';
import { leaks } from './support/canaries.ts';
import { CA_FILE, type FileServer, PRESIGNED, serveFiles } from './support/file-server.ts';
import {
  credential,
  credentialPath,
  entitlements,
  ODD_IDENTITY,
  ODD_PASSPHRASE,
  P12_PASSWORD,
  p12,
  profile,
  signingsIn,
} from './support/ios-signing.ts';

const DISTRIBUTION = credential('ios-distribution.p12');
const DEVELOPMENT = credential('android-modern.p12');
const APP = credential('app.mobileprovision');
const WIDGET = credential('extension.mobileprovision');
const RIGHTS = ['app', 'widget'].map((name) =>
  Buffer.from(`<?xml version="1.0"?><plist version="1.0"><dict><key>${name}</key><true/></dict></plist>`),
);

let service: Service;
let tee: Tee;
let page: FileServer;
let fusionSet: string;
const dir = temporaryFolder();
const app = writeIpa(dir);
const local = (name: string) => pathToFileURL(path.join(dir, name)).href;

beforeAll(async () => {
  service = await startService(['--shape', 'A']);
  fusionSet = (await service.fusionSet('ios')).id;
  tee = await teeTo(service.url);
  page = await serveFiles({
    'Dev.p12': DEVELOPMENT,
    'My Dist.p12': DISTRIBUTION,
    'Odd.p12': ODD_IDENTITY,
    'My App.mobileprovision': APP,
    'Widget.mobileprovision': WIDGET,
    'Other.mobileprovision': credential('other-identity.mobileprovision'),
    'app.plist': RIGHTS[0] ?? Buffer.alloc(0),
    'widget.plist': RIGHTS[1] ?? Buffer.alloc(0),
  });
  for (const [name, from] of [
    ['Local Dist.p12', 'ios-distribution.p12'],
    ['Widget.mobileprovision', 'extension.mobileprovision'],
  ] as const) {
    copyFileSync(credentialPath(from), path.join(dir, name));
  }
});
afterAll(async () => {
  await page.close();
  await tee.close();
  await service.stop();
});
beforeEach(() => {
  tee.bodies.length = 0;
  page.asked.length = 0;
});

/** The page with two identities and two profiles, half of it as files of this machine. */
const codeSigning = () => ({
  BITRISE_CERTIFICATE_URL: `${page.address('Dev.p12')}|${local('Local Dist.p12')}|${page.address('My Dist.p12')}`,
  BITRISE_CERTIFICATE_PASSPHRASE: `store pass|${P12_PASSWORD}|${P12_PASSWORD}`,
  BITRISE_PROVISION_URL: `${page.address('My App.mobileprovision')}|${local('Widget.mobileprovision')}`,
});

async function step(inputs: Record<string, string>, variables: Record<string, string> = codeSigning()) {
  const tmp = path.join(temporaryFolder(), 'tmp');
  mkdirSync(tmp);
  const official = 'app_location' in inputs;
  const end = await runBitriseStep({
    inputs: {
      ...(official ? {} : { app }),
      fusion_set_id: fusionSet,
      required_features: 'Anti-Debugging',
      ca_file: CA_FILE,
      ...inputs,
    },
    env: { APPDOME_API_KEY: API_KEY, APPDOME_SERVER_BASE_URL: tee.url, TMPDIR: tmp, ...variables },
    withoutShell: true,
  });
  // A key that was fetched is gone again, however the step ended.
  expect(readdirSync(tmp)).toEqual([]);
  const passphrases = Object.fromEntries(
    (variables.BITRISE_CERTIFICATE_PASSPHRASE ?? '')
      .split('|')
      .filter((text) => text.length > 5)
      .map((text, at) => [`passphrase ${at}`, text]),
  );
  const printed = [
    { where: 'log', text: `${end.stdout}\n${end.stderr}` },
    { where: 'children', text: end.children },
    { where: 'envman', text: JSON.stringify(end.envman) },
    { where: 'result', text: JSON.stringify(end.result) },
  ];
  expect(leaks({ ...passphrases, PRESIGNED }, printed)).toEqual([]);
  // The key of the service goes to nobody else.
  expect(page.asked.filter(({ authorized }) => authorized)).toEqual([]);
  return { ...end, signings: signingsIn(tee.bodies) };
}

const SIGNED = (password: string) => ({ manual_entitlements_matching: false, signing_p12_password: password });
const SEALED = { manual_entitlements_matching: false };

describe('sign on-appdome', () => {
  it('the one certificate that there is, by https, with its passphrase, and every profile', async () => {
    const end = await step(
      { sign: 'on-appdome' },
      {
        ...codeSigning(),
        BITRISE_CERTIFICATE_URL: page.address('My Dist.p12'),
        BITRISE_CERTIFICATE_PASSPHRASE: P12_PASSWORD,
      },
    );
    expect(end.exit, end.stdout).toBe(0);
    expect(end.signings).toEqual([
      {
        action: 'sign',
        overrides: SIGNED(P12_PASSWORD),
        files: [
          p12('My Dist.p12', DISTRIBUTION),
          profile('My App.mobileprovision', APP),
          profile('Widget.mobileprovision', WIDGET),
        ],
      },
    ]);
    expect(end.outputs.FUSEGATE_PROTECTED_APP).toMatch(/rehearsal\.ipa$/);
    expect(existsSync(path.join(end.deployDir, 'rehearsal.ipa'))).toBe(true);
  });

  it.each([
    ['a file URL', 'Local Dist.p12', 'Local Dist.p12'],
    ['an https address', 'My Dist.p12', 'My Dist.p12'],
  ])('of several the one that is named, %s, and only what is needed is fetched', async (_how, name, sentAs) => {
    const end = await step({ sign: 'on-appdome', p12: name, provisioning_profiles: 'Widget.mobileprovision' });
    expect(end.exit, end.stdout).toBe(0);
    expect(end.signings).toEqual([
      {
        action: 'sign',
        overrides: SIGNED(P12_PASSWORD),
        files: [p12(sentAs, DISTRIBUTION), profile('Widget.mobileprovision', WIDGET)],
      },
    ]);
    expect(page.asked.map((each) => each.name)).toEqual(name === 'My Dist.p12' ? ['My Dist.p12'] : []);
  });

  it('identity and passphrase as they are, whatever is in them', async () => {
    const end = await step(
      { sign: 'on-appdome', p12: 'Odd.p12' },
      {
        ...codeSigning(),
        BITRISE_CERTIFICATE_URL: `${page.address('Dev.p12')}|${page.address('Odd.p12')}`,
        BITRISE_CERTIFICATE_PASSPHRASE: `store pass|${ODD_PASSPHRASE}`,
      },
    );
    expect(end.exit, end.stdout).toBe(0);
    expect(end.stdout).toMatch(/warning: The signing identity Odd\.p12 was not checked/);
    expect(end.signings[0]?.overrides).toEqual(SIGNED(ODD_PASSPHRASE));
    expect(end.signings[0]?.files[0]).toEqual(p12('Odd.p12', ODD_IDENTITY));
  });

  it('a path and a password of ones own win over the page', async () => {
    const end = await step({
      sign: 'on-appdome',
      p12: credentialPath('ios-distribution.p12'),
      p12_password: P12_PASSWORD,
    });
    expect(end.exit, end.stdout).toBe(0);
    expect(end.signings[0]?.files[0]).toEqual(p12('ios-distribution.p12', DISTRIBUTION));
  });

  it('an SDK takes the identity and none of the profiles of the app', async () => {
    const end = await step({ sign: 'on-appdome', app: writeXcframework(dir), p12: 'My Dist.p12' });
    expect(end.exit, end.stdout).toBe(0);
    expect(end.signings).toEqual([
      {
        action: 'sign',
        overrides: { signing_p12_password: P12_PASSWORD },
        files: [p12('My Dist.p12', DISTRIBUTION)],
      },
    ]);
  });
});

describe('sign private and auto-dev', () => {
  it('private: the profiles travel, no identity does', async () => {
    const end = await step({ sign: 'private' });
    expect(end.exit, end.stdout).toBe(0);
    expect(end.signings).toEqual([
      {
        action: 'seal',
        overrides: SEALED,
        files: [profile('My App.mobileprovision', APP), profile('Widget.mobileprovision', WIDGET)],
      },
    ]);
    expect(page.asked.map(({ name }) => name)).toEqual(['My App.mobileprovision']);
  });

  it('auto-dev: profiles and entitlements, and the output is a script', async () => {
    const end = await step({
      sign: 'auto-dev',
      entitlements: `${page.address('app.plist')}|${page.address('widget.plist')}`,
    });
    expect(end.exit, end.stdout).toBe(0);
    expect(end.signings).toEqual([
      {
        action: 'sign_script',
        overrides: { manual_entitlements_matching: true },
        files: [
          profile('My App.mobileprovision', APP),
          profile('Widget.mobileprovision', WIDGET),
          entitlements('app.plist', RIGHTS[0] ?? Buffer.alloc(0)),
          entitlements('widget.plist', RIGHTS[1] ?? Buffer.alloc(0)),
        ],
      },
    ]);
    expect(end.outputs.FUSEGATE_PROTECTED_APP).toMatch(/rehearsal\.sh$/);
  });
});

describe("the official step's inputs", () => {
  const official = () => ({ app_location: app, build_logs: 'false', build_to_test: 'None' });

  it('names of the page as that step has them: certificate with blanks as _, profiles without extension', async () => {
    const end = await step({
      ...official(),
      sign_method: 'On-Appdome',
      certificate_file: 'My_Dist.p12',
      provisioning_profiles: 'Widget, My_App',
      entitlements: `${page.address('app.plist')} ${page.address('widget.plist')}`,
    });
    expect(end.exit, end.stdout).toBe(0);
    expect(end.signings).toEqual([
      {
        action: 'sign',
        overrides: { manual_entitlements_matching: true, signing_p12_password: P12_PASSWORD },
        files: [
          p12('My Dist.p12', DISTRIBUTION),
          profile('Widget.mobileprovision', WIDGET),
          profile('My App.mobileprovision', APP),
          entitlements('app.plist', RIGHTS[0] ?? Buffer.alloc(0)),
          entitlements('widget.plist', RIGHTS[1] ?? Buffer.alloc(0)),
        ],
      },
    ]);
    expect(end.outputs.APPDOME_SECURED_IPA_PATH).toBe(path.join(end.deployDir, 'Appdome_rehearsal.ipa'));
    expect(end.outputs.APPDOME_SECURED_APK_PATH).toBe('');
  });

  it('with nothing named the first certificate signs, with the first passphrase', async () => {
    const end = await step(official(), {
      ...codeSigning(),
      BITRISE_CERTIFICATE_URL: `${page.address('My Dist.p12')}|${page.address('Dev.p12')}`,
      BITRISE_CERTIFICATE_PASSPHRASE: `${P12_PASSWORD}|store pass`,
    });
    expect(end.exit, end.stdout).toBe(0);
    expect(end.signings[0]).toMatchObject({ action: 'sign', overrides: SIGNED(P12_PASSWORD) });
    expect(end.signings[0]?.files[0]).toEqual(p12('My Dist.p12', DISTRIBUTION));
  });

  it('Auto-Dev-Signing: its output of the script', async () => {
    const end = await step({ ...official(), sign_method: 'Auto-Dev-Signing' });
    expect(end.exit, end.stdout).toBe(0);
    expect(end.signings[0]?.action).toBe('sign_script');
    expect(end.outputs.APPDOME_PRIVATE_SIGN_SCRIPT_PATH).toBe(path.join(end.deployDir, 'Appdome_rehearsal.sh'));
    expect(end.outputs.APPDOME_SECURED_IPA_PATH).toBe('');
  });
});

describe('what is wrong ends red, and no build is started', () => {
  interface Row {
    name: string;
    inputs?: Record<string, string>;
    variables?: () => Record<string, string>;
    exit?: number;
    said: Array<string | RegExp>;
  }
  const one = (name: string, passphrase = P12_PASSWORD) => ({
    BITRISE_CERTIFICATE_URL: page.address(name),
    BITRISE_CERTIFICATE_PASSPHRASE: passphrase,
  });
  const rows: Row[] = [
    {
      name: 'more passphrases than certificates',
      inputs: { p12: 'My Dist.p12' },
      variables: () => ({ BITRISE_CERTIFICATE_PASSPHRASE: `store pass|${P12_PASSWORD}|${P12_PASSWORD}|one too many` }),
      said: ['BITRISE_CERTIFICATE_PASSPHRASE has 4 passphrases separated by |', 'names 3 certificates'],
    },
    {
      name: 'fewer passphrases than certificates',
      inputs: { p12: 'My Dist.p12' },
      variables: () => ({ BITRISE_CERTIFICATE_PASSPHRASE: P12_PASSWORD }),
      said: ['BITRISE_CERTIFICATE_PASSPHRASE has 1 passphrases'],
    },
    {
      name: 'no passphrases at all',
      inputs: { p12: 'My Dist.p12' },
      variables: () => ({ BITRISE_CERTIFICATE_PASSPHRASE: '' }),
      said: ['p12_password is empty'],
    },
    {
      name: 'several certificates and none named',
      said: ['p12 is missing, and BITRISE_CERTIFICATE_URL names 3 certificates -> the file name of one of them'],
    },
    {
      name: 'a certificate that the page does not have',
      inputs: { p12: 'Gone.p12' },
      said: ['p12 "Gone.p12" does not exist'],
    },
    {
      name: 'a wrong passphrase for a file of this machine',
      inputs: { p12: 'Local Dist.p12' },
      variables: () => ({ BITRISE_CERTIFICATE_PASSPHRASE: `store pass|wrong one|${P12_PASSWORD}` }),
      said: ['BITRISE_CERTIFICATE_PASSPHRASE does not open Local Dist.p12'],
    },
    {
      name: 'a wrong passphrase for a file that has to be fetched',
      variables: () => one('My Dist.p12', 'wrong one'),
      said: [/does not open My Dist\.p12/],
    },
    {
      name: 'the passphrase of another certificate',
      inputs: { p12: 'My Dist.p12' },
      variables: () => ({ BITRISE_CERTIFICATE_PASSPHRASE: `${P12_PASSWORD}|${P12_PASSWORD}|store pass` }),
      said: [/does not open My Dist\.p12/],
    },
    {
      name: 'a certificate that cannot be fetched',
      variables: () => one('Expired.p12'),
      said: ['The file of BITRISE_CERTIFICATE_URL could not be fetched'],
    },
    {
      name: 'a certificate whose file is not there',
      variables: () => ({ ...one('x'), BITRISE_CERTIFICATE_URL: local('nowhere.p12') }),
      said: ['BITRISE_CERTIFICATE_URL', 'does not exist'],
    },
    {
      name: 'a certificate over plain http',
      variables: () => ({ ...one('x'), BITRISE_CERTIFICATE_URL: 'http://files.example.com/Dist.p12' }),
      said: ['BITRISE_CERTIFICATE_URL', 'is a URL that is not https'],
    },
    {
      name: 'a host that nobody answers at',
      inputs: { retries: '0' },
      variables: () => ({ ...one('x'), BITRISE_CERTIFICATE_URL: 'https://127.0.0.1:9/Dist.p12' }),
      exit: 4,
      said: ['network.unreachable'],
    },
    {
      name: 'one profile of the list that cannot be fetched',
      variables: () => ({
        ...one('My Dist.p12'),
        BITRISE_PROVISION_URL: `${page.address('My App.mobileprovision')}|${page.address('Gone.mobileprovision')}`,
      }),
      said: [/The file of BITRISE_PROVISION_URL could not be fetched/],
    },
    {
      name: 'no profiles',
      variables: () => ({ ...one('My Dist.p12'), BITRISE_PROVISION_URL: '' }),
      said: ['provisioning_profiles is missing: an .ipa is signed with them'],
    },
    {
      name: 'a profile that the page does not have',
      inputs: { provisioning_profiles: 'My_App, Nowhere' },
      variables: () => one('My Dist.p12'),
      said: ['provisioning_profiles "Nowhere" does not exist'],
    },
    {
      name: 'a profile for another identity',
      variables: () => ({ ...one('My Dist.p12'), BITRISE_PROVISION_URL: page.address('Other.mobileprovision') }),
      said: ['a profile that does not name the certificate of the p12: Other.mobileprovision'],
    },
    {
      name: 'the official step without profiles, private',
      inputs: { app_location: app, sign_method: 'Private-Signing', sign: '' },
      variables: () => ({ BITRISE_PROVISION_URL: '' }),
      said: ['provisioning_profiles is missing'],
    },
  ];

  it.concurrent.each(rows)('$name', async ({ inputs, variables, exit = 2, said }) => {
    const before = (await service.state()).requests.length;
    const end = await step({ sign: 'on-appdome', ...inputs }, { ...codeSigning(), ...variables?.() });
    expect(end.exit, end.stdout).toBe(exit);
    for (const each of said) expect(end.stdout).toMatch(typeof each === 'string' ? escaped(each) : each);
    expect(end.outputs).toMatchObject({ FUSEGATE_VERDICT: 'error', FUSEGATE_PROTECTED_APP: '' });
    expect(tee.bodies).toEqual([]);
    expect((await service.state()).requests.length).toBe(before);
  });

  function escaped(text: string): RegExp {
    return new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  }
});
