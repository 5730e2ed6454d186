/** Bad input: one run names everything that is wrong, ends 2, and sends nothing. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settingsApk } from './support/apps.ts';
import { runCli, temporaryFolder } from './support/cli.ts';
import { API_KEY, type Service, startService } from './support/service.ts';

let service: Service;
let env: Record<string, string>;
let files: Record<'directory' | 'empty' | 'text', string>;

beforeAll(async () => {
  service = await startService();
  env = { APPDOME_API_KEY: API_KEY, APPDOME_SERVER_BASE_URL: service.url };
  const dir = temporaryFolder();
  files = {
    directory: path.join(dir, 'folder.apk'),
    empty: path.join(dir, 'empty.apk'),
    text: path.join(dir, 'text.apk'),
  };
  mkdirSync(files.directory);
  writeFileSync(files.empty, '');
  writeFileSync(files.text, 'this is no archive');
});
afterAll(async () => {
  expect((await service.state()).requests).toEqual([]);
  await service.stop();
});

const SET = '70ccae10-62ff-11f0-b219-4393c5083e21';
const good = () => [
  'run',
  '--app',
  settingsApk(),
  '--fusion-set-id',
  SET,
  '--sign',
  'private',
  '--signing-fingerprint',
  'a1'.repeat(32),
  '--required-features',
  'Root Detection',
];
const without = (flag: string) => {
  const args = good();
  args.splice(args.indexOf(flag), 2);
  return args;
};

describe('one thing wrong', () => {
  /** name, arguments, what must be named */
  const rows: Array<[string, () => string[], RegExp]> = [
    [
      'an unknown flag',
      () => [...good(), '--fusion-set', 'x'],
      /--fusion-set\b.*(unknown|not an option)[\s\S]*--fusion-set-id/i,
    ],
    ['a bad boolean', () => [...good(), '--second-output=maybe'], /--second-output.*maybe/],
    ['a duration without unit', () => [...good(), '--timeout', '55'], /--timeout.*55[\s\S]*55m/],
    ['a missing file', () => [...without('--app'), '--app', 'nowhere.apk'], /--app.*nowhere\.apk/],
    ['a directory', () => [...without('--app'), '--app', files.directory], /--app.*(folder|directory)/],
    ['an empty file', () => [...without('--app'), '--app', files.empty], /--app.*empty/],
    ['a text file named .apk', () => [...without('--app'), '--app', files.text], /--app.*text\.apk/],
    [
      'a fingerprint of wrong length',
      () => [...without('--signing-fingerprint'), '--signing-fingerprint', 'abcd'],
      /--signing-fingerprint.*abcd[\s\S]*(40|64)/,
    ],
    [
      'keystore options with private signing',
      () => [...good(), '--keystore-alias', 'key0'],
      /--keystore-alias[\s\S]*private/,
    ],
    ['both an app and an app id', () => [...good(), '--app-id', SET], /--app-id/],
    ['nothing required', () => without('--required-features'), /--required-features/],
    [
      'a protection that nobody knows',
      () => [...without('--required-features'), '--required-features', 'Rot Detection'],
      /Rot Detection[\s\S]*Root Detection/,
    ],
    [
      'a secret on the command line',
      () => [...good(), '--api-key', 'secret-on-argv-1'],
      /--api-key[\s\S]*APPDOME_API_KEY/,
    ],
    [
      'a device cloud that nobody knows',
      () => [...good(), '--build-to-test', 'browserstck'],
      /--build-to-test.*did you mean browserstack/,
    ],
    ['plain http to another machine', () => [...good(), '--server-url', 'http://192.0.2.1'], /--server-url.*http/],
  ];
  it.each(rows)('%s', async (_name, args, named) => {
    const end = await runCli(args(), { env });
    expect(end.exit).toBe(2);
    expect(end.stderr).toMatch(named);
    expect(end.stderr).toContain('Nothing was sent');
    expect(end.stdout).not.toContain('verdict: pass');
    expect(end.stderr).not.toContain('secret-on-argv-1');
  });
});

it('names everything at once', async () => {
  const end = await runCli(
    [
      'run',
      '--fusionset',
      'x',
      '--second-output=maybe',
      '--timeout',
      '55',
      '--app',
      'nowhere.apk',
      '--app-id',
      SET,
      '--fusion-set-id',
      'not-a-uuid',
      '--sign',
      'private',
      '--signing-fingerprint',
      'abcd',
      '--keystore-alias',
      'key0',
      '--required-features',
      'Rot Detection',
    ],
    { env: { APPDOME_SERVER_BASE_URL: service.url } },
  );
  expect(end.exit).toBe(2);
  for (const named of [
    '--fusionset',
    '--second-output',
    '--timeout',
    '--app',
    '--app-id',
    '--fusion-set-id',
    '--signing-fingerprint',
    '--keystore-alias',
    'Rot Detection',
    'APPDOME_API_KEY',
  ]) {
    expect(end.stderr).toContain(named);
  }
});

it('an empty secret of a fork run says so', async () => {
  const end = await runCli(good(), {
    env: {
      APPDOME_SERVER_BASE_URL: service.url,
      APPDOME_API_KEY: '',
      GITHUB_ACTIONS: 'true',
      GITHUB_EVENT_NAME: 'pull_request',
    },
  });
  expect(end.exit).toBe(2);
  expect(end.stderr).toMatch(/fork|Dependabot/);
});
