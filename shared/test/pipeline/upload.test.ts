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
