/**
 * iOS signing on Azure through the staged task: identity, profiles and entitlements as Secure Files, as paths, and as both. What the
 * service gets is compared byte for byte.
 */
import { copyFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeIpa } from '../e2e/support/apps.ts';
import { temporaryFolder } from '../e2e/support/cli.ts';
import { API_KEY, type Service, startService } from '../e2e/support/service.ts';
import { type Tee, teeTo } from '../e2e/support/tee.ts';
import { runTask, type TaskRun } from './support/azure-agent.ts';
import { leaks } from './support/canaries.ts';
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
const APP = credential('app.mobileprovision');
const WIDGET = credential('extension.mobileprovision');
const WILDCARD = credential('wildcard.mobileprovision');
const RIGHTS = Buffer.from('<?xml version="1.0"?><plist version="1.0"><dict><key>app</key><true/></dict></plist>');

const ID = (digit: number) => `${String(digit).repeat(8)}-1111-4222-8333-bbbbbbbbbbbb`;
/** The library of the project. */
const LIBRARY = {
  [ID(1)]: { name: 'Shop Distribution.p12', content: DISTRIBUTION },
  [ID(2)]: { name: 'app.mobileprovision', content: APP },
  [ID(3)]: { name: 'widget, small.mobileprovision', content: WIDGET },
  [ID(4)]: { name: '../../app.mobileprovision', content: WILDCARD },
  [ID(5)]: { name: 'app.entitlements', content: RIGHTS },
  [ID(6)]: { name: 'odd.p12', content: ODD_IDENTITY },
  [ID(7)]: { name: 'other.mobileprovision', content: credential('other-identity.mobileprovision') },
  [ID(8)]: { name: 'expired.mobileprovision', content: credential('expired.mobileprovision') },
};

let service: Service;
let tee: Tee;
let fusionSet: string;
const dir = temporaryFolder();
const app = writeIpa(dir);
const rights = path.join(dir, 'app.entitlements');
writeFileSync(rights, RIGHTS);

beforeAll(async () => {
  service = await startService(['--shape', 'A']);
  fusionSet = (await service.fusionSet('ios')).id;
  tee = await teeTo(service.url);
});
afterAll(async () => {
  await tee.close();
  await service.stop();
});
beforeEach(() => {
  tee.bodies.length = 0;
});

async function task(inputs: Record<string, string>, run: Omit<TaskRun, 'inputs'> = {}) {
  const end = await runTask({
    secureFiles: LIBRARY,
    ...run,
    inputs: {
      apiKey: API_KEY,
      serverUrl: tee.url,
      app,
      fusionSetId: fusionSet,
      requiredFeatures: 'Anti-Debugging',
      ...inputs,
    },
  });
  // Whatever was downloaded is gone again, however the task ended.
  expect(readdirSync(end.temp).filter((name) => name.startsWith('fusegate-'))).toEqual([]);
  const log = `${end.stdout}\n${end.stderr}`
    .split('\n')
    .filter((line) => !line.startsWith('##vso[task.setsecret]'))
    .join('\n');
  const password = inputs.p12Password ?? '';
  const tickets = Object.keys(LIBRARY).map((id) => [id, `ticket-of-${id}`] as const);
  const places = [
    { where: 'log', text: log },
    { where: 'children', text: end.children },
    { where: 'result', text: JSON.stringify(end.result) },
    { where: 'summary', text: end.summary ?? '' },
  ];
  expect(leaks({ ...Object.fromEntries(tickets), ...(password === '' ? {} : { password }) }, places)).toEqual([]);
  return { ...end, signings: signingsIn(tee.bodies) };
}

const SIGNED = (password: string) => ({ manual_entitlements_matching: false, signing_p12_password: password });
const SECURE = { sign: 'on-appdome', p12SecureFile: ID(1), p12Password: P12_PASSWORD };

