/** The one table form of parity: a job through every adapter's shipped bundle and the CLI must end as it says, and the same everywhere. */
import { beforeAll, describe, expect, it } from 'vitest';
import { ADAPTERS, type Job, type JobEnd, runJob } from '../adapters/support/every-adapter.ts';
import type { Service } from '../e2e/support/service.ts';
import { normalOutputs, normalResult } from './normal-form.ts';

export interface ParityRow {
  name: string;
  /** Made when the service is there. */
  job: () => Job;
  /** What the service does meanwhile. */
  faults?: unknown[];
  expected: {
    red: boolean;
    exit: number;
    verdict: string;
    /** Some outputs, exactly; the rest is compared between the systems. */
    outputs?: () => Partial<NonNullable<JobEnd['outputs']>>;
    /** In the log of all, and in the summary of those that have one. */
    said?: RegExp[];
  };
}

/** How the summary begins, by the verdict. */
const HEADING: Record<string, RegExp> = {
  pass: /^## (✅ Fusegate (PASS|VERIFIED)|⚠️ Fusegate REHEARSAL VERIFIED)/u,
  fail: /^## (❌ Fusegate (FAIL|NOT VERIFIED)|⚠️ Fusegate .*FAIL)/u,
  error: /^## ❌ Fusegate( ERROR| NOT VERIFIED|: the inputs are invalid)/,
  'not-evaluated': /^## ➖ Fusegate NOT EVALUATED/,
};

/** Of mode verify: its result is the one that it was given, and the CLI writes nothing at all. */
function writesResult({ options }: Job): boolean {
  return options.mode !== 'verify';
}

/**
 * @param service asked when the tests run
 * @param kept ids that are the job's own and stay in the comparison
 */
export function sameEverywhere(
  rows: readonly ParityRow[],
  service: () => Service,
  kept: () => readonly string[],
): void {
  describe.each(rows)('$name', ({ job: make, faults, expected }) => {
    const ends = new Map<string, JobEnd>();
    let job: Job;

    beforeAll(async () => {
      if (faults) await service().addFaults(faults);
      job = make();
      await Promise.all(ADAPTERS.map(async (adapter) => ends.set(adapter, await runJob(adapter, job))));
      if (faults) await service().clearFaults();
    });

    it.each(ADAPTERS)('%s ends as the job must', (adapter) => {
      const end = ends.get(adapter);
      if (!end) throw new Error('the job did not end');
      expect(end.red, end.log).toBe(expected.red);
      if (end.exit !== undefined) expect(end.exit, end.log).toBe(expected.exit);
      if (writesResult(job)) {
        expect(end.result, end.log).toMatchObject({ verdict: expected.verdict, exitCode: expected.exit });
      }
      for (const said of expected.said ?? []) expect(end.log).toMatch(said);
      if (!end.outputs) return;
      expect(end.outputs).toMatchObject({ verdict: expected.verdict, ...expected.outputs?.() });
      // Nothing to ship unless green, whoever asks.
      if (expected.red) expect(end.outputs['protected-app']).toBe('');
    });

    it.each(ADAPTERS)('%s says it in the summary, where it has one', (adapter) => {
      const summary = ends.get(adapter)?.summary;
      if (summary === undefined) return;
      expect(summary).toMatch(HEADING[expected.verdict] ?? /never/);
      for (const said of expected.said ?? []) expect(summary).toMatch(said);
    });

    it.each(ADAPTERS.filter((adapter) => adapter !== 'cli'))('%s says the same as the CLI', (adapter) => {
      const [cli, end] = [ends.get('cli'), ends.get(adapter)];
      if (!cli || !end) throw new Error('the job did not end');
      if (writesResult(job)) {
        if (!cli.result || !end.result) throw new Error('no result to compare');
        expect(normalResult(end.result, end, adapter, kept())).toEqual(normalResult(cli.result, cli, 'cli', kept()));
      }
      // Where its inputs are wrong, the CLI has no outputs; the plugins have them in every case.
      const other = cli.outputs ? cli : ends.get('github');
      expect(end.outputs).toBeDefined();
      expect(normalOutputs(end, kept())).toEqual(other && normalOutputs(other, kept()));
    });
  });
}
