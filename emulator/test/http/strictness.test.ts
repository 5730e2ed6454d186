import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { BUILT_IN_FUSION_SETS, FUSION_SET_IDS } from '../../src/fusion-sets/built-in.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { emulators } from '../support/running.ts';
import { archive, type Session } from '../support/session.ts';

const start = emulators();
const ANDROID = FUSION_SET_IDS.androidFull;
const NOBODY = 'c0000001-c6f0-11f1-8aaa-0242ac120002';

async function rawRequest(session: Session, text: string): Promise<string> {
  const { hostname, port } = new URL(session.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

describe('every answer', () => {
  it('announces the emulator, failures and broken requests included', async () => {
    const session = await start();
    const answers = [
      await session.get('upload-link'),
      await session.get('nowhere'),
      await fetch(session.url),
      await session.get('/s3/none'),
    ];
    for (const answer of answers) expect(answer.headers.get('x-fusegate-emulator')).toMatch(/^\d+\.\d+\.\d+/);
    expect(await rawRequest(session, 'no http at all\r\n\r\n')).toContain('X-Fusegate-Emulator');
  });

  it('has failures in the envelope of the service', async () => {
    const session = await start();
    expect(await session.json('nowhere')).toEqual({ statusCode: 404, error: 'Not Found', message: 'Not Found' });
    expect((await fetch(session.address('upload-link'), { method: 'POST', headers: session.headers })).status).toBe(
      405,
    );
    expect(await session.violationCodes()).toEqual(['unknown-endpoint', 'unknown-endpoint']);
  });

  it('keeps the rules of the bash client on success: compact, one id, no "error"', async () => {
    const session = await start();
    const bodies: string[] = [await (await session.get('upload-link')).text()];
    const { url, file_id } = await session.link();
    bodies.push(await (await session.put(url, archive())).text());
    bodies.push(await (await session.post('upload-using-link', { file_app_id: file_id, file_name: 'a.apk' })).text());
    const appId = (JSON.parse(bodies.at(-1) ?? '') as { id: string }).id;
    bodies.push(await (await session.post('tasks', { action: 'fuse', app_id: appId, fusion_set_id: ANDROID })).text());
    const taskId = (JSON.parse(bodies.at(-1) ?? '') as { task_id: string }).task_id;
    await session.settled(`tasks/${taskId}/status`);
    bodies.push(await (await session.get(`tasks/${taskId}/status`, { messages: 'true' })).text());
    expect(bodies[1]).toBe('');
    for (const body of bodies) {
      expect(body).not.toContain('error');
      expect(body).not.toMatch(/":\s/);
      expect(body.match(/"(id|url|file_id|task_id|status)":/g)?.length ?? 0).toBeLessThanOrEqual(2);
    }
    for (const { message } of (JSON.parse(bodies.at(-1) ?? '') as { messages: Array<{ message: { text: string } }> })
      .messages) {
      expect(message.text).not.toContain('"');
    }
  });
});

describe('the key', () => {
  it('is taken raw and as bearer, refused otherwise', async () => {
    const session = await start({ apiKey: 'k3y' });
    const status = async (authorization?: string) => {
      const headers: Record<string, string> = { 'X-Appdome-Client': 'X/1' };
      if (authorization !== undefined) headers.Authorization = authorization;
      return (await fetch(session.address('upload-link'), { headers })).status;
    };
    expect(
      await Promise.all([status('k3y'), status('Bearer k3y'), status('K3Y'), status('Basic k3y'), status('')]),
    ).toEqual([200, 200, 401, 401, 401]);
    expect(await status()).toBe(401);
  });
});

describe('the presigned link', () => {
  it('refuses the Authorization header', async () => {
    const session = await start();
    const { url } = await session.link();
    const answer = await session.put(url, archive(), { Authorization: 'rehearsal-key' });
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('<Error>')]);
    expect(await session.violationCodes()).toEqual(['authorization-on-storage']);
  });

  it('refuses a chunked body', async () => {
    const session = await start();
    const { url } = await session.link();
    const body = new Blob([new Uint8Array(archive())]).stream();
    const answer = await fetch(url, { method: 'PUT', body, duplex: 'half' } as RequestInit);
    expect(answer.status).toBe(411);
    expect(await session.violationCodes()).toEqual(['missing-content-length']);
  });

  it('refuses another signature and an unknown file', async () => {
    const session = await start();
    const { url } = await session.link();
    expect((await session.put(url.replace(/Signature=./, 'Signature=x'), archive())).status).toBe(403);
    expect((await session.put(url.replace('/s3/', '/s3/9'), archive())).status).toBe(403);
  });

  it('dies after 30 minutes', async () => {
    const clock = new ManualClock();
    const session = await start({ clock });
    const { url } = await session.link();
    clock.advance(30 * 60_000);
    expect((await session.put(url, archive())).status).toBe(200);
    clock.advance(1);
    const late = await session.put(url, archive());
    expect([late.status, await late.text()]).toEqual([403, expect.stringContaining('expired')]);
  });

  it('gives nothing to who only asks whether the storage is there, and does not want the key', async () => {
    const session = await start();
    const storage = (await session.link()).url.replace(/\?.*/, '');
    const answer = await fetch(storage);
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('AccessDenied')]);
    expect(await session.violationCodes()).toEqual([]);
    await fetch(storage, { headers: session.headers });
    expect(await session.violationCodes()).toEqual(['authorization-on-storage']);
  });

  it('keeps nothing of a body that ends early', async () => {
    const session = await start();
    const { url, file_id } = await session.link();
    const { pathname, search, host } = new URL(url);
    const { hostname, port } = new URL(session.url);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () => {
        socket.write(`PUT ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 1000\r\n\r\nPK`, () =>
          socket.destroy(),
        );
      });
      socket.on('close', () => resolve());
    });
    await expect.poll(async () => (await session.state()).requests.map(({ status }) => status)).toEqual([200, 0]);
    const answer = await session.post('upload-using-link', { file_app_id: file_id, file_name: 'a.apk' });
    expect(answer.status).toBe(404);
  });
});

