/** Every mode of the official clients: app kind x signing mode x option. */
import { FUSION_SET_IDS } from '../../src/fusion-sets/built-in.ts';
import { archive } from '../support/session.ts';
import type { AppKind, Fingerprints, OfficialJob } from './job.ts';

/** What breaks clients that build shell commands or escape by hand (§4.2): it must arrive as it is. */
export const HARD_PASSWORD = `p'a"s$s;w%20o\\r{d} & пароль`;

const SHA1 = 'AB'.repeat(20);
const SHA256 = 'cd'.repeat(32);

export function job(kind: AppKind, signing: OfficialJob['signing'], changes: Partial<OfficialJob> = {}): OfficialJob {
  const ios = kind === 'ipa' || kind === 'zip';
  return {
    kind,
    signing,
    app: archive(`${kind} of the rehearsal`),
    appPath: `/home/ci/my apps/Rehearsal.${kind}`,
    fusionSetId: ios ? FUSION_SET_IDS.iosFull : FUSION_SET_IDS.androidFull,
    keystorePassword: HARD_PASSWORD,
    ...(kind === 'ipa' ? { profiles: 1 } : {}),
    ...(ios || signing === 'sign' || signing === 'none'
      ? {}
      : { fingerprints: { kind: 'single', sha: SHA1 } as Fingerprints }),
    ...changes,
  };
}

const google: Fingerprints = { kind: 'google', sha: SHA256 };
const upgraded: Fingerprints = { kind: 'google', sha: SHA1, upgrade: SHA256 };
const trusted: Fingerprints = {
  kind: 'trusted',
  list: [{ SHA: SHA1 }, { SHA: SHA256, TrustedStoreSigning: true }],
};

/** Title and job. */
export const MODES: Array<[string, OfficialJob]> = [
  ...(['apk', 'aab'] as const).flatMap((kind) => [
    ...(['sign', 'seal', 'sign_script'] as const).flatMap(
      (signing): Array<[string, OfficialJob]> => [
        [`${kind} ${signing}`, job(kind, signing)],
        [`${kind} ${signing} for Google Play`, job(kind, signing, { fingerprints: google })],
        [`${kind} ${signing} for Google Play with an upgraded key`, job(kind, signing, { fingerprints: upgraded })],
        [`${kind} ${signing} with a trusted list`, job(kind, signing, { fingerprints: trusted })],
      ],
    ),
  ]),
  ['aab sign with the universal APK', job('aab', 'sign', { secondOutput: true })],
  ['aab seal with the universal APK', job('aab', 'seal', { secondOutput: true })],
  ['ipa sign', job('ipa', 'sign')],
  ['ipa sign with profiles and entitlements', job('ipa', 'sign', { profiles: 3, entitlements: 2 })],
  ['ipa seal', job('ipa', 'seal', { profiles: 2 })],
  ['ipa sign_script', job('ipa', 'sign_script')],
  ['ipa sign_script with entitlements', job('ipa', 'sign_script', { entitlements: 1 })],
  ['Android SDK', job('aar', 'none')],
  ['iOS SDK sign', job('zip', 'sign')],
  ['iOS SDK seal', job('zip', 'seal')],
  ['direct upload', job('apk', 'sign', { directUpload: true })],
  ['in a team', job('apk', 'sign', { team: '0a4b6df0-c6f0-11f1-9a3e-0242ac120002' })],
  ['diagnostic logs', job('apk', 'sign', { buildLogs: true })],
  ['workflow logs', job('apk', 'sign', { workflowLogs: true })],
  ['certificate pinning', job('apk', 'sign', { pinning: { 'api.example.com': 'api.pem', '*.example.org': 'x.cer' } })],
  ['a set without obfuscation', job('apk', 'sign', { fusionSetId: FUSION_SET_IDS.androidSmall })],
];
