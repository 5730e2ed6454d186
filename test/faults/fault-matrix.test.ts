/**
 * Every request of every flow, with everything that can happen to it, once and always: each run ends as the rule says (`expected.ts`), no
 * build is started twice, nothing lies under a final name after red, and no secret is anywhere.
 *
 * `npm test` takes every fifth run, FUSEGATE_FAULT_RUNS=all takes them all. Most are jobs in a process that lives on, because a start of Node
 * for each would take most of the time.
 */
import { afterAll, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../e2e/support/cli.ts';
import { modeInputs } from '../e2e/support/mode-inputs.ts';
import { bundledDriver } from './driver-bundle.ts';
import { type Cell, canMeet, type Expected, expectedOf } from './expected.ts';
import { FAULTS } from './faults.ts';
import { type Lane, type Outcome, startLane } from './lanes.ts';
import { startLongLived } from './long-lived.ts';

const ALL = process.env['FUSEGATE_FAULT_RUNS'] === 'all';
/** Runs at once; each has a service of its own. Where a run waits for a stall, another one uses the processor. */
const LANES = ALL ? 10 : 5;
vi.setConfig({ maxConcurrency: LANES });
/** Of the faults of a request that an earlier flow has too, which has them all. */
const OF_SHARED = 6;
/** Prime to the number of faults, so that the requests of a sample meet different ones. */
const SAMPLE = 5;
/** Of so many runs that are made, one starts the shipped bundle: a start takes longer than the rest of a run. */
const SHIPPED = 25;

const files = modeInputs();
const longLived = startLongLived(await bundledDriver('jobs-driver', temporaryFolder()));
const first = await startLane(files, longLived);
const lanes = [first, ...(await Promise.all(Array.from({ length: LANES - 1 }, () => startLane(files, longLived))))];
const all = await allCells(first);
const chosen = ALL ? all : all.filter((_, index) => index % SAMPLE === 0);
const free = [...lanes];
const ends = { recovered: 0, failed: 0 };
const byKind = new Map<string, number>();

afterAll(async () => {
  longLived.stop();
  await Promise.all(lanes.map((lane) => lane.stop()));
  const kinds = [...byKind].map(([kind, runs]) => `${kind} ${runs}`).join(', ');
  console.log(
    `fault runs: ${ends.recovered + ends.failed} of ${all.length}: ${ends.recovered} recovered, ${ends.failed} failed rightly (${kinds})`,
  );
});

async function allCells(lane: Lane): Promise<Cell[]> {
  const seen = new Set<string>();
  const found: Cell[] = [];
  for (const flow of lane.flows) {
    for (const request of await lane.requestsOf(flow)) {
      const key = JSON.stringify(request);
      const isNew = !seen.has(key);
      seen.add(key);
      const possible = FAULTS.filter((fault) => canMeet(request, fault));
      const faults = possible.filter((_, index) => isNew || (index + found.length) % OF_SHARED === 0);
      for (const fault of faults)
        for (const always of [false, true]) found.push({ flow: flow.name, request, fault, always });
    }
  }
  return found;
}

const named = chosen.map((cell, index) => {
  const { method, path, action = '' } = cell.request;
  const what = action === '' ? `${method} ${path}` : `${method} ${path} ${action}`;
  return [
    `${cell.flow}, ${what}: ${cell.fault.name}${cell.always ? ', always' : ''}`,
    cell,
    index % SHIPPED === 0,
  ] as const;
});

/** Where the service's own speed decides, the run that got past the fault is right, too. */
function expectedFor(cell: Cell, { end }: Outcome): Expected {
  const expected = expectedOf(cell);
  return expected.orPass && end.exit === 0 ? { exit: 0 } : expected;
}

it('has at least 1,500 runs', () => {
  expect(all.length).toBeGreaterThanOrEqual(1500);
});

describe.concurrent('one fault', { timeout: 120_000 }, () => {
  it.each(named)('%s', async (_, cell, shipped) => {
    const { flow, ...injected } = cell;
    const lane = free.pop();
    const its = lane?.flows.find(({ name }) => name === flow);
    if (lane === undefined || its === undefined) throw new Error('no lane is free');
    try {
      const outcome = await lane.run(its, { ...injected, shipped });
      const expected = expectedFor(cell, outcome);
      const codes = outcome.end.result?.findings.map(({ code }) => code) ?? [];
      expect({ exit: outcome.end.exit, codes: codes.join(' ') }).toEqual({
        exit: expected.exit,
        codes: expected.code === undefined ? expect.anything() : expect.stringContaining(expected.code),
      });
      if (expected.exit === 0) expect(outcome.end.result?.verdict).not.toBe('error');
      else expect(outcome.files.filter((name) => name !== 'rejected')).toEqual([]);
      expect(outcome.met, 'the fault was met').toBeGreaterThan(0);
      if (!cell.always) expect(outcome.left, 'the fault is used up').toBe(0);
      expect(outcome.builds).toBeLessThanOrEqual(1);
      expect(outcome.violations.filter((code) => !expected.violations?.includes(code))).toEqual([]);
      expect(outcome.leaks).toEqual([]);
      ends[expected.exit === 0 ? 'recovered' : 'failed'] += 1;
      byKind.set(cell.fault.of, (byKind.get(cell.fault.of) ?? 0) + 1);
    } finally {
      free.push(lane);
    }
  });
});
