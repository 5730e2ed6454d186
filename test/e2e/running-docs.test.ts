/** Every command of docs/running.md, as it stands there. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT, runCli, temporaryFolder, UNHURRIED } from './support/cli.ts';
import { modeInputs } from './support/mode-inputs.ts';
import { API_KEY, type Service, startService } from './support/service.ts';

const files = modeInputs();
const cwd = temporaryFolder();
let service: Service;
let env: Record<string, string>;

beforeAll(async () => {
  service = await startService();
  env = {
    ...UNHURRIED,
    APPDOME_API_KEY: API_KEY,
    APPDOME_SERVER_BASE_URL: service.url,
    APPDOME_ANDROID_FS_ID: (await service.fusionSet('all detections')).id,
    APPDOME_IOS_FS_ID: (await service.fusionSet('ios')).id,
    FUSEGATE_REQUIRED_FEATURES: 'Anti-Debugging, App Shielding',
    ANDROID_KEYSTORE_PASS: 'synthetic pass',
    ANDROID_KEY_PASS: 'synthetic pass',
    IOS_P12_PASSWORD: 'p12 pass',
  };
  const named: Record<string, string> = {
    'app-release.apk': files.apk,
    'app-release.aab': files.aab,
    'App.ipa': files.ipa,
    'sdk.aar': files.aar,
    'SDK.xcframework.zip': files.zip,
    'distribution.p12': files.p12,
    'app.mobileprovision': files.profiles[0],
    'extension.mobileprovision': files.profiles[1],
    'app.plist': files.entitlements[0],
    'extension.plist': files.entitlements[1],
    'fingerprints.json': files.trusted,
    'baseline.zip': files.baselineProfile,
    'startup.zip': files.startupProfile,
    'mapping.txt': files.mapping,
    'pins.zip': files.pins,
    'icon.png': files.icon,
    'overlay.png': files.overlay,
  };
  for (const [name, file] of Object.entries(named)) copyFileSync(file, path.join(cwd, name));
  writeFileSync(path.join(cwd, 'upload.jks'), '\0synthetic keystore');
});
afterAll(() => service.stop());

function commandsOf(page: string): string[] {
  const blocks = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, code = '']) => code.replaceAll(/\\\n\s*/g, ''));
  return blocks.flatMap((code) => code.split('\n').filter((line) => line.startsWith('fusegate ')));
}

/** Words of a line as a shell takes them; quotes of either kind, no expansion, since the page has none in commands. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  );
}

const commands = commandsOf(readFileSync(path.join(ROOT, 'docs/running.md'), 'utf8'));

describe.concurrent('docs/running.md', () => {
  it.for(commands)('%s', async (command, { expect: check }) => {
    const end = await runCli(wordsOf(command).slice(1), { cwd, env });
    check(end.stderr).toBe('');
    check(end).toMatchObject({ exit: 0, result: { verdict: 'pass' } });
  });

  it('has a command for every app kind and signing method that go together', () => {
    for (const [app, methods] of [
      ['app-release.apk', ['on-appdome', 'auto-dev', 'private']],
      ['app-release.aab', ['on-appdome', 'private', 'auto-dev']],
      ['App.ipa', ['on-appdome', 'private', 'auto-dev']],
      ['sdk.aar', ['none']],
      ['SDK.xcframework.zip', ['on-appdome', 'private']],
    ] as const) {
      for (const method of methods) {
        expect(
          commands.some((each) => each.includes(` --app ${app} `) && `${each} `.includes(` --sign ${method} `)),
        ).toBe(true);
      }
    }
  });
});
