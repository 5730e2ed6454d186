import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RunRequest } from '@fusegate/shared/model/run-request';
import { runPipeline } from '@fusegate/shared/pipeline/run-pipeline';
import { describe, expect, it } from 'vitest';
import { json } from '../support/api-server.ts';
import type { Route } from '../support/build-service.ts';
import { errorOf } from '../support/errors.ts';
import { temporaryFolder } from '../support/folder.ts';
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
  return { ...test, again, journalFile: path.join(test.dir, 'private', 'fusegate-journal.json') };
}

/** What a full disk or a copied folder leaves. */
async function cutShort(file: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.slice(0, -5));
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

  it('starts over when the inputs, the CI run or the day differ, and names the build that it leaves', async () => {
    type Killed = Awaited<ReturnType<typeof killedAt>>;
    const cases: Array<[string, string, (killed: Killed) => unknown, Partial<RunRequest>]> = [
      ['app', 'run-1', ({ appPath }) => writeFile(appPath, zipOf(['AndroidManifest.xml', 'classes.xyz'])), {}],
      ['set', 'run-1', () => {}, { fusionSetId: 'set-2' }],
      ['run', 'run-2', () => {}, {}],
      ['day', 'run-1', ({ clock }) => clock.advance(24 * 3_600_000), {}],
      ['asked for', 'run-1', () => {}, { resume: 'new' }],
      ['damaged', 'run-1', ({ journalFile }) => cutShort(journalFile), {}],
    ];
    for (const [name, runId, change, more] of cases) {
      const killed = await killedAt('output');
      const its = await killed.io({ runId });
      await change(killed);
      await runPipeline({ ...killed.request, ...more }, its);
      expect(killed.again('fuse'), name).toBe(1);
      const [left, ...others] = its.record.findings;
      expect(others).toEqual([]);
      expect(left, name).toMatchObject({
        code: 'journal.not-followed',
        level: name === 'asked for' ? 'note' : 'warning',
        message: expect.stringContaining('build-1'),
        hint: expect.stringContaining('fusegate run --build-id build-1'),
      });
      // Said before anything is paid for.
      expect(
        its.seen.logged.some(({ text }) => text.includes('fusegate run --build-id build-1')),
        name,
      ).toBe(true);
    }
  });

  it('names nothing where no build was requested', async () => {
    const { request, io } = await killedAt('upload-status');
    const its = await io({ runId: 'run-2' });
    await runPipeline(request, its);
    expect(its.record.findings).toEqual([]);
  });

  it('does not resume a finished run, and does one that has no outcome yet', async () => {
    const { request, io, service } = await pipelineTest();
    await runPipeline(request, await io());
    const second = await io();
    await runPipeline(request, second);
    expect([service.count('fuse'), service.count('seal')]).toEqual([1, 1]);
    await second.journal.finish();
    const third = await io();
    await runPipeline(request, third);
    expect(service.count('fuse')).toBe(2);
    expect(third.record.findings).toEqual([]);
  });

  it('stops with `never` where an earlier attempt left a build, whatever its inputs were', async () => {
    const { request, io, again } = await killedAt('output');
    for (const more of [{}, { fusionSetId: 'set-2' }]) {
      const error = await errorOf(runPipeline({ ...request, ...more, resume: 'never' }, await io({ runId: 'run-1' })));
      expect(error).toMatchObject({ code: 'build.may-exist', exitCode: 4, ids: { buildId: 'build-1' } });
      expect(error.hint).toContain('fusegate run --build-id build-1');
    }
    expect(again('fuse')).toBe(0);
  });

  it('does not pay again because the clock was set back, not even between intent and answer', async () => {
    for (const route of ['output', 'fuse'] as const) {
      const { request, io, again, clock } = await killedAt(route);
      clock.setBack(2 * 3_600_000);
      const ended = runPipeline(request, await io({ runId: 'run-1' })).then(
        () => undefined,
        (error) => error.code,
      );
      expect(await ended).toBe(route === 'fuse' ? 'build.may-exist' : undefined);
      expect(again('fuse')).toBe(0);
    }
  });

  it('ends once, and not for ever, with a build that the service does not know any more', async () => {
    for (const [route, nth] of [
      ['status', 1],
      ['seal', 1],
      ['status', 4],
      ['output', 1],
    ] as const) {
      const { request, io, again, service, journalFile } = await killedAt(route, {}, nth);
      service.on('status', (response) => json(response, { message: 'Task not found' }, 404));
      const error = await errorOf(runPipeline(request, await io({ runId: 'run-1' })));
      expect(error, route).toMatchObject({ code: 'service.refused', ids: { buildId: 'build-1' } });
      expect(error.message).toContain('build-1');
      expect(again('fuse')).toBe(0);
      service.on('status', () => false);
      const its = await io({ runId: 'run-1' });
      await runPipeline(request, its);
      expect(again('fuse'), route).toBe(1);
      // It may be there all the same, under another team or server.
      expect(its.record.findings).toMatchObject([
        { code: 'journal.not-followed', level: 'warning', hint: expect.stringContaining('--build-id build-1') },
      ]);
      expect(await readFile(journalFile, 'utf8')).not.toContain('gone');
    }
  });

  it('keeps the build where a 404 is not an answer of the API', async () => {
    for (const [route, nth, refusing] of [
      ['status', 1, 'status'],
      ['seal', 1, 'seal'],
    ] as const) {
      const { request, io, again, service } = await killedAt(route, {}, nth);
      if (refusing === 'seal')
        service.on('status', (response, count) => (count <= 3 ? json(response, { status: 'error' }) : false));
      service.on(refusing, (response) => {
        response.writeHead(404, { 'content-type': 'text/html' }).end('<html>not here</html>');
      });
      const error = await errorOf(runPipeline(request, await io({ runId: 'run-1' })));
      expect(error, route).toMatchObject({ code: 'service.refused', ids: { buildId: 'build-1' } });
      service.on('status', () => false);
      service.on('seal', () => false);
      await runPipeline(request, await io({ runId: 'run-1' }));
      expect(again('fuse'), route).toBe(0);
    }
  });

  it('signs the same build again with another key, at whatever point the earlier run stopped', async () => {
    const dir = await temporaryFolder();
    const withKey = async (name: string): Promise<NonNullable<RunRequest['sign']>> => {
      await writeFile(path.join(dir, name), name);
      return { method: 'on-appdome', keystore: path.join(dir, name), keystoreAlias: 'upload' };
    };
    for (const [route, nth] of [
      ['sign', 1],
      ['status', 4],
      ['output', 1],
    ] as const) {
      for (const other of [await withKey('other.jks'), { ...(await withKey('first.jks')), keystoreAlias: 'other' }]) {
        const { request, io, again, service } = await killedAt(route, { sign: await withKey('first.jks') }, nth);
        const before = service.count('sign');
        await runPipeline({ ...request, sign: other }, await io({ runId: 'run-1' }));
        expect([again('fuse'), service.count('sign') - before], route).toEqual([0, 1]);
      }
    }
  });

  it('uploads again where the service has lost the app, and does not ask for ever about one that it cannot take', async () => {
    const lost = await killedAt('upload-status');
    lost.service.on('upload-status', (response, nth) =>
      nth === 2 ? json(response, { message: 'App not found' }, 404) : false,
    );
    await runPipeline({ ...lost.request, reuseUpload: false }, await lost.io({ runId: 'run-1' }));
    expect([lost.again('put'), lost.again('fuse')]).toEqual([1, 1]);

    const { service, request, io } = await pipelineTest();
    service.on('upload-status', (response, nth) => (nth === 1 ? json(response, { status: 'error' }) : false));
    expect((await errorOf(runPipeline(request, await io()))).code).toBe('service.analysis-failed');
    await runPipeline({ ...request, reuseUpload: false }, await io());
    expect(service.count('put')).toBe(2);
  });

  it('asks again about a build that seems unknown for a moment, and pays for no other', async () => {
    const { request, io, again, service } = await killedAt('seal');
    let asked = 0;
    service.on('status', (response) => {
      asked += 1;
      return asked === 1 ? json(response, {}, 404) : false;
    });
    await runPipeline(request, await io({ runId: 'run-1' }));
    expect(again('fuse')).toBe(0);
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

  it('does not meet the refusal of a build that failed for ever', async () => {
    const { service, request, io } = await pipelineTest();
    service.on('status', (response, nth) => (nth >= 4 ? json(response, { status: 'error' }) : false));
    expect((await errorOf(runPipeline(request, await io()))).code).toBe('service.sign-failed');
    service.on('seal', (response) => json(response, { message: 'The task is in failure' }, 400));
    const refused = await errorOf(runPipeline(request, await io()));
    expect(refused).toMatchObject({ code: 'service.refused', stage: 'sign' });
    expect(refused.hint).toContain('build-1');
    service.on('status', () => false);
    service.on('seal', () => false);
    await runPipeline(request, await io());
    expect(service.count('fuse')).toBe(2);
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

  it('does not follow a journal that is damaged or of another version, says so, and stops there with `never`', async () => {
    const { service, request, io, dir } = await pipelineTest();
    const file = path.join(dir, 'private', 'fusegate-journal.json');
    await io();
    await writeFile(file, '{"version":2}');
    const error = await errorOf(runPipeline({ ...request, resume: 'never' }, await io()));
    expect(error.code).toBe('build.may-exist');
    expect(service.count('fuse')).toBe(0);
    const its = await io();
    await runPipeline(request, its);
    expect(service.count('fuse')).toBe(1);
    expect(its.record.findings.map(({ code }) => code)).toEqual(['journal.not-followed']);
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
  it('is given its signing and its context, although it has a certificate already', async () => {
    for (const context of [undefined, { version: '3' }]) {
      const { service, request, io } = await pipelineTest();
      const byId: RunRequest = { ...request, buildId: 'build-1', ...(context && { context }) };
      const outcome = await runPipeline(byId, await io({ request: byId }));
      expect(COSTLY.map((route) => service.count(route))).toEqual([0, 0, 0, 1, context ? 1 : 0]);
      expect(outcome.app).toMatchObject({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/u), claimed: true });
    }
  });

  it('is signed again whatever its certificate states: it does not say with which key', async () => {
    const signings: NonNullable<RunRequest['sign']>[] = [
      { method: 'on-appdome', keystoreAlias: 'upload' },
      { method: 'private', signingFingerprint: 'AB'.repeat(20) },
    ];
    for (const [index, stated] of ['OnAppdome', 'PrivateSigning'].entries()) {
      const { service, request, io, keystore } = await pipelineTest();
      service.outputs.json = Buffer.from(JSON.stringify({ sign_type: stated }));
      const its = signings[index];
      const sign = its?.method === 'on-appdome' ? { ...its, keystore } : its;
      const byId: RunRequest = { ...request, buildId: 'build-1', ...(sign && { sign }) };
      await runPipeline(byId, await io({ request: byId }));
      expect(service.count('sign') + service.count('seal'), stated).toBe(1);
    }
  });

  it('without a signing method is only fetched, and gets no new context', async () => {
    const { service, request, io } = await pipelineTest();
    const { sign: _sign, ...unsigned } = request;
    const byId: RunRequest = { ...unsigned, buildId: 'build-1' };
    await runPipeline(byId, await io({ request: byId }));
    expect(COSTLY.map((route) => service.count(route))).toEqual([0, 0, 0, 0, 0]);
    const changed: RunRequest = { ...byId, context: { version: '3' } };
    const error = await errorOf(runPipeline(changed, await io({ request: changed })));
    expect(error).toMatchObject({ code: 'usage.invalid', exitCode: 2 });
  });

  it('settles a build whose answer was lost: the next run does not ask for it again', async () => {
    const { request, io, again, journal, service } = await killedAt('fuse');
    const byId: RunRequest = { ...request, buildId: 'build-1' };
    service.on('output', (response) => json(response, {}, 404));
    await errorOf(runPipeline(byId, await io({ runId: 'run-1', request: byId })));
    expect(await journal()).toMatchObject({
      stage: 'signed',
      ids: { appId: 'app-1', buildId: 'build-1' },
      claimed: true,
    });
    service.on('output', () => false);
    const its = await io({ runId: 'run-1' });
    await runPipeline(request, its);
    expect([again('fuse'), again('seal')]).toEqual([0, 1]);
    await its.journal.finish();
    expect(await journal()).not.toHaveProperty('claimed');
    await runPipeline(request, await io({ runId: 'run-1' }));
    expect(again('fuse')).toBe(1);
  });

  it('leaves a lost build in doubt where no certificate shows that it is the one', async () => {
    for (const ids of [['build-1'], ['build-1', 'build-2']]) {
      const { request, io, journal, again } = await killedAt('fuse');
      for (const buildId of ids) {
        const byId: RunRequest = { ...request, buildId };
        const its = await io({ runId: 'run-1', request: byId });
        await runPipeline(byId, its);
        expect(its.record.ids).toEqual(expect.objectContaining({ appId: 'app-1', buildId }));
        if (buildId === ids.at(-1)) await its.journal.finish('not-shown');
      }
      expect(await journal()).toMatchObject({ stage: 'build-intent', ids: { appId: 'app-1' } });
      expect((await journal())?.ids).not.toHaveProperty('buildId');
      const error = await errorOf(runPipeline(request, await io({ runId: 'run-1' })));
      expect(error.code).toBe('build.may-exist');
      expect(again('fuse')).toBe(0);
    }
  });

  it('leaves a journal in doubt alone where the id is wrong', async () => {
    const { request, io, service, journal } = await killedAt('fuse');
    service.on('status', (response) => json(response, {}, 404));
    const byId: RunRequest = { ...request, buildId: 'build-9' };
    await errorOf(runPipeline(byId, await io({ runId: 'run-1', request: byId })));
    expect(await journal()).toMatchObject({ stage: 'build-intent' });
  });

  it('believes its journal only about the same context and signing', async () => {
    const { request, io, again } = await killedAt('output');
    const byId: RunRequest = { ...request, buildId: 'build-1', context: { version: '3' } };
    await runPipeline(byId, await io({ runId: 'run-2', request: byId }));
    expect([again('fuse'), again('context'), again('seal')]).toEqual([0, 1, 1]);
  });

  it('names another build that its journal is about', async () => {
    const { request, io } = await killedAt('output');
    const byId: RunRequest = { ...request, buildId: 'build-2' };
    const its = await io({ runId: 'run-1', request: byId });
    await runPipeline(byId, its);
    expect(its.record.findings).toMatchObject([
      { code: 'journal.not-followed', hint: expect.stringContaining('--build-id build-1') },
    ]);
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
    expect(error.hint).toContain('build-1');
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
