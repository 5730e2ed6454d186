/** The end of a run: what may lie where a deploy step looks, whatever happens between the verdict and the exit. */
import { mkdirSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockFolder } from '../../src/files/folder-lock.ts';
import { runJob } from '../../src/jobs/run-job.ts';
import type { Host } from '../../src/model/host.ts';
import { planPolicy } from '../../src/policy/rules/plan.ts';
import { json } from '../support/api-server.ts';
import { pipelineTest } from '../support/pipeline.ts';
import { RecordingHost } from '../support/recording-host.ts';

const planned = planPolicy({
  required: [{ name: 'Root Detection', origin: { option: '--required-features' } }],
  gate: 'enforce',
});
/** The ids of the test's service are shorter than real ones. */
const texts = ['$.build_id: build-1', '$.app_id: app-1', '$.fusion_set_id: set-1'];
const plan = { ...planned.plan, accept: { titles: [], headings: [], labels: [], modes: [], texts } };

type Test = Awaited<ReturnType<typeof pipelineTest>>;

async function green(
  change: (host: Host, dir: string, test: Test) => void = () => {},
  signal: AbortSignal = new AbortController().signal,
) {
  const test = await pipelineTest();
  test.request.output.reports = ['junit'];
  test.service.outputs.json = Buffer.from(
    JSON.stringify({
      build_id: 'build-1',
      app_id: 'app-1',
      fusion_set_id: 'set-1',
      features: [{ name: 'Root Detection', enabled: true }],
    }),
  );
  const host = new RecordingHost();
  change(host, test.dir, test);
  const deps = {
    clock: test.clock,
    retryClock: test.clock,
    random: () => 0.5,
    signal,
  };
  const context = { ci: { system: 'cli' }, tool: {}, root: '/repository', mask: (text: string) => text };
  const end = await runJob(test.request, plan, host, deps, context).catch((error: unknown) => error);
  const result = JSON.parse(await readFile(path.join(test.dir, 'fusegate-result.json'), 'utf8'));
  return { ...test, host, end, result };
}

describe('inputs that look wrong', () => {
  it.each([
    ['input.doubtful', { doubts: ['The entitlements app.entitlements are those of another app.'] }],
    ['input.fused-already', { fusedAlready: 'Its marks are those of another app.' }],
  ])('are named by a green run: in its result, its summary and an annotation (%s)', async (code, inputs) => {
    const { result, host } = await green((_, __, test) => {
      Object.assign(test.request, inputs);
    });
    expect(result).toMatchObject({ verdict: 'pass', exitCode: 0 });
    expect(result.findings).toContainEqual(expect.objectContaining({ code, level: 'warning' }));
    for (const shown of [host.summaries, host.annotations]) {
      expect(JSON.stringify(shown)).toContain('are those of another app');
    }
  });

  it.each([
    ['input.doubtful', { doubts: ['The entitlements app.entitlements are those of another app.'] }],
    ['input.fused-already', { fusedAlready: 'Its marks are those of another app.' }],
  ])('keep a dry run from finding nothing wrong (%s)', async (code, inputs) => {
    const { result, host } = await green((_, __, test) => {
      Object.assign(test.request, { ...inputs, dryRun: true });
    });
    expect(result).toMatchObject({ verdict: 'not-evaluated', exitCode: 0 });
    expect(result.findings).toContainEqual(expect.objectContaining({ code, level: 'warning' }));
    for (const shown of [host.summaries, host.annotations]) {
      expect(JSON.stringify(shown)).toContain('are those of another app');
      expect(JSON.stringify(shown)).not.toContain('found nothing wrong');
    }
  });
});

