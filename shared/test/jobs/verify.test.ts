/** Mode verify on a host: what a deploy job is told, and what it is handed. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashFile } from '../../src/files/hash-file.ts';
import { runJob } from '../../src/jobs/run-job.ts';
import type { FusegateResult } from '../../src/model/result.ts';
import type { RunRequest, VerifyRequest } from '../../src/model/run-request.ts';
import { resultOf } from '../report/synthetic-result.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { temporaryFolder } from '../support/folder.ts';
import { LIMITS } from '../support/pipeline.ts';
import { RecordingHost } from '../support/recording-host.ts';

async function verify(
  change: Partial<FusegateResult>,
  demands: VerifyRequest = {},
  detail: 'full' | 'counts' = 'full',
) {
  const folder = await temporaryFolder();
  const signal = new AbortController().signal;
  const app = path.join(folder, 'app.apk');
  await writeFile(app, 'PK\u0003\u0004 protected');
  const sha256 = await hashFile(app, signal);
  const file = path.join(folder, 'fusegate-result.json');
  const result = resultOf({}, { binding: { level: 'file', message: 'bound', sha256 }, ...change });
  await writeFile(file, JSON.stringify(result));
  const request: RunRequest = {
    mode: 'verify',
    server: { url: 'https://fusion.appdome.com' },
    app: { path: app, name: 'app.apk', kind: 'apk', platform: 'android', size: 14 },
    result: file,
    verify: demands,
    buildLogs: false,
    buildOverrides: {},
    gate: { mode: 'enforce', requiredFeatures: [], evidence: 'pdf', detail, certificates: [] },
    output: { dir: folder, secondOutput: false, deobfuscationMap: false, reports: [], publish: [] },
    limits: LIMITS,
    resume: 'auto',
    reuseUpload: false,
    ci: true,
    verbose: false,
  };
  const clock = new FakeClock();
  const host = new RecordingHost();
  const deps = { clock, retryClock: clock, random: () => 0.5, signal };
  const context = { ci: { system: 'cli' }, tool: {}, mask: (text: string) => text };
  const end = await runJob(request, { rules: [], resolved: {} }, host, deps, context);
  return { app, end, host };
}

describe('a deploy job', () => {
  it('is handed the app that passed', async () => {
    const { app, end, host } = await verify({});
    expect(end).toMatchObject({ exitCode: 0, result: { verdict: 'pass', rehearsal: false, findings: [] } });
    expect(host.outputs.get('protected-app')).toBe(app);
    expect(host.logged).toMatchObject([{ level: 'notice', text: expect.stringMatching(/^Fusegate VERIFIED:/) }]);
    expect(host.annotations).toEqual([]);
  });

  const rehearsed = { rehearsal: true, server: 'http://127.0.0.1:8080' };

  it('is refused the app of a rehearsal that nobody asked for', async () => {
    const { end, host } = await verify(rehearsed);
    expect(end).toMatchObject({ exitCode: 8, result: { verdict: 'error' } });
    expect(host.outputs.get('protected-app')).toBe('');
    expect(host.failed).toEqual([8]);
  });

  it('can be rehearsed, and says so wherever it says that all is well', async () => {
    const { app, end, host } = await verify(rehearsed, { rehearsal: true });
    expect(end).toMatchObject({ exitCode: 0, result: { verdict: 'pass', rehearsal: true } });
    expect(end.result?.findings).toMatchObject([{ code: 'server.rehearsal', level: 'warning' }]);
    expect(host.outputs.get('protected-app')).toBe(app);
    expect(host.logged).toMatchObject([
      { level: 'warning', text: expect.stringMatching(/REHEARSAL VERIFIED.*not be released/) },
    ]);
    expect(host.annotations).toMatchObject([{ level: 'warning', title: expect.stringContaining('REHEARSAL') }]);
    expect(host.summaries).toMatchObject([expect.stringMatching(/^## ⚠️ Fusegate REHEARSAL VERIFIED/)]);
    expect(host.failed).toEqual([]);
  });

  it.each([
    ['the result of the service itself', {}],
    ['a rehearsal that is not a pass', { ...rehearsed, verdict: 'fail' as const, exitCode: 6 }],
  ])('that is rehearsed refuses %s', async (_, change) => {
    const { end, host } = await verify(change, { rehearsal: true });
    expect(end.exitCode).not.toBe(0);
    expect(host.outputs.get('protected-app')).toBe('');
    expect(host.annotations).toMatchObject([
      { level: 'error', title: expect.stringContaining('Fusegate NOT VERIFIED') },
    ]);
  });

  it.each(['full', 'counts'] as const)('is told of protections with detail: %s', async (detail) => {
    const waiver = {
      owner: 'qa',
      reason: 'Proxy Detection',
      expires: '2026-01-01',
      source: 'p.yml:9',
      state: 'active' as const,
    };
    const { end, host } = await verify({ waivers: [{ features: ['Proxy Detection'], ...waiver }] }, {}, detail);
    expect(end.exitCode).toBe(8);
    const told = JSON.stringify([host.logged, host.annotations, host.summaries]);
    expect(told.includes('Proxy Detection')).toBe(detail === 'full');
    expect(told).toContain('result.refused');
  });
});
