/** The emulator as a process: how it starts and ends, and what a kill leaves behind. Runs the bundle that users run. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FUSION_SET_IDS } from '../src/fusion-sets/built-in.ts';
import { archive, Session, sha256 } from './support/session.ts';

const folder = mkdtempSync(join(tmpdir(), 'emulator-process-'));
const bundle = join(folder, 'server.cjs');
const running: ChildProcessWithoutNullStreams[] = [];

beforeAll(async () => {
  await build({
    entryPoints: [fileURLToPath(new URL('../src/server.ts', import.meta.url))],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    conditions: ['fusegate-bundle'],
    loader: { '.ttf': 'binary' },
    logLevel: 'error',
  });
}, 60_000);
afterEach(async () => {
  await Promise.all(running.splice(0).map((child) => stop(child, 'SIGKILL')));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(argv: string[], env: NodeJS.ProcessEnv = {}): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [bundle, ...argv], { env: { PATH: process.env.PATH, TMPDIR: folder, ...env } });
  running.push(child);
  return child;
}

async function stop(child: ChildProcessWithoutNullStreams, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  child.kill(signal);
  await once(child, 'close');
  return child.exitCode;
}

/** Starts one and waits for what it prints when it is ready. */
async function started(argv: string[], env?: NodeJS.ProcessEnv) {
  const child = run(argv, env);
  let output = '';
  let complaints = '';
  child.stderr.on('data', (chunk) => {
    complaints += String(chunk);
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      output += String(chunk);
      if (output.includes('--required-features')) resolve();
    });
    child.on('close', (code) => reject(new Error(`ended with ${code}: ${complaints}`)));
  });
  const url = /^listening on (http:\/\/127\.0\.0\.1:\d+)\n/.exec(output)?.[1];
  if (url === undefined) throw new Error(`unexpected first line: ${output}`);
  return { child, session: new Session(url), output: () => output, complaints: () => complaints };
}

async function finished(argv: string[]): Promise<{ code: number | null; out: string; complaints: string }> {
  const child = run(argv);
  let out = '';
  let complaints = '';
  child.stdout.on('data', (chunk) => {
    out += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    complaints += String(chunk);
  });
  await once(child, 'close');
  return { code: child.exitCode, out, complaints };
}

describe('start and end', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'says what a rehearsal needs, serves, and ends with 0 on %s',
    async (signal) => {
      const { child, session, output, complaints } = await started(['--port', '0', '--time-scale', '0'], {
        FUSEGATE_EMULATOR_API_KEY: 'from-env',
      });
      session.headers.Authorization = 'from-env';
      const { taskId } = await session.built(FUSION_SET_IDS.androidFull);
      expect((await session.get(`tasks/${taskId}/certificate`)).status).toBe(200);
      expect(await stop(child, signal)).toBe(0);
      for (const id of Object.values(FUSION_SET_IDS)) expect(output()).toContain(id);
      expect(output()).toContain(`export APPDOME_SERVER_BASE_URL=${session.url} APPDOME_API_KEY=`);
      expect(output()).not.toContain('from-env');
      expect(complaints()).toBe('');
    },
  );

  it.each([
    [[], 'rehearsal-key', 'APPDOME_API_KEY=rehearsal-key'],
    [['--api-key', "it's mine"], "it's mine", "APPDOME_API_KEY='it'\\''s mine'"],
  ])('%j: shows the key %s, which no secret holds', async (argv, key, pasted) => {
    const { child, output } = await started(['--port', '0', ...argv]);
    expect(output()).toContain(`API key: ${key}\n`);
    expect(output()).toContain(pasted);
    await stop(child, 'SIGTERM');
  });

  it('ends with 2 and names everything that is wrong', async () => {
    const { code, out, complaints } = await finished(['--port', 'x', '--shape', 'Z', '--what']);
    expect([code, out]).toEqual([2, '']);
    for (const flag of ['--port', '--shape', '--what']) expect(complaints).toContain(flag);
  });

  it('ends with 2 for a bad fault file, naming index and key', async () => {
    const path = join(folder, 'faults.json');
    writeFileSync(path, '[{"do":{"kind":"delay","ms":-1}}]');
    const { code, complaints } = await finished(['--faults', path]);
    expect([code, complaints]).toEqual([2, expect.stringContaining('faults[0].do.ms')]);
  });

  it('ends with 2 where it cannot work: a port in use, a file for a folder', async () => {
    const { session } = await started([]);
    const port = new URL(session.url).port;
    const taken = await finished(['--port', port]);
    expect([taken.code, taken.complaints]).toEqual([2, expect.stringContaining('EADDRINUSE')]);
    expect((await finished(['--data-dir', bundle])).code).toBe(2);
  });

  it('prints help', async () => {
    const { code, out } = await finished(['--help']);
    expect([code, out]).toEqual([0, expect.stringContaining('--time-scale')]);
  });
});

