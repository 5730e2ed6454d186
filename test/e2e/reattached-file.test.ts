/** A build that is continued by its id alone, on a disk that knows nothing of it: it is signed as this run asks, and its file is judged. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from './support/cli.ts';
import { KEYSTORE_SECRETS, modeInputs } from './support/mode-inputs.ts';
import { actionsOf, newTeam } from './support/received.ts';
import { API_KEY, type Service, startService } from './support/service.ts';

const files = modeInputs();
const team = newTeam();
const OTHER = 'B2'.repeat(32);
const SIGNED_AT_FIRST = ['--sign', 'private', '--signing-fingerprint', 'A1'.repeat(32)];
const ON_APPDOME = ['--sign', 'on-appdome', '--keystore', files.keystore, '--keystore-alias', 'Release'];
const GATE = ['--required-features', 'Root Detection'];
let service: Service;
let env: Record<string, string>;
let buildId: string;

beforeAll(async () => {
  service = await startService();
  env = {
    APPDOME_API_KEY: API_KEY,
    APPDOME_SERVER_BASE_URL: service.url,
    FUSEGATE_TEAM_ID: team,
    ...KEYSTORE_SECRETS,
  };
  const set = await service.fusionSet('all detections');
  const end = await runCli(['run', '--app', files.aab, '--fusion-set-id', set.id, ...SIGNED_AT_FIRST, ...GATE], {
    env,
  });
  expect(end.exit).toBe(0);
  buildId = end.result?.ids.buildId ?? '';
});
afterAll(() => service.stop());

/** Goes on with the build; what the service was asked for, and how it ended. */
async function goOn(...words: string[]) {
  const before = (await actionsOf(service, team)).length;
  const end = await runCli(['run', '--build-id', buildId, '--platform', 'android', ...words, ...GATE], { env });
  return { ...end, actions: (await actionsOf(service, team)).slice(before) };
}

// The certificate states "PrivateSigning" in every case, but not with which key.
const METHODS: Array<[name: string, words: string[], action: string]> = [
  ['private with another certificate', ['--sign', 'private', '--signing-fingerprint', OTHER], 'seal'],
  ['auto-dev', ['--sign', 'auto-dev', '--signing-fingerprint', OTHER], 'sign_script'],
  ['on-appdome', ON_APPDOME, 'sign'],
];

describe('build-id on an empty disk', () => {
  it.each(METHODS)('signs again, %s', async (_name, words, action) => {
    const end = await goOn(...words);
    expect(end.exit).toBe(0);
    expect(end.actions.map((each) => each.action)).toEqual([action]);
    if (action !== 'sign') expect(JSON.stringify(end.actions[0]?.overrides)).toContain(OTHER);
  });

  it.each(METHODS)('gives it the new context first, %s', async (_name, words, action) => {
    const end = await goOn(...words, '--new-version', '2.0');
    expect(end.exit).toBe(0);
    expect(end.actions.map((each) => each.action)).toEqual(['context', action]);
  });

  it('only fetches it without a signing method, and proves the signing by the certificate', async () => {
    expect((await goOn(...(METHODS[0]?.[1] ?? []))).exit).toBe(0);
    const end = await goOn();
    expect(end.exit).toBe(0);
    expect(end.actions).toEqual([]);
  });

  it('takes no signing option and no context without the method', async () => {
    for (const words of [
      ['--signing-fingerprint', OTHER],
      ['--new-version', '2.0'],
    ]) {
      const end = await goOn(...words);
      expect(end.exit).toBe(2);
      expect(`${end.stdout}${end.stderr}`).toContain('--sign');
      expect(end.actions).toEqual([]);
    }
  });

  it('lets no file pass that the certificate does not print the hash of', async () => {
    await service.addFaults([
      { match: { path: '**/certificate' }, do: { kind: 'certificate', finalSha256: 'c'.repeat(64) } },
    ]);
    const end = await goOn(...ON_APPDOME);
    expect(end.exit).toBe(8);
    expect(end.result?.findings.map(({ code }) => code)).toContain('binding.mismatch');
    expect(end.result?.files.some(({ role }) => role === 'protected-app')).toBe(false);
    expect(existsSync(path.join(end.dir, 'rejected'))).toBe(true);
  });
});
