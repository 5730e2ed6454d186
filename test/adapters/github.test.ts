/** The GitHub Action through its shipped bundle, on a runner's real contract, against the embedded build service. */
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { OUTPUT_NAMES } from '@fusegate/shared/model/host';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settingsApk, writeIpa } from '../e2e/support/apps.ts';
import { temporaryFolder } from '../e2e/support/cli.ts';
import { API_KEY, type Service, startService } from '../e2e/support/service.ts';
import { filesBelow } from './support/canaries.ts';
import { otherChildren } from './support/child-process.ts';
import { runStep, type StepEnd, type StepOptions } from './support/github-runner.ts';

let service: Service;
let inputs: Record<string, string>;

/** The job that passes: many tests look at what one run of it leaves. */
let passed: StepEnd;
beforeAll(async () => {
  service = await startService(['--shape', 'A']);
  const set = await service.fusionSet('small');
  inputs = {
    'api-key': API_KEY,
    'server-url': service.url,
    app: settingsApk(),
    'fusion-set-id': set.id,
    sign: 'private',
    'signing-fingerprint': 'd4'.repeat(32),
    'required-features': 'Anti-Debugging',
  };
  passed = await step();
});
afterAll(() => service.stop());

function step(changes: Record<string, string> = {}, more: Omit<StepOptions, 'with'> = {}) {
  return runStep({ with: { ...inputs, ...changes }, ...more });
}

