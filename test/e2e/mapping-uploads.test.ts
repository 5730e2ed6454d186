/** Mapping files to Crashlytics and Datadog, through the shipped bundle: by a `firebase` on PATH, by the intake of the site. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli, temporaryFolder, UNHURRIED } from './support/cli.ts';
import { modeInputs, SHA1 } from './support/mode-inputs.ts';
import { newTeam } from './support/received.ts';
import { API_KEY, type Service, startService } from './support/service.ts';

const files = modeInputs();
const APP_ID = '1:1234567890:android:0a1b2c3d4e5f67890';
const DATADOG_KEY = 'synthetic-datadog-key-1';
let service: Service;
let sets: { full: string; small: string };
/** Refuses every tunnel and keeps where to: nothing of these tests leaves the machine. */
let proxy: { url: string; tunnels: string[]; close(): void };

beforeAll(async () => {
  service = await startService();
  sets = { full: (await service.fusionSet('all detections')).id, small: (await service.fusionSet('small')).id };
  const tunnels: string[] = [];
  const server = createServer((_request, response) => response.writeHead(502).end());
  server.on('connect', (request, socket) => {
    tunnels.push(request.url ?? '');
    socket.on('error', () => {});
    socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, tunnels, close: () => server.close() };
});
afterAll(async () => {
  await service.stop();
  proxy.close();
});

/** A `firebase` that writes down how it was called, and ends as it is told. */
function fakeFirebase(exit = 0): {
  path: string;
  call(): { words: string[]; environment: Record<string, string>; files: string[] } | undefined;
} {
  const bin = path.join(temporaryFolder(), 'bin with blanks');
  mkdirSync(bin);
  const record = path.join(bin, 'call.json');
  const program = path.join(bin, 'firebase');
  writeFileSync(
    program,
    `#!${process.execPath}
const { readFileSync, writeFileSync } = require('node:fs');
const words = process.argv.slice(2);
const files = [words[2].replace('--resource-file=', ''), words[3]].map((file) => readFileSync(file, 'utf8'));
writeFileSync(${JSON.stringify(record)}, JSON.stringify({ words, environment: process.env, files }));
console.error('uploading');
if (${exit}) console.error('Error: not authorised ${API_KEY} ::error::');
process.exit(${exit});
`,
  );
  chmodSync(program, 0o755);
  return { path: bin, call: () => (existsSync(record) ? JSON.parse(readFileSync(record, 'utf8')) : undefined) };
}

function job(set: string, args: string[] = [], required = 'Anti-Debugging'): string[] {
  return [
    'run',
    '--app',
    files.apk,
    '--team-id',
    newTeam(),
    '--fusion-set-id',
    set,
    '--sign',
    'private',
    '--signing-fingerprint',
    SHA1,
    '--required-features',
    required,
    ...args,
  ];
}

const base = () => ({ ...UNHURRIED, APPDOME_API_KEY: API_KEY, APPDOME_SERVER_BASE_URL: service.url });

// The command is a script here, and Windows takes only an .exe.
describe.runIf(process.platform !== 'win32')('Crashlytics', () => {
  it('gets the mapping by an argument array, with the environment but without the secrets of this job', async () => {
    const firebase = fakeFirebase();
    const end = await runCli(job(sets.full, ['--firebase-app-id', APP_ID]), {
      env: {
        ...base(),
        PATH: `relative:${firebase.path}:${process.env.PATH}`,
        GOOGLE_APPLICATION_CREDENTIALS: '/secrets/google.json',
        FUSEGATE_DATADOG_SITE: 'datadoghq.eu',
        IOS_P12_PASSWORD: 'synthetic p12 pass',
        INPUT_APPDOME_API_TOKEN: 'another',
        COPY_OF_KEY: `Bearer ${API_KEY}`,
      },
    });
    expect(end.stderr).toBe('');
    expect(end.exit).toBe(0);
    const call = firebase.call();
    expect(call?.words).toEqual([
      'crashlytics:mappingfile:upload',
      `--app=${APP_ID}`,
      expect.stringMatching(/^--resource-file=.*com_google_firebase_crashlytics_mappingfileid\.xml$/),
      expect.stringMatching(/mapping\.txt$/),
    ]);
    expect(call?.files[0]).toContain('com_google_firebase_crashlytics_mappingfileid');
    expect(call?.files[1]).toContain('com.example.Rehearsal -> a.a:');
    expect(call?.environment.GOOGLE_APPLICATION_CREDENTIALS).toBe('/secrets/google.json');
    for (const name of [
      'APPDOME_API_KEY',
      'IOS_P12_PASSWORD',
      'INPUT_APPDOME_API_TOKEN',
      'COPY_OF_KEY',
      'FUSEGATE_DATADOG_SITE',
      'FUSEGATE_TIME_SCALE',
    ]) {
      expect(call?.environment).not.toHaveProperty(name);
    }
    expect(existsSync(call?.words[3] ?? '')).toBe(false);
    expect(end.result?.findings.filter(({ code }) => code.startsWith('mapping.'))).toEqual([]);
    expect(end.result?.stages.map(({ name }) => name)).toContain('mapping');
  });

  it('is a warning where the command fails, and the run stays green', async () => {
    const firebase = fakeFirebase(7);
    const end = await runCli(job(sets.full, ['--firebase-app-id', APP_ID]), {
      env: { ...base(), PATH: firebase.path },
    });
    expect(end).toMatchObject({ exit: 0, result: { verdict: 'pass' } });
    expect(end.result?.findings).toContainEqual(
      expect.objectContaining({
        code: 'mapping.upload-failed',
        level: 'warning',
        message: expect.stringMatching(/firebase: it ended with 7: Error: not authorised \*\*\*/),
      }),
    );
    expect(`${end.stdout}${end.stderr}`).not.toMatch(/^\s*::error::/m);
  });

  it('is not called for a build without a mapping, and that is said', async () => {
    const firebase = fakeFirebase();
    const end = await runCli(job(sets.small, ['--firebase-app-id', APP_ID]), {
      env: { ...base(), PATH: firebase.path },
    });
    expect(end.exit).toBe(0);
    expect(firebase.call()).toBeUndefined();
    expect(end.result?.findings).toContainEqual(expect.objectContaining({ code: 'mapping.none', level: 'note' }));
  });

  it('is not called for a red run', async () => {
    const firebase = fakeFirebase();
    const end = await runCli(job(sets.full, ['--firebase-app-id', APP_ID], 'Rate-Limit Connections'), {
      env: { ...base(), PATH: firebase.path },
    });
    expect(end.exit).toBe(6);
    expect(firebase.call()).toBeUndefined();
  });

  it('is not run from a folder that is not absolute', async () => {
    const firebase = fakeFirebase();
    const end = await runCli(job(sets.full, ['--firebase-app-id', APP_ID]), {
      cwd: firebase.path,
      env: { ...base(), PATH: '.:' },
    });
    expect(end.exit).toBe(2);
    expect(end.stderr).toMatch(/needs the firebase command/);
  });
});

describe('Datadog', () => {
  it('goes to the intake of its site, by the proxy of the run, and is a warning where that does not answer', async () => {
    const end = await runCli(job(sets.full, ['--datadog-site', 'datadoghq.eu']), {
      env: {
        ...base(),
        FUSEGATE_DATADOG_API_KEY: DATADOG_KEY,
        HTTPS_PROXY: proxy.url,
        NO_PROXY: '127.0.0.1',
        FUSEGATE_RETRIES: '0',
      },
    });
    expect(end).toMatchObject({ exit: 0, result: { verdict: 'pass' } });
    expect(proxy.tunnels).toEqual(['sourcemap-intake.datadoghq.eu:443']);
    expect(end.result?.findings).toContainEqual(
      expect.objectContaining({
        code: 'mapping.upload-failed',
        level: 'warning',
        message: expect.stringContaining('The mapping for Datadog was not uploaded'),
      }),
    );
    expect(`${end.stdout}${end.stderr}${JSON.stringify(end.result)}`).not.toContain(DATADOG_KEY);
  });
});
