/** The Azure task through its staged bundle, with the real task-lib by environment, against the embedded service. */

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { OUTPUT_NAMES } from '@fusegate/shared/model/host';
import { AZURE } from '@fusegate/shared/options/systems/azure';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settingsApk } from '../e2e/support/apps.ts';
import { temporaryFolder } from '../e2e/support/cli.ts';
import { API_KEY, type Service, startService } from '../e2e/support/service.ts';
import { runTask, TASK, type TaskRun, type TaskRunEnd } from './support/azure-agent.ts';
import { otherChildren, ROOT, whenLogged } from './support/child-process.ts';

let service: Service;
let set: { id: string };

/** The job that passes: many tests look at what one run of it leaves. */
let passed: TaskRunEnd;
beforeAll(async () => {
  service = await startService(['--shape', 'A']);
  set = await service.fusionSet('small');
  passed = await task();
});
afterAll(() => service.stop());

function task(inputs: Record<string, string> = {}, run: Omit<TaskRun, 'inputs'> = {}) {
  return runTask({
    ...run,
    inputs: {
      apiKey: API_KEY,
      serverUrl: service.url,
      app: settingsApk(),
      fusionSetId: set.id,
      sign: 'private',
      signingFingerprint: 'd4'.repeat(32),
      requiredFeatures: 'Anti-Debugging',
      ...inputs,
    },
  });
}