describe('a green run', () => {
  it('hands the app out', async () => {
    const { end, result, files, host, journal } = await green();
    expect(end).toMatchObject({ exitCode: 0 });
    expect(result).toMatchObject({ verdict: 'pass', exitCode: 0 });
    expect(await files()).toContain('shop.apk');
    expect(host.failed).toEqual([]);
    expect(await journal()).toMatchObject({ stage: 'finished', ids: { buildId: 'build-1' } });
  });

  it('is red where the app is another one by the time it is handed out', async () => {
    const { end, result, files } = await green((host, dir) => {
      const { progress } = host;
      host.progress = (each) => {
        progress.call(host, each);
        // Two jobs that share an output folder: the other one's app takes the same name.
        if (each.stage === 'certify' && each.kind === 'finish')
          void writeFile(path.join(dir, 'rejected', 'shop.apk'), 'PK\u0003\u0004 of another build');
      };
    });
    expect(result.verdict).toBe('error');
    expect(end).toMatchObject({ exitCode: result.exitCode });
    expect(result.exitCode).not.toBe(0);
    expect(await files()).not.toContain('shop.apk');
  });

  it.each(['setOutput', 'summary', 'attachReport'] as const)(
    'is red, and takes the app back, where the CI system cannot be told (%s)',
    async (method) => {
      const { result, files, end } = await green((host) => {
        host[method] = () => {
          throw new Error('no space left on device');
        };
      });
      expect(end).toBeInstanceOf(Error);
      expect(result.exitCode).not.toBe(0);
      expect(result.verdict).toBe('error');
      expect(await files()).not.toContain('shop.apk');
      expect((await files()).join()).toContain('rejected/shop.apk');
    },
  );
});

describe('a run that is ended between the download and the verdict', () => {
  it('names the app that lies in rejected/', async () => {
    const cancel = new AbortController();
    const { end, result, host, files } = await green((recording, _dir, { service }) => {
      // The certificates are waited for, and meanwhile the app has come.
      service.outputs.pdf = Buffer.alloc(0);
      service.outputs.json = Buffer.alloc(0);
      const { progress } = recording;
      recording.progress = (each) => {
        progress.call(recording, each);
        if (each.stage === 'download' && each.kind === 'finish') cancel.abort(new Error('cancelled'));
      };
    }, cancel.signal);
    expect(end).toMatchObject({ exitCode: result.exitCode });
    expect(result.exitCode).not.toBe(0);
    expect(result.verdict).toBe('error');
    expect(result.findings.map(({ code }: { code: string }) => code)).toContain('run.cancelled');
    expect(await files()).toContain('rejected/shop.apk');
    const app = result.files.find(({ role }: { role: string }) => role === 'rejected-app');
    expect(app?.path).toMatch(/rejected.shop\.apk$/u);
    expect(host.outputs.get('rejected-app')).toBe(app.path);
    expect(host.outputs.get('protected-app')).toBe('');
  });

  it('keeps what it learnt where it is ended while the certificate is judged', async () => {
    const cancel = new AbortController();
    const { end, result, appPath, journal } = await green((recording) => {
      const { progress } = recording;
      recording.progress = (each) => {
        progress.call(recording, each);
        if (each.stage === 'certify' && each.kind === 'finish') cancel.abort(new Error('cancelled'));
      };
    }, cancel.signal);
    expect(end).toMatchObject({ exitCode: 130 });
    // The next run goes on with the build.
    expect(await journal()).toMatchObject({ stage: 'signed', ids: { buildId: 'build-1' } });
    const [finding] = result.findings;
    expect(finding).toMatchObject({ code: 'run.cancelled', hint: expect.stringContaining('run --build-id build-1') });
    expect(result).toMatchObject({ verdict: 'error', ids: { buildId: 'build-1' }, app: { path: appPath } });
    expect(result.app.sha256).toMatch(/^[0-9a-f]{64}$/u);
    expect(result.certificate.features).toMatchObject([{ name: 'Root Detection' }]);
    const roles = result.files.map(({ role }: { role: string }) => role);
    expect(roles).toEqual(expect.arrayContaining(['rejected-app', 'certificate-pdf', 'certificate-json']));
  });
});

describe('a failure after the build was paid for', () => {
  it('of the disk is 8, leaves the journal open and names the way on', async () => {
    const { end, result, journal } = await green((host, dir) => {
      const { progress } = host;
      host.progress = (each) => {
        progress.call(host, each);
        if (each.stage === 'certify' && each.kind === 'finish')
          mkdirSync(path.join(dir, 'fusegate-junit.xml', 'occupied'), { recursive: true });
      };
    });
    expect(end).toMatchObject({ exitCode: 8 });
    expect(result.findings[0]).toMatchObject({
      code: 'output.not-kept',
      hint: expect.stringContaining('fusegate run --build-id build-1'),
    });
    expect(await journal()).toMatchObject({ stage: 'signed' });
  });

  it.each([
    ['the download', 'output', 5],
    ['the signing', 'seal', 5],
  ] as const)('of %s names the way on', async (_what, route, exitCode) => {
    const { result } = await green((_host, _dir, { service }) => {
      service.on(route, (response) => json(response, { message: 'No' }, 400));
    });
    expect(result).toMatchObject({
      exitCode,
      findings: [{ hint: expect.stringContaining('run --build-id build-1') }, {}],
    });
  });

  it('has no way on where the build itself failed', async () => {
    const { result } = await green((_host, _dir, { service }) => {
      service.on('status', (response) => json(response, { status: 'error' }));
    });
    expect(result.findings[0]).toMatchObject({ code: 'service.build-failed' });
    expect(result.findings[0].hint).not.toContain('build-1');
  });
});