describe('how a run ends', () => {
  it('pass: green, every output, the app out of rejected/, a summary', () => {
    const end = passed;
    expect(end.stderr).toBe('');
    expect(end.exit).toBe(0);
    expect(end.conclusion).toBe('success');
    expect(end.runnerErrors).toEqual([]);
    expect(Object.keys(end.outputs).sort()).toEqual([...OUTPUT_NAMES].sort());
    expect(end.outputs).toMatchObject({ verdict: 'pass', 'rejected-app': '', 'missing-features': '' });
    expect(existsSync(end.outputs['protected-app'] ?? '')).toBe(true);
    expect(path.dirname(end.outputs.result ?? '')).toBe(
      path.join(end.workspace, 'fusegate-output', 'settings_apk-debug'),
    );
    expect(end.outputs.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(end.result).toMatchObject({
      verdict: 'pass',
      exitCode: 0,
      ci: { system: 'github', repository: 'example/app' },
    });
    expect(end.result?.tool.bundleSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(end.summary).toContain('✅ Fusegate PASS');
    expect(end.reader.annotations.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('fail: red with outputs set, one error annotation that says what is missing, nothing to ship', async () => {
    const end = await step({ 'required-features': 'Anti-Debugging, Detect Developer Options' });
    expect(end.exit).toBe(6);
    expect(end.conclusion).toBe('failure');
    expect(end.outputs).toMatchObject({
      verdict: 'fail',
      'protected-app': '',
      'missing-features': 'Detect Developer Options',
      sha256: '',
    });
    expect(end.outputs['rejected-app']).toMatch(/rejected[\\/]settings_apk-debug\.apk$/);
    const errors = end.reader.annotations.filter(({ level }) => level === 'error');
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).toContain('Detect Developer Options');
    expect(errors[0]?.properties.title).toMatch(/^Fusegate FAIL/);
    expect(end.summary).toContain('❌ Fusegate FAIL');
    expect(end.summary).toContain(errors[0]?.message.split('\n')[0]);
  });

  it('error: the service refuses the key', async () => {
    const end = await step({ 'api-key': 'not-the-key-1234' });
    expect(end.exit).toBe(3);
    expect(end.outputs).toMatchObject({ verdict: 'error', 'protected-app': '', 'rejected-app': '' });
    expect(end.result).toMatchObject({ verdict: 'error', exitCode: 3 });
    expect(
      end.reader.annotations.some(({ level, message }) => level === 'error' && /auth\.rejected/.test(message)),
    ).toBe(true);
  });

  it('warn: green, the verdict says what it is, a warning annotation', async () => {
    const end = await step({ gate: 'warn', 'required-features': 'Detect Developer Options' });
    expect(end.exit).toBe(0);
    expect(end.outputs).toMatchObject({ verdict: 'fail', 'missing-features': 'Detect Developer Options' });
    expect(end.reader.annotations.filter(({ level }) => level === 'error')).toEqual([]);
    const [warning] = end.reader.annotations.filter(({ level }) => level === 'warning');
    expect(warning?.message).toContain('gate: warn, the job continues');
  });

  it('bad input: everything that is wrong at once, in log, annotation and summary; nothing is sent', async () => {
    const before = (await service.state()).requests.length;
    const end = await step({
      app: 'nowhere.apk',
      timeout: '55',
      sign: 'on-appdom',
      'required-features': 'Rot Detection',
      'signing-fingerprint': '',
    });
    expect(end.exit).toBe(2);
    expect(end.outputs).toMatchObject({ verdict: 'error', 'protected-app': '' });
    const [error, ...others] = end.reader.annotations.filter(({ level }) => level === 'error');
    expect(others).toEqual([]);
    for (const text of [error?.message ?? '', end.summary ?? '', end.reader.log.join('\n')]) {
      for (const named of [
        'nowhere.apk',
        'timeout',
        'did you mean on-appdome?',
        'Root Detection',
        'Nothing was sent',
      ]) {
        expect(text).toContain(named);
      }
    }
    expect((await service.state()).requests.length).toBe(before);
  });

  it('cancelled: SIGINT ends it within what the runner leaves, with its outputs', async () => {
    const end = await step(
      { 'poll-min': '5s', 'poll-max': '10s', resume: 'new' },
      {
        onStart: (child, cancel) => {
          let seen = '';
          child.stdout?.on('data', (chunk) => {
            if (/^building on Appdome/m.test(seen)) return;
            seen += chunk;
            if (/^building on Appdome/m.test(seen)) cancel();
          });
        },
      },
    );
    expect(end.cancelMs).toBeLessThan(7500);
    expect(end.signal).toBeNull();
    expect(end.exit).toBe(130);
    expect(end.conclusion).toBe('cancelled');
    expect(end.outputs).toMatchObject({ verdict: 'error', 'protected-app': '' });
    expect(end.result).toMatchObject({ verdict: 'error', exitCode: 130 });
    expect(end.result?.findings.map(({ code }) => code)).toContain('run.cancelled');
    expect(end.summary).toContain('run.cancelled');
  });
});

it('judges a build that exists (mode gate) without a new one', async () => {
  const built = passed;
  const before = (await service.state()).tasks.length;
  const end = await runStep({
    with: {
      mode: 'gate',
      'api-key': API_KEY,
      'server-url': service.url,
      'build-id': built.outputs['build-id'] ?? '',
      'required-features': 'Detect Developer Options',
    },
  });
  expect(end.exit).toBe(6);
  expect(end.outputs).toMatchObject({ verdict: 'fail', 'build-id': built.outputs['build-id'] });
  expect((await service.state()).tasks.length).toBe(before);
});

describe('inputs as a runner hands them over', () => {
  it('a misspelt input is an error, a variable that only looks like one is not', async () => {
    const wrong = await step({ 'required-feature': 'Anti-Debugging' });
    expect(wrong.exit).toBe(2);
    expect(wrong.reader.annotations.some(({ message }) => /did you mean required-features\?/.test(message))).toBe(true);
    const right = await step({}, { env: { INPUT_RELEASE_NOTES: 'anything' } });
    expect(right.exit).toBe(0);
  });

  it('a variable counts where the input is empty', async () => {
    const end = await step(
      { 'api-key': '', 'server-url': '' },
      { env: { APPDOME_API_KEY: API_KEY, FUSEGATE_SERVER_URL: service.url } },
    );
    expect(end.exit).toBe(0);
  });

  it('a secret that a fork does not get is named as that', async () => {
    const end = await step({ 'api-key': '' }, { env: { GITHUB_ACTOR: 'dependabot[bot]' } });
    expect(end.exit).toBe(2);
    expect(end.reader.annotations.some(({ message }) => /api-key[\s\S]*Dependabot/.test(message))).toBe(true);
  });
});

describe('what stands in files beside the bundle', () => {
  const credentials = path.resolve('test/fixtures/credentials');

  it('reads a policy, and names what is wrong in it by line', async () => {
    const policy = path.join(temporaryFolder(), 'policy.yml');
    writeFileSync(policy, 'version: 1\nrequire:\n  - Anti-Debugging\n');
    const right = await step({ policy, 'required-features': '' });
    expect(right.exit).toBe(0);
    writeFileSync(policy, 'version: 1\nrequired:\n  - Anti-Debugging\n');
    const wrong = await step({ policy, 'required-features': '' });
    expect(wrong.exit).toBe(2);
    expect(wrong.reader.log.join('\n')).toMatch(/policy\.yml:2/);
  });

  it('opens a PKCS#12 keystore and property lists before anything is sent', async () => {
    const android = await step({
      sign: 'on-appdome',
      'signing-fingerprint': '',
      keystore: path.join(credentials, 'android-modern.p12'),
      'keystore-password': 'surely-not-this-one',
      'keystore-alias': 'upload',
    });
    expect(android.exit).toBe(2);
    expect(android.reader.log.join('\n')).toMatch(/keystore-password.*(wrong|does not open)/i);
    const ios = await step({
      app: writeIpa(temporaryFolder()),
      'signing-fingerprint': '',
      'provisioning-profiles': path.join(credentials, 'expired.mobileprovision'),
    });
    expect(ios.exit).toBe(2);
    expect(ios.reader.log.join('\n')).toMatch(/provisioning-profiles.*expired/i);
  });

  it('judges certificates by a pattern, without a key', async () => {
    const end = await runStep({
      with: {
        mode: 'gate',
        certificate: path.resolve('test/fixtures/certificates/*.pdf'),
        'required-features': 'Root Detection',
      },
    });
    expect(end.outputs.verdict).toBe('pass');
  });
});

describe('the other modes', () => {
  it('verify refuses a rehearsal, and a file that is not the one that passed', async () => {
    const built = passed;
    const end = await runStep({
      with: { mode: 'verify', app: settingsApk(), result: built.outputs.result ?? '' },
    });
    expect(end.exit).not.toBe(0);
    expect(end.outputs.verdict).not.toBe('pass');
    expect(end.reader.annotations.some(({ level }) => level === 'error')).toBe(true);
  });

  it('validate asks the service about a signed app', async () => {
    const built = passed;
    const end = await runStep({
      with: {
        mode: 'validate',
        'api-key': API_KEY,
        'server-url': service.url,
        app: built.outputs['protected-app'] ?? '',
        result: built.outputs.result ?? '',
      },
    });
    // Sealed and not signed since: the service does not call it signed.
    expect(end.exit).not.toBe(0);
    expect(end.outputs.verdict).not.toBe('pass');
  });

  it('a dry run sends nothing and proves nothing', async () => {
    const before = (await service.state()).tasks.length;
    const end = await step({ 'dry-run': 'true' });
    expect(end.exit).toBe(0);
    expect(end.outputs).toMatchObject({ verdict: 'not-evaluated', 'protected-app': '' });
    expect((await service.state()).tasks.length).toBe(before);
  });
});

describe('the log', () => {
  it('folds the stages with verbose, and every group is closed', async () => {
    const end = await step({ verbose: 'true' });
    const names = end.reader.commands.filter(({ name }) => /group/.test(name)).map(({ name }) => name);
    expect(names.length).toBeGreaterThan(6);
    expect(names.filter((name) => name === 'group').length).toBe(names.filter((name) => name === 'endgroup').length);
    for (let index = 0; index < names.length; index += 2) {
      expect(names.slice(index, index + 2)).toEqual(['group', 'endgroup']);
    }
  });

  it('masks before it says anything else, and holds no command but our own', () => {
    const end = passed;
    const firstMask = end.reader.commands.findIndex(({ name }) => name === 'add-mask');
    const firstOther = end.reader.commands.findIndex(({ name }) => name !== 'add-mask');
    expect(firstMask).toBe(0);
    expect(firstOther === -1 || firstOther > firstMask).toBe(true);
    expect(end.stdout.indexOf('::add-mask::')).toBe(0);
    expect(new Set(end.reader.commands.map(({ name }) => name))).toEqual(new Set(['add-mask']));
    expect(otherChildren(end.children)).toEqual([]);
  });
});

describe('the post step', () => {
  it('finds nothing after a run that ended by itself, and is green', () => {
    const end = passed;
    expect(end.post).toMatchObject({ exit: 0, stderr: '' });
    expect(readdirSync(end.temp).filter((name) => name.startsWith('fusegate-'))).toEqual([]);
  });

  it('wipes what a run that was killed left: a keystore that came as base64', async () => {
    let held: string[] = [];
    const temp = temporaryFolder();
    // Of no format that is known: sent all the same, with a warning.
    const keystore = Buffer.from(Array.from({ length: 300 }, (_, at) => (at * 37 + 129) % 256));
    const end = await step(
      {
        sign: 'on-appdome',
        'signing-fingerprint': '',
        keystore: keystore.toString('base64'),
        'keystore-password': 'store-password-1',
        'keystore-alias': 'upload',
        resume: 'new',
      },
      {
        env: { RUNNER_TEMP: temp },
        onStart: (child) => {
          child.stdout?.on('data', (chunk) => {
            if (!/building on Appdome/.test(String(chunk)) || child.killed) return;
            held = filesBelow(temp)
              .filter(({ text }) => text === keystore.toString('latin1'))
              .map(({ where }) => where);
            child.kill('SIGKILL');
          });
        },
      },
    );
    expect(end.signal).toBe('SIGKILL');
    expect(end.outputs.verdict).toBe('error');
    expect(held).toHaveLength(1);
    expect(statSync(temp).isDirectory()).toBe(true);
    expect(filesBelow(temp)).toEqual([]);
    expect(readdirSync(temp)).toEqual([]);
    expect(end.post?.exit).toBe(0);
  });

  it('leaves a folder alone that is not its own', async () => {
    const end = await step({}, { post: false });
    const { spawnSync } = await import('node:child_process');
    const done = spawnSync(process.execPath, [path.join('actions/dist/post.cjs')], {
      env: { RUNNER_TEMP: end.temp, 'STATE_temporary-folder': end.workspace },
      encoding: 'utf8',
    });
    expect(done.status).toBe(0);
    expect(existsSync(end.workspace)).toBe(true);
  });
});

it('is a main file of at most 700 kB', () => {
  expect(statSync('actions/dist/index.cjs').size).toBeLessThanOrEqual(700_000);
});
