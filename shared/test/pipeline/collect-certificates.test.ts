import { collectCertificates } from '@fusegate/shared/pipeline/collect-certificates';
import { describe, expect, it } from 'vitest';
import { json } from '../support/api-server.ts';
import { errorOf } from '../support/errors.ts';
import { pipelineTest } from '../support/pipeline.ts';

describe('collectCertificates', () => {
  it('fetches both documents of an idle build and nothing else', async () => {
    const { service, request, io, files } = await pipelineTest({ mode: 'gate' });
    service.pollsToGo = 2;
    const its = await io();
    const outcome = await collectCertificates('build-1', request, its);
    expect(service.asked).toEqual(['status', 'status', 'status', expect.any(String), expect.any(String)]);
    expect([service.count('pdf'), service.count('json')]).toEqual([1, 1]);
    expect(outcome.certificates).toMatchObject({ pdf: { state: 'present' }, json: { state: 'present' } });
    expect(outcome.ids).toEqual({ buildId: 'build-1', fusionSetId: 'set-1' });
    expect(await files()).toEqual(['private/certificate.json', 'private/certificate.pdf']);
    expect(its.stages.timings().map(({ name }) => name)).toEqual(['build', 'certify']);
    expect(its.seen.progress[0]).toMatchObject({ stage: 'build', kind: 'start', attached: true });
  });

  it('has no certificate where there is none', async () => {
    const { service, request, io } = await pipelineTest({ mode: 'gate' });
    for (const route of ['pdf', 'json'] as const)
      service.on(route, (response) => json(response, { message: 'none' }, 404));
    const outcome = await collectCertificates('build-1', request, await io());
    expect(outcome.certificates).toMatchObject({
      pdf: { state: 'absent', reason: expect.stringContaining('none') },
      json: { state: 'absent', reason: expect.stringContaining('none') },
    });
    expect(outcome.files).toEqual([]);
  });

  it.each([
    [404, 'service.refused'],
    [401, 'auth.rejected'],
    [403, 'auth.forbidden'],
  ])('%d to the status is %s', async (status, code) => {
    const { service, request, io } = await pipelineTest({ mode: 'gate' });
    service.on('status', (response) => json(response, {}, status));
    expect(await errorOf(collectCertificates('build-1', request, await io()))).toMatchObject({ code, stage: 'build' });
  });

  it('says that the build failed, and that it was cancelled', async () => {
    const { service, request, io } = await pipelineTest({ mode: 'gate' });
    service.on('status', (response) => json(response, { status: 'error', message: 'x' }));
    expect((await errorOf(collectCertificates('build-1', request, await io()))).code).toBe('service.build-failed');
    const its = await io();
    service.on('status', () => its.cancel.abort());
    expect((await errorOf(collectCertificates('build-1', request, its))).code).toBe('run.cancelled');
  });
});
