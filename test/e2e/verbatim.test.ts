/** Passwords, aliases and paths that shells, YAML and HTTP trip over arrive byte for byte, and are seen nowhere else. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeAab, writeIpa } from './support/apps.ts';
import { type CliEnd, runCli, temporaryFolder, UNHURRIED } from './support/cli.ts';
import { API_KEY, type Service, startService } from './support/service.ts';
import { type FormPart, partsOf, type Tee, teeTo } from './support/tee.ts';

let service: Service;
let sets: { android: string; ios: string };

beforeAll(async () => {
  service = await startService();
  sets = { android: (await service.fusionSet('all detections')).id, ios: (await service.fusionSet('ios')).id };
});
afterAll(() => service.stop());

/** Each is unlikely to be in a log by chance. */
const HARD: Array<[string, string]> = [
  ['blanks at both ends', '  two  blanks  '],
  ['quotes', `it's "quoted" \`back\``],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what a shell would replace
  ['shell words', '$HOME ${PATH} $(id) !! && ; | > * ~'],
  ['percent signs', '%PATH% 100%25 %0A%s'],
  ['a new line', 'first line\nsecond line'],
  ['carriage return and tab', 'first\r\n\tsecond'],
  ['letters outside ASCII', 'пароль-密码-ñöß-🔑'],
  ['backslashes and braces', '\\n {"json": [1]} \\\\ <xml/>'],
  ['dashes in front', '--sign none'],
  ['workflow commands', '::set-output name=x::y ##vso[task.complete]'],
];

async function withTee(body: (tee: Tee) => Promise<void>): Promise<void> {
  const tee = await teeTo(service.url);
  try {
    await body(tee);
  } finally {
    await tee.close();
  }
}

function lastForm(tee: Tee): Map<string, FormPart> {
  return new Map(partsOf(tee.bodies.at(-1) ?? Buffer.alloc(0)).map((part) => [part.name, part]));
}

function overridesOf(form: Map<string, FormPart>): Record<string, unknown> {
  return JSON.parse(form.get('overrides')?.bytes.toString('utf8') ?? 'null');
}

/** The value as it stands, in JSON and in base64: none of it in what is printed or written. */
function expectUnseen(end: CliEnd, secret: string, check: typeof expect): void {
  const forms = [secret, JSON.stringify(secret).slice(1, -1), Buffer.from(secret).toString('base64')];
  const written = readdirSync(end.dir, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(end.dir, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, 'utf8'));
  for (const text of [end.stdout, end.stderr, ...written]) for (const form of forms) check(text).not.toContain(form);
}

