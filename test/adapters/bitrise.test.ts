/** The Bitrise step through its shipped bundle: step.sh, the variables of a step, an envman on PATH, against the embedded service. */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { OUTPUT_NAMES } from '@fusegate/shared/model/host';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settingsApk } from '../e2e/support/apps.ts';
import { temporaryFolder } from '../e2e/support/cli.ts';
import { API_KEY, type Service, startService } from '../e2e/support/service.ts';
import { fakeEnvman, runBitriseStep, STEP, type StepRun, type StepRunEnd } from './support/bitrise-cli.ts';
import { otherChildren, whenLogged } from './support/child-process.ts';

let service: Service;
let set: { id: string };
let secrets: Record<string, string>;

/** The job that passes: many tests look at what one run of it leaves. */
let passed: StepRunEnd;
beforeAll(async () => {
  service = await startService(['--shape', 'A']);
  set = await service.fusionSet('small');
  secrets = { APPDOME_API_KEY: API_KEY, APPDOME_SERVER_BASE_URL: service.url };
  passed = await step();
});
afterAll(() => service.stop());

function step(inputs: Record<string, string> = {}, run: Omit<StepRun, 'inputs'> = {}) {
  return runBitriseStep({
    ...run,
    inputs: {
      app: settingsApk(),
      fusion_set_id: set.id,
      sign: 'private',
      signing_fingerprint: 'd4'.repeat(32),
      required_features: 'Anti-Debugging',
      ...inputs,
    },
    env: { ...secrets, ...run.env },
  });
}

