/** What people bring as a file has the same end on every system, by path, as base64 and from a URL. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { OptionId } from '@fusegate/shared/options/table';
import { afterAll, beforeAll } from 'vitest';
import type { Job } from '../adapters/support/every-adapter.ts';
import { credential, P12_PASSWORD } from '../adapters/support/ios-signing.ts';
import { settingsApk, writeApk, writeIpa } from '../e2e/support/apps.ts';
import { temporaryFolder } from '../e2e/support/cli.ts';
import { API_KEY, type Service, startService } from '../e2e/support/service.ts';
import { type ParityRow, sameEverywhere } from './same-everywhere.ts';

const KEYSTORE = credential('android-modern.p12');
const PAGE = Buffer.from(
  `<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>${' '.repeat(80)}</body></html>`,
);
const POINTER = Buffer.from(`version https://git-lfs.github.com/spec/v1\noid sha256:${'4d7a'.repeat(16)}\nsize 2564\n`);
const APP = writeApk(temporaryFolder());
const HALF_APP = readFileSync(settingsApk()).subarray(0, 1_000_000);

let service: Service;
let shelf: Server;
let sets: { android: string; ios: string };
const onShelf = new Map<string, Buffer>();

beforeAll(async () => {
  service = await startService(['--shape', 'A']);
  sets = { android: (await service.fusionSet('small')).id, ios: (await service.fusionSet('iOS')).id };
  shelf = createServer((request, response) => response.end(onShelf.get(request.url ?? '')));
  await new Promise<void>((resolve) => shelf.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  shelf.close();
  shelf.closeAllConnections();
  await service.stop();
});

/** `certutil -encode` frames any file like this. */
function armoured(content: Buffer): string {
  const lines = content.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\r\n${lines.join('\r\n')}\r\n-----END CERTIFICATE-----\r\n`;
}

type Way = 'path' | 'base64' | 'URL';

function given(way: Way, content: Buffer, name: string): string {
  if (way === 'base64') return armoured(content);
  if (way === 'path') {
    const file = path.join(temporaryFolder(), name);
    writeFileSync(file, content);
    return file;
  }
  onShelf.set(`/${name}`, content);
  return `http://127.0.0.1:${(shelf.address() as AddressInfo).port}/${name}`;
}

function android(options: Job['options']): Job {
  return {
    options: {
      'api-key': API_KEY,
      'server-url': service.url,
      app: APP,
      'fusion-set-id': sets.android,
      sign: 'on-appdome',
      keystore: given('path', KEYSTORE, 'right.jks'),
      'keystore-password': 'store pass',
      'keystore-alias': 'release',
      'required-features': 'Anti-Debugging',
      // An app that another adapter has uploaded would save this one a stage.
      'reuse-upload': 'false',
      ...options,
    },
  };
}

function ios(options: Job['options']): Job {
  const { keystore: _, 'keystore-password': __, 'keystore-alias': ___, ...rest } = android({}).options;
  const p12 = given('path', credential('ios-distribution.p12'), 'right.p12');
  return {
    options: {
      ...rest,
      app: writeIpa(temporaryFolder()),
      'fusion-set-id': sets.ios,
      'required-features': 'Jailbreak Detection',
      p12,
      'p12-password': P12_PASSWORD,
      ...options,
    },
  };
}

interface Brought {
  what: string;
  option: OptionId;
  file: string;
  content: Buffer;
  ways: readonly Way[];
  job: (options: Job['options']) => Job;
  expected: ParityRow['expected'];
}

const refused = (said: RegExp) => ({ red: true, exit: 2, verdict: 'error', said: [said] });
const ALL: readonly Way[] = ['path', 'base64', 'URL'];

const BROUGHT: readonly Brought[] = [
  {
    ...{ what: 'a keystore', option: 'keystore', file: 'upload.jks', content: KEYSTORE, ways: ALL, job: android },
    expected: { red: false, exit: 0, verdict: 'pass' },
  },
  {
    ...{
      what: 'a login page as keystore',
      option: 'keystore',
      file: 'page.jks',
      content: PAGE,
      ways: ALL,
      job: android,
    },
    expected: refused(/HTML page/),
  },
  {
    ...{ what: 'a Git LFS pointer as profile', option: 'provisioning-profiles', file: 'lfs.mobileprovision' },
    ...{ content: POINTER, ways: ALL, job: ios, expected: refused(/Git LFS/) },
  },
  {
    ...{ what: 'half an app', option: 'app', file: 'half.apk', content: HALF_APP, ways: ['path', 'URL'], job: android },
    expected: refused(/incomplete/),
  },
];

sameEverywhere(
  BROUGHT.flatMap(({ what, option, file, content, ways, job, expected }) =>
    ways.map(
      (way): ParityRow => ({
        name: `${what}, by ${way}`,
        job: () => job({ [option]: given(way, content, file) }),
        expected,
      }),
    ),
  ),
  () => service,
  () => [sets.android, sets.ios],
);
