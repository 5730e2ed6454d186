/** A fleet's run asks how busy its account is before it starts a build; no other run does. */
import { runPipeline } from '@fusegate/shared/pipeline/run-pipeline';
import { describe, expect, it } from 'vitest';
import { json } from '../support/api-server.ts';
import type { BuildService } from '../support/build-service.ts';
import { errorOf } from '../support/errors.ts';
import { LIMITS, pipelineTest } from '../support/pipeline.ts';

const fleet = { file: 'fusegate.fleet.yml', app: 'acme', plan: 'ab'.repeat(32) };
type TakeOver = Parameters<BuildService['on']>[1];

async function fleetRun(sessions: TakeOver, limits = LIMITS) {
  const run = await pipelineTest({ fleet, limits });
  run.service.on('sessions', sessions);
  const its = await run.io();
  const linesOf = (level: string) => its.seen.logged.filter((line) => line.level === level).map(({ text }) => text);
  return { ...run, its, linesOf };
}

const answering =
  (answer: unknown, status = 200): TakeOver =>
  (response) => {
    json(response, answer, status);
    return true;
  };

describe('a run of a fleet', () => {
  it('asks once while the account has room, and says nothing', async () => {
    const { service, request, its } = await fleetRun(answering({ active: 4, limit: 5 }));
    await runPipeline(request, its);
    expect(service.asked.filter((route) => route === 'sessions' || route === 'fuse')).toEqual(['sessions', 'fuse']);
    expect(its.seen.logged.filter(({ text }) => /session/.test(text))).toEqual([]);
  });

  it('waits for a session, with pauses that grow and a line for each', async () => {
    const { service, request, its, clock, linesOf } = await fleetRun((response, nth) => {
      json(response, { active: nth > 9 ? 4 : 5, limit: 5 });
      return true;
    });
    const began = clock.monotonic();
    await runPipeline(request, its);
    const waits = linesOf('notice').filter((text) => text.startsWith('build: 5 of 5 ') && text.includes(service.url));
    const seconds = waits.map((text) => Number(/ in ([\d.]+) s$/.exec(text)?.[1]));
    expect(seconds).toEqual([0.5, 1, 2, 4, 8, 16, 30, 30, 30]);
    expect(clock.monotonic() - began).toBeGreaterThan(121_500);
    expect([service.count('sessions'), service.count('fuse')]).toEqual([10, 1]);
    expect(its.stages.trace.contents().spans.filter(({ name }) => name === 'for a session')).toHaveLength(9);
  });

  it('ends when the next question would come after the deadline of the build, and has started none', async () => {
    const { service, request, its, journal } = await fleetRun(answering({ active: 6, limit: 5 }), {
      ...LIMITS,
      build: 100_000,
    });
    const error = await errorOf(runPipeline(request, its));
    expect([error.code, error.stage]).toEqual(['api.unavailable', 'build']);
    expect(error.message).toContain('6 of 5');
    expect(error.hint).toContain('build-timeout');
    expect(service.count('fuse')).toBe(0);
    expect(await journal()).toMatchObject({ stage: 'uploaded' });
  });

  it('can be cancelled while it waits', async () => {
    const { service, request, its } = await fleetRun((response, nth) => {
      if (nth === 3) its.cancel.abort();
      json(response, { active: 5, limit: 5 });
      return true;
    });
    expect((await errorOf(runPipeline(request, its))).code).toBe('run.cancelled');
    expect(service.count('fuse')).toBe(0);
  });

  it.each<[string, TakeOver]>([
    ['another shape', answering({ sessions: 5, max: 5 })],
    ['no JSON object', answering([5, 5])],
    ['a page', (response) => response.end('<!DOCTYPE html><html></html>')],
    ['401', answering({ message: 'No' }, 401)],
    ['403', answering({ message: 'No' }, 403)],
    ['404', answering({ message: 'Not Found' }, 404)],
    ['429', answering({ message: 'Slow down' }, 429)],
    ['500', answering({ message: 'Later' }, 500)],
    ['a lost connection', (response) => response.destroy()],
    ['another server', (response) => response.writeHead(302, { location: 'https://login.example/' }).end()],
  ])('goes on after %s, with one line that only a verbose run shows', async (_what, sessions) => {
    const { service, request, its, linesOf } = await fleetRun(sessions);
    await runPipeline(request, its);
    expect(service.count('fuse')).toBe(1);
    expect(linesOf('debug').filter((text) => text.startsWith('build: '))).toHaveLength(1);
    expect(
      linesOf('notice')
        .concat(linesOf('warning'))
        .filter((text) => text.startsWith('build: ')),
    ).toEqual([]);
  });

  it('goes on where the limit is 0', async () => {
    const { service, request, its } = await fleetRun(answering({ active: 1, limit: 0 }));
    await runPipeline(request, its);
    expect([service.count('sessions'), service.count('fuse')]).toEqual([1, 1]);
  });

  it('still waits when the request that starts the build is answered 429', async () => {
    const { service, request, its } = await fleetRun(answering({ active: 0, limit: 5 }));
    service.on('fuse', (response, nth) => {
      if (nth > 1) return false;
      json(response, { message: 'Too many active builds' }, 429);
      return true;
    });
    await runPipeline(request, its);
    expect([service.count('sessions'), service.count('fuse')]).toEqual([1, 2]);
  });
});

it('any other run does not ask', async () => {
  const { service, request, io } = await pipelineTest();
  await runPipeline(request, await io());
  expect(service.count('sessions')).toBe(0);
});