describe('a step', () => {
  it('passes: outputs, the files to deploy, the test results; nothing private leaves its folder', () => {
    const end = passed;
    expect(end.stderr).toBe('');
    expect(end.exit).toBe(0);
    expect(end.stdout).toMatch(/^verdict: pass$/m);
    const names = OUTPUT_NAMES.map((name) => `FUSEGATE_${name.replaceAll('-', '_').toUpperCase()}`);
    expect(Object.keys(end.outputs).sort()).toEqual(names.sort());
    expect(end.outputs).toMatchObject({
      FUSEGATE_VERDICT: 'pass',
      FUSEGATE_REJECTED_APP: '',
      FUSEGATE_MISSING_FEATURES: '',
    });
    expect(existsSync(end.outputs.FUSEGATE_PROTECTED_APP ?? '')).toBe(true);
    expect(end.result).toMatchObject({
      verdict: 'pass',
      ci: { system: 'bitrise', runUrl: 'https://app.bitrise.io/build/4711' },
    });
    expect(end.result?.tool.bundleSha256).toMatch(/^[0-9a-f]{64}$/);

    const deployed = readdirSync(end.deployDir).sort();
    expect(deployed).toContain('settings_apk-debug.apk');
    expect(deployed).toContain('settings_apk-debug-fusegate-result.json');
    expect(deployed).toContain('settings_apk-debug-fusegate-junit.xml');
    expect(deployed.filter((name) => /certificate|journal|env$|mapping|deobfuscation/.test(name))).toEqual([]);
    const app = readFileSync(path.join(end.deployDir, 'settings_apk-debug.apk'));
    expect(app.equals(readFileSync(end.outputs.FUSEGATE_PROTECTED_APP ?? ''))).toBe(true);

    const tests = path.join(end.testResultDir, 'fusegate-settings_apk-debug');
    expect(readdirSync(tests).sort()).toEqual(['fusegate-junit.xml', 'test-info.json']);
    expect(JSON.parse(readFileSync(path.join(tests, 'test-info.json'), 'utf8'))).toEqual({
      'test-name': 'Fusegate settings_apk-debug',
    });
  });

  it('hands values over by a file and unexpanded, and starts nothing but envman', () => {
    const end = passed;
    const values = end.envman.filter(({ argv }) => argv.includes('--valuefile'));
    expect(values.length).toBe(OUTPUT_NAMES.length);
    for (const { argv } of end.envman) expect(argv).toContain('--no-expand');
    expect(new Set(otherChildren(end.children))).toEqual(new Set(['envman']));
  });

  it('fails: red, outputs set before, the app held back and not deployed', async () => {
    const end = await step({ required_features: 'Anti-Debugging|Detect Developer Options' });
    expect(end.exit).toBe(6);
    expect(end.stdout).toMatch(/^verdict: fail$/m);
    expect(end.outputs).toMatchObject({
      FUSEGATE_VERDICT: 'fail',
      FUSEGATE_PROTECTED_APP: '',
      FUSEGATE_MISSING_FEATURES: 'Detect Developer Options',
    });
    expect(end.outputs.FUSEGATE_REJECTED_APP).toMatch(/rejected\/settings_apk-debug\.apk$/);
    expect(readdirSync(end.deployDir).filter((name) => name.endsWith('.apk'))).toEqual([]);
    expect(readdirSync(end.deployDir)).toContain('settings_apk-debug-fusegate-result.json');
  });

  it('warn: green, and the verdict says what it is', async () => {
    const end = await step({ gate: 'warn', required_features: 'Detect Developer Options' });
    expect(end.exit).toBe(0);
    expect(end.outputs).toMatchObject({ FUSEGATE_VERDICT: 'fail' });
  });

  it('error: the service refuses the key', async () => {
    const end = await step({}, { env: { APPDOME_API_KEY: 'not-the-key-1234' } });
    expect(end.exit).toBe(3);
    expect(end.outputs).toMatchObject({ FUSEGATE_VERDICT: 'error', FUSEGATE_PROTECTED_APP: '' });
    expect(end.stdout).toContain('auth.rejected');
  });

  it('bad input: everything at once, in the names of this system; nothing is sent', async () => {
    const before = (await service.state()).requests.length;
    const end = await step({
      app: 'nowhere.apk',
      timeout: '55',
      sign: 'on-appdom',
      required_features: 'Rot Detection',
    });
    expect(end.exit).toBe(2);
    for (const said of [
      'nowhere.apk',
      'timeout "55"',
      'did you mean on-appdome?',
      'Root Detection',
      'Nothing was sent',
    ]) {
      expect(end.stdout).toContain(said);
    }
    expect(end.outputs.FUSEGATE_VERDICT).toBe('error');
    expect((await service.state()).requests.length).toBe(before);
  });

  it('cancelled: ends by itself, with its outputs', async () => {
    const end = await step(
      { poll_min: '5s', poll_max: '10s', resume: 'new' },
      { onStart: whenLogged(/^building on Appdome/m, (child) => child.kill('SIGINT')) },
    );
    expect(end.exit).toBe(130);
    expect(end.outputs.FUSEGATE_VERDICT).toBe('error');
    expect(end.result?.findings.map(({ code }) => code)).toContain('run.cancelled');
  });

  it('publishes what `publish` names, and nothing with none', async () => {
    const all = await step({ publish: 'reports|app|certificate' });
    expect(readdirSync(all.deployDir)).toContain('settings_apk-debug-certificate.pdf');
    const none = await step({ publish: 'none' });
    expect(readdirSync(none.deployDir)).toEqual([]);
    expect(none.exit).toBe(0);
  });

  it('is red where its outputs cannot be set: a later step would deploy something else', async () => {
    const { bin } = fakeEnvman();
    writeFileSync(path.join(bin, 'envman'), '#!/bin/sh\necho refused >&2\nexit 1\n');
    const end = await step({}, { path: `${bin}:${path.dirname(process.execPath)}:/usr/bin:/bin` });
    expect(end.stdout).toContain('The outputs could not be set');
    expect(end.exit).toBe(2);
  });

  it('a build killed in the middle leaves no green verdict', async () => {
    const end = await step(
      { poll_min: '5s', poll_max: '10s', resume: 'new' },
      { onStart: whenLogged(/^building on Appdome/m, (child) => child.kill('SIGKILL')) },
    );
    expect(end.signal).toBe('SIGKILL');
    expect(end.outputs).toMatchObject({ FUSEGATE_VERDICT: 'error', FUSEGATE_PROTECTED_APP: '' });
  });

  it('judges a build that exists', async () => {
    const built = passed;
    const before = (await service.state()).tasks.length;
    const end = await runBitriseStep({
      inputs: { mode: 'gate', build_id: built.outputs.FUSEGATE_BUILD_ID ?? '', required_features: 'Anti-Debugging' },
      // The variable of the stack is there in every later step; it is not what the certificate is compared with.
      env: { ...secrets, BITRISE_APK_PATH: settingsApk() },
    });
    expect(end.exit).toBe(0);
    expect((await service.state()).tasks.length).toBe(before);
  });
});

