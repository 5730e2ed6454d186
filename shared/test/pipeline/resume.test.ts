import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runPipeline } from '@fusegate/shared/pipeline/run-pipeline';
import { describe, expect, it } from 'vitest';
import { json } from '../support/api-server.ts';
import type { Route } from '../support/build-service.ts';
import { errorOf } from '../support/errors.ts';
import { LIMITS, pipelineTest } from '../support/pipeline.ts';
import { zipOf } from '../support/zip.ts';

const COSTLY: Route[] = ['put', 'register', 'fuse', 'seal', 'context'];

/** A run that stops at a route as a killed runner does: nothing is cleaned up, and the journal is what the disk has. */
async function killedAt(route: Route, overrides: Parameters<typeof pipelineTest>[0] = {}, nth = 1) {
  const test = await pipelineTest(overrides);
  const first = await test.io({ runId: 'run-1' });
  let journal: Promise<unknown> | undefined;
  test.service.on(route, (_response, count) => {
    if (count !== nth) return false;
    // What the run has written so far is what a killed process would leave; what it writes after this is undone below.
    journal = test.journal().finally(() => first.cancel.abort());
    return true;
  });
  await errorOf(runPipeline(test.request, first));
  await writeFile(path.join(test.dir, 'private', 'fusegate-journal.json'), JSON.stringify(await journal));
  test.service.on(route, () => false);
  const before = Object.fromEntries(COSTLY.map((each) => [each, test.service.count(each)]));
  const again = (each: Route) => test.service.count(each) - (before[each] ?? 0);
  return { ...test, again };
}

