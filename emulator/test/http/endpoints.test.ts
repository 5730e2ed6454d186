import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { VENDORS } from '../../src/actions/vendors.ts';
import { signRehearsalApp } from '../../src/apps/protected-app.ts';
import { FUSION_SET_IDS } from '../../src/fusion-sets/built-in.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { emulators } from '../support/running.ts';
import { archive, type Session, sha256 } from '../support/session.ts';

const start = emulators();
const ANDROID = FUSION_SET_IDS.androidFull;
const NOBODY = 'c0000001-c6f0-11f1-8aaa-0242ac120002';
const TEAM = '0a4b6df0-c6f0-11f1-9a3e-0242ac120002';

async function answerOf(answer: Promise<Response>): Promise<[number, unknown]> {
  const response = await answer;
  return [response.status, await response.json()];
}

/** A build that is done, and not signed. */
async function fused(session: Session, fileName = 'Rehearsal.apk', set: string = ANDROID): Promise<string> {
  const taskId = await session.fuse(await session.upload(archive(), fileName), set);
  await session.settled(`tasks/${taskId}/status`);
  return taskId;
}

describe('GET /upload-link', () => {
  it('says how long the link lives, in seconds and inside the link', async () => {
    const session = await start();
    const { url, expiration } = await session.json<{ url: string; expiration: number }>('upload-link');
    expect([expiration, new URL(url).searchParams.get('X-Amz-Expires')]).toEqual([1800, '1800']);
  });
});

describe('POST /upload', () => {
  it('takes the file itself and answers when it is analysed', async () => {
    const session = await start();
    const file = new File([new Uint8Array(archive())], '/home/ci/my app.apk');
    const form = new FormData();
    form.set('file', file);
    const answer = await fetch(session.address('upload'), { method: 'POST', body: form, headers: session.headers });
    const { id } = (await answer.json()) as { id: string };
    const [app] = (await session.state()).apps;
    expect(app).toMatchObject({ id, fileName: 'my app.apk', sha256: sha256(archive()), status: 'completed' });
    expect(await session.violationCodes()).toEqual([]);
  });

  it('refuses a form without a file, and a file that is not an app', async () => {
    const session = await start();
    expect((await session.post('upload', { other: 'x' })).status).toBe(400);
    expect(await answerOf(session.post('upload', { file: new Blob(['no archive, but long enough']) }))).toEqual([
      400,
      { statusCode: 400, error: 'Bad Request', message: 'Unsupported file' },
    ]);
    expect(await session.violationCodes()).toEqual(['unknown-field']);
  });
});

describe('POST /build-to-test', () => {
  it.each(VENDORS)('takes %s', async (vendor) => {
    const session = await start();
    const appId = await session.upload(archive());
    const overrides = JSON.stringify({ build_to_test_vendor: vendor });
    const fields = { action: 'fuse', app_id: appId, fusion_set_id: ANDROID, overrides };
    expect((await session.post('build-to-test', fields)).status).toBe(200);
    expect((await session.state()).tasks[0]).toMatchObject({ vendor });
    expect(await session.violationCodes()).toEqual([]);
  });

  it('refuses no vendor and one that it does not know', async () => {
    const session = await start();
    const fields = { action: 'fuse', app_id: await session.upload(archive()), fusion_set_id: ANDROID };
    expect((await session.post('build-to-test', fields)).status).toBe(400);
    const overrides = JSON.stringify({ build_to_test_vendor: 'AUTOMATION_NOBODY' });
    expect((await session.post('build-to-test', { ...fields, overrides })).status).toBe(400);
    expect((await session.post('tasks', { ...fields, overrides })).status).toBe(200);
    expect(await session.violationCodes()).toEqual(['misplaced-override']);
  });
});