describe('the app of the stack', () => {
  it('is taken where one variable has a value', async () => {
    const end = await step(
      { app: '$BITRISE_AAB_PATH|$BITRISE_APK_PATH|$BITRISE_IPA_PATH' },
      { env: { BITRISE_APK_PATH: settingsApk() } },
    );
    expect(end.exit).toBe(0);
  });

  it('is asked for where two have one', async () => {
    const end = await step(
      { app: '$BITRISE_AAB_PATH|$BITRISE_APK_PATH|$BITRISE_IPA_PATH' },
      { env: { BITRISE_APK_PATH: settingsApk(), BITRISE_AAB_PATH: 'other.aab' } },
    );
    expect(end.exit).toBe(2);
    expect(end.stdout).toMatch(/app finds 2 apps in BITRISE_AAB_PATH/);
  });

  it('is missing where none has one', async () => {
    const end = await step({ app: '$BITRISE_AAB_PATH|$BITRISE_APK_PATH|$BITRISE_IPA_PATH' });
    expect(end.exit).toBe(2);
    expect(end.stdout).toMatch(/app is missing/);
  });
});

describe('keystores of the Code Signing page', () => {
  const keystore = () => path.join(path.dirname(STEP), 'test/fixtures/credentials/android.jks');

  async function signWith(variables: (name: string) => string, inputs: Record<string, string> = {}) {
    const { ALIAS, PASSWORD } = { ALIAS: 'release', PASSWORD: 'store pass' };
    return step(
      { sign: 'on-appdome', signing_fingerprint: '', ...inputs },
      {
        env: {
          [variables('URL')]: `file://${keystore()}`,
          [variables('PASSWORD')]: PASSWORD,
          [variables('ALIAS')]: ALIAS,
          [variables('PRIVATE_KEY_PASSWORD')]: 'key pass',
        },
      },
    );
  }

  it.each([
    ['the first', (name: string) => `BITRISEIO_ANDROID_KEYSTORE_${name}`, {}],
    ['a numbered one', (name: string) => `BITRISEIO_ANDROID_KEYSTORE_1_${name}`, {}],
    ['a custom one', (name: string) => `BITRISEIO_${name}_shop`, { android_keystore_url_env: 'BITRISEIO_URL_shop' }],
  ])('%s', async (_which, variables, inputs) => {
    const end = await signWith(variables, inputs);
    expect(end.stdout).not.toContain('keystore is missing');
    const sent = (await service.state()).requests.filter(({ fields }) => fields?.['action'] === 'sign').at(-1);
    expect(end.exit, end.stdout).toBe(0);
    expect(JSON.stringify(sent)).toContain('release');
  });

  it('never travel with private signing', async () => {
    const end = await step({}, { env: { BITRISEIO_ANDROID_KEYSTORE_URL: `file://${keystore()}` } });
    expect(end.exit).toBe(0);
    const sealed = (await service.state()).requests.filter(({ fields }) => fields?.['action'] === 'seal').at(-1);
    expect(sealed).toMatchObject({ files: [] });
  });

  it('a name that leads nowhere is told', async () => {
    const end = await step({
      sign: 'on-appdome',
      signing_fingerprint: '',
      android_keystore_url_env: 'BITRISEIO_NOTHING_URL',
    });
    expect(end.exit).toBe(2);
    expect(end.stdout).toMatch(/android_keystore_url_env names no variable that has a value/);
  });
});