describe('resume: auto', () => {
  it.each<[Route, number, Partial<Record<Route, number>>]>([
    ['upload-status', 1, { put: 0, register: 0, fuse: 1, seal: 1 }],
    ['status', 1, { put: 0, register: 0, fuse: 0, seal: 1 }],
    ['status', 4, { put: 0, register: 0, fuse: 0, seal: 0 }],
    ['output', 1, { put: 0, register: 0, fuse: 0, seal: 0 }],
  ])('goes on after a kill at %s %d', async (route, nth, expected) => {
    const { request, io, again, service } = await killedAt(route, {}, nth);
    const its = await io({ runId: 'run-1' });
    const outcome = await runPipeline(request, its);
    for (const [each, count] of Object.entries(expected)) expect(again(each as Route), each).toBe(count);
    expect(outcome.ids).toMatchObject({ appId: 'app-1', buildId: 'build-1' });
    // Only the journal says that this build was made from this app.
    expect(outcome.app).toMatchObject({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/u), claimed: true });
    expect(outcome.files.map(({ role }) => role)).toContain('protected-app');
    expect(service.count('fuse')).toBe(1);
    expect(its.seen.logged.some(({ text }) => text.startsWith('Continuing the run from'))).toBe(true);
  });

  it('asks for the state after a kill while signing was being asked for', async () => {
    // The request arrived: the build is busy, and is only waited for.
    const arrived = await killedAt('seal');
    arrived.service.pollsToGo = 2;
    await runPipeline(arrived.request, await arrived.io({ runId: 'run-1' }));
    expect(arrived.again('seal')).toBe(0);
    // It did not: the build is idle, and the request is made again.
    const missed = await killedAt('seal');
    missed.service.pollsToGo = 0;
    await runPipeline(missed.request, await missed.io({ runId: 'run-1' }));
    expect(missed.again('seal')).toBe(1);
  });

  it('does the same for the context step', async () => {
    const { request, io, again, service } = await killedAt('context', { context: { version: '2' } });
    service.pollsToGo = 2;
    await runPipeline(request, await io({ runId: 'run-1' }));
    expect([again('context'), again('seal'), again('fuse')]).toEqual([0, 1, 0]);
  });

  it('does not start a build again when the answer was lost', async () => {
    const { request, io, again } = await killedAt('fuse');
    for (const resume of ['auto', 'never'] as const) {
      const error = await errorOf(runPipeline({ ...request, resume }, await io({ runId: 'run-1' })));
      expect(error).toMatchObject({ code: 'build.may-exist', stage: 'build', exitCode: 4, ids: { appId: 'app-1' } });
      expect(error.hint).toMatch(/build-id.*resume: new/);
    }
    expect(again('fuse')).toBe(0);
    await runPipeline({ ...request, resume: 'new' }, await io({ runId: 'run-1' }));
    expect(again('fuse')).toBe(1);
  });

  it('goes on from a lost build by its id: it is signed and downloaded', async () => {
    const { request, io, again, service } = await killedAt('fuse');
    service.on('json', (response, nth) => (nth === 1 ? json(response, {}, 404) : false));
    const byId = { ...request, buildId: 'build-1' };
    await runPipeline(byId, await io({ runId: 'run-1', request: byId }));
    expect([again('fuse'), again('seal')]).toEqual([0, 1]);
  });

  it('starts over when the inputs, the CI run or the day differ', async () => {
    const otherApp = await killedAt('output');
    await writeFile(otherApp.appPath, zipOf(['AndroidManifest.xml', 'classes.xyz']));
    await runPipeline(otherApp.request, await otherApp.io({ runId: 'run-1' }));
    expect(otherApp.again('fuse')).toBe(1);

    const otherSet = await killedAt('output');
    await runPipeline({ ...otherSet.request, fusionSetId: 'set-2' }, await otherSet.io({ runId: 'run-1' }));
    expect(otherSet.again('fuse')).toBe(1);

    const otherRun = await killedAt('output');
    await runPipeline(otherRun.request, await otherRun.io({ runId: 'run-2' }));
    expect(otherRun.again('fuse')).toBe(1);

    const nextDay = await killedAt('output');
    nextDay.clock.advance(24 * 3_600_000);
    await runPipeline(nextDay.request, await nextDay.io({ runId: 'run-1' }));
    expect(nextDay.again('fuse')).toBe(1);
  });

  it('does not resume a finished run, nor with `never` an unfinished one', async () => {
    const finished = await pipelineTest();
    await runPipeline(finished.request, await finished.io());
    await runPipeline(finished.request, await finished.io());
    expect(finished.service.count('fuse')).toBe(2);

    const never = await killedAt('output');
    await runPipeline({ ...never.request, resume: 'never' }, await never.io({ runId: 'run-1' }));
    expect(never.again('fuse')).toBe(1);
  });

  it('starts over after a failed build, and only signs again after a failed signing', async () => {
    const build = await pipelineTest();
    build.service.on('status', (response, nth) => (nth === 1 ? json(response, { status: 'error' }) : false));
    expect((await errorOf(runPipeline(build.request, await build.io()))).code).toBe('service.build-failed');
    await runPipeline(build.request, await build.io());
    expect(build.service.count('fuse')).toBe(2);

    const sign = await pipelineTest();
    sign.service.on('status', (response, nth) => (nth === 4 ? json(response, { status: 'error' }) : false));
    expect((await errorOf(runPipeline(sign.request, await sign.io()))).code).toBe('service.sign-failed');
    await runPipeline(sign.request, await sign.io());
    expect([sign.service.count('fuse'), sign.service.count('seal')]).toEqual([1, 2]);
  });

  it('starts a build again that was refused', async () => {
    const { service, request, io } = await pipelineTest();
    service.on('fuse', (response, nth) =>
      nth === 1 ? json(response, { message: 'Invalid fusion set ID' }, 400) : false,
    );
    expect((await errorOf(runPipeline(request, await io()))).code).toBe('service.refused');
    await runPipeline(request, await io());
    expect([service.count('put'), service.count('fuse')]).toEqual([1, 2]);
  });

  it('never pays twice where the journal has lost the id of a build, and uploads again where it has lost the app', async () => {
    for (const [route, code, uploads] of [
      ['output', 'build.may-exist', 0],
      ['upload-status', undefined, 1],
    ] as const) {
      const { request, io, again, dir } = await killedAt(route);
      const file = path.join(dir, 'private', 'fusegate-journal.json');
      const record = JSON.parse(await readFile(file, 'utf8'));
      await io();
      await writeFile(file, JSON.stringify({ ...record, ids: {} }));
      const ended = runPipeline({ ...request, reuseUpload: false }, await io({ runId: 'run-1' }));
      expect(
        await ended.then(
          () => undefined,
          (error) => error.code,
        ),
        route,
      ).toBe(code);
      expect([again('put'), again('fuse')], route).toEqual([uploads, uploads]);
    }
  });

  it('ignores a journal that is damaged or of another version', async () => {
    for (const text of ['', '{', 'null', '[]', '{"version":2}', '{"version":1,"stage":"building"}', '\u0000']) {
      const { service, request, io, dir } = await pipelineTest();
      await io();
      await writeFile(path.join(dir, 'private', 'fusegate-journal.json'), text);
      await runPipeline(request, await io());
      expect(service.count('fuse'), text).toBe(1);
    }
  });

  it('starts no build without a journal', async () => {
    const { service, request, io, dir } = await pipelineTest();
    const its = await io();
    service.on('upload-status', async (response) => {
      await rm(path.join(dir, 'private'), { recursive: true });
      await writeFile(path.join(dir, 'private'), 'a file where the folder was');
      json(response, { status: 'completed' });
    });
    const error = await errorOf(runPipeline(request, its));
    expect(error).toMatchObject({ code: 'output.unwritable', stage: 'build' });
    expect(service.count('fuse')).toBe(0);
  });
});

