/**
 * A run that is ended in the middle of a transfer, a poll or an answer. After `kill -9` another run goes on with the same build; a cancelled
 * one ends at once, tidy, and names its build. test/e2e/resume-points.test.ts does the same between the steps.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { temporaryFolder } from '../e2e/support/cli.ts';
import { sha256Of } from '../e2e/support/received.ts';
import { type Service, startService } from '../e2e/support/service.ts';
import { ACTIONS, HALF, SIGNING, wholeJob, workplace } from '../e2e/support/signed-job.ts';
import { COMPILED_ONCE } from '../e2e/support/test-time.ts';
import { relayTo, type Trigger } from './relay.ts';
import { STEPS } from './steps.ts';

const STRIKE = fileURLToPath(new URL('../e2e/support/strike.cjs', import.meta.url));

let service: Service;
let job: string[];
beforeAll(async () => {
  service = await startService();
  job = await wholeJob(service);
});
afterAll(() => service.stop());

interface Moment {
  trigger: Trigger;
  /** The service may have been asked for a build, and the journal does not say so. */
  unknown?: 'nothing is there' | 'there is a build';
  /** Whether it arrived is not known either, and it is done again where the service is idle: that is free and does no harm. */
  repeated?: true;
}

const moments: Record<string, Moment> = {
  'the upload': { trigger: { request: STEPS.PUT, bytes: HALF } },
  'the answer to the registration': { trigger: { request: STEPS.registration, at: 'answer' } },
  'a poll of the upload': { trigger: { request: STEPS['upload status'] } },
  'the build request': { trigger: { request: STEPS.fuse }, unknown: 'nothing is there' },
  'the answer to the build request': { trigger: { request: STEPS.fuse, at: 'answer' }, unknown: 'there is a build' },
  'a poll of the build': { trigger: { request: STEPS['task status'] } },
  'the answer to the context request': { trigger: { request: STEPS.context, at: 'answer' }, repeated: true },
  'the answer to the signing request': { trigger: { request: STEPS.sign, at: 'answer' }, repeated: true },
  'a poll of the signing': { trigger: { request: STEPS.sign, at: 'after the answer' } },
  'the download': { trigger: { request: STEPS.download, at: 'answer', bytes: HALF } },
  'the certificate PDF': { trigger: { request: STEPS['certificate PDF'], at: 'answer', bytes: 1000 } },
  'the certificate JSON': { trigger: { request: STEPS['certificate JSON'], at: 'answer', bytes: 100 } },
};

describe.concurrent('killed, and run again', () => {
  let resumed = 0;
  afterAll(() =>
    console.log(`resumed: ${resumed} times after kill -9 in a transfer, a poll or an answer, one build each`),
  );

  it.for(Object.entries(moments))('in %s', async ([, { trigger, unknown, repeated }], { expect }) => {
    const relay = await relayTo(service.url, trigger, 'is silent');
    const { run, builds, keys } = workplace(service, relay.url);
    const killed = await run(job, { onStart: (child) => relay.began.then(() => child.kill('SIGKILL')) });
    expect(killed.exit).toBeNull();
    expect(killed.result).toMatchObject({ verdict: 'error', exitCode: 8 });
    await relay.end();

    let again = await run(job);
    if (unknown !== undefined) {
      expect(again.exit).toBe(4);
      expect(again.result?.findings[0]?.code).toBe('build.may-exist');
      const [there] = await builds();
      expect(there !== undefined).toBe(unknown === 'there is a build');
      const attached = ['run', '--build-id', there?.id ?? '', '--platform', 'android', ...SIGNING];
      again = await run(there === undefined ? [...job, '--resume', 'new'] : attached);
    }
    expect(again.exit).toBe(0);
    const [build, ...others] = await builds();
    expect(others).toEqual([]);
    const actions = build?.stages.map(({ action }) => action) ?? [];
    expect(repeated ? [...new Set(actions)] : actions).toEqual(ACTIONS);
    const app = again.result?.files.find(({ role }) => role === 'protected-app');
    expect(sha256Of(app?.path ?? '')).toBe(build?.output?.sha256);
    expect(keys()).toEqual([]);
    resumed += 1;
    await relay.close();
  });
});

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/**
 * What is promised is 2 s on a machine that has time for the process. Where tests run side by side on few cores it waits for its turn: the rest
 * is for that.
 */
const PROMISED_MS = 2_000;
const TURN_MS = 8_000;
/** One after the other, where the figures matter. */
const inTurn = process.env['FUSEGATE_FAULT_RUNS'] === 'all' ? describe : describe.concurrent;

inTurn('cancelled', () => {
  const latencies: Array<{ ms: number; what: string }> = [];
  afterAll(() => {
    const sorted = latencies.toSorted((a, b) => a.ms - b.ms);
    const median = sorted[Math.floor(sorted.length / 2)]?.ms;
    const worst = sorted.at(-1);
    console.log(`cancelled: ${sorted.length} times, median ${median} ms, worst ${worst?.ms} ms (${worst?.what})`);
  });

  const held = ['the upload', 'a poll of the build', 'a poll of the signing', 'the download'] as const;
  const cases = SIGNALS.flatMap((signal) =>
    [...held, 'what follows the certificate'].map((when) => [signal, when] as const),
  );
  it.for(cases)('by %s in %s', async ([signal, when], { expect }) => {
    // Reading and judging send nothing that a relay could see: there, the process sends itself the signal (strike.cjs).
    const moment = moments[when];
    const relay = moment && (await relayTo(service.url, moment.trigger, 'is silent'));
    const { dir, run, builds, keys } = workplace(service, relay?.url ?? service.url);
    const struckAt = path.join(temporaryFolder(), 'struck-at');
    const strike = { STRIKE: `${signal} after 1 certificate.pdf`, STRUCK_AT: struckAt };
    let sentAt = Number.NaN;
    let endedAt = Number.NaN;
    const end = await run(job, {
      env: relay === undefined ? { ...strike, NODE_OPTIONS: `${COMPILED_ONCE} --require=${STRIKE}` } : {},
      onStart: (child) => {
        child.once('exit', () => {
          endedAt = Date.now();
        });
        relay?.began.then(() => {
          sentAt = Date.now();
          child.kill(signal);
        });
      },
    });
    if (existsSync(struckAt)) sentAt = Number(readFileSync(struckAt, 'utf8'));
    await relay?.close();
    expect(end.exit).toBe(130);
    expect(end.result).toMatchObject({ verdict: 'error', exitCode: 130 });
    expect(end.result?.finishedAt).not.toBeNull();
    expect(keys()).toEqual([]);
    expect(readdirSync(dir)).not.toContain('.fusegate.lock');
    const [build] = await builds();
    expect(build === undefined).toBe(when === 'the upload');
    if (build !== undefined) expect(end.stdout).toContain(`run --build-id ${build.id}`);
    expect(endedAt - sentAt).toBeLessThan(PROMISED_MS + TURN_MS);
    latencies.push({ ms: endedAt - sentAt, what: `${signal} in ${when}` });
  });
});