describe('Secure Files', () => {
  it('on-appdome: identity, password and three profiles, in their order and under their names', async () => {
    const end = await task({
      ...SECURE,
      provisioningProfileSecureFile: ID(2),
      provisioningProfileSecureFile2: ID(3),
      provisioningProfileSecureFile3: ID(4),
    });
    expect(end.complete, end.stdout).toBe('Succeeded');
    expect(end.signings).toEqual([
      {
        action: 'sign',
        overrides: SIGNED(P12_PASSWORD),
        files: [
          p12('Shop Distribution.p12', DISTRIBUTION),
          profile('app.mobileprovision', APP),
          // A comma parts lists, and a folder is none of the server's business.
          profile('widget_ small.mobileprovision', WIDGET),
          profile('app.mobileprovision', WILDCARD),
        ],
      },
    ]);
    expect(end.requests.map(({ url }) => url.split('/').at(-1)).sort()).toEqual([1, 2, 3, 4].map(ID));
  });

  it('on-appdome with entitlements: they are matched by hand', async () => {
    const end = await task({ ...SECURE, provisioningProfileSecureFile: ID(2), entitlementsSecureFile: ID(5) });
    expect(end.complete, end.stdout).toBe('Succeeded');
    expect(end.signings).toEqual([
      {
        action: 'sign',
        overrides: { manual_entitlements_matching: true, signing_p12_password: P12_PASSWORD },
        files: [
          p12('Shop Distribution.p12', DISTRIBUTION),
          profile('app.mobileprovision', APP),
          entitlements('app.entitlements', RIGHTS),
        ],
      },
    ]);
  });

  it('identity and password as they are, whatever is in them', async () => {
    const end = await task({
      ...SECURE,
      p12SecureFile: ID(6),
      p12Password: ODD_PASSPHRASE,
      provisioningProfileSecureFile: ID(2),
    });
    expect(end.complete, end.stdout).toBe('Succeeded');
    expect(end.signings[0]?.overrides).toEqual(SIGNED(ODD_PASSPHRASE));
    expect(end.signings[0]?.files[0]).toEqual(p12('odd.p12', ODD_IDENTITY));
    expect(end.stdout).toMatch(/The signing identity odd\.p12 was not checked/);
  });

  it('private: only the profiles travel', async () => {
    const end = await task({
      sign: 'private',
      provisioningProfileSecureFile: ID(2),
      provisioningProfileSecureFile2: ID(3),
    });
    expect(end.complete, end.stdout).toBe('Succeeded');
    expect(end.signings).toEqual([
      {
        action: 'seal',
        overrides: { manual_entitlements_matching: false },
        files: [profile('app.mobileprovision', APP), profile('widget_ small.mobileprovision', WIDGET)],
      },
    ]);
  });

  it('auto-dev: profiles and entitlements, and the output is a script', async () => {
    const end = await task({
      sign: 'auto-dev',
      provisioningProfileSecureFile: ID(2),
      entitlementsSecureFile: ID(5),
    });
    expect(end.complete, end.stdout).toBe('Succeeded');
    expect(end.signings).toEqual([
      {
        action: 'sign_script',
        overrides: { manual_entitlements_matching: true },
        files: [profile('app.mobileprovision', APP), entitlements('app.entitlements', RIGHTS)],
      },
    ]);
    expect(end.outputs.protectedApp).toMatch(/rehearsal\.sh$/);
  });
});

describe('paths', () => {
  const paths = {
    p12: credentialPath('ios-distribution.p12'),
    p12Password: P12_PASSWORD,
    provisioningProfiles: [credentialPath('app.mobileprovision'), credentialPath('extension.mobileprovision')].join(
      '\n',
    ),
  };

  it('do the same, also below the working folder', async () => {
    const workspace = temporaryFolder();
    copyFileSync(credentialPath('ios-distribution.p12'), path.join(workspace, 'Dist of ours.p12'));
    const end = await task(
      { ...paths, sign: 'on-appdome', p12: 'Dist of ours.p12', entitlements: rights },
      { secureFiles: {}, workspace },
    );
    expect(end.complete, end.stdout).toBe('Succeeded');
    expect(end.requests).toEqual([]);
    expect(end.signings).toEqual([
      {
        action: 'sign',
        overrides: { manual_entitlements_matching: true, signing_p12_password: P12_PASSWORD },
        files: [
          p12('Dist of ours.p12', DISTRIBUTION),
          profile('app.mobileprovision', APP),
          profile('extension.mobileprovision', WIDGET),
          entitlements('app.entitlements', RIGHTS),
        ],
      },
    ]);
  });

  it('and Secure Files add up where both name profiles', async () => {
    const end = await task({
      ...SECURE,
      provisioningProfiles: credentialPath('app.mobileprovision'),
      provisioningProfileSecureFile: ID(3),
    });
    expect(end.complete, end.stdout).toBe('Succeeded');
    expect(end.signings[0]?.files.slice(1)).toEqual([
      profile('app.mobileprovision', APP),
      profile('widget_ small.mobileprovision', WIDGET),
    ]);
  });
});