describe('Appdome Test', () => {
  it('is a task of its own', async () => {
    const clock = new ManualClock();
    const session = await start({ clock, timeScale: 1 });
    await session.settings({ uploadMs: 0, fuseMs: 0 });
    const taskId = await fused(session);
    const { task_id: testId } = (await (await session.act(taskId, 'appdome_test', {})).json()) as { task_id: string };
    expect(testId).not.toBe(taskId);
    expect((await session.json(`tasks/${taskId}/status`)).status).toBe('completed');
    expect((await session.json(`tasks/${testId}/status`, { messages: 'true' })).messages).toHaveLength(1);
    clock.advance(1000);
    expect((await session.json(`tasks/${testId}/status`)).status).toBe('completed');
  });

  it('is not for a build to test', async () => {
    const session = await start();
    const overrides = JSON.stringify({ build_to_test_vendor: VENDORS[0] });
    const fields = { action: 'fuse', app_id: await session.upload(archive()), fusion_set_id: ANDROID, overrides };
    const { task_id } = (await (await session.post('build-to-test', fields)).json()) as { task_id: string };
    await session.settled(`tasks/${task_id}/status`);
    expect((await session.act(task_id, 'appdome_test', {})).status).toBe(400);
    expect((await session.post('tasks', { action: 'appdome_test' })).status).toBe(400);
  });

  it('ends in error when a fault says so', async () => {
    const session = await start();
    await session.addFaults({ do: { kind: 'taskError', stage: 'appdome_test', message: 'No device is free' } });
    const taskId = await fused(session);
    const { task_id: testId } = (await (await session.act(taskId, 'appdome_test', {})).json()) as { task_id: string };
    expect(await session.settled(`tasks/${testId}/status`)).toEqual({ status: 'error', message: 'No device is free' });
  });
});

