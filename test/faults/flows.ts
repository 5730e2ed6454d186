/** The jobs that faults are put into: one for each signing mode, and those that start no build. */
import { KEYSTORE_SECRETS, type ModeInputs, P12_SECRET, SHA1, SHA256 } from '../e2e/support/mode-inputs.ts';

export interface Flow {
  name: string;
  /** Beside the place for outputs. */
  args: string[];
  /** The secrets that it brings beside the API key. */
  env: Record<string, string>;
  /** It needs a build that exists, and starts none. */
  ofBuild?: true;
}

/** @param sets ids of Fusion Sets */
export function flows(files: ModeInputs, sets: { android: string; ios: string }): Flow[] {
  const run = (app: string, set: string, ...more: string[]) => ['run', '--app', app, '--fusion-set-id', set, ...more];
  const proof = ['--required-features', 'Root Detection', '--reports', 'junit'];
  const gate = [...proof, '--listeners', 'off'];
  return [
    {
      name: 'private',
      args: run(files.apk, sets.android, '--sign', 'private', '--signing-fingerprint', SHA1, ...gate),
      env: {},
    },
    {
      name: 'on-appdome',
      args: run(
        files.aab,
        sets.android,
        ...['--sign', 'on-appdome', '--keystore', files.keystore, '--keystore-alias', 'Release'],
        ...['--new-version', '2.0', '--second-output', '--deobfuscation-map', ...gate],
      ),
      env: KEYSTORE_SECRETS,
    },
    {
      name: 'auto-dev',
      args: run(files.apk, sets.android, '--sign', 'auto-dev', '--signing-fingerprint', SHA256, ...gate),
      env: {},
    },
    {
      name: 'iOS',
      args: run(
        files.ipa,
        sets.ios,
        ...['--sign', 'on-appdome', '--p12', files.p12, '--provisioning-profiles', files.profiles.join(',')],
        ...['--entitlements', files.entitlements[0], '--entitlements', files.entitlements[1]],
        ...['--required-features', 'Jailbreak Detection', '--listeners', 'off', '--reports', 'junit'],
      ),
      env: P12_SECRET,
    },
    { name: 'no signing', args: run(files.aar, sets.android, '--sign', 'none', ...gate), env: {} },
    { name: 'gate', args: ['gate', ...proof], env: {}, ofBuild: true },
    { name: 'validate', args: ['validate'], env: {}, ofBuild: true },
  ];
}
