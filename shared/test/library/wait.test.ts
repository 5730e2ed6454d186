import type { CallContext } from '@fusegate/shared/api/call';
import { waitForBuild, waitForUpload } from '@fusegate/shared/library/wait';
import { afterEach, describe, expect, it } from 'vitest';
import { type ApiServer, json, serve } from '../support/api-server.ts';
import { testClient, testContext } from '../support/call.ts';
import { errorOf } from '../support/errors.ts';

let server: ApiServer | undefined;
afterEach(() => server?.close());

async function answering(answers: unknown[]) {
  server = await serve((_request, response) => json(response, answers.length > 1 ? answers.shift() : answers[0]));
  return { server, ...testClient(server.url) };
}

describe('waiting for an upload', () => {
  it('waits through queued and words that nobody knows, and says so once', async () => {
    const words = ['queued', 'pending', 'pending', 'progress', 'completed'].map((status) => ({ status }));
    const { server, client, clock } = await answering(words);
    const logged: string[] = [];
    const context: CallContext = { ...testContext('analysis'), log: (_level, text) => logged.push(text) };
    await waitForUpload(client, 'app-1', context, { clock });
    expect(server.requests).toHaveLength(5);
    expect(clock.waits).toEqual([1000, 1035, 1071, 1109]);
    expect(logged.filter((text) => text.includes('pending'))).toHaveLength(1);
  });

  it('ends with the service’s reason', async () => {
    const { client, clock } = await answering([{ status: 'error', error: 'Unsupported file' }]);
    const error = await errorOf(waitForUpload(client, 'app-1', testContext('analysis'), { clock }));
    expect(error).toMatchObject({ code: 'service.analysis-failed' });
    expect(error.message).toContain('Unsupported file');
  });
});

describe('waiting for a build', () => {
  const said = (text: string, second: number) => ({
    message: { text },
    creation_time: `2026-01-01T10:00:0${second}.000Z`,
  });

  it('hands on each message once, the last answer’s too, and asks for newer ones', async () => {
    const { server, client, clock } = await answering([
      { status: 'progress', messages: [said('one', 1)] },
      { status: 'progress', messages: [said('one', 1), said('two', 2)] },
      { status: 'completed', messages: [said('three', 3)], obfuscationMapExists: true },
    ]);
    const seen: string[] = [];
    const options = { clock, pollMin: 5, pollMax: 5, onMessage: ({ text }: { text: string }) => seen.push(text) };
    const status = await waitForBuild(client, 'build-1', testContext('build'), options);
    expect(status).toMatchObject({ status: 'completed', obfuscationMapExists: true });
    expect(seen).toEqual(['one', 'two', 'three']);
    const dates = server.requests.map(({ url }) => new URL(url, 'http://h').searchParams.get('lastDate'));
    expect(dates).toEqual([null, '2026-01-01T10:00:01.000Z', '2026-01-01T10:00:02.000Z']);
    expect(clock.waits).toEqual([5, 5]);
  });

  it.each([
    ['build', 'service.build-failed'],
    ['context', 'service.context-failed'],
    ['sign', 'service.sign-failed'],
    ['download', 'service.build-failed'],
  ] as const)('calls a failure in %s %s', async (stage, code) => {
    const { client, clock } = await answering([{ status: 'error', message: 'No' }]);
    expect(await errorOf(waitForBuild(client, 'build-1', testContext(stage), { clock }))).toMatchObject({ code });
  });

  it('ends with its signal', async () => {
    const { client, clock } = await answering([{ status: 'progress' }]);
    const context = testContext('build');
    const waiting = waitForBuild(client, 'build-1', context, {
      clock,
      onMessage: () => {},
      pollMin: 1,
      pollMax: 1,
    });
    context.onRequest = () => context.abort.abort(new DOMException('over', 'TimeoutError'));
    expect(await errorOf(waiting)).toMatchObject({ code: 'timeout.run' });
  });
});