describe('a task', () => {
  it('passes: output variables, summary, test results, progress; the output in the staging folder', () => {
    const end = passed;
    expect(end.stderr).toBe('');
    expect(end.complete, end.stdout).toBe('Succeeded');
    expect(Object.keys(end.outputs).sort()).toEqual(OUTPUT_NAMES.map((name) => AZURE.outputName(name)).sort());
    expect(end.outputs).toMatchObject({ verdict: 'pass', rejectedApp: '', missingFeatures: '' });
    const folder = path.join(end.staging, 'fusegate-output', 'settings_apk-debug');
    expect(path.dirname(end.outputs.result ?? '')).toBe(folder);
    expect(existsSync(end.outputs.protectedApp ?? '')).toBe(true);
    expect(end.result).toMatchObject({ verdict: 'pass', ci: { system: 'azure', commit: 'c0ffee' } });
    expect(end.result?.tool.bundleSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(end.summary).toContain('✅ Fusegate PASS');
    expect(end.published).toHaveLength(1);
    expect(end.published[0]).toMatchObject({
      type: 'JUnit',
      resultfiles: path.join(folder, 'fusegate-junit.xml'),
      failtaskonfailedtests: 'false',
    });
    const progress = end.commands
      .filter(({ name }) => name === 'task.setprogress')
      .map((each) => each.properties.value);
    expect(progress.map(Number)).toEqual(progress.map(Number).sort((a, b) => a - b));
    expect(progress.length).toBeGreaterThan(3);
    expect(end.issues).toEqual([]);
    expect(end.refused).toEqual([]);
    expect(otherChildren(end.children)).toEqual([]);
    // Nothing of the run stays behind in the agent's folder but what the agent still uploads.
    expect(readdirSync(end.temp).filter((name) => !name.startsWith('.taskkey'))).toEqual([
      'Fusegate-settings_apk-debug.md',
    ]);
  });

  it('leaves what is confidential out of a published output folder', async () => {
    const end = passed;
    const ignored = readFileSync(path.join(end.staging, 'fusegate-output', '.artifactignore'), 'utf8');
    expect(ignored.split('\n')).toEqual(expect.arrayContaining(['**/rejected/**', '**/private/**']));
    expect(ignored).not.toContain('!**/private');
    const all = await task({ publish: 'reports, app, certificate' });
    expect(readFileSync(path.join(all.staging, 'fusegate-output', '.artifactignore'), 'utf8')).toContain(
      '!**/private/certificate.pdf',
    );
  });

  it('fails: red by task.complete, outputs before it, the app held back, one error', async () => {
    const end = await task({ requiredFeatures: 'Anti-Debugging\nDetect Developer Options' });
    expect(end.complete).toBe('Failed');
    expect(end.exit).toBe(0);
    expect(end.outputs).toMatchObject({
      verdict: 'fail',
      protectedApp: '',
      missingFeatures: 'Detect Developer Options',
    });
    expect(end.outputs.rejectedApp).toMatch(/rejected\/settings_apk-debug\.apk$/);
    const names = end.commands.map(({ name }) => name);
    expect(names.lastIndexOf('task.setvariable')).toBeLessThan(names.indexOf('task.complete'));
    expect(names.at(-1)).toBe('task.complete');
    const errors = end.issues.filter(({ type }) => type === 'error');
    expect(errors[0]?.message).toContain('Detect Developer Options');
    expect(end.summary).toContain('❌ Fusegate FAIL');
    expect(end.completeMessage).toContain('FAIL');
  });

  it('warn: green, a warning, and the verdict says what it is', async () => {
    const end = await task({ gate: 'warn', requiredFeatures: 'Detect Developer Options' });
    expect(end.complete).toBe('Succeeded');
    expect(end.outputs).toMatchObject({ verdict: 'fail' });
    expect(end.issues.map(({ type }) => type)).toEqual(['warning']);
  });

  it('error: the service refuses the key', async () => {
    const end = await task({ apiKey: 'not-the-key-1234' });
    expect(end.complete).toBe('Failed');
    expect(end.outputs).toMatchObject({ verdict: 'error', protectedApp: '' });
    expect(end.result).toMatchObject({ exitCode: 3 });
    expect(end.issues.some(({ message }) => message.includes('auth.rejected'))).toBe(true);
  });

  it('bad input: everything at once, in the names of this system; nothing is sent', async () => {
    const before = (await service.state()).requests.length;
    const end = await task({ app: 'nowhere.apk', timeout: '55', sign: 'on-appdom', requiredFeatures: 'Rot Detection' });
    expect(end.complete).toBe('Failed');
    expect(end.outputs).toMatchObject({ verdict: 'error', protectedApp: '' });
    const error = end.issues.find(({ type }) => type === 'error');
    for (const text of [error?.message ?? '', end.summary ?? '']) {
      for (const said of [
        'nowhere.apk',
        'timeout',
        'did you mean on-appdome?',
        'requiredFeatures',
        'Nothing was sent',
      ]) {
        expect(text).toContain(said);
      }
    }
    expect((await service.state()).requests.length).toBe(before);
  });

  it('cancelled: SIGINT ends it in time, red, with its outputs', async () => {
    const started = { at: 0 };
    const end = await task(
      { pollMin: '5s', pollMax: '10s', resume: 'new' },
      {
        onStart: whenLogged(/^building on Appdome/m, (child) => {
          started.at = performance.now();
          child.kill('SIGINT');
        }),
      },
    );
    expect(performance.now() - started.at).toBeLessThan(7500);
    expect(end.complete).toBe('Failed');
    expect(end.outputs).toMatchObject({ verdict: 'error', protectedApp: '' });
    expect(end.result?.findings.map(({ code }) => code)).toContain('run.cancelled');
  });

  it('killed in the middle: no later step reads a green verdict', async () => {
    const end = await task(
      { pollMin: '5s', pollMax: '10s', resume: 'new' },
      { onStart: whenLogged(/^building on Appdome/m, (child) => child.kill('SIGKILL')) },
    );
    expect(end.outputs.verdict).toBe('error');
    expect(end.complete).toBeUndefined();
  });

  it('judges a build that exists', async () => {
    const built = passed;
    const before = (await service.state()).tasks.length;
    const end = await runTask({
      inputs: {
        mode: 'gate',
        apiKey: API_KEY,
        serverUrl: service.url,
        buildId: built.outputs.buildId ?? '',
        requiredFeatures: 'Anti-Debugging',
      },
    });
    expect(end.complete).toBe('Succeeded');
    expect((await service.state()).tasks.length).toBe(before);
  });

  it('a variable counts where the form has only filled in its default', async () => {
    const end = await task({}, { env: { FUSEGATE_VERBOSE: 'true' } });
    expect(end.complete).toBe('Succeeded');
    expect(end.stdout).toMatch(/^(build|upload): /m);
  });
});

describe('a retry of the same task', () => {
  const instance = { SYSTEM_TASKINSTANCEID: 'b1f2c7de-0000-4000-8000-000000000001' };

  it('continues with the build of an attempt that was killed', async () => {
    const staging = temporaryFolder();
    const temp = temporaryFolder();
    const builds = async () =>
      (await service.state()).requests.filter(({ fields }) => fields?.['action'] === 'fuse').length;
    const before = await builds();
    // At the service's first message the build is known, and in the journal.
    await service.addFaults([
      { match: { path: '/api/v1/tasks/*/status' }, times: 'always', do: { kind: 'statusWord', word: 'progress' } },
    ]);
    const killed = await task(
      { verbose: 'true' },
      {
        staging,
        temp,
        env: instance,
        onStart: whenLogged(/^build: /m, (child) => child.kill('SIGKILL')),
      },
    );
    await service.clearFaults();
    expect(killed.complete).toBeUndefined();
    const again = await task({}, { staging, temp, env: instance });
    expect(again.complete, again.stdout).toBe('Succeeded');
    expect(again.stdout).toMatch(/Continuing the run from .*, build /);
    expect((await builds()) - before).toBe(1);
  });

  it('does not pay again for a build that the gate has refused', async () => {
    const staging = temporaryFolder();
    const temp = temporaryFolder();
    const inputs = { requiredFeatures: 'Detect Developer Options' };
    const first = await task(inputs, { staging, temp, env: instance });
    expect(first.complete).toBe('Failed');
    const before = (await service.state()).tasks.length;
    const again = await task(inputs, { staging, temp, env: instance });
    expect(again.complete).toBe('Failed');
    expect(again.outputs).toMatchObject({ verdict: 'fail', buildId: first.outputs.buildId });
    expect(again.stdout).toContain('a retry of a task');
    expect((await service.state()).tasks.length).toBe(before);
    const other = await task(inputs, { staging, temp, env: { SYSTEM_TASKINSTANCEID: 'another-instance' } });
    expect(other.outputs.buildId).not.toBe(first.outputs.buildId);
  });
});

describe('the service connection', () => {
  const id = '11111111-2222-4333-8444-555555555555';

  it('gives the key and the address', async () => {
    const end = await task(
      { apiKey: '', serverUrl: '', serviceConnection: id },
      { connections: { [id]: { url: `${service.url}/`, token: API_KEY } } },
    );
    expect(end.complete, end.stdout).toBe('Succeeded');
    expect(end.masks).toContain(API_KEY);
  });

  it('beside another key is a contradiction', async () => {
    const end = await task(
      { serviceConnection: id },
      { connections: { [id]: { url: service.url, token: 'another-key-0001' } } },
    );
    expect(end.complete).toBe('Failed');
    expect(end.issues[0]?.message).toMatch(/apiKey and serviceConnection give different values/);
  });

  it('without a key is told', async () => {
    const end = await task(
      { apiKey: '', serviceConnection: id },
      { connections: { [id]: { url: service.url, token: '' } } },
    );
    expect(end.complete).toBe('Failed');
    expect(end.issues[0]?.message).toMatch(/serviceConnection has no API key/);
  });
});

describe('Secure Files', () => {
  const id = 'aaaaaaaa-1111-4222-8333-bbbbbbbbbbbb';
  const keystore = readFileSync(path.join(ROOT, 'test/fixtures/credentials/android.jks'));
  const inputs = {
    sign: 'on-appdome',
    signingFingerprint: '',
    keystoreSecureFile: id,
    keystorePassword: 'store pass',
    keyPassword: 'key pass',
    keystoreAlias: 'release',
  };

  it('reach the service, and are gone afterwards', async () => {
    const end = await task(inputs, { secureFiles: { [id]: { name: 'release.jks', content: keystore } } });
    expect(end.complete, end.stdout).toBe('Succeeded');
    expect(end.requests).toHaveLength(1);
    expect(end.requests[0]?.url).toBe(`/collection/project%20one/_apis/distributedtask/securefiles/${id}`);
    expect(readdirSync(end.temp).filter((name) => name.startsWith('fusegate-'))).toEqual([]);
  });

  it('are gone after a red run and after a cancelled one', async () => {
    const red = await task(
      { ...inputs, requiredFeatures: 'Detect Developer Options' },
      {
        secureFiles: { [id]: { name: '../../evil.jks', content: keystore } },
      },
    );
    expect(red.complete).toBe('Failed');
    expect(red.outputs.verdict).toBe('fail');
    const cancelled = await task(
      { ...inputs, pollMin: '5s', resume: 'new' },
      {
        secureFiles: { [id]: { name: 'release.jks', content: keystore } },
        onStart: whenLogged(/^building on Appdome/m, (child) => child.kill('SIGINT')),
      },
    );
    for (const end of [red, cancelled]) {
      expect(readdirSync(end.temp).filter((name) => name.startsWith('fusegate-'))).toEqual([]);
    }
  });

  it('one that may not be used is named, beside everything else that is wrong', async () => {
    const end = await task({ ...inputs, keystoreSecureFile: 'cccccccc-1111-4222-8333-bbbbbbbbbbbb', timeout: '55' });
    expect(end.complete).toBe('Failed');
    expect(end.issues[0]?.message).toMatch(/keystoreSecureFile names no Secure file/);
    expect(end.issues[0]?.message).toMatch(/timeout/);
  });

  it('a refused download is named, without token and ticket', async () => {
    const end = await task(inputs, {
      secureFiles: { [id]: { name: 'release.jks', content: keystore } },
      env: { SECUREFILE_TICKET_unused: 'x', ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN: 'wrong' },
    });
    expect(end.complete).toBe('Failed');
    expect(end.issues[0]?.message).toMatch(/keystoreSecureFile cannot be downloaded: Azure DevOps answered 401/);
    expect(end.stdout).not.toContain(`ticket-of-${id}`);
  });
});

describe("the agent's network", () => {
  it('its proxy is used where nothing else is said, and the password is masked', async () => {
    const end = await task(
      { serverUrl: 'https://service.invalid' },
      {
        env: {
          AGENT_PROXYURL: 'http://127.0.0.1:9',
          AGENT_PROXYUSERNAME: 'agent',
          AGENT_PROXYPASSWORD: 'proxy-password-7Kq9',
        },
      },
    );
    expect(end.complete).toBe('Failed');
    expect(end.result?.findings[0]?.message ?? '').toMatch(/proxy|refused|127\.0\.0\.1/i);
    expect(end.masks).toContain('proxy-password-7Kq9');
  });

  it('a bypassed service is asked directly', async () => {
    const end = await task(
      {},
      { env: { AGENT_PROXYURL: 'http://127.0.0.1:9', AGENT_PROXYBYPASSLIST: JSON.stringify(['127\\.0\\.0\\.1']) } },
    );
    expect(end.complete, end.stdout).toBe('Succeeded');
  });

  it('its CA file is read', async () => {
    const end = await task({}, { env: { AGENT_CAINFO: '/nowhere/ca.pem' } });
    expect(end.complete).toBe('Failed');
    expect(end.issues[0]?.message).toMatch(/FUSEGATE_CA_FILE.*ca\.pem/);
  });
});

describe("the official task's inputs", () => {
  it('do the same job', async () => {
    const end = await runTask({
      inputs: {
        Platform: 'android',
        Sign: 'privateSigning',
        App: settingsApk(),
        Token: API_KEY,
        FusionSetId: set.id,
        OutputFileName: 'protected',
        BuildWithLogs: 'false',
        serverUrl: service.url,
        signingFingerprint: 'd4'.repeat(32),
        requiredFeatures: 'Anti-Debugging',
      },
    });
    expect(end.complete, end.stdout).toBe('Succeeded');
    expect(path.basename(end.outputs.protectedApp ?? '')).toBe('protected.apk');
  });

  it.each(['signOnAppdome', 'autoDevSigning'])('Sign: %s is understood', async (sign) => {
    const end = await task({ sign, app: 'nowhere.apk' });
    expect(end.issues[0]?.message).not.toMatch(/sign ".*is not one of its values/);
  });
});

it('is a main file of at most 900 kB', () => {
  expect(statSync(path.join(TASK, 'index.cjs')).size).toBeLessThanOrEqual(900_000);
});