describe('POST /tasks refuses', () => {
  const cases: Array<[string, Record<string, string>, number, string?]> = [
    ['no action', {}, 400, 'Invalid request payload input'],
    ['an unknown action', { action: 'explode' }, 400],
    ['fuse without ids', { action: 'fuse' }, 400],
    ['an unknown Fusion Set', { action: 'fuse', app_id: 'APP', fusion_set_id: NOBODY }, 400, 'Invalid fusion set ID'],
    [
      'a playground set',
      { action: 'fuse', app_id: 'APP', fusion_set_id: FUSION_SET_IDS.playground },
      400,
      'Invalid fusion set ID',
    ],
    ['an unknown app', { action: 'fuse', app_id: NOBODY, fusion_set_id: ANDROID }, 404],
    ['a set of the other platform', { action: 'fuse', app_id: 'APP', fusion_set_id: FUSION_SET_IDS.iosFull }, 400],
    ['overrides that are not JSON', { action: 'fuse', app_id: 'APP', fusion_set_id: ANDROID, overrides: '{' }, 400],
    ['overrides that are a list', { action: 'fuse', app_id: 'APP', fusion_set_id: ANDROID, overrides: '[]' }, 400],
    ['sign without a build', { action: 'sign' }, 400],
    ['context for a build of nobody', { action: 'context', parent_task_id: NOBODY }, 404],
  ];

  it.each(cases)('%s', async (_, fields, status, message) => {
    const session = await start();
    const appId = await session.upload(archive());
    const given = Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [name, value === 'APP' ? appId : value]),
    );
    const answer = await session.post('tasks', given);
    expect(answer.status).toBe(status);
    const body = (await answer.json()) as { message: string };
    if (message !== undefined) expect(body.message).toBe(message);
    expect((await session.state()).tasks).toEqual([]);
  });

  const sealings: Array<[string, Record<string, unknown>]> = [
    ['no fingerprint', {}],
    ['a fingerprint of wrong length', { signing_sha1_fingerprint: 'AB'.repeat(19) }],
    ['a fingerprint that is not hex', { signing_sha1_fingerprint: 'ZZ'.repeat(20) }],
    ['Google signing without its fingerprint', { signing_keystore_use_google_signing: true }],
    [
      'two kinds at once',
      {
        signing_sha1_fingerprint: 'AB'.repeat(20),
        signing_keystore_use_google_signing: 'true',
        signing_keystore_google_signing_sha1_key: 'AB'.repeat(20),
      },
    ],
    ['a trusted list that is text', { trusted_signing_fingerprint_list: 'AB'.repeat(20) }],
    ['an empty trusted list', { trusted_signing_fingerprint_list: [] }],
    [
      'an upgrade without the second fingerprint',
      {
        signing_keystore_use_google_signing: true,
        signing_keystore_google_signing_sha1_key: 'AB'.repeat(20),
        signing_keystore_google_signing_upgrade: true,
      },
    ],
  ];

  it.each(sealings)('seal with %s', async (_, overrides) => {
    const session = await start();
    const taskId = await session.fuse(await session.upload(archive()), ANDROID);
    await session.settled(`tasks/${taskId}/status`);
    const answer = await session.act(taskId, 'seal', overrides);
    expect(answer.status).toBe(400);
    expect((await session.state()).tasks[0]?.stages).toHaveLength(1);
  });

  it('sign without keystore or without a password', async () => {
    const session = await start();
    const taskId = await session.fuse(await session.upload(archive()), ANDROID);
    await session.settled(`tasks/${taskId}/status`);
    expect((await session.act(taskId, 'sign', { signing_keystore_password: 'x' })).status).toBe(400);
    expect((await session.sign(taskId, { signing_keystore_alias: '' })).status).toBe(400);
  });

  it('an iOS signing without a profile', async () => {
    const session = await start();
    const taskId = await session.fuse(await session.upload(archive(), 'A.ipa'), FUSION_SET_IDS.iosFull);
    await session.settled(`tasks/${taskId}/status`);
    const answer = await session.act(
      taskId,
      'sign',
      { signing_p12_password: 'x' },
      { signing_p12_content: new Blob(['p']) },
    );
    expect(answer.status).toBe(400);
  });

  it('an action while the build is busy, and records it', async () => {
    const clock = new ManualClock();
    const session = await start({ clock, timeScale: 1 });
    const appId = await session.upload(archive());
    clock.advance(1000);
    const taskId = await session.fuse(appId, ANDROID);
    expect((await session.seal(taskId)).status).toBe(400);
    expect(await session.violationCodes()).toEqual(['stage-out-of-order']);
  });

  it('a body that is not a form', async () => {
    const session = await start();
    expect((await session.postJson('tasks', { action: 'fuse' })).status).toBe(415);
    const headers = { ...session.headers, 'Content-Type': 'multipart/form-data; boundary=x' };
    expect((await fetch(session.address('tasks'), { method: 'POST', headers, body: 'rubbish' })).status).toBe(400);
  });
});

