/** Appdome's orb `appdome/build-2secure`: the parameters of its job `appdome_runner` (Appdome/appdome-orb, src/jobs; appdome-api.md §10.6). */
import type { OldName } from './migrations.ts';

export const ORB_NAMES: readonly OldName[] = [
  { old: 'runner', option: 'sign', instead: '`on-appdome`, `private` or `auto-dev`; the app tells its platform' },
  { old: 'appdome-api-token', option: 'api-key', instead: 'a variable `APPDOME_API_KEY` needs no parameter' },
  { old: 'appFile', option: 'app' },
  { old: 'team-id', option: 'team-id' },
  {
    old: 'fusion-set-id-android',
    option: 'fusion-set-id',
    instead: 'the id itself; or leave it out and call the variable `APPDOME_ANDROID_FS_ID`',
  },
  {
    old: 'fusion-set-id-ios',
    option: 'fusion-set-id',
    instead: 'the id itself; or leave it out and call the variable `APPDOME_IOS_FS_ID`',
  },
  { old: 'output', option: 'output-name' },
  { old: 'second-output', option: 'second-output' },
  { old: 'sign-overrides', option: 'sign-overrides', instead: 'a path instead of a URL' },
  { old: 'build-with-logs', option: 'build-logs' },
  { old: 'build-to-test', option: 'build-to-test', instead: 'the same vendors in small letters; `none` for `NONE`' },
  {
    old: 'signing-fingerprint',
    option: 'signing-fingerprint',
    instead: 'the fingerprint itself; or leave it out and call the variable `FUSEGATE_SIGNING_FINGERPRINT`',
  },
  { old: 'google-play-signing', option: 'google-play-signing' },
  { old: 'keystore-file', option: 'keystore', instead: 'base64 as before, or a path' },
  { old: 'keystore-password', option: 'keystore-password' },
  {
    old: 'keystore-alias',
    option: 'keystore-alias',
    instead: 'the alias itself; or leave it out and call the variable `ANDROID_KEYSTORE_ALIAS`',
  },
  { old: 'keystore-key-password', option: 'key-password' },
  { old: 'p12-file', option: 'p12', instead: 'base64 as before, or a path' },
  { old: 'p12-password', option: 'p12-password' },
  { old: 'P12-password', option: 'p12-password', instead: 'as two of its commands spell it' },
  {
    old: 'provisioning-profiles',
    option: 'provisioning-profiles',
    instead: 'paths; for base64 leave it out and call the variables `IOS_MOBILEPROVISION_1`, `IOS_MOBILEPROVISION_2`',
  },
  {
    old: 'entitlements',
    option: 'entitlements',
    instead: 'paths; for base64 leave it out and call the variable `FUSEGATE_ENTITLEMENTS`',
  },
  { old: 'root-dir', instead: '`workspace`: where the workspace of earlier jobs is attached' },
];

export const ORB_JOBS: readonly OldName[] = [
  { old: 'appdome_runner', instead: 'the job `fusegate/protect`' },
  ...[
    'android_auto',
    'android_autodev_private',
    'android_private',
    'ios_auto',
    'ios_autodev_private',
    'ios_private',
  ].map((kind): OldName => ({ old: `appdome_${kind}_signing`, instead: 'the command `fusegate/protect` with `sign`' })),
];