describe.concurrent('byte for byte', () => {
  it.for(HARD)('Android, on-appdome: %s', ([, hard], { expect: check }) =>
    withTee(async (tee) => {
      const dir = temporaryFolder();
      const keystore = path.join(dir, 'upload.keystore');
      writeFileSync(keystore, '\0synthetic keystore');
      const keyPassword = `${hard}-key`;
      const end = await runCli(
        [
          'run',
          '--app',
          writeAab(dir),
          '--fusion-set-id',
          sets.android,
          '--sign',
          'on-appdome',
          '--keystore',
          keystore,
          `--keystore-alias=${hard}`,
          '--required-features',
          'Root Detection',
        ],
        {
          env: {
            ...UNHURRIED,
            APPDOME_API_KEY: API_KEY,
            APPDOME_SERVER_BASE_URL: tee.url,
            ANDROID_KEYSTORE_PASS: hard,
            FUSEGATE_KEY_PASSWORD: keyPassword,
          },
        },
      );
      check(end.stderr).toBe('');
      check(end.exit).toBe(0);
      check(overridesOf(lastForm(tee))).toEqual({
        signing_keystore_password: hard,
        signing_keystore_alias: hard,
        signing_keystore_key_password: keyPassword,
      });
      expectUnseen(end, hard, check);
    }),
  );

  it.for(HARD)('iOS, on-appdome, password from a file: %s', ([, hard], { expect: check }) =>
    withTee(async (tee) => {
      const dir = temporaryFolder();
      const write = (name: string, content: string) => {
        writeFileSync(path.join(dir, name), content);
        return path.join(dir, name);
      };
      const end = await runCli(
        [
          'run',
          '--app',
          writeIpa(dir),
          '--fusion-set-id',
          sets.ios,
          '--sign',
          'on-appdome',
          '--p12',
          write('a.p12', '\0synthetic'),
          '--p12-password-file',
          write('password', hard),
          '--provisioning-profiles',
          write('a.mobileprovision', '\0synthetic'),
          '--required-features',
          'key: jailbreak_detection',
        ],
        { env: { ...UNHURRIED, APPDOME_API_KEY: API_KEY, APPDOME_SERVER_BASE_URL: tee.url } },
      );
      check(end.stderr).toBe('');
      check(end.exit).toBe(0);
      check(overridesOf(lastForm(tee))).toEqual({ manual_entitlements_matching: false, signing_p12_password: hard });
      expectUnseen(end, hard, check);
    }),
  );

  /** What a file system takes in a name; a slash it does not. On Windows only the last. */
  const NAMES =
    process.platform === 'win32'
      ? ['пароль-密码 ñ']
      : [`it's "quoted"`, '$HOME $(id); 100%', 'first\nsecond', ' пароль-密码 ñ 🔑 ', '-rf', '[a] {b} *?'];
  it.for(NAMES)('a path and an output folder named %j', (name, { expect: check }) =>
    withTee(async (tee) => {
      const dir = path.join(temporaryFolder(), name);
      mkdirSync(dir);
      const keystore = path.join(dir, `${name}.jks`);
      writeFileSync(keystore, '\0synthetic keystore');
      const out = path.join(dir, 'out');
      const end = await runCli(
        [
          'run',
          '--app',
          writeAab(dir, `${name}.aab`),
          '--fusion-set-id',
          sets.android,
          '--sign',
          'on-appdome',
          '--keystore',
          keystore,
          '--keystore-alias',
          'a',
          '--required-features',
          'Root Detection',
        ],
        {
          dir: out,
          env: {
            ...UNHURRIED,
            APPDOME_API_KEY: API_KEY,
            APPDOME_SERVER_BASE_URL: tee.url,
            ANDROID_KEYSTORE_PASS: 'synthetic pass',
            ANDROID_KEY_PASS: 'synthetic pass',
          },
        },
      );
      check(end.stderr).toBe('');
      check(end.exit).toBe(0);
      const sent = lastForm(tee).get('signing_keystore');
      check(sent?.fileName).toBe(`${name}.jks`);
      check(sent?.bytes.toString()).toBe('\0synthetic keystore');
      check(end.result?.files.find(({ role }) => role === 'protected-app')?.path.startsWith(out)).toBe(true);
    }),
  );
});

describe('overrides', () => {
  it('keep every letter, number and order', () =>
    withTee(async (tee) => {
      const dir = temporaryFolder();
      const overrides = Object.fromEntries(HARD.map(([name, value], index) => [`key ${index} ${name}`, value]));
      const file = path.join(dir, 'overrides "file" $1.json');
      writeFileSync(file, JSON.stringify({ ...overrides, number: 1.5, nested: { list: [true, null, ''] } }));
      const end = await runCli(
        [
          'run',
          '--app',
          writeAab(dir),
          '--fusion-set-id',
          sets.android,
          '--sign',
          'private',
          '--signing-fingerprint',
          'ab'.repeat(20),
          '--build-overrides',
          file,
          '--required-features',
          'Root Detection',
        ],
        { env: { ...UNHURRIED, APPDOME_API_KEY: API_KEY, APPDOME_SERVER_BASE_URL: tee.url } },
      );
      expect(end.exit).toBe(0);
      const [build = Buffer.alloc(0)] = tee.bodies;
      const sent = partsOf(build)
        .find(({ name }) => name === 'overrides')
        ?.bytes.toString('utf8');
      expect(sent).toBe(JSON.stringify({ ...overrides, number: 1.5, nested: { list: [true, null, ''] } }));
    }));
});
