import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entriesOf, idOfName } from '../../../src/intake/fleet/fleet-entries.ts';
import { MOST_PROBLEMS, readFleetText } from '../../../src/intake/fleet/fleet-file.ts';
import { FLEET_OPTIONS, isSecret } from '../../../src/intake/fleet/fleet-options.ts';
import { loadFleet } from '../../../src/intake/fleet/load-fleet.ts';
import { asYaml } from '../../../src/intake/fleet/plan-fleet.ts';
import { temporaryFolder } from '../../support/folder.ts';

const SET = '11111111-2222-3333-4444-555555555555';

/** Files of a folder, by name. */
async function folderOf(files: Record<string, string>): Promise<string> {
  const dir = await temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
    writeFileSync(path.join(dir, name), text);
  }
  return dir;
}

const fleet = (text: string) => readFleetText(text, 'f.yml', '.');

async function settingsIn(text: string) {
  const { file, problems } = await fleet(text);
  expect(problems).toEqual([]);
  if (file === undefined) throw new Error('no file');
  const { entries, problems: wrong } = entriesOf(file, () => undefined);
  expect(wrong).toEqual([]);
  return entries.map(({ name, platform, settings }) => ({
    name,
    platform,
    ...Object.fromEntries(settings.map(({ id, given }) => [id, 'text' in given ? given.text : given])),
  }));
}

