import { strToU8, unzipSync, type Zippable, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { BUILT_IN_FUSION_SETS, FUSION_SET_IDS } from '../../src/fusion-sets/built-in.ts';
import { eventsOf } from '../../src/fusion-sets/fusion-set.ts';
import { readPdf, rowOf } from '../support/pdf-text.ts';
import { emulators } from '../support/running.ts';
import { archive, sha256 } from '../support/session.ts';

const start = emulators();
const EVENTS = new Set(
  BUILT_IN_FUSION_SETS.filter(({ id }) => id === FUSION_SET_IDS.androidSearched).flatMap(eventsOf),
);
const TEAM = '0a4b6df0-c6f0-11f1-9a3e-0242ac120002';

describe('the main flow', () => {
  it('signs on Appdome: output, both certificates and hashes agree', async () => {
    const session = await start({}, TEAM);
    const bytes = archive();
    const { appId, taskId } = await session.built(FUSION_SET_IDS.androidFull, { bytes });
    const output = await (await session.get(`tasks/${taskId}/output`)).arrayBuffer();
    expect(sha256(output)).not.toBe(sha256(bytes));
    expect(Object.keys(unzipSync(new Uint8Array(output)))).toEqual(['classes.dex']);
    const json = await session.json(`tasks/${taskId}/certificate-json`);
    expect(json).toMatchObject({
      build_id: taskId,
      app_id: appId,
      team_id: TEAM,
      fusion_set_id: FUSION_SET_IDS.androidFull,
      sign_type: 'OnAppdome',
      extended_logs: false,
      is_context_api_call: false,
      build_external_api_plugin_name: 'Fusegate',
    });
    const answer = await session.get(`tasks/${taskId}/certificate`);
    expect(answer.headers.get('content-type')).toBe('application/pdf');
    const { items } = await readPdf(new Uint8Array(await answer.arrayBuffer()));
    expect(rowOf(items, 'Build ID:')[1]).toBe(taskId);
    const hex = items.filter(({ text }) => /^[\da-f]{13,}$/.test(text)).sort((a, b) => a.top - b.top);
    const joined = hex.map(({ text }) => text).join('');
    expect(joined).toContain(sha256(bytes));
    expect(joined).toContain(sha256(output));
    const state = await session.state();
    expect(state.violations).toEqual([]);
    expect(state.requests.every(({ status }) => status === 200)).toBe(true);
  });

  it('seals for private signing: another output, no final hash', async () => {
    const session = await start();
    const bytes = archive();
    const signed = await session.built(FUSION_SET_IDS.androidFull, { bytes });
    const sealed = await session.built(FUSION_SET_IDS.androidFull, { bytes, how: 'seal' });
    const outputs = await Promise.all(
      [signed, sealed].map(async ({ taskId }) =>
        sha256(await (await session.get(`tasks/${taskId}/output`)).arrayBuffer()),
      ),
    );
    expect(outputs[0]).not.toBe(outputs[1]);
    expect((await session.json(`tasks/${sealed.taskId}/certificate-json`)).sign_type).toBe('PrivateSigning');
    const pdf = await (await session.get(`tasks/${sealed.taskId}/certificate`)).arrayBuffer();
    const { items } = await readPdf(new Uint8Array(pdf));
    expect(items.map(({ text }) => text).join(' ')).not.toContain('Final App SHA-256');
  });

  it('adds context: the PDF shows the new app beside the original, the JSON keeps the bundle id of the original', async () => {
    const session = await start();
    const appId = await session.upload(archive());
    const taskId = await session.fuse(appId, FUSION_SET_IDS.androidSmall, { extended_logs: 'true' });
    await session.settled(`tasks/${taskId}/status`);
    const overrides = {
      app_customization_pack_bundle_identifier: 'com.example.renamed',
      app_customization_pack_bundle_build_number: 99,
    };
    const answer = await session.act(taskId, 'context', overrides);
    expect(await answer.json()).toEqual({ task_id: taskId });
    await session.settled(`tasks/${taskId}/status`);
    await session.sign(taskId);
    await session.settled(`tasks/${taskId}/status`);
    expect(await session.json(`tasks/${taskId}/certificate-json`)).toMatchObject({
      bundle_id: 'com.example.rehearsal',
      is_context_api_call: true,
      extended_logs: true,
    });
    const pdf = await (await session.get(`tasks/${taskId}/certificate`)).arrayBuffer();
    const { items } = await readPdf(new Uint8Array(pdf));
    expect(rowOf(items, 'Bundle ID:')[1]).toBe('com.example.rehearsal');
    expect(items.map(({ text }) => text)).toEqual(
      expect.arrayContaining(['com.example.renamed', expect.stringContaining('(99)')]),
    );
  });

  it('gives a script for sign_script', async () => {
    const session = await start();
    const appId = await session.upload(archive());
    const taskId = await session.fuse(appId, FUSION_SET_IDS.androidFull);
    await session.settled(`tasks/${taskId}/status`);
    await session.act(taskId, 'sign_script', {
      trusted_signing_fingerprint_list: [{ SHA: 'bb'.repeat(32), TrustedStoreSigning: false }],
    });
    await session.settled(`tasks/${taskId}/status`);
    expect(await (await session.get(`tasks/${taskId}/output`)).text()).toMatch(/^#!\/bin\/bash\n# SYNTHETIC/);
    expect((await session.get(`tasks/${taskId}/output`, { action: 'sign_second_output' })).status).toBe(404);
  });

  it('signs an iOS app with a profile', async () => {
    const session = await start();
    const appId = await session.upload(archive(), 'Rehearsal.ipa');
    const taskId = await session.fuse(appId, FUSION_SET_IDS.iosFull);
    await session.settled(`tasks/${taskId}/status`);
    const files = {
      signing_p12_content: new Blob(['p12']),
      provisioning_profile: new Blob(['profile']),
      entitlements_files: new Blob(['entitlements']),
    };
    const answer = await session.act(
      taskId,
      'sign',
      { signing_p12_password: 'x', manual_entitlements_matching: 'true' },
      files,
    );
    expect(answer.status).toBe(200);
    await session.settled(`tasks/${taskId}/status`);
    expect((await session.json(`tasks/${taskId}/certificate-json`)).app_type).toBe('ipa');
  });

  it('serves the certificate of an SDK without signing', async () => {
    const session = await start();
    const appId = await session.upload(archive(), 'sdk.aar');
    const taskId = await session.fuse(appId, FUSION_SET_IDS.androidFull);
    await session.settled(`tasks/${taskId}/status`);
    const json = await session.json(`tasks/${taskId}/certificate-json`);
    expect(json.app_type).toBe('aar');
    expect(json).not.toHaveProperty('sign_type');
  });
});

describe('further outputs', () => {
  it('has a second output for an .aab only', async () => {
    const session = await start();
    const aab = await session.built(FUSION_SET_IDS.androidFull, { fileName: 'Rehearsal.aab' });
    const second = await (
      await session.get(`tasks/${aab.taskId}/output`, { action: 'sign_second_output' })
    ).arrayBuffer();
    const first = await (await session.get(`tasks/${aab.taskId}/output`)).arrayBuffer();
    expect(sha256(second)).not.toBe(sha256(first));
    expect(Object.keys(unzipSync(new Uint8Array(second)))).toEqual(['classes.dex']);
    const apk = await session.built(FUSION_SET_IDS.androidFull);
    expect((await session.get(`tasks/${apk.taskId}/output`, { action: 'sign_second_output' })).status).toBe(404);
  });

  it('has mapping files where the set obfuscates, as the status says', async () => {
    const session = await start();
    const full = await session.built(FUSION_SET_IDS.androidFull);
    const small = await session.built(FUSION_SET_IDS.androidSmall);
    const zip = await (
      await session.get(`tasks/${full.taskId}/output`, { action: 'deobfuscation_script' })
    ).arrayBuffer();
    expect(Object.keys(unzipSync(new Uint8Array(zip)))).toEqual([
      'mapping.txt',
      'com_google_firebase_crashlytics_mappingfileid.xml',
      'data_dog_metadata.json',
    ]);
    expect((await session.get(`tasks/${small.taskId}/output`, { action: 'deobfuscation_script' })).status).toBe(404);
    expect((await session.json(`tasks/${full.taskId}/status`)).obfuscationMapExists).toBe(true);
    expect((await session.json(`tasks/${small.taskId}/status`)).obfuscationMapExists).toBe(false);
  });

  it('redirects outputs to another origin that refuses the key', async () => {
    const session = await start({ redirectOutputs: true });
    const { taskId } = await session.built(FUSION_SET_IDS.androidFull);
    const redirect = await session.get(`tasks/${taskId}/output`);
    expect(redirect.status).toBe(302);
    const target = redirect.headers.get('location') ?? '';
    expect(new URL(target).origin).toBe(session.emulator.storageUrl);
    expect(new URL(target).origin).not.toBe(session.emulator.url);
    const good = await fetch(target);
    expect([good.status, sha256(await good.arrayBuffer())]).toEqual([
      200,
      session.emulator.state().tasks[0]?.output?.sha256,
    ]);
    expect(good.headers.get('x-fusegate-emulator')).not.toBeNull();
    expect(await session.violationCodes()).toEqual([]);
    const bad = await fetch(target, { headers: session.headers });
    expect([bad.status, await bad.text()]).toEqual([400, expect.stringContaining('InvalidArgument')]);
    expect(await session.violationCodes()).toEqual(['authorization-on-storage']);
  });
});

describe('an account at its limit', () => {
  it('says so and is refused one more build, and no other account is', async () => {
    const session = await start({ timeScale: 1 });
    await session.settings({ buildLimit: 1, uploadMs: 0, fuseMs: 1_000_000 });
    const build = async () => {
      const appId = await session.upload(archive());
      await session.settled(`upload/${appId}/status`);
      const fields = { action: 'fuse', app_id: appId, fusion_set_id: FUSION_SET_IDS.androidFull };
      return (await session.post('tasks', fields)).status;
    };
    const sessions = () => session.json('sessions/limit');
    expect(await sessions()).toEqual({ active: 0, limit: 1 });
    expect([await build(), await build()]).toEqual([200, 429]);
    expect(await sessions()).toEqual({ active: 1, limit: 1 });
    session.team = TEAM;
    expect(await sessions()).toEqual({ active: 0, limit: 1 });
    expect(await build()).toBe(200);
    session.team = 'personal';
    await session.settings({ buildLimit: 0 });
    expect(await build()).toBe(200);
    expect(await sessions()).toEqual({ active: 2, limit: 0 });
  });
});

describe('apps', () => {
  it('finds an app by its checksum, in its team only', async () => {
    const session = await start({}, TEAM);
    const bytes = archive('x');
    const checksum = sha256(bytes);
    expect(await (await session.postJson('apps/check-by-checksum', { checksum })).json()).toEqual({ exists: false });
    const appId = await session.upload(bytes);
    await session.settled(`upload/${appId}/status`);
    expect(await (await session.postJson('apps/check-by-checksum', { checksum })).json()).toEqual({
      exists: true,
      app_id: appId,
    });
    session.team = 'personal';
    expect(await (await session.postJson('apps/check-by-checksum', { checksum })).json()).toEqual({ exists: false });
    await session.settings({ checksumLookup: 'absent' });
    expect((await session.postJson('apps/check-by-checksum', { checksum })).status).toBe(404);
  });

  it('refuses what is not a ZIP, and names it under error', async () => {
    const session = await start();
    for (const [bytes, name] of [
      [new TextEncoder().encode('this is a text file, not an app at all'), 'Text.apk'],
      [archive(), 'Archive.exe'],
    ] as const) {
      const appId = await session.upload(bytes, name);
      expect(await session.settled(`upload/${appId}/status`)).toEqual({ status: 'error', error: 'Unsupported file' });
      expect(
        (await session.post('tasks', { action: 'fuse', app_id: appId, fusion_set_id: FUSION_SET_IDS.androidFull }))
          .status,
      ).toBe(400);
    }
  });

  it('answers the synchronous call with the refusal', async () => {
    const session = await start();
    const { url, file_id } = await session.link();
    await session.put(url, new TextEncoder().encode('no archive, long enough to be read'));
    const answer = await session.post('upload-using-link', { file_app_id: file_id, file_name: 'a.apk' });
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { statusCode: 400, error: 'Bad Request', message: 'Unsupported file' },
    ]);
  });

  it('registers the same upload once', async () => {
    const session = await start();
    const { url, file_id } = await session.link();
    await session.put(url, archive());
    const fields = { file_app_id: file_id, file_name: 'a.apk' };
    const ids = [];
    for (let call = 0; call < 2; call += 1)
      ids.push(await (await session.post('upload-using-link', fields, { async: 'true' })).json());
    expect(ids[0]).toEqual(ids[1]);
  });
});

