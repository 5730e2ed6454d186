/** The trace of a whole run, as it is written. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runJob } from '../../src/jobs/run-job.ts';
import type { ChromeEvent, ChromeTrace } from '../../src/pipeline/chrome-trace.ts';
import { planPolicy } from '../../src/policy/rules/plan.ts';
import { barsOf } from '../../src/report/html/timeline.ts';
import { json } from '../support/api-server.ts';
import { PIPELINE_KEY, pipelineTest } from '../support/pipeline.ts';
import { RecordingHost } from '../support/recording-host.ts';

const { plan } = planPolicy({
  required: [{ name: 'Root Detection', origin: { option: '--required-features' } }],
  gate: 'enforce',
});

interface Setting {
  test: Awaited<ReturnType<typeof pipelineTest>>;
  host: RecordingHost;
  file: string;
  cancel: AbortController;
}

/** Its certificate shows nothing, so the run is red; its trace is that of a whole run all the same. */
async function traced(change: (setting: Setting) => unknown = () => {}, mask = (text: string) => text) {
  const test = await pipelineTest();
  const setting = {
    test,
    host: new RecordingHost(),
    file: path.join(test.dir, '..', 'traces', 'trace.json'),
    cancel: new AbortController(),
  };
  await change(setting);
  const { file, host, cancel } = setting;
  test.request.trace = file;
  const { clock } = test;
  const deps = { clock, retryClock: clock, random: () => 0.5, signal: cancel.signal };
  const context = { ci: { system: 'cli' }, tool: {}, root: '/repository', mask };
  const end = await runJob(test.request, plan, host, deps, context);
  const text = await readFile(file, 'utf8').catch(() => '');
  const trace: ChromeTrace | undefined = text.startsWith('{"otherData"') ? JSON.parse(text) : undefined;
  const events = trace?.traceEvents.filter(({ ph }) => ph === 'X') ?? [];
  const of = (cat: ChromeEvent['cat']) => events.filter((event) => event.cat === cat);
  return { ...setting, end, result: end.result, text, trace, events, of };
}

type Traced = Awaited<ReturnType<typeof traced>>;
const byStart = <T extends { startedAt?: unknown; name?: unknown }>(stages: readonly T[]) =>
  stages.toSorted((one, other) => `${one.startedAt} ${one.name}`.localeCompare(`${other.startedAt} ${other.name}`));
const stagesOf = ({ of }: Traced) => byStart(of('stage').map(({ args: { failed: _, ...stage } }) => stage));

