/** Mode verify on a host: what a deploy job is told, and what it is handed. */
import { describe, expect, it } from 'vitest';
import { runJob } from '../../src/jobs/run-job.ts';
import type { FusegateResult } from '../../src/model/result.ts';
import type { RunRequest, VerifyRequest } from '../../src/model/run-request.ts';
import { appWithResult } from '../support/app-with-result.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { temporaryFolder } from '../support/folder.ts';
import { LIMITS } from '../support/pipeline.ts';
import { RecordingHost } from '../support/recording-host.ts';

async function verify(
  change: Partial<FusegateResult>,
  demands: VerifyRequest = {},
  { detail = 'full', url = 'https://fusion.appdome.com' }: { detail?: 'full' | 'counts'; url?: string } = {},
) {
  const folder = await temporaryFolder();
  const signal = new AbortController().signal;
  const { app, result } = await appWithResult(folder, change);
  const request: RunRequest = {
    mode: 'verify',
    server: { url },
    app: { path: app, name: 'app.apk', kind: 'apk', platform: 'android', size: 14 },
    result,
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
  const context = { ci: { system: 'cli' }, tool: {}, root: '/repository', mask: (text: string) => text };
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
    expect(host.logged).toMatchObject([{ text: expect.stringMatching(/docs\/errors\.md#result-refused$/u) }]);
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

  const SET_BY = 'the environment variable FUSEGATE_SERVER_URL';
  const OTHER = 'https://appdome.example.com';

  it.each([
    ['green', OTHER, 0, 'warning'],
    ['red', 'https://fusion.appdome.com', 8, 'error'],
  ])('is told whose results are trusted instead of those of the service: %s', async (_, server, exitCode, level) => {
    const { end, host } = await verify({ server }, { serverSetBy: SET_BY }, { url: OTHER });
    expect(end.exitCode).toBe(exitCode);
    const trusted = `Trusted: results of ${OTHER}, set by ${SET_BY}`;
    expect(host.logged).toMatchObject([{ level, text: expect.stringContaining(trusted) }]);
    expect(host.annotations).toMatchObject([{ level, message: expect.stringContaining(trusted) }]);
    expect(host.summaries).toMatchObject([expect.stringContaining(trusted)]);
    const warned = end.result?.findings.filter(({ code }) => code === 'server.trusted');
    expect(warned).toMatchObject([{ level: 'warning', message: expect.stringContaining(SET_BY) }]);
  });

  it('is told nothing of the service itself, whoever named it', async () => {
    const { end, host } = await verify({}, { serverSetBy: SET_BY });
    expect(end.result?.findings).toEqual([]);
    expect(host.logged).toMatchObject([{ level: 'notice', text: expect.not.stringContaining('Trusted') }]);
  });

  it.each(['full', 'counts'] as const)('is told of protections with detail: %s', async (detail) => {
    const waiver = {
      owner: 'qa',
      reason: 'Proxy Detection',
      expires: '2026-01-01',
      source: 'p.yml:9',
      state: 'active' as const,
    };
    const { end, host } = await verify({ waivers: [{ features: ['Proxy Detection'], ...waiver }] }, {}, { detail });
    expect(end.exitCode).toBe(8);
    const told = JSON.stringify([host.logged, host.annotations, host.summaries]);
    expect(told.includes('Proxy Detection')).toBe(detail === 'full');
    expect(told).toContain('result.refused');
  });
});
