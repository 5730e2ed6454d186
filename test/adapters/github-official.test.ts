/** A step that was written for Appdome's own action: its inputs, its paths, its variables. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { settingsApk, writeAab } from '../e2e/support/apps.ts';
import { temporaryFolder } from '../e2e/support/cli.ts';
import { API_KEY, type Service, startService } from '../e2e/support/service.ts';
import { runStep } from './support/github-runner.ts';

let service: Service;
let official: Record<string, string>;
const TEAM = '3f2504e0-4f89-11d3-9a0c-0305e82c3301';

beforeAll(async () => {
  service = await startService(['--shape', 'A']);
  const set = await service.fusionSet('all detections');
  official = {
    APPDOME_API_TOKEN: API_KEY,
    APP_FILE: settingsApk(),
    FUSION_SET_ID: set.id,
    SIGN_OPTIONS: 'PRIVATE_SIGNING',
    SIGN_FINGERPRINT: 'd4'.repeat(32),
    'server-url': service.url,
    // The one line that is added.
    'required-features': 'Anti-Debugging',
  };
});
afterAll(() => service.stop());

it('leaves the app, the certificate and the variables where the official action does', async () => {
  const end = await runStep({
    with: {
      ...official,
      KEYSTORE_FILE: 'None',
      KEYSTORE_PASSWORD: 'None',
      'TEAM-ID': 'None',
      TEAM_ID: 'None',
      OUTPUT_APP_NAME: 'None',
      UPLOAD_ARTIFACTS: 'true',
      BUILD_WITH_LOGS: 'false',
    },
  });
  expect(end.exit).toBe(0);
  const out = path.join(end.workspace, 'output');
  expect(end.outputs['protected-app']).toBe(path.join(out, 'Appdome_secured_app.apk'));
  expect(end.environment).toMatchObject({
    APPDOME_SECURED_APP: path.join(out, 'Appdome_secured_app.apk'),
    APPDOME_SECURED_APP_SECOND_OUTPUT: '',
    DEOBFUSCATION_SCRIPTS_ZIP: path.join(out, 'deobfuscation_scripts.zip'),
  });
  for (const name of ['Appdome_secured_app.apk', 'certificate.pdf', 'deobfuscation_scripts.zip']) {
    expect(existsSync(path.join(out, name)), name).toBe(true);
  }
});

it('names the new spellings once, and what is not used', async () => {
  const end = await runStep({ with: { ...official, UPLOAD_ARTIFACTS: 'true' } });
  const notices = end.reader.log.filter((line) => /official plugin are read as ours/.test(line));
  expect(notices).toHaveLength(1);
  for (const pair of ['APPDOME_API_TOKEN = api-key', 'APP_FILE = app', 'SIGN_OPTIONS = sign']) {
    expect(notices[0]).toContain(pair);
  }
  expect(end.reader.log.some((line) => /UPLOAD_ARTIFACTS is not used/.test(line))).toBe(true);
  expect(end.reader.annotations.filter(({ message }) => /Unexpected input/.test(message))).toEqual([]);
});

it('takes the team in both spellings, and None only as "not given"', async () => {
  for (const name of ['TEAM-ID', 'TEAM_ID']) {
    const end = await runStep({
      with: { ...official, [name]: TEAM, [name === 'TEAM_ID' ? 'TEAM-ID' : 'TEAM_ID']: 'None' },
    });
    expect(end.result?.ids.teamId, name).toBe(TEAM);
  }
  const apart = await runStep({ with: { ...official, 'TEAM-ID': TEAM, TEAM_ID: 'another' } });
  expect(apart.exit).toBe(2);
});

it('signs on Appdome with Google Play signing in either spelling, and fetches the second output', async () => {
  const dir = temporaryFolder();
  const keystore = path.join(dir, 'upload.keystore');
  writeFileSync(keystore, '\0synthetic keystore');
  const end = await runStep({
    with: {
      ...official,
      APP_FILE: writeAab(dir),
      SIGN_OPTIONS: 'AUTO_SIGNING',
      KEYSTORE_FILE: keystore,
      KEYSTORE_PASSWORD: 'store-password-1',
      KEYSTORE_ALIAS: 'upload',
      KEYSTORE_KEY_PASSWORD: 'key-password-1',
      'GOOGLE-PLAY-SIGNING': 'true',
      SECOND_OUTPUT: 'true',
      OUTPUT_APP_NAME: './artifacts/release',
    },
  });
  expect(end.exit).toBe(0);
  const out = path.join(end.workspace, 'artifacts');
  expect(end.environment).toMatchObject({
    APPDOME_SECURED_APP: path.join(out, 'release.aab'),
    APPDOME_SECURED_APP_SECOND_OUTPUT: path.join(out, 'release_second_output.apk'),
  });
  expect(existsSync(path.join(out, 'release_second_output.apk'))).toBe(true);
  const sent = JSON.stringify((await service.state()).requests);
  expect(sent).toContain('signing_keystore_use_google_signing');
});

it('a red run leaves nothing of an earlier one under the official names', async () => {
  const workspace = temporaryFolder();
  mkdirSync(path.join(workspace, 'output'));
  mkdirSync(path.join(workspace, 'artifacts'));
  for (const name of ['certificate.pdf', 'deobfuscation_scripts.zip'])
    writeFileSync(path.join(workspace, 'output', name), 'old');
  const second = path.join(workspace, 'artifacts', 'release_second_output.apk');
  writeFileSync(second, 'old');
  const named = { ...official, 'required-features': 'Rate-Limit Connections', OUTPUT_APP_NAME: './artifacts/release' };
  expect((await runStep({ workspace, with: named })).exit).toBe(6);
  expect(existsSync(second)).toBe(false);
  const end = await runStep({ workspace, with: { ...official, 'required-features': 'Rate-Limit Connections' } });
  expect(end.exit).toBe(6);
  expect(end.environment).toEqual({
    APPDOME_SECURED_APP: '',
    APPDOME_SECURED_APP_SECOND_OUTPUT: '',
    DEOBFUSCATION_SCRIPTS_ZIP: '',
  });
  for (const name of ['certificate.pdf', 'deobfuscation_scripts.zip', 'Appdome_secured_app.apk']) {
    expect(existsSync(path.join(workspace, 'output', name)), name).toBe(false);
  }
});

it('a step that only judges leaves the folder and the variables of an earlier one alone', async () => {
  const built = await runStep({ with: official });
  const end = await runStep({
    workspace: built.workspace,
    with: {
      mode: 'gate',
      APPDOME_API_TOKEN: API_KEY,
      'server-url': service.url,
      'build-id': built.outputs['build-id'] ?? '',
      'required-features': 'Anti-Debugging',
    },
  });
  expect(end.exit).toBe(0);
  expect(end.environment).toEqual({});
  expect(existsSync(built.outputs['protected-app'] ?? '')).toBe(true);
  expect(existsSync(path.join(built.workspace, 'output', 'certificate.pdf'))).toBe(true);
});

it('says that the gate line is missing, with the line to add', async () => {
  const { 'required-features': _, ...without } = official;
  const end = await runStep({ with: without });
  expect(end.exit).toBe(2);
  expect(end.reader.log.join('\n')).toContain('required-features');
});
