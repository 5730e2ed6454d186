/** Mode validate against a small service: what the states and words of the service lead to. */
import { mkdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runJob } from '../../src/jobs/run-job.ts';
import type { Host } from '../../src/model/host.ts';
import type { FusegateResult } from '../../src/model/result.ts';
import type { RunRequest } from '../../src/model/run-request.ts';
import { Secret } from '../../src/model/secret.ts';
import { BUILD_ID, OTHER_ID } from '../policy/synthetic-evidence.ts';
import { resultOf } from '../report/synthetic-result.ts';
import { json, serve } from '../support/api-server.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { temporaryFolder } from '../support/folder.ts';
import { LIMITS } from '../support/pipeline.ts';
import { RecordingHost } from '../support/recording-host.ts';

const SIGNED = {
  validation_state: 'completed',
  messages: [{ message: 'This app is signed correctly' }],
  build_id: BUILD_ID,
};
const HOUR = 3_600_000;

interface Given {
  /** One answer after the other; the last one stands. */
  answers: unknown[];
  result?: Partial<FusegateResult>;
  buildId?: string;
  limits?: Partial<RunRequest['limits']>;
  onAnswer?: (nth: number, clock: FakeClock) => void;
  change?: (host: Host, dir: string) => void;
}

async function validate({ answers, result, buildId, limits, onAnswer, change }: Given) {
  const folder = await temporaryFolder();
  const clock = new FakeClock();
  let nth = 0;
  const server = await serve((request, response) => {
    if (request.method === 'POST') {
      json(response, { id: 'validation-1' });
      return;
    }
    nth += 1;
    onAnswer?.(nth, clock);
    json(response, answers[Math.min(nth, answers.length) - 1]);
  });
  onTestFinished(() => server.close());
  const app = path.join(folder, 'signed.apk');
  await writeFile(app, 'PK\u0003\u0004 signed');
  const resultFile = path.join(folder, 'given.json');
  if (result)
    await writeFile(resultFile, JSON.stringify(resultOf({}, { server: server.url, rehearsal: true, ...result })));
  const request: RunRequest = {
    mode: 'validate',
    server: { url: server.url, apiKey: new Secret('synthetic-key') },
    app: { path: app, name: 'signed.apk', kind: 'apk', platform: 'android', size: 11 },
    ...(result ? { result: resultFile } : {}),
    ...(buildId === undefined ? {} : { buildId }),
    buildLogs: false,
    buildOverrides: {},
    gate: { mode: 'enforce', requiredFeatures: [], evidence: 'any', detail: 'full', certificates: [] },
    output: {
      dir: path.join(folder, 'out'),
      secondOutput: false,
      deobfuscationMap: false,
      reports: ['junit', 'markdown'],
      publish: [],
    },
    limits: { ...LIMITS, ...limits },
    resume: 'auto',
    reuseUpload: false,
    ci: true,
    verbose: false,
  };
  const host = new RecordingHost();
  change?.(host, path.join(folder, 'out'));
  const deps = { clock, retryClock: clock, random: () => 0.5, signal: new AbortController().signal };
  let thrown: unknown;
  const end = await runJob(request, { rules: [], resolved: {} }, host, deps, {
    ci: { system: 'cli' },
    tool: {},
    root: folder,
    mask: (text) => text,
  }).catch((error: unknown) => {
    thrown = error;
    return { exitCode: undefined, result: undefined };
  });
  const written = JSON.parse(
    await readFile(path.join(folder, 'out', 'fusegate-result.json'), 'utf8'),
  ) as FusegateResult;
  return { end, thrown, host, written, polls: () => nth, app, out: path.join(folder, 'out') };
}

describe('a validation that proves the app', () => {
  it('is waited for through pending, active and words that nobody knows', async () => {
    const states = ['pending', 'active', 'Thinking', 'active'].map((state) => ({
      validation_state: state,
      messages: [],
    }));
    const { end, host, written, polls, app } = await validate({ answers: [...states, SIGNED], result: {} });
    expect(polls()).toBe(5);
    expect(end.exitCode).toBe(0);
    expect(written).toEqual(end.result);
    expect(written).toMatchObject({ mode: 'validate', verdict: 'pass', exitCode: 0, binding: { level: 'service' } });
    expect(written.stages.map(({ name }) => name).slice(-2)).toEqual(['upload', 'validation']);
    expect(host.outputs.get('protected-app')).toBe(app);
    expect(host.outputs.get('sha256')).toBe(written.validation?.sha256);
    expect(host.logged.filter(({ text }) => text.includes('"thinking"'))).toHaveLength(1);
    expect(host.failed).toEqual([]);
  });

  it('makes no result younger, and no rehearsal real', async () => {
    const finishedAt = '2026-01-01T00:00:00.000Z';
    const { written } = await validate({ answers: [SIGNED], result: { finishedAt, rehearsal: false } });
    expect(written).toMatchObject({ finishedAt, rehearsal: true });
    expect(written.validation?.at).not.toBe(finishedAt);
  });

  it('without a result judges nothing', async () => {
    const { end, written, host } = await validate({ answers: [SIGNED], buildId: BUILD_ID });
    expect(end.exitCode).toBe(0);
    expect(written).toMatchObject({
      verdict: 'not-evaluated',
      exitCode: 0,
      binding: { level: 'service' },
      requirements: [],
    });
    expect(host.logged.some(({ text }) => text.includes('PASS'))).toBe(false);
  });
});

