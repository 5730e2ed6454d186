import { truncateSync } from 'node:fs';
import { truncate } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { runPipeline } from '@fusegate/shared/pipeline/run-pipeline';
import { describe, expect, it } from 'vitest';
import { json } from '../support/api-server.ts';
import { errorOf } from '../support/errors.ts';
import { fieldsOf } from '../support/multipart.ts';
import { LIMITS, pipelineTest } from '../support/pipeline.ts';

describe('a registration whose answer is lost', () => {
  it('is asked for by checksum until the service knows the app', async () => {
    const { service, request, io } = await pipelineTest();
    service.on('register', (response) => response.destroy());
    service.on('checksum', (response, nth) =>
      json(response, nth < 4 ? { exists: false } : { exists: true, app_id: 'app-found' }),
    );
    const outcome = await runPipeline(request, await io());
    expect(outcome.ids.appId).toBe('app-found');
    expect(service.count('register')).toBe(1);
  });

  it.each([502, 'reset'] as const)('and that never arrived is sent again, without the file (%s)', async (how) => {
    const { service, request, io } = await pipelineTest();
    service.on('register', (response, nth) => {
      if (nth > 2) return false;
      return how === 'reset' ? response.destroy() : json(response, {}, how);
    });
    const outcome = await runPipeline(request, await io());
    expect(outcome.ids.appId).toBe('app-1');
    expect(service.count('put')).toBe(1);
    expect(service.requestsTo('register').map((each) => fieldsOf(each).file_app_id)).toEqual(Array(3).fill('file-1'));
    expect(service.count('fuse')).toBe(1);
  });

  it('ends the upload when the service cannot be asked', async () => {
    const { service, request, io } = await pipelineTest();
    service.on('register', (response) => json(response, {}, 502));
    service.on('checksum', (response) => json(response, {}, 404));
    const error = await errorOf(runPipeline(request, await io()));
    expect(error).toMatchObject({ code: 'api.unavailable', status: 502, stage: 'upload' });
    expect(service.count('register')).toBe(1);
  });

  it('ends the upload after minutes, not before', async () => {
    const { service, request, io, clock } = await pipelineTest();
    service.on('register', (response) => response.destroy());
    const error = await errorOf(runPipeline(request, await io()));
    expect(error).toMatchObject({ code: 'network.unreachable', stage: 'upload' });
    expect(clock.monotonic()).toBeGreaterThanOrEqual(120_000);
    expect(service.count('register')).toBeLessThan(10);
    expect(service.count('fuse')).toBe(0);
  });

  it('that was refused is not asked for', async () => {
    const { service, request, io } = await pipelineTest();
    service.on('register', (response) => json(response, { message: 'no' }, 400));
    const error = await errorOf(runPipeline(request, await io()));
    expect(error).toMatchObject({ code: 'service.refused', stage: 'upload' });
    expect(service.count('checksum')).toBe(1);
  });
});

it.each(['checksum', 'link'] as const)(
  'does not wait for the %s of the look-up for more than seconds',
  async (route) => {
    const { retries: _none, ...limits } = LIMITS;
    const { service, request, io, clock } = await pipelineTest({ limits });
    let transferred = Number.POSITIVE_INFINITY;
    // The link is needed in the end, when the look-up has given up.
    service.on(route, (response) => (clock.monotonic() < 5_000 ? json(response, {}, 503) : false));
    service.on('put', () => {
      transferred = clock.monotonic();
      return false;
    });
    await runPipeline(request, await io());
    expect(service.count(route)).toBeGreaterThan(2);
    expect(transferred).toBeLessThan(6_000);
  },
);

