import { describe, expect, it } from 'vitest';
import { FUSION_SET_IDS } from '../../src/fusion-sets/built-in.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { readPdf } from '../support/pdf-text.ts';
import { emulators } from '../support/running.ts';
import { archive, type Session } from '../support/session.ts';

const start = emulators();
const ANDROID = FUSION_SET_IDS.androidFull;
const LINK = { path: '/api/v1/upload-link' };

/** Name of the failure of a request that gets no whole answer. */
async function failure(promise: Promise<Response>): Promise<string> {
  try {
    await (await promise).arrayBuffer();
    return 'none';
  } catch (error) {
    return (error as Error).name;
  }
}

async function left(session: Session): Promise<Array<number | null>> {
  return (await session.state()).faults.map(({ remaining }) => remaining);
}

async function pdfText(session: Session, taskId: string): Promise<string[]> {
  const bytes = await (await session.get(`tasks/${taskId}/certificate`)).arrayBuffer();
  return (await readPdf(new Uint8Array(bytes))).items.map(({ text }) => text);
}

describe('answers instead of the service', () => {
  it('gives statuses in sequence, with headers, and is then used up', async () => {
    const session = await start();
    await session.addFaults(
      { match: LINK, do: { kind: 'status', code: 429, headers: { 'Retry-After': '7' } } },
      { match: LINK, times: 2, do: { kind: 'status', code: 502, body: '<h1>bad</h1>', contentType: 'text/html' } },
    );
    const answers = [
      await session.get('upload-link'),
      await session.get('upload-link'),
      await session.get('upload-link'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([429, 502, 502]);
    expect(answers[0]?.headers.get('retry-after')).toBe('7');
    expect(await answers[0]?.json()).toMatchObject({ statusCode: 429, error: 'Too Many Requests' });
    expect(await answers[1]?.text()).toBe('<h1>bad</h1>');
    for (const answer of answers) expect(answer.headers.get('x-fusegate-emulator')).not.toBeNull();
    expect(await left(session)).toEqual([0, 0]);
    expect((await session.get('upload-link')).status).toBe(200);
  });

  it('has no effect without "effect", and the whole effect with it', async () => {
    const session = await start();
    const appId = await session.upload(archive());
    const fuse = { match: { path: '/api/v1/tasks', action: 'fuse' } };
    await session.addFaults(
      { ...fuse, do: { kind: 'status', code: 503 } },
      { ...fuse, do: { kind: 'html', code: 504, effect: true } },
    );
    const fields = { action: 'fuse', app_id: appId, fusion_set_id: ANDROID };
    expect((await session.post('tasks', fields)).status).toBe(503);
    expect((await session.state()).tasks).toHaveLength(0);
    const answer = await session.post('tasks', fields);
    expect([answer.status, await answer.text()]).toEqual([504, expect.stringContaining('<html>')]);
    expect((await session.state()).tasks).toHaveLength(1);
  });

  it('answers a page with status 200 on request', async () => {
    const session = await start();
    await session.addFaults({ match: LINK, do: { kind: 'html', code: 200, body: '<html>login</html>' } });
    const answer = await session.get('upload-link');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  });
});

describe('connections', () => {
  it('resets on the headers, and for a build with and without effect', async () => {
    const session = await start();
    const appId = await session.upload(archive());
    await session.addFaults(
      { match: LINK, do: { kind: 'reset', at: 'request' } },
      { match: { action: 'fuse' }, do: { kind: 'reset', at: 'request' } },
      { match: { action: 'fuse' }, do: { kind: 'reset', at: 'answer' } },
    );
    expect(await failure(session.get('upload-link'))).toBe('TypeError');
    const fields = { action: 'fuse', app_id: appId, fusion_set_id: ANDROID };
    expect(await failure(session.post('tasks', fields))).toBe('TypeError');
    expect((await session.state()).tasks).toHaveLength(0);
    expect(await failure(session.post('tasks', fields))).toBe('TypeError');
    expect((await session.state()).tasks).toHaveLength(1);
    expect(await left(session)).toEqual([0, 0, 0]);
    expect((await session.state()).requests.filter(({ status }) => status === 0)).toHaveLength(3);
  });

  it('resets in the middle of an upload; the next one is whole', async () => {
    const session = await start();
    const bytes = new Uint8Array(4 * 1024 * 1024).fill(7);
    await session.addFaults({
      match: { method: 'PUT', path: '/s3/*' },
      do: { kind: 'reset', at: 'request-body', bytes: 65_536 },
    });
    const { url } = await session.link();
    expect(await failure(session.put(url, bytes))).toBe('TypeError');
    expect((await session.put(url, bytes)).status).toBe(200);
    expect(session.emulator.state().uploads[0]?.content?.size).toBe(bytes.length);
  });

  it.each([
    ['truncate', { kind: 'truncate', bytes: 1000 }],
    ['reset', { kind: 'reset', at: 'answer-body', bytes: 1000 }],
  ] as const)('cuts a download by %s, with the full length announced', async (_, fault) => {
    const session = await start();
    const { taskId } = await session.built(ANDROID, { bytes: archive('x'.repeat(100_000)) });
    await session.addFaults({ match: { path: '**/output' }, do: fault });
    const answer = await session.get(`tasks/${taskId}/output`);
    expect(answer.status).toBe(200);
    expect(Number(answer.headers.get('content-length'))).toBeGreaterThan(100_000);
    expect(await failure(Promise.resolve(answer))).toBe('TypeError');
    expect((await (await session.get(`tasks/${taskId}/output`)).arrayBuffer()).byteLength).toBeGreaterThan(100_000);
  });

  it('announces only the part that it sends', async () => {
    const session = await start();
    const { taskId } = await session.built(ANDROID, { bytes: archive('x'.repeat(100_000)) });
    await session.addFaults({
      match: { path: '**/output' },
      do: { kind: 'truncate', bytes: 1000, announced: 'part' },
    });
    const answer = await session.get(`tasks/${taskId}/output`);
    expect(answer.headers.get('content-length')).toBe('1000');
    expect((await answer.arrayBuffer()).byteLength).toBe(1000);
  });

  it('trickles, and sends the whole body', async () => {
    const session = await start();
    const whole = await (await session.get('upload-link')).text();
    await session.addFaults({ match: LINK, do: { kind: 'trickle', bytes: 5, pauseMs: 1 } });
    expect((await (await session.get('upload-link')).text()).length).toBe(whole.length);
    expect(await left(session)).toEqual([0]);
  });

  it.each([
    ['itself', '127.0.0.1'],
    ['elsewhere', 'localhost'],
  ] as const)('redirects to %s', async (to, host) => {
    const session = await start();
    await session.addFaults({ match: LINK, do: { kind: 'redirect', to } });
    const answer = await fetch(session.address('upload-link'), { headers: session.headers, redirect: 'manual' });
    const location = new URL(answer.headers.get('location') ?? '');
    expect([answer.status, location.hostname]).toEqual([302, host]);
    expect(location.port).toBe(new URL(session.address('upload-link')).port);
    expect(location.pathname).toBe('/api/v1/upload-link');
  });

  it('stalls: never answers, or stops within the body', async () => {
    const session = await start();
    const { taskId } = await session.built(ANDROID, { bytes: archive('x'.repeat(100_000)) });
    await session.addFaults(
      { match: LINK, do: { kind: 'stall', at: 'request' } },
      { match: { path: '**/output' }, do: { kind: 'stall', at: 'answer-body', bytes: 500 } },
    );
    const abort = new AbortController();
    const stalled = failure(fetch(session.address('upload-link'), { headers: session.headers, signal: abort.signal }));
    await expect.poll(() => left(session)).toEqual([0, 1]);
    abort.abort();
    expect(await stalled).toBe('AbortError');
    const output = await session.get(`tasks/${taskId}/output`);
    const reader = output.body?.getReader();
    let received = 0;
    while (received < 500) received += (await reader?.read())?.value?.length ?? 1000;
    expect(received).toBe(500);
    await reader?.cancel();
  });

  it('delays by the clock, scaled or not', async () => {
    const clock = new ManualClock();
    const session = await start({ clock, timeScale: 0.1 });
    await session.addFaults(
      { match: LINK, do: { kind: 'delay', ms: 1000 } },
      { match: LINK, after: 1, do: { kind: 'delay', ms: 1000, scaled: false } },
    );
    for (const wait of [100, 1000]) {
      const answer = session.get('upload-link');
      await expect.poll(() => clock.waiting).toBe(1);
      clock.advance(wait - 1);
      expect(clock.waiting).toBe(1);
      clock.advance(1);
      expect((await answer).status).toBe(200);
    }
  });

  it('ends what waits when it closes', async () => {
    const session = await start({ clock: new ManualClock() });
    await session.addFaults(
      { match: LINK, do: { kind: 'delay', ms: 1e6, scaled: false } },
      { match: { path: '**/status' }, do: { kind: 'stall', at: 'request' } },
    );
    const waiting = [failure(session.get('upload-link')), failure(session.get('tasks/x/status'))];
    await expect.poll(() => left(session)).toEqual([0, 0]);
    await session.emulator.close();
    expect(await Promise.all(waiting)).toEqual(['TypeError', 'TypeError']);
  });
});

describe('changed answers', () => {
  it('replaces bodies', async () => {
    const session = await start();
    await session.addFaults(
      { match: LINK, do: { kind: 'replace', text: '{"url":' } },
      { match: LINK, do: { kind: 'replace', json: [1], code: 201 } },
      { match: LINK, do: { kind: 'replace', base64: 'AAEC', contentType: 'application/pdf' } },
    );
    // All three change the first answer, in order: the last one is what is sent.
    const answer = await session.get('upload-link');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([201, 'application/pdf']);
    expect(Buffer.from(await answer.arrayBuffer()).toString('hex')).toBe('000102');
  });

  it('patches keys, inner ones too, and makes no prototype', async () => {
    const session = await start();
    await session.addFaults({
      match: LINK,
      do: { kind: 'patchJson', set: { url: 5, 'a.b': true, '__proto__.x': 1 }, delete: ['file_id', 'no.such'] },
    });
    const body = await (await session.get('upload-link')).text();
    expect(JSON.parse(body)).toMatchObject({ url: 5, a: { b: true } });
    expect(body).not.toContain('file_id');
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  it('answers other words, states and messages', async () => {
    const session = await start();
    const appId = await session.upload(archive());
    await session.addFaults(
      { times: 2, do: { kind: 'uploadState', state: 'queued' } },
      { after: 2, do: { kind: 'uploadState', state: 'error', error: 'Broken file' } },
    );
    const words = [];
    for (let poll = 0; poll < 4; poll += 1) words.push(await session.json(`upload/${appId}/status`));
    expect(words).toEqual([
      { status: 'queued' },
      { status: 'queued' },
      { status: 'error', error: 'Broken file' },
      { status: 'completed' },
    ]);
    const taskId = await session.fuse(appId, ANDROID);
    await session.settled(`tasks/${taskId}/status`);
    await session.addFaults(
      { do: { kind: 'statusWord', word: 'pending' } },
      { do: { kind: 'message', text: '::error::x' } },
    );
    expect(await session.json(`tasks/${taskId}/status`)).toMatchObject({ status: 'pending' });
    const { messages } = await session.json<{ messages: unknown[] }>(`tasks/${taskId}/status`, { messages: 'true' });
    expect(messages.at(-1)).toMatchObject({ message: { text: '::error::x' }, message_type: 'info' });
    expect(await left(session)).toEqual([0, 0, 0, 0]);
  });

  it('fails a stage, and the state survives', async () => {
    const session = await start();
    await session.addFaults({ do: { kind: 'taskError', stage: 'seal', message: 'No licence' } });
    const { taskId } = await session.built(ANDROID, { how: 'seal' });
    expect(await session.json(`tasks/${taskId}/status`)).toMatchObject({ status: 'error', message: 'No licence' });
    expect(await left(session)).toEqual([0]);
  });
});

describe('certificates', () => {
  it('name other ids, in both documents or in one', async () => {
    const session = await start();
    const { taskId } = await session.built(ANDROID);
    const other = 'c0000001-c6f0-11f1-8aaa-0242ac120002';
    await session.addFaults(
      { match: { path: '**/certificate' }, do: { kind: 'certificate', buildId: other, finalSha256: '0'.repeat(64) } },
      { match: { path: '**/certificate-json' }, do: { kind: 'certificate', fusionSetId: other } },
    );
    const text = await pdfText(session, taskId);
    expect(text).toContain(other);
    expect(text.join('')).toContain('0'.repeat(64));
    expect(await session.json(`tasks/${taskId}/certificate-json`)).toMatchObject({
      build_id: taskId,
      fusion_set_id: other,
    });
    expect(await pdfText(session, taskId)).toContain(taskId);
  });

  it('drop protections, or all of them', async () => {
    const session = await start({ shape: 'B' });
    const { taskId } = await session.built(ANDROID);
    await session.addFaults({
      times: 2,
      do: { kind: 'certificate', dropFeatures: ['root_detection', 'Root Detection'] },
    });
    expect((await pdfText(session, taskId)).join('\n')).not.toMatch(/root_detection|Root Detection/);
    expect((await session.json(`tasks/${taskId}/certificate-json`)).features).not.toContain('root_detection');
    await session.addFaults({ times: 2, do: { kind: 'certificate', featuresEmpty: true } });
    expect((await session.json(`tasks/${taskId}/certificate-json`)).features).toEqual([]);
    expect((await pdfText(session, taskId)).join('\n')).not.toMatch(/Plugins:|In-App Detection/);
  });

  it.each(['A', 'D', 'E', 'F', 'G', 'nested'] as const)('carry a value of a feature in shape %s', async (shape) => {
    const session = await start({ shape });
    const { taskId } = await session.built(ANDROID);
    await session.addFaults({ do: { kind: 'certificate', featureValue: { key: 'root_detection', value: 'failed' } } });
    expect(JSON.stringify(await session.json(`tasks/${taskId}/certificate-json`)).match(/"failed"/g)).toHaveLength(1);
  });

  it('carry a second identity, a list under another name, and free text', async () => {
    const session = await start();
    const { taskId } = await session.built(ANDROID);
    await session.addFaults({
      times: 2,
      do: {
        kind: 'certificate',
        secondIdentity: { key: 'build_id', value: 'other' },
        featureListKey: 'missing_features',
        appName: 'Plugins: root_detection',
        annotation: '::set-output::',
        signer: 'CN=##vso[task.complete]',
        fusionSetName: 'Other name',
        shuffleSeed: 4,
      },
    });
    const json = await session.json(`tasks/${taskId}/certificate-json`);
    expect(json).toMatchObject({ build_id: taskId, details: { build_id: 'other' }, fusion_set_name: 'Other name' });
    expect(json).toHaveProperty('missing_features');
    expect(json).not.toHaveProperty('features');
    const text = await pdfText(session, taskId);
    expect(text).toEqual(expect.arrayContaining(['other', taskId, 'Plugins: root_detection', '::set-output::']));
    expect(text.join('\n')).toContain('##vso[task.complete]');
  });
});

describe('the control path', () => {
  it('refuses a bad list as a whole', async () => {
    const session = await start();
    const answer = await session.postJson('/__emulator/faults', [
      { do: { kind: 'html' } },
      { do: { kind: 'html', code: 1 } },
    ]);
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { message: string }).message).toContain('faults[1].do.code');
    expect(await left(session)).toEqual([]);
  });

  it('is not met by faults and not recorded', async () => {
    const session = await start();
    await session.addFaults({ times: 'always', do: { kind: 'status', code: 500 } });
    expect((await session.get('upload-link')).status).toBe(500);
    const state = await session.state();
    expect([state.faults[0]?.remaining, state.faults[0]?.met, state.requests.length]).toEqual([null, [1], 1]);
  });
});
