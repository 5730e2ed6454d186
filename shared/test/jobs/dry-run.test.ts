import { describe, expect, it, onTestFinished } from 'vitest';
import { checkSurroundings, dryRunVerdict } from '../../src/jobs/dry-run.ts';
import { plan } from '../policy/synthetic-evidence.ts';
import { json, serve } from '../support/api-server.ts';
import { pipelineTest } from '../support/pipeline.ts';

describe('a look at the network', () => {
  it('reaches API and storage, and uploads nothing', async () => {
    const { service, request, io, clock } = await pipelineTest();
    const storage = await serve((_, response) => json(response, {}, 403));
    onTestFinished(() => storage.close());
    service.on('link', (response) =>
      json(response, { url: `${storage.url}/key?signature=secret`, file_id: 'file-1' }, 200, {
        date: new Date(clock.now() - 600_000).toUTCString(),
      }),
    );
    const test = await io();
    const record = await checkSurroundings(request, test);
    expect(service.asked).toEqual(['link']);
    expect(storage.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET /key']);
    expect(record).toEqual({
      hosts: [
        { host: service.host, why: 'API' },
        { host: storage.host, why: 'storage of uploads and downloads' },
      ],
      clockSkewMs: 600_000,
    });
    expect(test.stages.timings()).toMatchObject([{ name: 'preflight', requests: 2 }]);
    expect(JSON.stringify(record)).not.toContain('secret');
  });

  it('leaves out storage that is the API itself, and asks for a build that is named', async () => {
    const { service, request, io } = await pipelineTest({ buildId: 'build-1' });
    const record = await checkSurroundings(request, await io());
    expect(service.asked).toEqual(['link', 'status']);
    expect(record.hosts).toEqual([{ host: service.host, why: 'API' }]);
  });

  it.each([
    ['the key is refused', 'link', 401, 'auth.rejected'],
    ['the key has no right to the team', 'link', 403, 'auth.forbidden'],
    ['the API is down', 'link', 503, 'api.unavailable'],
    ['the build is unknown', 'status', 404, 'service.refused'],
  ] as const)('says that %s', async (_, route, status, code) => {
    const { service, request, io } = await pipelineTest({ buildId: 'build-1' });
    service.on(route, (response) => json(response, { message: 'no' }, status));
    await expect(checkSurroundings(request, await io())).rejects.toMatchObject({ code, stage: 'preflight' });
  });

  it('says that the storage is not reached', async () => {
    const { service, request, io } = await pipelineTest();
    const gone = await serve(() => {});
    await gone.close();
    service.on('link', (response) => json(response, { url: `${gone.url}/key`, file_id: 'file-1' }));
    await expect(checkSurroundings(request, await io())).rejects.toMatchObject({ code: 'network.unreachable' });
  });

  it('ends with the run', async () => {
    const { service, request, io } = await pipelineTest();
    const test = await io();
    service.on('link', () => test.cancel.abort());
    await expect(checkSurroundings(request, test)).rejects.toMatchObject({ code: 'run.cancelled' });
  });
});

describe('the verdict of a dry run', () => {
  const hosts = [{ host: 'fusion.appdome.com:443', why: 'API' }];

  it('is never a pass', () => {
    const verdict = dryRunVerdict(plan('Root Detection'), { hosts });
    expect(verdict).toMatchObject({ outcome: 'not-evaluated', binding: { level: 'none' }, evidence: 'none' });
    expect(verdict.requirements).toMatchObject([{ outcome: 'not-evaluated' }]);
    expect(verdict.findings).toMatchObject([{ code: 'dry-run.complete', level: 'note' }]);
    expect(verdict.findings[0]?.message).toContain('fusion.appdome.com:443 (API)');
  });

  it('does not say that what nobody could read is in order', () => {
    for (const inputs of [
      { notChecked: ['The keystore was not checked.'] },
      { doubts: ['These look wrong.'] },
      { fusedAlready: 'It has marks.' },
    ]) {
      const { findings } = dryRunVerdict(plan('Root Detection'), { hosts }, inputs);
      expect(findings).toMatchObject([{ code: 'dry-run.complete', message: expect.stringContaining('a warning') }]);
      expect(findings[0]?.message).not.toContain('credentials are in order');
    }
  });

  it.each([
    [301_000, 'ahead of'],
    [-301_000, 'behind'],
  ])('warns of a clock that is off by %i ms', (clockSkewMs, word) => {
    const [finding] = dryRunVerdict(plan('Root Detection'), { hosts, clockSkewMs }).findings;
    expect(finding).toMatchObject({ code: 'dry-run.clock', level: 'warning', message: expect.stringContaining(word) });
  });

  it.each([299_000, -299_000, 0])('lets %i ms pass', (clockSkewMs) => {
    expect(dryRunVerdict(plan('Root Detection'), { hosts, clockSkewMs }).findings).toHaveLength(1);
  });
});