describe('a large app', () => {
  /** The size from which on the checksum and the upload go side by side. */
  const SIZE = 64 * 1024 * 1024;

  async function largeAppTest(early?: Parameters<typeof pipelineTest>[1]) {
    const test = await pipelineTest({}, early);
    await truncate(test.appPath, SIZE);
    const { app } = test.request;
    if (app === undefined) throw new Error('no app');
    return { ...test, request: { ...test.request, app: { ...app, size: SIZE } } };
  }

  /** A storage that takes the beginning of a file and no more. */
  function slowStorage() {
    const uploads: IncomingMessage[] = [];
    let begun = () => {};
    const beginning = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const take = (request: IncomingMessage) => {
      if (request.method !== 'PUT') return false;
      uploads.push(request);
      request.on('error', () => {});
      request.once('data', () => {
        request.pause();
        begun();
      });
      return true;
    };
    /** Whether each upload was sent to its end. */
    const wholeOnes = () =>
      Promise.all(
        uploads.map(async (upload) => {
          const closed = new Promise((resolve) => upload.once('close', resolve));
          upload.resume();
          await closed;
          return upload.complete;
        }),
      );
    return { beginning, take, wholeOnes };
  }

  it('is sent while it is read for its checksum', async () => {
    const { service, request, io } = await largeAppTest();
    const arrived = new Promise<void>((resolve) => {
      service.on('put', () => {
        resolve();
        return false;
      });
    });
    service.on('checksum', (response) => void arrived.then(() => json(response, { exists: false })));
    const test = await io();
    const outcome = await runPipeline(request, test);
    expect(outcome.ids.appId).toBe('app-1');
    expect(service.requestsTo('put').map(({ body }) => body.length)).toEqual([SIZE]);
    expect([service.count('link'), service.count('checksum'), service.count('register')]).toEqual([1, 1, 1]);
    const [sha256] = service.requestsTo('checksum').map(({ body }) => JSON.parse(body.toString()).checksum);
    expect(outcome.app?.sha256).toBe(sha256);
    expect(test.stages.timings().map(({ name }) => name)).not.toContain('checksum');
  });

  it('that the service has is not sent to its end, and not registered again', async () => {
    const storage = slowStorage();
    const { service, request, io } = await largeAppTest(storage.take);
    service.on(
      'checksum',
      (response) => void storage.beginning.then(() => json(response, { exists: true, app_id: 'app-found' })),
    );
    expect((await runPipeline(request, await io())).ids.appId).toBe('app-found');
    expect(await storage.wholeOnes()).toEqual([false]);
    expect(service.count('register')).toBe(0);
  });

  it('ends with the run that is cancelled meanwhile', async () => {
    const storage = slowStorage();
    const { service, request, io } = await largeAppTest(storage.take);
    service.on('checksum', () => true);
    const test = await io();
    const ended = errorOf(runPipeline(request, test));
    await storage.beginning;
    test.cancel.abort();
    expect(await ended).toMatchObject({ code: 'run.cancelled', stage: 'upload' });
    expect(await storage.wholeOnes()).toEqual([false]);
    expect(service.count('register')).toBe(0);
  });

  it('is uploaded where nobody can be asked', async () => {
    const { service, request, io } = await largeAppTest();
    service.on('checksum', (response) => json(response, {}, 404));
    expect((await runPipeline(request, await io())).ids.appId).toBe('app-1');
  });

  it('that the service has needs no storage', async () => {
    const { service, request, io } = await largeAppTest();
    const refused = new Promise<void>((resolve) => {
      service.on('put', (response, nth) => {
        if (nth === 2) resolve();
        json(response, {}, 403);
      });
    });
    service.on(
      'checksum',
      (response) => void refused.then(() => json(response, { exists: true, app_id: 'app-found' })),
    );
    expect((await runPipeline(request, await io())).ids.appId).toBe('app-found');
    expect(service.count('register')).toBe(0);
  });

  it('that the storage refuses ends the run', async () => {
    const { service, request, io } = await largeAppTest();
    service.on('put', (response) => json(response, {}, 403));
    expect(await errorOf(runPipeline(request, await io()))).toMatchObject({
      code: 'service.refused',
      status: 403,
      stage: 'upload',
    });
    expect([service.count('put'), service.count('register')]).toEqual([2, 0]);
  });

  it('that changes meanwhile ends the run at once', async () => {
    const { service, request, io, appPath } = await largeAppTest();
    service.on('link', () => {
      truncateSync(appPath, SIZE + 1);
      return false;
    });
    // Until that has ended it.
    service.on('checksum', () => true);
    expect(await errorOf(runPipeline(request, await io()))).toMatchObject({ code: 'upload.changed', stage: 'upload' });
    expect(service.count('register')).toBe(0);
  });
});
