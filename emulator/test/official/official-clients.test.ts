import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { VENDORS } from '../../src/actions/vendors.ts';
import { FUSION_SET_IDS } from '../../src/fusion-sets/built-in.ts';
import { emulators } from '../support/running.ts';
import { archive, sha256 } from '../support/session.ts';
import { BASH_VENDORS, BashClient } from './bash-client.ts';
import { ClientAborted, type OfficialJob, type OfficialOutcome } from './job.ts';
import { HARD_PASSWORD, job, MODES } from './jobs.ts';
import { PYTHON_VENDORS, PythonClient } from './python-client.ts';

const start = emulators();
const KEY = 'rehearsal-key';
const UUID_V1 = /^[\da-f]{8}-[\da-f]{4}-1[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

/** What the vendor's own tests read of the certificate, as they read it: the first hit at any depth (§5.2). */
function certValue(json: string, key: string): string | undefined {
  return new RegExp(`"${key}"\\s*:\\s*("[^"]*"|[^,}\\s]+)`).exec(json)?.[1]?.replaceAll('"', '');
}

function expectOutcome(given: OfficialJob, outcome: OfficialOutcome): void {
  const { output, certificatePdf, certificateJson } = outcome;
  if (given.signing === 'sign_script') expect(output.toString('latin1', 0, 12)).toBe('#!/bin/bash\n');
  else expect(Object.keys(unzipSync(new Uint8Array(output)))).toEqual(['classes.dex']);
  expect(certificatePdf.toString('latin1', 0, 5)).toBe('%PDF-');
  expect(certValue(certificateJson, 'build_id')).toBe(outcome.buildId);
  expect(certValue(certificateJson, 'app_id')).toBe(outcome.appId);
  expect(certValue(certificateJson, 'app_type')).toBe(given.kind);
  expect(certValue(certificateJson, 'fusion_set_id')).toBe(given.fusionSetId);
  expect(certValue(certificateJson, 'team_id')).toBe(given.team ?? 'personal');
  expect(certValue(certificateJson, 'extended_logs')).toBe(String(given.buildLogs === true));
  expect(certValue(certificateJson, 'release_type')).toBe('rehearsal');
  for (const id of [outcome.buildId, outcome.appId]) expect(id).toMatch(UUID_V1);
  const signTypes = {
    sign: 'OnAppdome',
    seal: 'PrivateSigning',
    sign_script: 'AutoDevPrivateSigning',
    none: undefined,
  };
  expect(certValue(certificateJson, 'sign_type')).toBe(signTypes[given.signing]);
  if (given.secondOutput === true) expect(sha256(outcome.secondOutput ?? output)).not.toBe(sha256(output));
  else expect(outcome.secondOutput).toBeUndefined();
  const android = given.kind !== 'ipa' && given.kind !== 'zip';
  const obfuscated = android && given.fusionSetId === FUSION_SET_IDS.androidFull;
  expect(outcome.mapping === undefined ? [] : Object.keys(unzipSync(new Uint8Array(outcome.mapping)))).toEqual(
    obfuscated ? ['mapping.txt', 'com_google_firebase_crashlytics_mappingfileid.xml', 'data_dog_metadata.json'] : [],
  );
  expect(outcome.workflowLog.length > 0).toBe(given.workflowLogs === true);
}

/** Everything the service got of one action. */
async function recorded(session: Awaited<ReturnType<typeof start>>, action: string) {
  const { requests } = await session.state();
  const found = requests.find(({ fields }) => fields.action === action);
  if (found === undefined) throw new Error(`There was no ${action}.`);
  return found;
}

describe('the official Python client', () => {
  it.each(MODES)('%s', async (_, given) => {
    // Messages are shown while it is at work, so that there must be a while.
    const session = await start({ timeScale: given.workflowLogs === true ? 0.2 : 0 });
    const outcome = await new PythonClient(session.url, KEY, given.team).run(given);
    expectOutcome(given, outcome);
    const { violations, quirks, requests } = await session.state();
    expect({ violations, quirks }).toEqual({ violations: [], quirks: [] });
    const sdk = given.kind === 'aar' || given.kind === 'zip';
    expect(certValue(outcome.certificateJson, 'is_context_api_call')).toBe(String(!sdk));
    expect(certValue(outcome.certificateJson, 'build_external_api_plugin_name')).toBe('AppdomeCliPython');
    expect(requests.every(({ status }) => status === 200)).toBe(true);
  });

  it.each(Object.entries(PYTHON_VENDORS))('builds to test for %s', async (vendor, constant) => {
    const session = await start();
    const given = job('apk', 'sign', { buildToTest: vendor });
    expectOutcome(given, await new PythonClient(session.url, KEY).run(given));
    const fuse = await recorded(session, 'fuse');
    expect([fuse.path, fuse.fields.overrides]).toEqual([
      '/api/v1/build-to-test',
      { build_to_test_vendor: constant, build_to_test_message: `App is not running on ${vendor}. Exiting` },
    ]);
    expect((await session.state()).violations).toEqual([]);
  });

  it('sends profiles, input mapping and pinned certificates, under names with brackets and quotes', async () => {
    const session = await start();
    const pinning = { 'api.example.com': 'api.pem' };
    const given = job('aab', 'sign', { baselineProfile: true, startupProfile: true, inputMapping: true, pinning });
    expectOutcome(given, await new PythonClient(session.url, KEY).run(given));
    const { files } = await recorded(session, 'fuse');
    expect(files.map(({ field, fileName, mimeType }) => [field, fileName, mimeType])).toEqual([
      ['baseline_profile', '/home/ci/baseline.zip', 'application/zip'],
      ['startup_profile', '/home/ci/startup.zip', 'application/zip'],
      ['input_mapping', '/home/ci/mapping.txt', 'application/txt'],
      [
        "mitm_host_server_pinned_certs_list['api.example.com'].value.mitm_host_server_pinned_certs_file_content",
        '/tmp/pinning/api.pem',
        'application/octet-stream',
      ],
    ]);
  });

  it('runs context always, with {} as well, and signs after it', async () => {
    const session = await start();
    await new PythonClient(session.url, KEY).run(job('apk', 'seal'));
    const { requests } = await session.state();
    expect(requests.flatMap(({ fields }) => (fields.action === undefined ? [] : [fields.action]))).toEqual([
      'fuse',
      'context',
      'seal',
    ]);
    expect((await recorded(session, 'context')).fields.overrides).toEqual({});
  });

  it('sends a content type on GET, a dummy part, and whole paths as file names', async () => {
    const session = await start();
    await new PythonClient(session.url, KEY).run(job('apk', 'sign'));
    const { requests } = await session.state();
    const status = requests.find(({ path }) => path.endsWith('/status'));
    expect([status?.headers['content-type'], status?.bodyBytes]).toEqual(['application/json', 0]);
    expect((await recorded(session, 'sign')).files[0]?.fileName).toBe('/home/ci/my keys/release.jks');
    expect((await recorded(session, 'context')).files).toEqual([]);
    expect(requests.find(({ path }) => path.endsWith('upload-using-link'))?.query).toEqual({ async: 'True' });
  });

  it('gives up when an upload is queued, so by default none is', async () => {
    const session = await start({ timeScale: 1 });
    const client = new PythonClient(session.url, KEY);
    await session.settings({ uploadMs: 0 });
    await expect(client.upload(job('apk', 'sign'))).resolves.toMatch(/-/);
    await session.settings({ queuedMs: 60_000 });
    await expect(client.upload(job('apk', 'sign'))).rejects.toThrow('Task not completed');
  });

  it('says why when signing fails', async () => {
    const session = await start();
    const failing = job('apk', 'sign', { keystorePassword: 'wrong-password' });
    await expect(new PythonClient(session.url, KEY).run(failing)).rejects.toThrow('Keystore password is wrong');
  });

  it('asks for the checksum first in a branch, and does without where it is not known', async () => {
    const session = await start();
    const client = new PythonClient(session.url, KEY);
    const given = job('apk', 'sign');
    expect(await client.checkByChecksum(given.app)).toBeUndefined();
    const appId = await client.upload(given);
    expect(await client.checkByChecksum(given.app)).toBe(appId);
    await session.settings({ checksumLookup: 'absent' });
    expect(await client.checkByChecksum(given.app)).toBeUndefined();
  });

  it('drops a path of the base URL, as urljoin does', async () => {
    const session = await start();
    const client = new PythonClient(`${session.url}/dropped`, KEY);
    await expect(client.upload(job('apk', 'sign'))).resolves.toMatch(/-/);
  });

  it('aborts on a wrong key', async () => {
    const session = await start();
    await expect(new PythonClient(session.url, 'another').run(job('apk', 'sign'))).rejects.toThrow(ClientAborted);
  });
});

describe('the official bash client', () => {
  it.each(MODES)('%s', async (_, given) => {
    const session = await start({ timeScale: given.workflowLogs === true ? 0.2 : 0 });
    const outcome = await new BashClient(session.url, KEY, given.team).run(given);
    expectOutcome(given, outcome);
    const { violations, quirks, requests } = await session.state();
    expect(violations).toEqual([]);
    const statusCalls = requests.filter(({ path }) => path.endsWith('/status'));
    expect(quirks.map(({ request }) => request)).toEqual(statusCalls.map(({ number }) => number));
    expect(certValue(outcome.certificateJson, 'is_context_api_call')).toBe('false');
    expect(certValue(outcome.certificateJson, 'build_external_api_plugin_name')).toBe('AppdomeCliBash');
  });

  it.each(BASH_VENDORS)('builds to test for %s', async (vendor) => {
    const session = await start();
    await new BashClient(session.url, KEY).run(job('apk', 'seal', { buildToTest: vendor }));
    const { path, fields } = await recorded(session, 'fuse');
    expect([path, fields.overrides]).toEqual([
      '/api/v1/build-to-test',
      { build_to_test_vendor: `AUTOMATION_${vendor.toUpperCase()}` },
    ]);
    expect((await session.state()).violations).toEqual([]);
  });

  it('sends team_id=personal, but not with a direct upload', async () => {
    const session = await start();
    await new BashClient(session.url, KEY).run(job('apk', 'sign', { directUpload: true }));
    const { requests, violations } = await session.state();
    for (const { path, query } of requests) {
      expect(query.team_id).toBe(path === '/api/v1/upload' ? undefined : 'personal');
    }
    expect(violations).toEqual([]);
  });

  it('registers without async, and the app is usable at once', async () => {
    const session = await start({ timeScale: 0.01 });
    await new BashClient(session.url, KEY).run(job('apk', 'seal'));
    const { requests } = await session.state();
    expect(requests.some(({ path }) => /\/upload\/[^/]+\/status$/.test(path))).toBe(false);
    expect(requests.find(({ path }) => path.endsWith('upload-using-link'))?.query).toEqual({ team_id: 'personal' });
  });

  it('reuses an app that the service has', async () => {
    const session = await start();
    const client = new BashClient(session.url, KEY);
    const first = await client.run(job('apk', 'seal'));
    const second = await client.run(job('apk', 'seal'));
    expect(second.appId).toBe(first.appId);
    const third = await client.run(job('apk', 'seal'), true);
    expect(third.appId).not.toBe(first.appId);
    expect((await session.state()).requests.filter(({ method }) => method === 'PUT')).toHaveLength(2);
  });

  it('uploads where the checksum is not known to the service', async () => {
    const session = await start();
    await session.settings({ checksumLookup: 'absent' });
    await expect(new BashClient(session.url, KEY).run(job('apk', 'seal'))).resolves.toBeDefined();
  });

  it('sends flags as words, and overrides even if empty', async () => {
    const session = await start();
    const client = new BashClient(session.url, KEY);
    const fingerprints = { kind: 'google', sha: 'AB'.repeat(32) } as const;
    await client.run(job('apk', 'sign', { buildLogs: true, fingerprints }));
    expect((await recorded(session, 'fuse')).fields.overrides).toEqual({ extended_logs: 'true' });
    expect((await recorded(session, 'sign')).fields.overrides).toMatchObject({
      signing_keystore_use_google_signing: 'true',
    });
    const other = await start();
    await new BashClient(other.url, KEY).run(job('apk', 'seal'));
    expect((await recorded(other, 'fuse')).fields.overrides).toEqual({});
  });

  it('sends the content type of a form on GET, without a boundary, and accepts JSON where it gets binaries', async () => {
    const session = await start();
    await new BashClient(session.url, KEY).run(job('aab', 'sign', { secondOutput: true }));
    const { requests } = await session.state();
    const downloads = requests.filter(({ path }) => /\/(output|certificate|certificate-json)$/.test(path));
    expect(downloads).toHaveLength(5);
    for (const { headers, status, bodyBytes } of downloads) {
      expect([headers['content-type'], headers.accept, status, bodyBytes]).toEqual([
        'multipart/form-data',
        'application/json',
        200,
        0,
      ]);
    }
  });

  it('waits for the go-ahead before a large form', async () => {
    const session = await start();
    const app = archive('x'.repeat(3 * 1024 * 1024));
    const given = job('apk', 'seal', { directUpload: true, app });
    const { appId } = await new BashClient(session.url, KEY).run(given);
    expect((await session.state()).apps.find(({ id }) => id === appId)?.sha256).toBe(sha256(app));
  });

  it('shows messages since now, each once', async () => {
    const session = await start({ timeScale: 0.2 });
    const client = new BashClient(session.url, KEY);
    const given = job('apk', 'seal');
    const buildId = await client.fuse(given, await client.upload(given));
    const log: string[] = [];
    await client.waitForTask(buildId, log);
    expect(log.length).toBeGreaterThan(0);
    expect(new Set(log).size).toBe(log.length);
  });

  it('keeps a path of the base URL', async () => {
    const session = await start();
    await expect(new BashClient(`${session.url}/`, KEY).run(job('apk', 'seal'))).resolves.toBeDefined();
    await expect(new BashClient(`${session.url}/prefix`, KEY).run(job('apk', 'seal'))).rejects.toThrow('Not Found');
  });

  it('says why when signing fails', async () => {
    const session = await start();
    const failing = job('ipa', 'sign', { keystorePassword: 'wrong-password' });
    await expect(new BashClient(session.url, KEY).run(failing)).rejects.toThrow('Certificate password is wrong');
  });
});

describe('both official clients', () => {
  it('know no more vendors than the service', () => {
    const sent = [...Object.values(PYTHON_VENDORS), ...BASH_VENDORS.map((name) => `AUTOMATION_${name.toUpperCase()}`)];
    // The thirteenth is the documentation's name of Tosca, which neither client sends.
    expect([...new Set(sent), 'AUTOMATION_TRICENTIS_DEVICE_CLOUD'].sort()).toEqual([...VENDORS].sort());
  });

  it('bring passwords over byte for byte', async () => {
    const session = await start();
    // A password that the service takes for wrong proves that it came as it was.
    await session.settings({ wrongPassword: HARD_PASSWORD });
    for (const client of [new PythonClient(session.url, KEY), new BashClient(session.url, KEY)]) {
      await expect(client.run(job('apk', 'sign'))).rejects.toThrow('Keystore password is wrong');
    }
  });

  it('validate an app that was sealed and signed locally, by its script', async () => {
    const session = await start();
    const folder = await mkdtemp(join(tmpdir(), 'official-'));
    try {
      const script = join(folder, 'sign.sh');
      const signed = join(folder, 'signed app.apk');
      const outcome = await new BashClient(session.url, KEY).run(job('apk', 'sign_script'));
      await writeFile(script, outcome.output);
      await promisify(execFile)('bash', [script, signed]);
      const bytes = await readFile(signed);
      const message = expect.stringContaining('This app is signed correctly');
      expect(await new BashClient(session.url, KEY).validate(bytes, signed)).toEqual({
        message,
        buildId: outcome.buildId,
      });
      expect(await new PythonClient(session.url, KEY).validate(bytes, signed)).toMatchObject({
        validation_state: 'completed',
        messages: [{ message }],
        build_id: outcome.buildId,
        app_type: 'apk',
        app_id: outcome.appId,
      });
      expect((await new BashClient(session.url, KEY).validate(archive(), 'x.apk')).message).toBe(
        'This app is not built by Appdome',
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('release a Fusion Set to another team, which can build with it', async () => {
    const session = await start();
    const team = '0a4b6df0-c6f0-11f1-9a3e-0242ac120002';
    for (const Client of [PythonClient, BashClient]) {
      const fusionSetId = await new Client(session.url, KEY).release(FUSION_SET_IDS.androidSmall, team);
      expect(fusionSetId).not.toBe(FUSION_SET_IDS.androidSmall);
      const given = job('apk', 'seal', { fusionSetId, team });
      expectOutcome(given, await new Client(session.url, KEY, team).run(given));
      await expect(new Client(session.url, KEY).run(job('apk', 'seal', { fusionSetId }))).rejects.toThrow(
        'Invalid fusion set ID',
      );
    }
    expect((await session.state()).violations).toEqual([]);
  });
});