describe('failures of a build', () => {
  it('a wrong keystore password ends in error, with HTTP 200', async () => {
    const session = await start();
    const taskId = await session.fuse(await session.upload(archive()), ANDROID);
    await session.settled(`tasks/${taskId}/status`);
    expect((await session.sign(taskId, { signing_keystore_password: 'wrong-password' })).status).toBe(200);
    expect(await session.settled(`tasks/${taskId}/status`)).toMatchObject({
      status: 'error',
      message: 'Keystore password is wrong',
    });
    expect((await session.get(`tasks/${taskId}/output`)).status).toBe(404);
    expect((await session.get(`tasks/${taskId}/certificate`)).status).toBe(404);
  });

  it('has no certificate before signing, and no output while it works', async () => {
    const clock = new ManualClock();
    const session = await start({ clock, timeScale: 1 });
    const appId = await session.upload(archive());
    clock.advance(1000);
    const taskId = await session.fuse(appId, ANDROID);
    expect((await session.get(`tasks/${taskId}/output`)).status).toBe(404);
    await session.settings({ notReadyStatus: 400 });
    expect((await session.get(`tasks/${taskId}/output`)).status).toBe(400);
    clock.advance(1000);
    await session.settled(`tasks/${taskId}/status`);
    expect((await session.get(`tasks/${taskId}/output`)).status).toBe(200);
    expect((await session.get(`tasks/${taskId}/certificate`)).status).toBe(400);
    expect((await session.get(`tasks/${taskId}/certificate-json`)).status).toBe(400);
  });

  it('does not show a build or an app to another team', async () => {
    const session = await start();
    const { appId, taskId } = await session.built(ANDROID);
    session.team = NOBODY;
    expect((await session.get(`tasks/${taskId}/status`)).status).toBe(404);
    expect((await session.get(`upload/${appId}/status`)).status).toBe(404);
    expect(await session.violationCodes()).toEqual(['unknown-task', 'unknown-app']);
  });
});

