import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRequest } from '../../../src/intake/read-request.ts';
import type { Environment } from '../../../src/model/host.ts';
import { CLI } from '../../../src/options/systems/cli.ts';
import { GITHUB } from '../../../src/options/systems/github.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { APK, IPA } from '../../support/zip.ts';

const SET = '11111111-631e-11f0-811d-012fa289ddab';
const OTHER_SET = '22222222-631e-11f0-811d-012fa289ddab';
const KEY = { APPDOME_API_KEY: 'synthetic-api-key-1' };
const FLEET = `version: 1
defaults:
  fusion-set-id: ${SET}
  sign: private
  signing-fingerprint: "${'ab'.repeat(32)}"
  required-features: [Root Detection]
apps:
  - app: apps/*.apk
    gate: warn
  - app: far/away.apk
  - app: apps/initech.ipa
    sign: on-appdome
    p12: keys/initech.p12
    p12-password: { env: INITECH_PASSWORD }
    provisioning-profiles: [keys/a.mobileprovision]
`;

async function workspace(fleet = FLEET): Promise<string> {
  const cwd = await temporaryFolder();
  const files = {
    'ci/fleet.yml': fleet,
    'ci/apps/acme.apk': APK,
    'ci/apps/globex.apk': APK,
    'ci/apps/initech.ipa': IPA,
    'ci/keys/initech.p12': '\0synthetic',
    'ci/keys/a.mobileprovision': '\0synthetic',
  };
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(cwd, name)), { recursive: true });
    writeFileSync(path.join(cwd, name), content);
  }
  return cwd;
}

async function read(
  inputs: Record<string, string>,
  { cwd, environment = KEY, system = CLI }: { cwd: string; environment?: Environment; system?: typeof CLI },
) {
  const raw = { inputs: Object.entries(inputs).map(([name, value]) => ({ name, value })) };
  return readRequest(raw, environment, system, { cwd, now: 0 });
}

const ACME = { fleet: 'ci/fleet.yml', 'fleet-app': 'acme' };