describe('build-id', () => {
  it('downloads a build that has its certificate', async () => {
    const { service, request, io } = await pipelineTest();
    service.pollsToGo = 3;
    const byId = { ...request, buildId: 'build-1' };
    const outcome = await runPipeline(byId, await io({ request: byId }));
    expect(COSTLY.map((route) => service.count(route))).toEqual([0, 0, 0, 0, 0]);
    expect(service.count('status')).toBe(4);
    expect(outcome.ids.buildId).toBe('build-1');
    expect(outcome.app).toMatchObject({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/u), claimed: true });
  });

  it('signs a build that has none yet', async () => {
    const { service, request, io } = await pipelineTest();
    service.on('json', (response, nth) => (nth === 1 ? json(response, {}, 404) : false));
    const byId = { ...request, buildId: 'build-1', context: { version: '3' } };
    await runPipeline(byId, await io({ request: byId }));
    expect(COSTLY.map((route) => service.count(route))).toEqual([0, 0, 0, 1, 1]);
  });

  it('tries to sign a build whose signing may have failed, and is refused where there is nothing to sign', async () => {
    const failed = await pipelineTest();
    failed.service.on('status', (response, nth) =>
      nth === 1 ? json(response, { status: 'error', message: 'wrong password' }) : false,
    );
    const byId = { ...failed.request, buildId: 'build-1' };
    await runPipeline(byId, await failed.io({ request: byId }));
    expect(failed.service.count('seal')).toBe(1);

    const broken = await pipelineTest();
    broken.service.on('status', (response) => json(response, { status: 'error' }));
    broken.service.on('seal', (response) => json(response, { message: 'The build failed' }, 400));
    const error = await errorOf(runPipeline({ ...broken.request, buildId: 'build-1' }, await broken.io()));
    expect(error).toMatchObject({ code: 'service.refused', stage: 'sign' });
  });

  it('that the service does not know is refused', async () => {
    const { service, request, io } = await pipelineTest();
    service.on('status', (response) => json(response, { message: 'No such task' }, 404));
    const error = await errorOf(runPipeline({ ...request, buildId: 'build-9' }, await io()));
    expect(error).toMatchObject({ code: 'service.refused', stage: 'build', ids: { buildId: 'build-9' } });
  });

  it('of a journal on this disk goes on where that run was', async () => {
    const { request, io, again, service } = await killedAt('status', {}, 4);
    service.pollsToGo = 1;
    const byId = { ...request, buildId: 'build-1' };
    await runPipeline(byId, await io({ runId: 'run-1', request: byId }));
    expect([again('fuse'), again('seal')]).toEqual([0, 0]);
  });

  it('stops at its own deadline', async () => {
    const { service, request, io } = await pipelineTest();
    service.on('status', (response) => json(response, { status: 'progress' }));
    const byId = { ...request, buildId: 'build-1', limits: { ...LIMITS, build: 90_000 } };
    expect((await errorOf(runPipeline(byId, await io({ request: byId })))).code).toBe('timeout.build');
  });
});