describe('time', () => {
  it('runs through queued, progress and completed', async () => {
    const clock = new ManualClock();
    const session = await start({ clock, timeScale: 0.5 });
    await session.settings({ queuedMs: 100 });
    const appId = await session.upload(archive());
    const word = async (path: string) => (await session.json(path)).status;
    expect(await word(`upload/${appId}/status`)).toBe('queued');
    clock.advance(50);
    expect(await word(`upload/${appId}/status`)).toBe('progress');
    clock.advance(150);
    expect(await word(`upload/${appId}/status`)).toBe('completed');
    const taskId = await session.fuse(appId, ANDROID);
    expect(await word(`tasks/${taskId}/status`)).toBe('progress');
    clock.advance(499);
    expect(await word(`tasks/${taskId}/status`)).toBe('progress');
    clock.advance(1);
    expect(await session.settled(`tasks/${taskId}/status`)).toMatchObject({ status: 'completed' });
    await session.seal(taskId);
    expect(await word(`tasks/${taskId}/status`)).toBe('progress');
  });

  it('answers the synchronous registration after the analysis', async () => {
    const clock = new ManualClock();
    const session = await start({ clock, timeScale: 1 });
    const { url, file_id } = await session.link();
    await session.put(url, archive());
    let answered = false;
    const answer = session.post('upload-using-link', { file_app_id: file_id, file_name: 'a.apk' }).then((response) => {
      answered = true;
      return response;
    });
    await expect.poll(() => clock.waiting).toBe(1);
    expect(answered).toBe(false);
    clock.advance(300);
    const { id } = (await (await answer).json()) as { id: string };
    expect((await session.json(`upload/${id}/status`)).status).toBe('completed');
  });

  it('gives messages once, by lastDate', async () => {
    const clock = new ManualClock();
    const session = await start({ clock, timeScale: 1 });
    const appId = await session.upload(archive());
    clock.advance(1000);
    const taskId = await session.fuse(appId, ANDROID);
    const seen: string[] = [];
    let lastDate: string | undefined;
    for (let poll = 0; poll < 12; poll += 1) {
      const query = { messages: 'true', ...(lastDate === undefined ? {} : { lastDate }) };
      const { messages } = await session.json<{
        messages: Array<{ message: { text: string }; creation_time: string }>;
      }>(`tasks/${taskId}/status`, query);
      seen.push(...messages.map(({ message }) => message.text));
      lastDate = messages.at(-1)?.creation_time ?? lastDate;
      clock.advance(100);
    }
    expect(seen).toEqual([
      'Preparing the app',
      'Adding the protections of the Fusion Set',
      'Packaging the protected app',
    ]);
    expect(await session.json(`tasks/${taskId}/status`)).not.toHaveProperty('messages');
  });
});