describe('a kill', () => {
  it('loses nothing that was answered; the build goes on', async () => {
    const dataDir = join(folder, 'data');
    const faults = join(folder, 'survive.json');
    writeFileSync(
      faults,
      JSON.stringify([{ times: 3, match: { path: '/api/v1/upload-link' }, do: { kind: 'delay', ms: 0 } }]),
    );
    const argv = ['--data-dir', dataDir, '--time-scale', '0.05', '--faults', faults];
    const first = await started(argv);
    const bytes = archive('survives');
    const appId = await first.session.upload(bytes);
    await first.session.settled(`upload/${appId}/status`);
    const taskId = await first.session.fuse(appId, FUSION_SET_IDS.androidFull);
    await stop(first.child, 'SIGKILL');

    const second = await started(argv);
    const { session } = second;
    await session.settled(`tasks/${taskId}/status`);
    await session.seal(taskId);
    await stop(second.child, 'SIGKILL');

    const third = await started(argv);
    expect(await third.session.settled(`tasks/${taskId}/status`)).toMatchObject({ status: 'completed' });
    const output = await (await third.session.get(`tasks/${taskId}/output`)).arrayBuffer();
    const state = await third.session.state();
    expect(state.tasks[0]).toMatchObject({ id: taskId, output: { sha256: sha256(output) } });
    expect(state.faults).toHaveLength(1);
    expect(state.faults[0]?.remaining).toBe(2);
    expect(state.requests.length).toBeGreaterThan(5);
    expect(new Set(state.requests.map(({ number }) => number)).size).toBe(state.requests.length);
    expect(
      await (await third.session.postJson('apps/check-by-checksum', { checksum: sha256(bytes) })).json(),
    ).toMatchObject({ app_id: appId });
  });

  it('leaves files that only their owner reads', async () => {
    const dataDir = join(folder, 'modes');
    const { session, child } = await started(['--data-dir', dataDir, '--time-scale', '0']);
    await session.built(FUSION_SET_IDS.androidFull);
    await stop(child, 'SIGTERM');
    const { statSync } = await import('node:fs');
    for (const name of readdirSync(dataDir, { recursive: true, encoding: 'utf8' })) {
      const stat = statSync(join(dataDir, name));
      if (stat.isFile() && process.platform !== 'win32') expect(stat.mode & 0o077, name).toBe(0);
    }
    expect(readFileSync(join(dataDir, 'state.json'), 'utf8')).toContain('"version":1');
  });

  it('refuses a data folder of another version', async () => {
    const dataDir = mkdtempSync(join(folder, 'old-'));
    writeFileSync(join(dataDir, 'state.json'), '{"version":0}');
    const { code, complaints } = await finished(['--data-dir', dataDir]);
    expect([code, complaints]).toEqual([2, expect.stringContaining('another version')]);
  });
});

describe('memory', () => {
  it('does not grow with the app', async () => {
    if (process.platform !== 'linux') {
      console.log('skipped: peak memory is read from /proc, which only Linux has');
      return;
    }
    const { session, child } = await started(['--time-scale', '0']);
    const peak = () => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024;
    await session.built(FUSION_SET_IDS.androidFull);
    const before = peak();
    const { taskId } = await session.built(FUSION_SET_IDS.androidFull, {
      bytes: archive('x'.repeat(160 * 1024 * 1024)),
    });
    const output = await session.get(`tasks/${taskId}/output`);
    let received = 0;
    for await (const chunk of output.body ?? []) received += chunk.length;
    expect(received).toBeGreaterThan(160 * 1024 * 1024);
    expect(peak() - before).toBeLessThan(100);
  }, 60_000);
});