describe('what is wrong ends red, and nothing is sent', () => {
  const PROFILE = { provisioningProfileSecureFile: ID(2) };
  const rows: Array<{ name: string; inputs: Record<string, string>; run?: Omit<TaskRun, 'inputs'>; said: RegExp[] }> = [
    {
      name: 'a wrong password',
      inputs: { ...SECURE, ...PROFILE, p12Password: 'wrong one 7Kq9' },
      said: [/p12Password does not open Shop Distribution\.p12/],
    },
    { name: 'no password', inputs: { ...SECURE, ...PROFILE, p12Password: '' }, said: [/p12Password is missing/] },
    {
      name: 'no identity',
      inputs: { sign: 'on-appdome', ...PROFILE },
      said: [/p12 is missing/, /p12Password is missing/],
    },
    { name: 'no profile', inputs: SECURE, said: [/provisioningProfiles is missing: an \.ipa is signed with them/] },
    {
      name: 'no profile with private',
      inputs: { sign: 'private' },
      said: [/provisioningProfiles is missing: an \.ipa is signed with them/],
    },
    {
      name: 'a profile for another identity',
      inputs: { ...SECURE, provisioningProfileSecureFile: ID(7) },
      said: [/a profile that does not name the certificate of the p12: other\.mobileprovision/],
    },
    {
      name: 'an expired profile',
      inputs: { ...SECURE, ...PROFILE, provisioningProfileSecureFile2: ID(8) },
      said: [/a profile that expired on 2021-01-01: expired\.mobileprovision/],
    },
    {
      name: 'an identity that this pipeline may not use, beside a profile that it may not use',
      inputs: {
        ...SECURE,
        p12SecureFile: ID(9),
        provisioningProfileSecureFile: 'cccccccc-1111-4222-8333-000000000000',
      },
      said: [/p12SecureFile names no Secure file/, /provisioningProfileSecureFile names no Secure file/],
    },
    {
      name: 'one profile of several that this pipeline may not use',
      inputs: { ...SECURE, ...PROFILE, provisioningProfileSecureFile2: ID(9) },
      said: [/provisioningProfileSecureFile2 names no Secure file/],
    },
    {
      name: 'a refused download',
      inputs: { ...SECURE, ...PROFILE },
      run: { env: { ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN: 'wrong' } },
      said: [
        /p12SecureFile cannot be downloaded: Azure DevOps answered 401/,
        /provisioningProfileSecureFile cannot be/,
      ],
    },
    {
      name: 'an empty file',
      inputs: { ...SECURE, ...PROFILE },
      run: { secureFiles: { ...LIBRARY, [ID(1)]: { name: 'empty.p12', content: '' } } },
      said: [/p12SecureFile cannot be downloaded: Azure DevOps answered with an empty file/],
    },
    {
      name: 'an identity as path and as Secure File',
      inputs: { ...SECURE, ...PROFILE, p12: credentialPath('ios-distribution.p12') },
      said: [/p12 and p12SecureFile give different values/],
    },
    {
      name: 'a path that leads nowhere',
      inputs: { ...SECURE, provisioningProfiles: 'nowhere.mobileprovision', ...PROFILE },
      said: [/provisioningProfiles "nowhere\.mobileprovision" does not exist/],
    },
    {
      name: 'an identity with private',
      inputs: { ...SECURE, ...PROFILE, sign: 'private' },
      said: [/p12SecureFile is given, but with sign private no signing identity leaves this machine/],
    },
  ];

  it.concurrent.each(rows)('$name', async ({ inputs, run, said }) => {
    const before = (await service.state()).requests.length;
    const end = await task(inputs, run);
    expect(end.complete, end.stdout).toBe('Failed');
    const error = end.issues.find(({ type }) => type === 'error')?.message ?? '';
    for (const each of said) {
      expect(error).toMatch(each);
      expect(end.summary).toMatch(each);
    }
    expect(end.outputs).toMatchObject({ verdict: 'error', protectedApp: '' });
    expect(tee.bodies).toEqual([]);
    expect((await service.state()).requests.length).toBe(before);
  });
});
