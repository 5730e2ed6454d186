/**
 * Outages at every step of a job, on the scaled clock: the service cannot be reached, or is no longer heard, and then works again. The job
 * waits and passes. Only the build request, which costs money and whose answer is lost, ends the run, and says so.
 */
import { afterAll, beforeAll, describe, it, vi } from 'vitest';
import { type Service, startService } from '../e2e/support/service.ts';
import { wholeJob, workplace } from '../e2e/support/signed-job.ts';
import { type Outage, relayTo, type Trigger } from './relay.ts';
import { STEPS, type StepName } from './steps.ts';

/** Everything that waits in a run, and the outages. Faster, and the time that a busy machine takes would count as an outage. */
const SCALE = 0.04;
/** Ends on the scaled clock after 4 s, so that it is the outage and not the machine that nothing is heard from. */
const STALL = '100s';
const SECONDS = [5, 30, 120];
const ALL = process.env['FUSEGATE_FAULT_RUNS'] === 'all';
/** Nearly all of a row is waiting: while one waits, others use the processor. With twice as many, loading what each needs takes more than it saves. */
vi.setConfig({ maxConcurrency: 6 });

interface Row {
  name: string;
  seconds: number;
  outage: Outage;
  trigger: Trigger;
  /** The service may have the request, and it must not have it twice. */
  lost: boolean;
}

const rows: Row[] = [];
for (const outage of ['refuses', 'is silent'] as const) {
  for (const seconds of outage === 'refuses' || ALL ? SECONDS : [120]) {
    for (const name of Object.keys(STEPS) as StepName[]) {
      rows.push({ name, seconds, outage, trigger: { request: STEPS[name] }, lost: name === 'fuse' });
    }
  }
}
for (const seconds of SECONDS) {
  const trigger = { request: STEPS['upload status'], at: 'after the answer', says: /"completed"/ } as const;
  rows.push({ name: 'fuse, not sent yet', seconds, outage: 'refuses', trigger, lost: false });
}

const count = { met: 0, recovered: 0, toldRightly: 0 };
let service: Service;
let job: string[];

beforeAll(async () => {
  service = await startService();
  job = await wholeJob(service);
});
afterAll(async () => {
  await service.stop();
  console.log(`outages: ${count.met}, recovered ${count.recovered}, told rightly ${count.toldRightly}`);
});

const titled = rows.map((row) => [`of ${row.seconds} s at ${row.name}: the service ${row.outage}`, row] as const);

describe.concurrent('an outage', () => {
  it.for(titled)('%s', { timeout: 120_000 }, async ([, { seconds, outage, trigger, lost }], { expect }) => {
    const relay = await relayTo(service.url, trigger, outage);
    let met = false;
    const over = relay.began.then(async () => {
      met = true;
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000 * SCALE));
      await relay.end();
    });
    const { run, builds } = workplace(service, relay.url);
    const stall: Record<string, string> = outage === 'is silent' ? { FUSEGATE_STALL_TIMEOUT: STALL } : {};
    const end = await run(job, { env: { FUSEGATE_TIME_SCALE: String(SCALE), ...stall } });
    expect(met).toBe(true);
    count.met += 1;
    await over;
    await relay.close();
    if (lost) {
      expect(end.exit).toBe(4);
      expect(end.result?.findings.map(({ code }) => code)).toContain('build.may-exist');
      expect(await builds()).toEqual([]);
      count.toldRightly += 1;
      return;
    }
    expect(end.stderr).toBe('');
    expect(end.exit).toBe(0);
    expect(await builds()).toHaveLength(1);
    count.recovered += 1;
  });
});

describe('the checksum look-up, which can be left out', () => {
  it('is given up after a few seconds where it is never answered', async ({ expect }) => {
    const path = '**/check-by-checksum';
    const mute = await startService([], [{ match: { path }, times: 'always', do: { kind: 'stall', at: 'request' } }]);
    const { run } = workplace(mute, mute.url);
    const end = await run(await wholeJob(mute), {
      env: { FUSEGATE_TIME_SCALE: String(SCALE), FUSEGATE_STALL_TIMEOUT: STALL },
    });
    const { requests } = await mute.state();
    await mute.stop();
    expect(end.exit).toBe(0);
    // One wait for a byte is longer than it is worth.
    expect(requests.filter((each) => each.path.endsWith('check-by-checksum'))).toHaveLength(1);
  });
});