describe('a fleet file', () => {
  it('gives every app what is nearest to it: its platform, itself, the defaults of its platform, the defaults', async () => {
    const text = `
version: 1
defaults:
  sign: on-appdome
  team-id: common
  new-version: "1"
  android: { team-id: android, new-version: "2", keystore: keys/common.jks }
  ios: { p12: keys/common.p12 }
apps:
  - app: acme.apk
    new-version: "3"
    android: { new-display-name: Acme }
  - { app: out/globex.ipa, name: globex-ios, team-id: own, ios: { team-id: ios } }
`;
    expect(await settingsIn(text)).toEqual([
      {
        name: 'acme',
        platform: 'android',
        sign: 'on-appdome',
        'team-id': 'android',
        'new-version': '3',
        keystore: 'keys/common.jks',
        'new-display-name': 'Acme',
      },
      {
        name: 'globex-ios',
        platform: 'ios',
        sign: 'on-appdome',
        'team-id': 'ios',
        'new-version': '1',
        p12: 'keys/common.p12',
      },
    ]);
  });

  it('has paths relative to itself, and lists that are the same on every system', async () => {
    const text = `
version: 1
apps:
  - app: a.ipa
    policy: ../policies/p.yml
    p12: https://files.example/k.p12
    required-features: [Root Detection, "A, B"]
    provisioning-profiles: [one.mobileprovision, /abs/two.mobileprovision]
    build-overrides: { x: 1 }
    reuse-upload: false
    retries: 3
`;
    const { file } = await readFleetText(text, 'f.yml', 'ci/fleet');
    const settings = new Map(
      file?.items[0]?.every.map(({ id, given }) => [id as string, 'text' in given ? given.text : given]),
    );
    expect(Object.fromEntries(settings)).toEqual({
      policy: 'ci/policies/p.yml',
      p12: 'https://files.example/k.p12',
      'required-features': '["Root Detection","A, B"]',
      'provisioning-profiles': '["ci/fleet/one.mobileprovision","/abs/two.mobileprovision"]',
      'build-overrides': '{"x":1}',
      'reuse-upload': 'false',
      retries: '3',
    });
  });

  it('names secrets, and holds none', async () => {
    const text = `
version: 1
defaults:
  api-key: { env: APPDOME_KEY_OF_ACME }
  keystore: { env: KEYSTORE_BASE64 }
apps: [{ app: a.apk }]
`;
    const [entry] = await settingsIn(text);
    expect(entry).toMatchObject({
      'api-key': { variable: 'APPDOME_KEY_OF_ACME' },
      keystore: { variable: 'KEYSTORE_BASE64' },
    });
  });

  it.each([
    ['keystore-password: hunter2hunter2', 'keystore-password'],
    ['api-key: { env: "hunter2 hunter2" }', 'env'],
    ['api-key: { value: hunter2hunter2 }', 'api-key'],
    ['p12-password: 4711471147114711', 'p12-password'],
    ['sign-overrides: { nested: { Store_Password: hunter2hunter2 } }', 'sign-overrides'],
    [`sign-overrides: '{"token": "hunter2hunter2"}'`, 'sign-overrides'],
    ['proxy: http://me:hunter2hunter2@proxy:8080', 'proxy'],
    [`keystore: ${'QUJD'.repeat(30)}`, 'keystore'],
    ['keystore: https://files.example/k.jks?sig=hunter2hunter2', 'keystore'],
    ['keystore-pasword: hunter2hunter2', 'keystore-pasword'],
  ])('refuses %s, at its place, and never shows it', async (line, named) => {
    const { problems } = await fleet(`version: 1\napps:\n  - app: a.apk\n    ${line}\n`);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems[0]?.option).toMatch(/^f\.yml:4:\d+$/);
    const told = JSON.stringify(problems);
    expect(told).toContain(named);
    expect(told).not.toMatch(/hunter2|4711|QUJD/);
  });

  it('names everything that is wrong at once, each with its place', async () => {
    const text = `version: 1
default: {}
defaults:
  fusion-set-id: not-a-uuid
  sign: on-appdom
  timeout: 55
  android: { p12: a.p12 }
apps:
  - app: a.apk
    gate: { }
    reuse-upload: "yes"
    output-dir: out
  - name: x
  - app: b.apk
    name: "-b"
`;
    const { problems } = await fleet(text);
    const at = problems.map(({ option }) => Number(/^f\.yml:(\d+):\d+$/.exec(option)?.[1])).sort((a, b) => a - b);
    expect(at).toEqual([2, 4, 5, 6, 7, 10, 11, 12, 13, 15]);
    const told = (line: number) => problems.find(({ option }) => option.startsWith(`f.yml:${line}:`));
    expect(told(2)?.message).toContain('defaults');
    expect(told(5)).toMatchObject({ value: 'on-appdom', allowed: expect.stringContaining('on-appdome') });
    expect(told(5)?.message).toContain('on-appdome');
    expect(told(6)).toMatchObject({ value: '55', allowed: expect.any(String) });
  });

  it.each([
    ['', 'empty'],
    ['- a\n', 'list'],
    ['version: 1\n', 'no apps'],
    ['version: 1\napps: []\n', 'no app'],
    ['version: 2\napps: [{ app: a.apk }]\n', 'another version'],
    ['version: 1\napps: [{ app: a.apk, windows: {} }]\n', 'unknown platform'],
    ['version: 1\nx: &x 1\napps: [{ app: a.apk }]\n', 'an unknown key'],
    ['version: 1\napps: [{ app: a.apk }, { <<: *x }]\n', 'an alias'],
    ['version: 1\napps: [{ app: a.apk, app: b.apk }]\n', 'a key twice'],
    ['{', 'broken'],
  ])('refuses %j (%s)', async (text) => {
    const { problems } = await fleet(text);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.every(({ option }) => option.startsWith('f.yml:'))).toBe(true);
  });

  it('has a digest of what it says, not of how it is written', async () => {
    const digest = async (text: string) => (await fleet(text)).file?.plan;
    const one = await digest(`version: 1\napps: [{ app: a.apk, fusion-set-id: ${SET} }]\n`);
    expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect(await digest(`# said again\napps:\n  - fusion-set-id: "${SET}"\n    app: a.apk\nversion: 1\n`)).toBe(one);
    expect(await digest(`version: 1\napps: [{ app: a.apk, fusion-set-id: ${SET}, gate: warn }]\n`)).not.toBe(one);
    expect(await digest(`version: 1\napps: [{ app: a.apk, fusion-set-id: ${SET} }, { app: b.apk }]\n`)).not.toBe(one);
  });

  it('knows every option of mode run but those of one run', () => {
    const ids = FLEET_OPTIONS.map(({ id }) => id as string);
    expect(ids).toEqual(expect.arrayContaining(['fusion-set-id', 'sign', 'required-features', 'policy', 'gate']));
    expect(ids).not.toEqual(expect.arrayContaining(['app']));
    for (const id of ['mode', 'app', 'build-id', 'fleet', 'fleet-app', 'output-dir', 'dry-run'])
      expect(ids).not.toContain(id);
    expect(FLEET_OPTIONS.filter(isSecret).map(({ id }) => id)).toContain('keystore-password');
  });
});