describe('every other end is red', () => {
  const rows: Array<[string, Given, number, string]> = [
    ['another build', { answers: [{ ...SIGNED, build_id: OTHER_ID }], result: {} }, 6, 'validation.rejected'],
    ['no build', { answers: [{ ...SIGNED, build_id: undefined }], result: {} }, 8, 'validation.unproven'],
    [
      'not built by Appdome',
      { answers: [{ ...SIGNED, messages: [{ message: 'This app is not built by Appdome' }] }], result: {} },
      6,
      'validation.rejected',
    ],
    [
      'words that nobody knows',
      { answers: [{ ...SIGNED, messages: [{ message: 'Fine' }] }], result: {} },
      8,
      'validation.unproven',
    ],
    [
      'the state error',
      { answers: [{ validation_state: 'error', message: 'no manifest' }], result: {} },
      5,
      'service.validation-failed',
    ],
    ['the state failed', { answers: [{ validation_state: 'failed' }], result: {} }, 5, 'service.validation-failed'],
    ['no state', { answers: [{ messages: [] }], result: {} }, 4, 'api.unexpected'],
    ['a result that failed', { answers: [SIGNED], result: { verdict: 'fail', exitCode: 6 } }, 6, 'result.not-a-pass'],
    ['a result of gate warn', { answers: [SIGNED], result: { gate: 'warn' } }, 6, 'result.not-a-pass'],
    ['a result that contradicts itself', { answers: [SIGNED], result: { exitCode: 6 } }, 8, 'result.refused'],
    [
      'a result of another service',
      { answers: [SIGNED], result: { server: 'https://fusion.appdome.com' } },
      8,
      'result.refused',
    ],
    ['a result of another build than asked', { answers: [SIGNED], result: {}, buildId: OTHER_ID }, 8, 'result.refused'],
    [
      'its deadline',
      {
        answers: [{ validation_state: 'active' }],
        result: {},
        limits: { analysis: HOUR },
        onAnswer: (nth, clock) => {
          if (nth === 3) clock.advance(HOUR);
        },
      },
      7,
      'timeout.validation',
    ],
    [
      'the deadline of the run',
      {
        answers: [{ validation_state: 'pending' }],
        result: {},
        limits: { run: HOUR },
        onAnswer: (nth, clock) => {
          if (nth === 2) clock.advance(HOUR);
        },
      },
      7,
      'timeout.run',
    ],
  ];
  it.each(rows)('%s', async (_, given, exit, code) => {
    const { end, written, host } = await validate(given);
    expect(end.exitCode).toBe(exit);
    expect(written).toMatchObject({ verdict: 'error', exitCode: exit, binding: { level: 'none' }, files: [] });
    expect(written.validation).toBeUndefined();
    expect(written.findings.map((finding) => finding.code)).toContain(code);
    expect(host.outputs.get('protected-app')).toBe('');
    expect(host.outputs.get('verdict')).toBe('error');
    expect(host.failed).toEqual([exit]);
  });
});

describe('a validation that cannot be told', () => {
  it.each(['setOutput', 'summary', 'attachReport'] as const)('is red on disk too (%s)', async (method) => {
    const { thrown, written, out } = await validate({
      answers: [SIGNED],
      result: {},
      change: (host) => {
        host[method] = () => {
          throw new Error('no space left on device');
        };
      },
    });
    expect(thrown).toMatchObject({ message: 'no space left on device' });
    expect(written).toMatchObject({ mode: 'validate', verdict: 'error', binding: { level: 'none' }, files: [] });
    expect(written.exitCode).not.toBe(0);
    // Made from the red result as well.
    expect(await readFile(path.join(out, 'fusegate-summary.md'), 'utf8')).not.toMatch(/PASS/u);
    expect(await readFile(path.join(out, 'fusegate-junit.xml'), 'utf8')).toMatch(/<error/u);
  });

  it('is red where its reports cannot be written', async () => {
    const { end, host, written } = await validate({
      answers: [SIGNED],
      result: {},
      // No file can be put where a folder that is not empty lies.
      change: (host, dir) => {
        host.progress = () => {
          mkdirSync(path.join(dir, 'fusegate-summary.md', 'occupied'), { recursive: true });
        };
      },
    });
    expect(end).toMatchObject({ exitCode: written.exitCode });
    expect(written).toMatchObject({ verdict: 'error', findings: [{ code: 'output.not-kept' }, expect.anything()] });
    expect(host.failed).toEqual([written.exitCode]);
    expect(host.outputs.get('protected-app')).toBe('');
  });
});