describe("the official step's inputs", () => {
  it('do the same job, with its outputs beside ours', async () => {
    const end = await runBitriseStep({
      inputs: {
        app_location: settingsApk(),
        fusion_set_id: set.id,
        sign_method: 'Private-Signing',
        fingerprint: 'd4'.repeat(32),
        google_fingerprint: 'e5'.repeat(32),
        gp_signing: 'false',
        build_logs: 'false',
        build_to_test: 'None',
        secondary_output: 'false',
        workflow_output_logs: 'appdome.log',
        required_features: 'Anti-Debugging',
      },
      env: secrets,
    });
    expect(end.exit, end.stdout).toBe(0);
    expect(end.stdout).toMatch(/Inputs of the official plugin are read as ours: .*app_location = app/);
    expect(end.stdout).toMatch(/workflow_output_logs is not used/);
    expect(end.outputs).toMatchObject({
      FUSEGATE_VERDICT: 'pass',
      APPDOME_SECURED_APK_PATH: path.join(end.deployDir, 'Appdome_settings_apk-debug.apk'),
      APPDOME_SECURED_AAB_PATH: '',
      APPDOME_SECURED_IPA_PATH: '',
    });
    expect(existsSync(end.outputs.APPDOME_SECURED_APK_PATH ?? '')).toBe(true);
    expect(existsSync(end.outputs.APPDOME_CERTIFICATE_PATH ?? '')).toBe(true);
  });

  it('sign_method left out means On-Appdome there, and nothing here', async () => {
    const official = await runBitriseStep({
      inputs: { app_location: settingsApk(), fusion_set_id: set.id, required_features: 'Anti-Debugging' },
      env: secrets,
    });
    expect(official.exit).toBe(2);
    expect(official.stdout).toMatch(/keystore is missing: sign is on-appdome/);
    const ours = await step({ sign: '', signing_fingerprint: '' });
    expect(ours.exit).toBe(2);
    expect(ours.stdout).toMatch(/sign is missing/);
  });
});

describe('step.sh', () => {
  const without = (...left: string[]) => {
    const dir = temporaryFolder('fusegate-path-');
    for (const tool of ['bash', 'dirname', 'cat', 'env', 'printf'].filter((name) => !left.includes(name))) {
      const found = ['/bin', '/usr/bin'].map((folder) => path.join(folder, tool)).find(existsSync);
      if (found) symlinkSync(found, path.join(dir, tool));
    }
    return dir;
  };

  it('says what to do where there is no Node', async () => {
    const end = await step({}, { path: without(), env: { HOME: temporaryFolder() } });
    expect(end.exit).toBe(2);
    expect(end.stdout).toMatch(/Node was not found[\s\S]*20\.20/);
  });

  it.each([
    ['v18.20.4', /v18\.20\.4 is too old: Fusegate needs 20\.20/],
    ['v20.19.0', /v20\.19\.0 is too old/],
    ['', /Node does not run/],
  ])('says what to do where Node says "%s"', async (version, said) => {
    const dir = without();
    writeFileSync(path.join(dir, 'node'), `#!/bin/bash\necho "${version}"\n`, { mode: 0o755 });
    const end = await step({}, { path: dir });
    expect(end.exit).toBe(2);
    expect(end.stdout).toMatch(said);
  });

  it('finds the Node of asdf and mise', async () => {
    const home = temporaryFolder();
    mkdirSync(path.join(home, '.asdf/shims'), { recursive: true });
    symlinkSync(process.execPath, path.join(home, '.asdf/shims/node'));
    const dir = without();
    const { bin } = fakeEnvman();
    copyFileSync(path.join(bin, 'envman'), path.join(dir, 'envman'));
    const end = await step({}, { path: dir, env: { HOME: home } });
    expect(end.exit, end.stdout).toBe(0);
  });

  it('is clean by shellcheck, where that is there', () => {
    const done = spawnSync('shellcheck', [path.join(STEP, 'step.sh')], { encoding: 'utf8' });
    if (done.error) {
      console.log('skipped: shellcheck is not on PATH');
      return;
    }
    expect(done.stdout).toBe('');
    expect(done.status).toBe(0);
  });
});

it('is a main file of at most 700 kB', () => {
  expect(statSync(path.join(STEP, 'dist', 'step.cjs')).size).toBeLessThanOrEqual(700_000);
});