describe('signing', () => {
  it('gives a script that writes the app, with a signature of the rehearsal', async () => {
    const session = await start();
    const taskId = await fused(session, 'it is $(mine).apk');
    await session.act(taskId, 'sign_script', { signing_sha1_fingerprint: 'AA'.repeat(20) });
    await session.settled(`tasks/${taskId}/status`);
    const folder = await mkdtemp(join(tmpdir(), 'script-'));
    try {
      const output = Buffer.from(await (await session.get(`tasks/${taskId}/output`)).arrayBuffer());
      const script = join(folder, 'a script.sh');
      await writeFile(script, output, { mode: 0o700 });
      await promisify(execFile)(script, { cwd: folder });
      const app = await readFile(join(folder, 'signed-it_is___mine_.apk'));
      expect(app.subarray(-150).toString()).toContain('rehearsal signature');
      expect(app.length).toBeLessThan(output.length);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('refuses what an SDK does not have', async () => {
    const session = await start();
    const aar = await fused(session, 'sdk.aar');
    for (const action of ['sign', 'seal', 'sign_script']) expect((await session.act(aar, action, {})).status).toBe(400);
    const zip = await fused(session, 'sdk.zip', FUSION_SET_IDS.iosFull);
    expect((await session.act(zip, 'sign_script', {})).status).toBe(400);
    expect((await session.act(zip, 'seal', {}, { provisioning_profile: new Blob(['x']) })).status).toBe(200);
    expect(await session.violationCodes()).toEqual(['misplaced-file']);
  });

  it('notes entitlements that are to be matched and did not come', async () => {
    const session = await start();
    const taskId = await fused(session, 'a.ipa', FUSION_SET_IDS.iosFull);
    const files = { provisioning_profile: new Blob(['x']) };
    expect((await session.act(taskId, 'seal', { manual_entitlements_matching: true }, files)).status).toBe(200);
    expect(await session.violationCodes()).toEqual(['missing-entitlements']);
  });

  it('refuses a trusted list whose flag is not a flag', async () => {
    const session = await start();
    const taskId = await fused(session);
    const list = (flag: unknown) => ({
      trusted_signing_fingerprint_list: [{ SHA: 'AB'.repeat(20), TrustedStoreSigning: flag }],
    });
    expect((await session.act(taskId, 'seal', list('perhaps'))).status).toBe(400);
    expect((await session.act(taskId, 'seal', list('true'))).status).toBe(200);
  });

  const PROFILE = (bundleId: string, expires: string) =>
    `\x30\x82CMS<?xml version="1.0"?><plist version="1.0"><dict><key>Entitlements</key><dict><key>application-identifier</key><string>TEAM123456.${bundleId}</string></dict><key>ExpirationDate</key><date>${expires}</date></dict></plist>CMS`;
  const files: Array<[string, string, Record<string, Blob>, number]> = [
    ['all good', 'a.ipa', {}, 200],
    ['an invalid p12', 'a.ipa', { signing_p12_content: new Blob(['text']) }, 400],
    ['an invalid profile', 'a.ipa', { provisioning_profile: new Blob(['text']) }, 400],
    [
      'a profile of another app',
      'a.ipa',
      { provisioning_profile: new Blob([PROFILE('com.other', '2099-01-01T00:00:00Z')]) },
      400,
    ],
    [
      'a profile that is over',
      'a.ipa',
      { provisioning_profile: new Blob([PROFILE('com.example.*', '2001-01-01T00:00:00Z')]) },
      400,
    ],
    ['invalid entitlements', 'a.ipa', { entitlements_files: new Blob(['text']) }, 400],
    ['an invalid keystore', 'a.apk', { signing_keystore: new Blob(['text']) }, 400],
    ['a keystore', 'a.apk', { signing_keystore: new Blob([new Uint8Array([0xfe, 0xed, 0xfe, 0xed])]) }, 200],
  ];

  it.each(files)('looks into files on request: %s', async (_, fileName, changed, status) => {
    const session = await start();
    await session.settings({ signingFiles: 'checked' });
    const ios = fileName.endsWith('.ipa');
    const taskId = await fused(session, fileName, ios ? FUSION_SET_IDS.iosFull : ANDROID);
    const good = {
      signing_p12_content: new Blob([new Uint8Array([0x30, 0x82])]),
      provisioning_profile: new Blob([PROFILE('com.example.a', '2099-01-01T00:00:00Z')]),
      entitlements_files: new Blob(['<?xml version="1.0"?><plist version="1.0"><dict/></plist>']),
    };
    const overrides = ios
      ? { signing_p12_password: 'x' }
      : { signing_keystore_password: 'x', signing_keystore_alias: 'x', signing_keystore_key_password: 'x' };
    expect((await session.act(taskId, 'sign', overrides, { ...(ios ? good : {}), ...changed })).status).toBe(status);
  });
});

describe('context', () => {
  const cases: Array<[string, Record<string, unknown>, Record<string, Blob>, number]> = [
    ['nothing', {}, {}, 200],
    ['an icon', {}, { app_customization_application_icon: new Blob(['png']) }, 200],
    [
      'an overlay in range',
      { icon_overlay: true, icon_overlay_scale: 20, icon_overlay_position: 'Top Left', icon_overlay_filename: 'a.png' },
      { icon_overlay_s3: new Blob(['png']) },
      200,
    ],
    [
      'an overlay as words',
      { icon_overlay: 'true', icon_overlay_scale: '50' },
      { icon_overlay_s3: new Blob(['p']) },
      200,
    ],
    ['an overlay without its picture', { icon_overlay: true }, {}, 400],
    ['a scale below', { icon_overlay_scale: 19 }, {}, 400],
    ['a scale above', { icon_overlay_scale: 51 }, {}, 400],
    ['an invalid scale', { icon_overlay_scale: 'large' }, {}, 400],
    ['an invalid position', { icon_overlay_position: 'Middle' }, {}, 400],
    ['a version that is a list', { app_customization_pack_bundle_version: ['1'] }, {}, 400],
    ['a URL without its key', { customize_url_enable: true, customize_url_value: 'https://example.com' }, {}, 400],
    [
      'a URL',
      { customize_url_enable: true, customize_url_value: 'https://example.com', customize_url_key: 'API' },
      {},
      200,
    ],
  ];

  it.each(cases)('with %s', async (_, overrides, files, status) => {
    const session = await start();
    const taskId = await fused(session);
    expect((await session.act(taskId, 'context', overrides, files)).status).toBe(status);
    const stages = (await session.state()).tasks[0]?.stages ?? [];
    expect(stages).toHaveLength(status === 200 ? 2 : 1);
    if (status === 200) expect(stages[1]?.overrides).toEqual(overrides);
    expect(await session.violationCodes()).toEqual([]);
  });
});

describe('validation', () => {
  /** Validates and returns the finished status. */
  async function validated(session: Session, bytes: Uint8Array): Promise<Record<string, unknown>> {
    const answer = await session.post('validation/upload', { file: new Blob([new Uint8Array(bytes)]) });
    const { id } = (await answer.json()) as { id: string };
    for (let poll = 0; poll < 2000; poll += 1) {
      const status = await session.json(`validation/${id}/status`);
      if (status.validation_state === 'completed') return status;
    }
    throw new Error('The validation never ended.');
  }
  const output = async (session: Session, taskId: string, action?: string) =>
    new Uint8Array(
      await (await session.get(`tasks/${taskId}/output`, action === undefined ? {} : { action })).arrayBuffer(),
    );

  it('goes from pending to active to completed', async () => {
    const clock = new ManualClock();
    const session = await start({ clock, timeScale: 1 });
    await session.settings({ validationPendingMs: 100 });
    const answer = await session.post('validation/upload', { file: new Blob([new Uint8Array(archive())]) });
    const { id } = (await answer.json()) as { id: string };
    const word = async () => (await session.json(`validation/${id}/status`)).validation_state;
    const words = [await word()];
    clock.advance(100);
    words.push(await word());
    clock.advance(300);
    words.push(await word());
    expect(words).toEqual(['pending', 'active', 'completed']);
  });

  it('recognises what the service signed, byte for byte', async () => {
    const session = await start();
    const { taskId, appId } = await session.built(ANDROID, { fileName: 'Rehearsal.aab' });
    const app = await output(session, taskId);
    expect(await validated(session, app)).toEqual({
      validation_state: 'completed',
      messages: [{ message: expect.stringMatching(/^This app is signed correctly by owner CN=/) }],
      build_id: taskId,
      app_type: 'aab',
      app_name: 'Rehearsal',
      app_pack_id: 'com.example.rehearsal',
      app_version: '1.0',
      app_build_number: '1',
      app_id: appId,
    });
    const universal = await output(session, taskId, 'sign_second_output');
    expect(JSON.stringify(await validated(session, universal))).toContain('This app is signed correctly');
    const changed = app.slice();
    changed[40] = (changed[40] ?? 0) ^ 1;
    expect(await validated(session, changed)).toMatchObject({
      messages: [{ message: 'This app is not signed correctly' }],
      build_id: taskId,
    });
    expect(await session.violationCodes()).toEqual([]);
  });

  it('recognises a sealed app once it was signed locally, and not before', async () => {
    const session = await start();
    const { taskId } = await session.built(ANDROID, { how: 'seal' });
    const sealed = await output(session, taskId);
    expect(await validated(session, sealed)).toMatchObject({
      messages: [{ message: 'This app is not signed correctly' }],
      build_id: taskId,
    });
    const folder = await mkdtemp(join(tmpdir(), 'validate-'));
    try {
      await writeFile(join(folder, 'sealed.apk'), sealed);
      await signRehearsalApp(join(folder, 'sealed.apk'), join(folder, 'signed.apk'));
      const signed = await readFile(join(folder, 'signed.apk'));
      expect(await validated(session, signed)).toMatchObject({
        messages: [{ message: expect.stringContaining('This app is signed correctly') }],
        build_id: taskId,
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('recognises the signature that an ordinary tool puts into the archive', async () => {
    const session = await start();
    const { taskId } = await session.built(ANDROID, { how: 'seal' });
    const comment = Buffer.from(await output(session, taskId))
      .subarray(-200)
      .toString('latin1');
    const mark = comment.slice(comment.indexOf('Fusegate emulator'));
    const resigned = zipSync({ 'classes.dex': strToU8('rehearsal'), 'META-INF/CERT.RSA': strToU8('a signature') });
    const whole = Buffer.concat([resigned.subarray(0, -2), Buffer.from([mark.length, 0]), Buffer.from(mark)]);
    expect(JSON.stringify(await validated(session, whole))).toContain('This app is signed correctly');
  });

  it('knows nothing of other files, other emulators, and of ids of nobody', async () => {
    const session = await start();
    const other = await start();
    const { taskId } = await other.built(ANDROID);
    for (const bytes of [archive(), new TextEncoder().encode('text'), await output(other, taskId)]) {
      expect(await validated(session, bytes)).toEqual({
        validation_state: 'completed',
        messages: [{ message: 'This app is not built by Appdome' }],
      });
    }
    expect((await session.get(`validation/${NOBODY}/status`)).status).toBe(404);
    expect((await session.post('validation/upload', {})).status).toBe(400);
    expect(await session.violationCodes()).toEqual(['unknown-validation']);
  });
});

describe('Fusion Sets', () => {
  it('are released to a team, and belong to it alone', async () => {
    const session = await start({}, TEAM);
    const [status, body] = await answerOf(session.postJson(`release_fs/${ANDROID}`, {}));
    const { new_fusion_set_id: id } = body as { new_fusion_set_id: string };
    expect([status, id === ANDROID]).toEqual([200, false]);
    expect(await session.fuse(await session.upload(archive()), id)).toMatch(/-/);
    session.team = undefined;
    const fields = { action: 'fuse', app_id: await session.upload(archive()), fusion_set_id: id };
    expect((await session.post('tasks', fields)).status).toBe(400);
    for (const nobody of [NOBODY, FUSION_SET_IDS.playground]) {
      expect((await session.postJson(`release_fs/${nobody}`, {})).status).toBe(400);
    }
  });
});

describe('the library', () => {
  it('lists the apps of the team', async () => {
    const session = await start({}, TEAM);
    const id = await session.upload(archive());
    await session.settled(`upload/${id}/status`);
    expect(await session.json('my-library-apps')).toMatchObject({
      apps: [
        { id, type: 'original', pack_type: 'apk', pack_bundle_identifier: 'com.example.rehearsal', is_pwapp: false },
      ],
    });
    session.team = undefined;
    expect(await session.json('my-library-apps')).toEqual({ apps: [] });
  });
});

describe('POST /pwappload', () => {
  const PWA = { pwa_address: 'https://app.example.com/start', pwa_platform: 'aab' };
  const PROFILES = { provisioning_profile: [{ filename: 'a.mobileprovision', content: 'AAAA' }] };
  interface Entry {
    app: { id: string; status: string; pack_type: string; is_pwapp: boolean };
    taskId?: { task_id: string };
  }

  it('makes an app that can be built', async () => {
    const session = await start();
    const [entry] = (await (await session.postJson('pwappload', PWA)).json()) as [Entry];
    expect(entry).toMatchObject({ app: { status: 'active', pack_type: 'aab', is_pwapp: true } });
    expect(entry).not.toHaveProperty('taskId');
    const taskId = await session.fuse(entry.app.id, ANDROID);
    expect(await session.settled(`tasks/${taskId}/status`)).toMatchObject({ status: 'completed' });
  });

  it('makes both, and builds them at once where the licence does', async () => {
    const session = await start();
    await session.settings({ shortFlow: true });
    const body = { ...PWA, pwa_platform: 'both', pwa_app_name: 'My / PWA', overrides: PROFILES };
    const entries = (await (await session.postJson('pwappload', body)).json()) as Entry[];
    expect(entries.map(({ app }) => app.pack_type)).toEqual(['aab', 'ipa']);
    for (const { taskId } of entries) {
      expect(await session.settled(`tasks/${taskId?.task_id}/status`)).toMatchObject({ status: 'completed' });
    }
  });

  it('refuses a form, overrides as text, and an iOS app without a profile', async () => {
    const session = await start();
    const status = async (body: unknown) => (await session.postJson('pwappload', body)).status;
    expect((await session.post('pwappload', PWA)).status).toBe(415);
    expect(await status({ ...PWA, overrides: '{}' })).toBe(400);
    expect(await status({ ...PWA, pwa_platform: 'ipa' })).toBe(400);
    expect(await status({ ...PWA, pwa_platform: 'ipa', overrides: PROFILES })).toBe(200);
    expect(await status({ ...PWA, pwa_platform: 'exe' })).toBe(400);
    expect(await status({ ...PWA, pwa_address: 'app.example.com' })).toBe(400);
  });
});

describe('the strictness of the forms', () => {
  it('knows the parts of a pinned certificate by their whole name', async () => {
    const session = await start();
    const appId = await session.upload(archive());
    const name = (host: string, end: string) => `mitm_host_server_pinned_certs_list['${host}'].value.${end}`;
    const fields = {
      action: 'fuse',
      app_id: appId,
      fusion_set_id: ANDROID,
      [name('a.example.com', 'mitm_host_server_pinned_certs_file_content')]: new Blob(['x']),
      [name('b.example.com', 'something_else')]: new Blob(['x']),
      repro_override: new Blob(['x']),
    };
    expect((await session.post('tasks', fields)).status).toBe(200);
    expect(await session.violationCodes()).toEqual(['unknown-file', 'unknown-file']);
  });
});

describe('what no official client sends and no document describes', () => {
  it.each([
    ['DELETE', 'my-library-apps', 405],
    ['GET', 'tasks/c0000001-c6f0-11f1-8aaa-0242ac120002/appdome-test-result', 404],
    ['GET', 'tasks/c0000001-c6f0-11f1-8aaa-0242ac120002/deploy-script', 404],
    ['GET', `fusion-set/${ANDROID}/export-json`, 404],
    ['GET', 'fusion-set/compare', 404],
    ['GET', 'fusion-set/history', 404],
    ['PUT', 'publish', 404],
    ['POST', 'refreshApiToken', 404],
    ['POST', 'verify-certificate', 404],
  ])('%s /%s is not served', async (method, path, status) => {
    const session = await start();
    expect((await fetch(session.address(path), { method, headers: session.headers })).status).toBe(status);
  });
});