describe('a run of one app of a fleet', () => {
  it('has what its entry says, a folder of its own, and says which plan it belongs to', async () => {
    const cwd = await workspace();
    const result = await read(ACME, { cwd });
    expect(result).toMatchObject({
      ok: true,
      request: {
        app: { path: path.join(cwd, 'ci/apps/acme.apk') },
        fusionSetId: SET,
        platform: 'android',
        sign: { method: 'private' },
        gate: { mode: 'warn', setBy: expect.stringContaining('ci/fleet.yml:9:11') },
        output: { dir: path.join(cwd, 'fusegate-output/acme') },
        fleet: { file: 'ci/fleet.yml', app: 'acme', plan: expect.stringMatching(/^[0-9a-f]{64}$/) },
      },
    });
  });

  it('reads the same entry the same way on a system with other separators', async () => {
    const cwd = await workspace();
    const [cli, github] = [await read(ACME, { cwd }), await read(ACME, { cwd, system: GITHUB })];
    if (!cli.ok || !github.ok) throw new Error('refused');
    expect(github.request.gate.requiredFeatures.map(({ name }) => name)).toEqual(['Root Detection']);
    expect(github.request.fleet).toEqual(cli.request.fleet);
  });

  it('lets what is given to the run win over the file, and the file over variables', async () => {
    const cwd = await workspace();
    const environment = {
      ...KEY,
      FUSEGATE_SIGN: 'on-appdome',
      FUSEGATE_FUSION_SET_ID: OTHER_SET,
      FUSEGATE_APP: 'x.apk',
    };
    expect(await read(ACME, { cwd, environment })).toMatchObject({
      ok: true,
      request: { fusionSetId: SET, sign: { method: 'private' }, app: { name: 'acme.apk' } },
    });
    const given = { ...ACME, 'fusion-set-id': OTHER_SET, 'output-dir': 'out', gate: 'enforce' };
    expect(await read(given, { cwd })).toMatchObject({
      ok: true,
      request: { fusionSetId: OTHER_SET, gate: { mode: 'enforce' }, output: { dir: path.join(cwd, 'out') } },
    });
    const named = { ...KEY, FUSEGATE_OUTPUT_DIR: 'elsewhere' };
    expect(await read(ACME, { cwd, environment: named })).toMatchObject({
      request: { output: { dir: path.join(cwd, 'elsewhere') } },
    });
  });

  it('takes both names from variables, as a matrix gives them', async () => {
    const cwd = await workspace();
    const environment = { ...KEY, FUSEGATE_FLEET: 'ci/fleet.yml', FUSEGATE_FLEET_APP: 'globex' };
    expect(await read({}, { cwd, environment })).toMatchObject({ ok: true, request: { app: { name: 'globex.apk' } } });
  });

  it('takes a secret from the variable that the file names, masks it, and takes no other in its place', async () => {
    const cwd = await workspace();
    const initech = { ...ACME, 'fleet-app': 'initech' };
    const given = await read(initech, { cwd, environment: { ...KEY, INITECH_PASSWORD: 'hunter2hunter2' } });
    expect(given.secrets.map((secret) => secret.reveal())).toContain('hunter2hunter2');
    const absent = await read(initech, { cwd, environment: { ...KEY, FUSEGATE_P12_PASSWORD: 'of-another-app' } });
    expect(absent.ok).toBe(false);
    if (absent.ok) return;
    const told = absent.error.problems.filter(({ message }) => message.includes('INITECH_PASSWORD'));
    expect(told).toMatchObject([{ option: expect.stringContaining('ci/fleet.yml:14:19') }]);
    expect(JSON.stringify(absent.error.problems)).not.toContain('of-another-app');
  });

  it.each(['constructor', '__proto__'])('finds no variable %s where none is set', async (variable) => {
    const cwd = await workspace(FLEET.replace('INITECH_PASSWORD', variable));
    const absent = await read({ ...ACME, 'fleet-app': 'initech' }, { cwd });
    if (absent.ok) throw new Error('not refused');
    expect(absent.error.problems.map(({ option }) => option)).toContainEqual(
      expect.stringContaining('ci/fleet.yml:14:19'),
    );
  });

  it('belongs to the plan that is named with it', async () => {
    const cwd = await workspace();
    const first = await read(ACME, { cwd });
    if (!first.ok) throw new Error('refused');
    const plan = first.request.fleet?.plan ?? '';
    const planned = { ...ACME, 'fleet-app': `acme@${plan.slice(0, 16)}` };
    expect(await read(planned, { cwd })).toMatchObject({ ok: true, request: { fleet: { app: 'acme', plan } } });
    writeFileSync(path.join(cwd, 'ci/fleet.yml'), FLEET.replace('gate: warn', 'gate: enforce'));
    expect(await read(planned, { cwd })).toMatchObject({ ok: false, error: { problems: [{ option: '--fleet-app' }] } });
  });

  it('is named in what a refused run leaves', async () => {
    const cwd = await workspace(FLEET.replace(SET, OTHER_SET).replace('sign: private', 'sign: none'));
    const refused = await read(ACME, { cwd });
    expect(refused).toMatchObject({
      ok: false,
      draft: { request: { fleet: { app: 'acme' }, output: { dir: path.join(cwd, 'fusegate-output/acme') } } },
    });
  });
});

describe('is refused', () => {
  it.each<[string, Record<string, string>, string[]]>([
    ['an app without a fleet file', { 'fleet-app': 'acme' }, ['--fleet-app']],
    ['a fleet file without an app', { fleet: 'ci/fleet.yml' }, ['--fleet']],
    ['a fleet file that is not there', { ...ACME, fleet: 'none.yml' }, ['--fleet']],
    ['an app that the file does not have', { ...ACME, 'fleet-app': 'acmee' }, ['--fleet-app']],
    ['an app that is not here', { ...ACME, 'fleet-app': 'away' }, ['ci/fleet.yml:10:10 (app)']],
    ['a name with a wrong form', { ...ACME, 'fleet-app': 'a b' }, ['--fleet-app']],
    ['an app beside that of the entry', { ...ACME, app: 'ci/apps/globex.apk' }, ['--app']],
    ['another mode', { ...ACME, mode: 'gate', 'build-id': SET }, ['--fleet', '--fleet-app']],
  ])('%s', async (_, inputs, option) => {
    const result = await read(inputs, { cwd: await workspace() });
    expect(result.ok).toBe(false);
    // What the entry would have given is no second problem.
    if (!result.ok) expect(result.error.problems.map((each) => each.option)).toEqual(option);
  });

  it('a fleet file with a fault anywhere, all of them at once', async () => {
    const cwd = await workspace(`${FLEET}  - app: b.apk\n    sgin: private\n  - app: c.apk\n    timeout: 5\n`);
    const result = await read(ACME, { cwd });
    if (result.ok) throw new Error('accepted');
    const places = result.error.problems
      .map(({ option }) => option)
      .filter((option) => option.startsWith('ci/fleet.yml'));
    expect(places).toEqual(['ci/fleet.yml:17:5', 'ci/fleet.yml:19:14']);
  });
});
