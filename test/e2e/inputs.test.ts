/** Where inputs come from: patterns, URLs, base64. What had to be made for a run is gone after it, however it ended. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeAab } from './support/apps.ts';
import { type CliOptions, runCli, temporaryFolder, UNHURRIED } from './support/cli.ts';
import { KEYSTORE_SECRETS, modeInputs, P12_SECRET, SHA1 } from './support/mode-inputs.ts';
import { actionsOf, newTeam, requestsOf, sha256Of } from './support/received.ts';
import { API_KEY, type Service, startService } from './support/service.ts';

const files = modeInputs();
let service: Service;
let sets: { android: string; ios: string };
let shelf: Awaited<ReturnType<typeof serveFiles>>;

beforeAll(async () => {
  service = await startService();
  sets = { android: (await service.fusionSet('all detections')).id, ios: (await service.fusionSet('ios')).id };
  shelf = await serveFiles();
});
afterAll(async () => {
  await service.stop();
  shelf.close();
});

/** A file server: `/files/<path>` is a file, `/moved/…` leads there, `/stuck.apk` begins and never ends, `/gone/…` is 404. */
async function serveFiles() {
  const asked: Array<{ url: string; headers: IncomingHttpHeaders }> = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    asked.push({ url: request.url ?? '', headers: request.headers });
    const [, shelfName, ...rest] = url.pathname.split('/').map(decodeURIComponent);
    const file = `/${rest.join('/')}`;
    if (shelfName === 'files' && existsSync(file)) response.end(readFileSync(file));
    else if (shelfName === 'moved')
      response.writeHead(302, { location: `/files${url.pathname.slice('/moved'.length)}` }).end();
    else if (shelfName === 'away') response.writeHead(302, { location: 'http://files.example.com/app.apk' }).end();
    else if (shelfName === 'text') response.end('<html>please log in</html>');
    else if (shelfName === 'stuck.apk') response.write('PK\u0003\u0004');
    else response.writeHead(404).end('no such file');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    asked,
    at: (file: string, way = 'files') => `${origin}/${way}${file.split('/').map(encodeURIComponent).join('/')}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function job(team: string, args: string[], ios = false): string[] {
  const required = ios ? 'key: jailbreak_detection' : 'Root Detection';
  const set = ios ? sets.ios : sets.android;
  return ['run', '--team-id', team, '--fusion-set-id', set, '--required-features', required, ...args];
}

/** With a temporary folder of its own, so that what is left there is this run's. */
function options(env: Record<string, string> = {}): CliOptions & { temporary: string } {
  const temporary = temporaryFolder();
  const own = { TMPDIR: temporary, TEMP: temporary, TMP: temporary };
  return {
    temporary,
    env: { ...UNHURRIED, ...own, APPDOME_API_KEY: API_KEY, APPDOME_SERVER_BASE_URL: service.url, ...env },
  };
}

const PRIVATE = ['--sign', 'private', '--signing-fingerprint', SHA1];
const base64 = (file: string) => readFileSync(file).toString('base64');
const bundleNamedApk = writeAab(temporaryFolder(), 'really-a-bundle.apk');
const wrapped = (file: string) => (base64(file).match(/.{1,76}/g) ?? []).join('\n');

describe.concurrent('patterns', () => {
  it('takes the one app that matches', async ({ expect: check }) => {
    const team = newTeam();
    const cwd = temporaryFolder();
    mkdirSync(path.join(cwd, 'build/outputs'), { recursive: true });
    writeFileSync(path.join(cwd, 'build/outputs/shop-1.2.3.apk'), readFileSync(files.apk));
    const end = await runCli(job(team, ['--app', 'build/**/shop-*.apk', ...PRIVATE]), { ...options(), cwd });
    check(end.stderr).toBe('');
    check(end.exit).toBe(0);
    check(readdirSync(end.dir)).toContain('shop-1.2.3.apk');
  });
});

describe.concurrent('URLs', () => {
  it.for([
    ['straight', 'files'],
    ['over a redirect', 'moved'],
  ])('an app and its credentials, %s', async ([, way], { expect: check }) => {
    const team = newTeam();
    const given = options(KEYSTORE_SECRETS);
    const url = `${shelf.at(files.apk, way)}?X-Signature=synthetic-signature-${team}`;
    const end = await runCli(
      job(team, [
        '--app',
        url,
        '--sign',
        'on-appdome',
        '--keystore',
        shelf.at(files.keystore, way),
        '--keystore-alias',
        'release',
        '--app-icon',
        shelf.at(files.icon, way),
        '--cert-pinning-zip',
        shelf.at(files.pins, way),
      ]),
      given,
    );
    check(end.stderr).toBe('');
    check(end).toMatchObject({
      exit: 0,
      result: { app: { sha256: sha256Of(files.apk), size: statSync(files.apk).size } },
    });
    check(end.result?.app?.path).toBe(shelf.at(files.apk, way));
    check(readdirSync(end.dir)).toContain('rehearsal.apk');
    const actions = await actionsOf(service, team);
    check(actions.map(({ action }) => action)).toEqual(['fuse', 'context', 'sign']);
    check(actions[0]?.files.map(({ fileName }) => fileName)).toEqual(['api.pem', 'cdn.der']);
    check(actions[1]?.files).toMatchObject([{ fileName: 'icon.png', sha256: sha256Of(files.icon) }]);
    check(actions[2]?.files).toMatchObject([{ fileName: 'android.jks', sha256: sha256Of(files.keystore) }]);
    check(readdirSync(given.temporary)).toEqual([]);
    check(readdirSync(path.join(end.dir, 'private')).filter((name) => name.endsWith('.part'))).toEqual([]);
    const asked = shelf.asked.filter(({ url: each }) => each.includes(`synthetic-signature-${team}`));
    check(asked.length).toBeGreaterThan(0);
    for (const { headers } of shelf.asked) {
      check(headers).not.toHaveProperty('authorization');
      check(JSON.stringify(headers)).not.toContain(API_KEY);
    }
    check(`${end.stdout}${end.stderr}${JSON.stringify(end.result)}`).not.toContain('synthetic-signature');
  });

  it('a list of fingerprints', async ({ expect: check }) => {
    const team = newTeam();
    const given = options();
    const end = await runCli(
      job(team, ['--app', files.aab, '--sign', 'private', '--signing-fingerprint-list', shelf.at(files.trusted)]),
      given,
    );
    check(end.exit).toBe(0);
    const seal = (await actionsOf(service, team)).at(-1);
    check(seal?.overrides).toMatchObject({
      trusted_signing_fingerprint_list: [{ SHA: SHA1, TrustedStoreSigning: true }, {}],
    });
    check(readdirSync(given.temporary)).toEqual([]);
  });

  it.for<[string, () => string[], number, RegExp]>([
    [
      'an app that is not there',
      () => ['--app', shelf.at('/nowhere/app.apk', 'gone'), ...PRIVATE],
      2,
      /--app could not be fetched|could not be fetched.*404/,
    ],
    ['a page instead of an app', () => ['--app', shelf.at('/app.apk', 'text'), ...PRIVATE], 2, /HTML page/],
    [
      'an app of another kind',
      () => ['--app', shelf.at(bundleNamedApk), ...PRIVATE],
      2,
      /its content is that of an \.aab/,
    ],
    [
      'a redirect to what is not encrypted',
      () => ['--app', shelf.at('/app.apk', 'away'), ...PRIVATE],
      4,
      /redirects to http, which is not followed/,
    ],
    [
      'a keystore that is not there',
      () => [
        '--app',
        files.apk,
        '--sign',
        'on-appdome',
        '--keystore',
        shelf.at('/k.jks', 'gone'),
        '--keystore-alias',
        'a',
      ],
      2,
      /--keystore.*404/,
    ],
    [
      'a keystore that the password does not open',
      () => [
        '--app',
        files.apk,
        '--sign',
        'on-appdome',
        '--keystore',
        shelf.at(files.keystore),
        '--keystore-alias',
        'wrong-alias',
      ],
      2,
      /keystore-alias names no key of android.jks/,
    ],
    [
      'a list that is none',
      () => ['--app', files.apk, '--sign', 'private', '--signing-fingerprint-list', shelf.at(files.icon)],
      2,
      /signing-fingerprint-list is a PNG image/,
    ],
    [
      'pins without their files',
      () => ['--app', files.apk, ...PRIVATE, '--cert-pinning-zip', shelf.at(files.baselineProfile)],
      2,
      /holds no \.json file/,
    ],
  ])('%s ends the run before any request to the service', async ([, args, exit, message], { expect: check }) => {
    const team = newTeam();
    const given = options({ ...KEYSTORE_SECRETS, FUSEGATE_RETRIES: '0' });
    const end = await runCli(job(team, args()), given);
    check(`${end.stdout}${end.stderr}`.replaceAll(/\s+/g, ' ')).toMatch(message);
    check(end.exit).toBe(exit);
    check(end.result?.verdict).toBe('error');
    check(await requestsOf(service, team)).toEqual([]);
    check(readdirSync(given.temporary)).toEqual([]);
    check(readdirSync(path.join(end.dir, 'private')).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('a run that is interrupted while it fetches leaves nothing', async ({ expect: check }) => {
    const team = newTeam();
    const given = options(KEYSTORE_SECRETS);
    const end = await runCli(
      job(team, [
        '--app',
        shelf.at('', 'stuck.apk'),
        '--sign',
        'on-appdome',
        '--keystore',
        base64(files.keystore),
        '--keystore-alias',
        'release',
      ]),
      {
        ...given,
        onStart: (child) => {
          const timer = setInterval(() => {
            if (!shelf.asked.some(({ url }) => url.startsWith('/stuck.apk'))) return;
            clearInterval(timer);
            child.kill('SIGINT');
          }, 20);
          child.once('exit', () => clearInterval(timer));
        },
      },
    );
    check(end.exit).toBe(130);
    check(readdirSync(given.temporary)).toEqual([]);
    check(readdirSync(path.join(end.dir, 'private')).filter((name) => name.endsWith('.part'))).toEqual([]);
    check(await requestsOf(service, team)).toEqual([]);
  });
});

describe.concurrent('base64', () => {
  it.for([
    ['in one line', base64],
    ['in lines of 76', wrapped],
  ] as const)('a keystore, %s, from a variable', async ([, encode], { expect: check }) => {
    const team = newTeam();
    const given = options({
      ...KEYSTORE_SECRETS,
      ANDROID_KEYSTORE: encode(files.keystore),
      ANDROID_KEYSTORE_ALIAS: 'release',
    });
    const end = await runCli(job(team, ['--app', files.aab, '--sign', 'on-appdome']), given);
    check(end.stderr).toBe('');
    check(end.exit).toBe(0);
    check((await actionsOf(service, team)).at(-1)?.files).toMatchObject([
      { fileName: 'keystore.jks', sha256: sha256Of(files.keystore) },
    ]);
    check(readdirSync(given.temporary)).toEqual([]);
    check(`${end.stdout}${end.stderr}`).not.toContain(base64(files.keystore).slice(0, 60));
  });

  it('a p12, profiles and entitlements, beside a path', async ({ expect: check }) => {
    const team = newTeam();
    const given = options({
      ...P12_SECRET,
      IOS_P12: wrapped(files.p12),
      FUSEGATE_PROVISIONING_PROFILES: `${wrapped(files.profiles[0])},${files.profiles[1]}`,
      FUSEGATE_ENTITLEMENTS: base64(files.entitlements[0]),
    });
    const end = await runCli(job(team, ['--app', files.ipa, '--sign', 'on-appdome'], true), given);
    check(end.stderr).toBe('');
    check(end.exit).toBe(0);
    check((await actionsOf(service, team)).at(-1)?.files.map(({ sha256 }) => sha256)).toEqual(
      [files.p12, ...files.profiles, files.entitlements[0]].map(sha256Of),
    );
    check(readdirSync(given.temporary)).toEqual([]);
  });

  it.for<[string, Record<string, string>, RegExp]>([
    [
      'a keystore with a wrong password',
      { ANDROID_KEYSTORE: base64(files.keystore), ANDROID_KEYSTORE_PASS: 'wrong one' },
      /(^|\s)(ANDROID_KEYSTORE_PASS|--keystore-password) does not open keystore.jks/,
    ],
    [
      'a pinning archive that is none',
      { ANDROID_KEYSTORE: files.keystore, FUSEGATE_CERT_PINNING_ZIP: base64(files.keystore) },
      /FUSEGATE_CERT_PINNING_ZIP .*keystore/i,
    ],
  ])('%s is refused, and shown nowhere', async ([, env, message], { expect: check }) => {
    const team = newTeam();
    const given = options({ ...KEYSTORE_SECRETS, ANDROID_KEYSTORE_ALIAS: 'release', ...env });
    const end = await runCli(job(team, ['--app', files.aab, '--sign', 'on-appdome']), given);
    check(`${end.stdout}${end.stderr}`.replaceAll(/\s+/g, ' ')).toMatch(message);
    check(end.exit).toBe(2);
    check(`${end.stdout}${end.stderr}${JSON.stringify(end.result)}`).not.toContain(base64(files.keystore).slice(0, 60));
    check(await requestsOf(service, team)).toEqual([]);
    check(readdirSync(given.temporary)).toEqual([]);
  });
});

describe('a green run that is judged red', () => {
  it('leaves the signing script in rejected/, too', async () => {
    const team = newTeam();
    const end = await runCli(
      [
        'run',
        '--team-id',
        team,
        '--app',
        files.apk,
        '--fusion-set-id',
        sets.android,
        '--sign',
        'auto-dev',
        '--signing-fingerprint',
        SHA1,
        '--required-features',
        'Rate-Limit Connections',
      ],
      options(),
    );
    expect(end.exit).toBe(6);
    expect(readdirSync(end.dir).filter((name) => name.endsWith('.sh'))).toEqual([]);
    expect(readdirSync(path.join(end.dir, 'rejected'))).toEqual(['rehearsal.sh']);
    const green = await runCli(job(newTeam(), ['--app', files.apk, ...PRIVATE]), { ...options(), dir: end.dir });
    expect(green.exit).toBe(0);
    expect(readdirSync(green.dir).filter((name) => name.startsWith('rehearsal'))).toEqual(['rehearsal.apk']);
    expect(existsSync(path.join(green.dir, 'rejected'))).toBe(false);
  });

  it('writes down what the service said, also then', async () => {
    const end = await runCli(
      [
        'run',
        '--app',
        files.apk,
        '--team-id',
        newTeam(),
        '--fusion-set-id',
        sets.android,
        '--sign',
        'private',
        '--signing-fingerprint',
        SHA1,
        '--required-features',
        'Rate-Limit Connections',
      ],
      options(),
    );
    const log = path.join(end.dir, 'private', 'fusegate-workflow.log');
    const lines = readFileSync(log, 'utf8').trim().split('\n');
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) expect(line).toMatch(/^\d{4}-\d\d-\d\dT.* \S/);
    if (process.platform !== 'win32') expect(statSync(log).mode & 0o777).toBe(0o600);
  });
});