describe('violations and the record', () => {
  it('records what a careful client does not send', async () => {
    const session = await start();
    delete session.headers['X-Appdome-Client'];
    await session.get('upload-link', { teamid: 'typo' });
    expect(await session.violationCodes()).toEqual(['unknown-query', 'missing-client-header']);
  });

  it('takes unknown parts and records them, but not the part named None', async () => {
    const session = await start();
    const appId = await session.upload(archive());
    const fields = {
      action: 'fuse',
      app_id: appId,
      fusion_set_id: ANDROID,
      fusionset: 'x',
      None: new Blob([]),
      stray: new Blob(['x']),
    };
    expect((await session.post('tasks', fields)).status).toBe(200);
    expect(await session.violationCodes()).toEqual(['unknown-field', 'unknown-file']);
  });

  it('accepts the official client: dummy part, a path as file name, a content type on GET', async () => {
    const session = await start();
    const taskId = await session.fuse(await session.upload(archive()), ANDROID);
    const status = await fetch(session.address(`tasks/${taskId}/status`), {
      headers: { ...session.headers, 'Content-Type': 'multipart/form-data' },
    });
    expect(status.status).toBe(200);
    await session.settled(`tasks/${taskId}/status`);
    const form = new FormData();
    form.set('None', new Blob([]), 'None');
    form.set('action', 'context');
    form.set('parent_task_id', taskId);
    form.set('overrides', '{}');
    const answer = await fetch(session.address('tasks'), { method: 'POST', headers: session.headers, body: form });
    expect(await answer.json()).toEqual({ task_id: taskId });
    expect(await session.violationCodes()).toEqual([]);
  });

  it('records a blind repeat of a build, not a second honest one', async () => {
    const session = await start();
    const appId = await session.upload(archive());
    await session.fuse(appId, ANDROID);
    await session.fuse(appId, ANDROID);
    expect(await session.violationCodes()).toEqual(['duplicate-build']);
    const other = await start();
    const again = await other.upload(archive());
    for (let build = 0; build < 2; build += 1) {
      const taskId = await other.fuse(again, ANDROID);
      await other.settled(`tasks/${taskId}/status`);
    }
    expect(await other.violationCodes()).toEqual([]);
  });

  it('holds no secret anywhere: not in the state, not on disk', async () => {
    const { readFile } = await import('node:fs/promises');
    const session = await start({ apiKey: 'an-api-key-to-hide' });
    session.headers.Authorization = 'an-api-key-to-hide';
    const { url } = await session.link();
    await session.put(url, archive());
    await session.built(ANDROID);
    await session.post('tasks', { action: 'sign', overrides: '{"signing_keystore_password":"sp3cial-store-pw"' });
    const { dataDir } = session.emulator;
    const state = JSON.stringify(await session.state());
    await expect
      .poll(async () => (await readFile(`${dataDir}/requests.jsonl`, 'utf8')).split('\n').length)
      .toBeGreaterThan(10);
    const disk =
      (await readFile(`${dataDir}/state.json`, 'utf8')) + (await readFile(`${dataDir}/requests.jsonl`, 'utf8'));
    for (const secret of ['an-api-key-to-hide', 'sp3cial-store-pw', 'sp3cial-key-pw']) {
      expect(state).not.toContain(secret);
      expect(disk).not.toContain(secret);
    }
    expect(state).not.toContain(new URL(url).searchParams.get('X-Amz-Signature'));
    expect(state).toContain('signing_keystore_alias');
  });

  it('records fields, files, sizes and status of each request', async () => {
    const session = await start();
    await session.built(ANDROID);
    const { requests } = await session.state();
    const sign = requests.find(({ fields }) => fields.action === 'sign');
    expect(sign).toMatchObject({
      method: 'POST',
      path: '/api/v1/tasks',
      status: 200,
      headers: { authorization: '***', 'x-appdome-client': 'Fusegate/0.1.0' },
      files: [{ field: 'signing_keystore', fileName: 'part.bin', size: 18 }],
    });
    expect(sign?.fields.overrides).toMatchObject({ signing_keystore_password: '***', signing_keystore_alias: 'key0' });
    expect(requests.find(({ method }) => method === 'PUT')?.bodyBytes).toBe(archive().length);
    expect(requests.map(({ number }) => number)).toEqual(requests.map((_, index) => index + 1));
  });

  it('forgets everything on reset', async () => {
    const session = await start();
    await session.built(ANDROID);
    await session.postJson('/__emulator/reset', {});
    const state = await session.state();
    expect([state.apps, state.tasks, state.requests, state.violations, state.fusionSets.length]).toEqual([
      [],
      [],
      [],
      [],
      BUILT_IN_FUSION_SETS.length,
    ]);
  });

  it('refuses settings that it does not know', async () => {
    const session = await start();
    const answer = await session.postJson('/__emulator/settings', { queuedMs: -1, shape: 'A', redirectOutputs: 'yes' });
    expect(((await answer.json()) as { message: string }).message).toMatch(
      /^queuedMs: .*; shape: .*; redirectOutputs: /u,
    );
  });
});