describe('the trace of a run', () => {
  it('has the stages of the result, so the timeline of the report shows the same', async () => {
    const run = await traced();
    const stages = byStart(run.result.stages);
    expect(stages.length).toBeGreaterThan(5);
    expect(stagesOf(run)).toEqual(stages);
    expect(barsOf(stagesOf(run) as typeof stages)).toEqual(barsOf(stages));
    for (const { dur, args } of run.of('stage')) expect(dur).toBeCloseTo(Number(args['durationMs']) * 1000, -1);
  });

  it('has every request, poll, read and pause, and names no address in full', async () => {
    const run = await traced();
    const requests = run.result.stages.reduce((sum, stage) => sum + stage.requests, 0);
    expect(run.of('request')).toHaveLength(requests);
    expect(run.of('request')).toHaveLength(run.test.service.asked.length);
    const put = run.of('request').find(({ args }) => args['method'] === 'PUT');
    expect(put?.args).toMatchObject({
      stage: 'upload',
      attempt: 1,
      status: 200,
      host: new URL(run.test.service.url).host,
    });
    expect(Number(put?.args['sentBytes'])).toBeGreaterThan(run.test.request.app?.size ?? 0);
    expect(Number(put?.args['receivedBytes'])).toBeGreaterThan(0);
    expect(run.of('poll').map(({ args }) => args['said'])).toEqual(
      expect.arrayContaining(['queued', 'progress', 'completed']),
    );
    expect(run.of('read').map(({ name }) => name)).toEqual(['hash', 'certificate']);
    expect(run.of('wait').map(({ name }) => name)).toContain('before the next poll');
    for (const hidden of ['signature=', '/api/v1', '/s3/', 'app-1', 'build-1', PIPELINE_KEY])
      expect(run.text).not.toContain(hidden);
    expect(run.trace?.otherData).toMatchObject({ mode: 'run', dropped: 0 });
    expect(await readdir(path.dirname(run.file))).toEqual(['trace.json']);
  });

  it('shows what was repeated, and the pause before it', async () => {
    const run = await traced(({ test }) =>
      test.service.on('register', (response, nth) => (nth === 1 ? json(response, {}, 429) : false)),
    );
    const registered = run.of('request').filter(({ name }) => name === 'uploadUsingLink');
    expect(registered.map(({ args }) => [args['attempt'], args['status'], args['failed']])).toEqual([
      [1, 429, 'status'],
      [2, 200, undefined],
    ]);
    const pause = run.of('wait').find(({ name }) => name === 'before the next attempt');
    expect(pause).toMatchObject({ args: { stage: 'upload' } });
    expect(pause?.dur).toBeGreaterThan(0);
  });

  it('masks what is not ours', async () => {
    const run = await traced(undefined, (text) => text.replaceAll('127.0.0.1', '***').replaceAll('shop', '***'));
    expect(run.of('request').length).toBeGreaterThan(0);
    for (const hidden of ['127.0.0.1', 'shop.apk']) expect(run.text).not.toContain(hidden);
  });

  it('is written after a failed run, up to where it failed', async () => {
    const run = await traced(({ test }) =>
      test.service.on('fuse', (response) => json(response, { message: 'no' }, 400)),
    );
    expect(run.end.exitCode).toBe(5);
    expect(stagesOf(run)).toEqual(byStart(run.result.stages));
    expect(run.of('stage').find(({ name }) => name === 'build')?.args).toMatchObject({ failed: true });
    expect(run.of('request').at(-1)?.args).toMatchObject({ status: 400, failed: 'status' });
  });

  it('is written after a cancelled run, with an end to everything', async () => {
    const run = await traced(({ test, cancel }) =>
      test.service.on('status', (_response, nth) => {
        if (nth < 2) return false;
        cancel.abort(new Error('cancelled'));
        return true;
      }),
    );
    expect(run.end.exitCode).toBe(130);
    expect(stagesOf(run)).toEqual(byStart(run.result.stages));
    expect(run.of('request').at(-1)?.args).toMatchObject({ failed: 'cancelled' });
    for (const { ts, dur } of run.events) expect([ts, dur].every(Number.isSafeInteger)).toBe(true);
  });
});

describe('the file of the trace', () => {
  it('replaces an earlier trace', async () => {
    const first = await traced();
    const second = await traced(async ({ file }) => {
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, first.text.slice(0, 100));
    });
    expect(second.trace?.traceEvents.length).toBe(first.trace?.traceEvents.length);
  });

  it('is not written over what came to be there during the run, and that is a warning', async () => {
    const usual = await traced();
    const run = await traced(({ test, file }) =>
      test.service.on('fuse', async (response) => {
        await mkdir(path.dirname(file), { recursive: true });
        await writeFile(file, 'paid for');
        test.service.pollsToGo = 2;
        json(response, { task_id: 'build-1' });
      }),
    );
    expect(run.text).toBe('paid for');
    expect(run.end.exitCode).toBe(usual.end.exitCode);
    const warnings = ({ host }: Traced) => host.logged.filter(({ level }) => level === 'warning').length;
    expect(warnings(run)).toBe(warnings(usual) + 1);
  });

  it('that cannot be written is a warning', async () => {
    const usual = await traced();
    const run = await traced(async ({ file }) => writeFile(path.dirname(file), 'a file where the folder should be'));
    expect(run.end.exitCode).toBe(usual.end.exitCode);
    expect(run.host.logged.some(({ level, text }) => level === 'warning' && text.includes(run.file))).toBe(true);
  });
});