describe('the entries of a fleet', () => {
  const APPS = { 'apps/acme.apk': 'x', 'apps/globex.ipa': 'x', 'apps/readme.txt': 'x', 'one.aab': 'x' };
  const problemsIn = async (apps: string, files: Record<string, string> = APPS) => {
    const cwd = await folderOf({ ...files, 'f.yml': `version: 1\napps: ${apps}\n` });
    return (await loadFleet('f.yml', '--fleet', cwd, 'all')).problems;
  };

  it('are one for each file of a pattern, named after it', async () => {
    const cwd = await folderOf({
      ...APPS,
      'f.yml': 'version: 1\napps: [{ app: "apps/*.{apk,ipa}" }, { app: one.aab, name: two }]\n',
    });
    const { entries, problems } = await loadFleet('f.yml', '--fleet', cwd, 'all');
    expect(problems).toEqual([]);
    expect(entries.map(({ name, app, platform }) => [name, app, platform])).toEqual([
      ['acme', 'apps/acme.apk', 'android'],
      ['globex', 'apps/globex.ipa', 'ios'],
      ['two', 'one.aab', 'android'],
    ]);
  });

  it.each([
    ['a path without a file', '[{ app: none.apk }]'],
    ['a pattern without a file', '[{ app: "none/*.apk" }]'],
    ['a file that is no app', '[{ app: apps/readme.txt }]'],
    ['two of one name', '[{ app: apps/acme.apk }, { app: one.aab, name: acme }]'],
    ['two of nearly one name', '[{ app: apps/acme.apk, name: a-b }, { app: one.aab, name: A_B }]'],
    ['a name for several', '[{ app: "apps/*.*p*", name: all }]'],
    ['an address', '[{ app: "https://files.example/a.apk" }]'],
    ['a section for another platform', '[{ app: one.aab, ios: { p12: a.p12 } }]'],
    ['an option for another platform', '[{ app: one.aab, p12: a.p12 }]'],
    ['a name that Windows has for itself', '[{ app: one.aab, name: con }]'],
    ['the name of the folder for earlier results', '[{ app: one.aab, name: Previous }]'],
  ])('are refused: %s', async (_, apps) => {
    const problems = await problemsIn(apps);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ option: expect.stringMatching(/^f\.yml:2:\d+$/), allowed: expect.any(String) });
  });

  it('need not be there where one of them is run or results are joined, except behind a pattern', async () => {
    const cwd = await folderOf({ 'f.yml': 'version: 1\napps: [{ app: far.apk }, { app: "apps/*.apk" }]\n' });
    expect((await loadFleet('f.yml', '--fleet', cwd, 'nothing')).problems).toEqual([]);
    expect((await loadFleet('f.yml', '--fleet', cwd, 'patterns')).problems).toHaveLength(1);
    expect((await loadFleet('f.yml', '--fleet', cwd, 'all')).problems).toHaveLength(2);
  });

  it('have their problems told with those of the form', async () => {
    const problems = await problemsIn('[{ app: "none/*.apk" }, { app: one.aab, sgin: none }, { app: one.aab }]');
    const told = problems.map(({ message }) => message);
    expect(told).toEqual([
      expect.stringContaining('did you mean sign'),
      expect.stringContaining('matches no file'),
      expect.stringContaining('one'),
    ]);
    // Not the names of all options.
    expect(problems[0]?.allowed?.length).toBeLessThan(200);
  });

  it('have some of their problems told where nearly all are wrong', async () => {
    const problems = await problemsIn(`[${Array.from({ length: 200 }, (_, at) => `{ app: no-${at}.apk }`).join()}]`);
    expect(problems).toHaveLength(MOST_PROBLEMS);
  });

  it('names a file that cannot be read', async () => {
    const { problems } = await loadFleet('none.yml', '--fleet', await folderOf({}), 'all');
    expect(problems).toMatchObject([{ option: '--fleet', value: 'none.yml' }]);
  });

  it('are looked for once each, and their places only where something is wrong', async () => {
    const apps = Array.from({ length: 500 }, (_, index) => ({ app: `apps/app-${index}.apk`, gate: 'warn' }));
    const { file, problems } = await fleet(await asYaml({ version: 1, apps }));
    expect(problems).toEqual([]);
    if (file === undefined) return;
    const counts = { looks: 0, places: 0 };
    const place = () => {
      counts.places += 1;
      return '';
    };
    const { entries } = entriesOf({ ...file, place }, (app) => {
      counts.looks += 1;
      return [app];
    });
    expect(entries).toHaveLength(500);
    expect(counts).toEqual({ looks: 500, places: 0 });
  });

  const word = fc.stringMatching(/^[A-Za-z0-9._-]{1,12}$/);
  it('have names that differ as ids, whatever the fleet', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 8 }), async (names) => {
        const apps = names.map((name, index) => ({ app: `${index}/${name}.apk` }));
        const { file } = await fleet(await asYaml({ version: 1, apps }));
        if (file === undefined) return;
        const { entries, problems } = entriesOf(file, () => undefined);
        expect(entries.length + problems.length).toBe(names.length);
        const ids = entries.map(({ name }) => idOfName(name));
        expect(new Set(ids.map((id) => id.toLowerCase())).size).toBe(ids.length);
        for (const id of ids) expect(id).toMatch(/^[A-Za-z][A-Za-z0-9_]{0,99}$/);
      }),
    );
  });
});