describe('Fusion Sets', () => {
  it('takes sets of a test, and certificates derive from the set as it was', async () => {
    const session = await start({ shape: 'B' });
    const set = {
      id: 'b0000001-c6f0-11f1-8aaa-0242ac120002',
      name: 'Mine',
      platform: 'android',
      features: [
        {
          key: 'my_protection',
          category: 'Mine',
          role: 'plugin',
          displayName: 'My Protection',
          mode: 'In-App Detection',
        },
      ],
    };
    expect((await session.postJson('/__emulator/fusion-sets', set)).status).toBe(200);
    const { taskId } = await session.built(set.id);
    expect((await session.postJson('/__emulator/fusion-sets', [{ ...set, features: [] }])).status).toBe(200);
    expect(await session.json(`tasks/${taskId}/certificate-json`)).toMatchObject({
      features: ['my_protection', 'My Protection'],
      fusion_set_name: 'Mine',
    });
    const later = await session.built(set.id);
    expect((await session.json(`tasks/${later.taskId}/certificate-json`)).features).toEqual([]);
  });

  it('refuses sets that are not whole, and names what is wrong', async () => {
    const session = await start();
    const answer = await session.postJson('/__emulator/fusion-sets', {
      id: 'x',
      name: 'N',
      platform: 'windows',
      features: [],
    });
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { message: string }).message).toMatch(/id.*platform/);
  });

  it('shows a missing listener on the PDF', async () => {
    const session = await start();
    const { taskId } = await session.built(FUSION_SET_IDS.androidMissingListener);
    const { items } = await readPdf(
      new Uint8Array(await (await session.get(`tasks/${taskId}/certificate`)).arrayBuffer()),
    );
    expect(items.map(({ text }) => text)).toContain('DeveloperOptionsEnabled');
  });

  it('lists the events whose names do not occur in the app, on request', async () => {
    const session = await start();
    const missing = async (members: Zippable) => {
      const { taskId } = await session.built(FUSION_SET_IDS.androidSearched, { bytes: zipSync(members) });
      const pdf = await (await session.get(`tasks/${taskId}/certificate`)).arrayBuffer();
      const texts = (await readPdf(new Uint8Array(pdf))).items.map(({ text }) => text);
      expect(texts.some((text) => text.includes('appear to be missing'))).toBe(texts.some((text) => EVENTS.has(text)));
      return texts.filter((text) => EVENTS.has(text));
    };
    const all = strToU8([...EVENTS].join('\n'));
    expect(new Set(await missing({ 'classes.dex': strToU8('dex') }))).toEqual(EVENTS);
    expect(await missing({ 'classes.dex': all })).toEqual([]);
    expect(await missing({ 'classes.dex': [all, { level: 0 }] })).toEqual([]);
    const most = strToU8([...EVENTS].filter((name) => !/^(?:RootedDevice|EmulatorFound)$/.test(name)).join('\n'));
    expect(await missing({ 'classes.dex': strToU8('dex'), 'assets/sample.json': most })).toEqual([
      'RootedDevice',
      'EmulatorFound',
    ]);
  });
});