describe('a build that is only fetched', () => {
  it('is no pass where nothing shows that it was signed', async () => {
    const { end, result } = await green((_host, _dir, { request }) => {
      request.buildId = 'build-1';
      delete request.sign;
    });
    expect(end).toMatchObject({ exitCode: 8 });
    expect(result.findings.map(({ code }: { code: string }) => code)).toContain('signing.unproven');
  });
});

describe('a run that cannot begin', () => {
  it.each([false, true])('is one whose app has no room on the disk: nothing is sent (dry run: %s)', async (dryRun) => {
    const { end, result, service } = await green((_host, _dir, { request }) => {
      Object.assign(request, { dryRun });
      Object.assign(request.app ?? {}, { size: 2 ** 60 });
    });
    expect(end).toMatchObject({ exitCode: 2 });
    expect(result.findings[0]).toMatchObject({ code: 'output.unwritable' });
    expect(service.asked).toEqual([]);
  });

  it('leaves the folder to the run that works in it, and sends nothing', async () => {
    const test = await pipelineTest();
    const { dir, clock } = test;
    const unlock = await lockFolder({ dir, clock, log() {} });
    await writeFile(path.join(dir, 'fusegate-result.json'), 'of the other run');
    const deps = { clock, retryClock: clock, random: () => 0.5, signal: new AbortController().signal };
    const context = { ci: { system: 'cli' }, tool: {}, root: '/repository', mask: (text: string) => text };
    const start = () =>
      runJob(test.request, plan, new RecordingHost(), deps, context).catch((thrown: unknown) => thrown);
    expect(await start()).toMatchObject({ code: 'output.in-use', exitCode: 2 });
    expect(await readFile(path.join(dir, 'fusegate-result.json'), 'utf8')).toBe('of the other run');
    expect(test.service.asked).toEqual([]);
    await unlock();
    await start();
    expect(test.service.count('fuse')).toBe(1);
    expect(await test.files()).not.toContain('.fusegate.lock');
  });

  it.each(['rejected', 'private'])('keeps the outcome of the earlier one, where %s is a link', async (name) => {
    const test = await pipelineTest();
    const { dir } = test;
    const elsewhere = path.join(dir, '..', `${path.basename(dir)}-elsewhere`);
    await mkdir(elsewhere);
    await writeFile(path.join(elsewhere, 'shop.apk'), 'not ours');
    const paid = { tool: { name: 'fusegate' }, verdict: 'pass', files: [{ path: 'shop.apk', size: 4 }] };
    await mkdir(dir, { recursive: true });
    await writeFile(path.join(dir, 'fusegate-result.json'), JSON.stringify(paid));
    await writeFile(path.join(dir, 'fusegate-report.html'), 'PASS');
    await writeFile(path.join(dir, 'shop.apk'), 'paid');
    await symlink(elsewhere, path.join(dir, name), 'dir');
    const host = new RecordingHost();
    const deps = { clock: test.clock, retryClock: test.clock, random: () => 0.5, signal: new AbortController().signal };
    const context = { ci: { system: 'cli' }, tool: {}, root: '/repository', mask: (text: string) => text };
    const error = await runJob(test.request, plan, host, deps, context).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'output.unwritable', exitCode: 2 });
    const result = async (at: string) => JSON.parse(await readFile(path.join(dir, at), 'utf8'));
    expect(await result('fusegate-result.json')).toMatchObject({ verdict: 'error', exitCode: 2 });
    expect(JSON.stringify((await result('fusegate-result.json')).findings)).toContain(path.join(dir, name));
    expect(await result('previous/fusegate-result.json')).toEqual(paid);
    expect(await readFile(path.join(dir, 'previous/shop.apk'), 'utf8')).toBe('paid');
    expect(await readFile(path.join(elsewhere, 'shop.apk'), 'utf8')).toBe('not ours');
  });
});
