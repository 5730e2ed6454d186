/**
 * The same jobs through the four plugins and the CLI, each by its shipped bundle and its system's contract: the same verdict, outputs
 * and result.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whenLogged } from '../adapters/support/child-process.ts';
import { ADAPTERS, type AdapterName, type Job, type JobEnd, runJob } from '../adapters/support/every-adapter.ts';
import { settingsApk } from '../e2e/support/apps.ts';
import { API_KEY, type Service, startService } from '../e2e/support/service.ts';
import { normalOutputs, normalResult } from './normal-form.ts';

let service: Service;
let set: { id: string };

beforeAll(async () => {
  service = await startService(['--shape', 'A']);
  set = await service.fusionSet('small');
});
afterAll(() => service.stop());

function job(options: Job['options'] = {}, more: Omit<Job, 'options'> = {}): Job {
  return {
    options: {
      'api-key': API_KEY,
      'server-url': service.url,
      app: settingsApk(),
      'fusion-set-id': set.id,
      sign: 'private',
      'signing-fingerprint': 'd4'.repeat(32),
      'required-features': 'Anti-Debugging',
      // An app that another adapter has uploaded would save this one a stage.
      'reuse-upload': 'false',
      ...options,
    },
    ...more,
  };
}

const JOBS: Array<{
  name: string;
  job: () => Job;
  /** What the service does meanwhile. */
  faults?: unknown[];
  expected: { red: boolean; exit: number; verdict: string };
}> = [
  { name: 'pass', job: () => job(), expected: { red: false, exit: 0, verdict: 'pass' } },
  {
    name: 'fail',
    job: () => job({ 'required-features': 'Anti-Debugging, Detect Developer Options' }),
    expected: { red: true, exit: 6, verdict: 'fail' },
  },
  {
    name: 'error',
    job: () => job({ 'api-key': 'not-the-key-1234' }),
    expected: { red: true, exit: 3, verdict: 'error' },
  },
  {
    name: 'warn',
    job: () => job({ gate: 'warn', 'required-features': 'Detect Developer Options' }),
    expected: { red: false, exit: 0, verdict: 'fail' },
  },
  {
    name: 'gate disabled',
    job: () => job({ gate: 'disabled' }),
    expected: { red: false, exit: 0, verdict: 'not-evaluated' },
  },
  {
    name: 'bad input',
    job: () => job({ timeout: '55', sign: 'on-appdom', 'required-features': 'Rot Detection' }),
    expected: { red: true, exit: 2, verdict: 'error' },
  },
  {
    name: 'cancel',
    // A build that does not end, cancelled at the service's first message: from then on every one of them knows its build.
    faults: [
      { match: { path: '/api/v1/tasks/*/status' }, times: 'always', do: { kind: 'statusWord', word: 'progress' } },
    ],
    job: () =>
      job(
        { verbose: 'true', 'poll-max': '2s' },
        { onStart: whenLogged(/^build: (?!started|ended)/m, (child) => child.kill('SIGINT')) },
      ),
    expected: { red: true, exit: 130, verdict: 'error' },
  },
  {
    name: 'judge a certificate that does not exist',
    job: () => ({
      options: { mode: 'gate', certificate: 'nowhere/*.pdf', 'required-features': 'Root Detection' },
    }),
    expected: { red: true, exit: 2, verdict: 'error' },
  },
];

describe.each(JOBS)('$name', ({ job: make, faults, expected }) => {
  const ends = new Map<AdapterName, JobEnd>();

  beforeAll(async () => {
    if (faults) await service.addFaults(faults);
    await Promise.all(ADAPTERS.map(async (adapter) => ends.set(adapter, await runJob(adapter, make()))));
    if (faults) await service.clearFaults();
  });

  it.each(ADAPTERS)('%s ends as the job must', (adapter) => {
    const end = ends.get(adapter);
    expect(end?.red, end?.log).toBe(expected.red);
    expect(end?.result, end?.log).toMatchObject({ verdict: expected.verdict, exitCode: expected.exit });
    if (end?.outputs) expect(end.outputs.verdict).toBe(expected.verdict);
    // Nothing to ship unless green, whoever asks.
    if (expected.red && end?.outputs) expect(end.outputs['protected-app']).toBe('');
  });

  it.each(ADAPTERS.filter((adapter) => adapter !== 'cli'))('%s says the same as the CLI', (adapter) => {
    const [cli, end] = [ends.get('cli'), ends.get(adapter)];
    if (!cli?.result || !end?.result) throw new Error('no result to compare');
    expect(normalResult(end.result, end, adapter, [set.id])).toEqual(normalResult(cli.result, cli, 'cli', [set.id]));
    // Where its inputs are wrong, the CLI has no outputs; the plugins have them in every case.
    expect(end.outputs).toBeDefined();
    if (cli.outputs) expect(normalOutputs(end, [set.id])).toEqual(normalOutputs(cli, [set.id]));
  });
});
