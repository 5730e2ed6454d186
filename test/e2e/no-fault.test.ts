/** What looks like a fault and is none: the run waits, asks again, and passes. Real faults are in test/faults/. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from './support/cli.ts';
import { privateJob } from './support/private-job.ts';
import { API_KEY, type Service, startService } from './support/service.ts';

let service: Service;
let env: Record<string, string>;
let job: string[];

beforeAll(async () => {
  service = await startService();
  env = { APPDOME_API_KEY: API_KEY, APPDOME_SERVER_BASE_URL: service.url };
  const { id } = await service.fusionSet('all detections');
  job = privateJob(id, '--required-features', 'Root Detection', '--no-reuse-upload');
});
afterAll(() => service.stop());

describe('what is not a fault', () => {
  it('queued several times, an unknown status word, and an expired link', async () => {
    await service.clearFaults();
    await service.addFaults([
      { times: 3, do: { kind: 'uploadState', state: 'queued' } },
      { match: { path: '**/tasks/*/status' }, times: 2, do: { kind: 'statusWord', word: 'pending' } },
      { match: { method: 'PUT' }, do: { kind: 'status', code: 403, body: '<Error><Code>AccessDenied</Code></Error>' } },
    ]);
    const end = await runCli(job, { env });
    expect(end.exit).toBe(0);
    expect((await service.state()).faults.every((each) => each.remaining === 0)).toBe(true);
  });

  it('no violation of the protocol in all of this', async () => {
    const codes = (await service.state()).violations.map((violation) => violation.code);
    expect(codes.filter((code) => code !== 'duplicate-build')).toEqual([]);
  });
});
