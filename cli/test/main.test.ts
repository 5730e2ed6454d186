import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { APK } from '../../shared/test/support/zip.ts';

const dir = mkdtempSync(join(tmpdir(), 'fusegate-main-'));
const bundle = join(dir, 'fusegate.cjs');
let server: Server;
const sockets = new Set<Socket>();

beforeAll(async () => {
  await build({
    entryPoints: [fileURLToPath(new URL('../src/main.ts', import.meta.url))],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['unpdf', '@fusegate/emulator'],
    define: { 'import.meta.url': '__bundleUrl' },
    banner: { js: "const __bundleUrl=require('node:url').pathToFileURL(__filename).href;" },
    logLevel: 'error',
  });
  writeFileSync(join(dir, 'app.apk'), APK);
  // Takes connections and never answers.
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}, 60_000);

afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
  rmSync(dir, { recursive: true, force: true });
});

function start(
  words: string[],
  environment: Record<string, string> = {},
): ChildProcess & { said: () => string; erred: () => string } {
  const child = spawn(process.execPath, [bundle, ...words], {
    cwd: dir,
    env: { PATH: process.env.PATH ?? '', TMPDIR: tmpdir(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    err += chunk;
  });
  return Object.assign(child, { said: () => out, erred: () => err });
}

async function until(child: ReturnType<typeof start>, text: string): Promise<void> {
  while (!child.said().includes(text)) {
    if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${child.said()}${child.erred()}`);
    await once(child.stdout ?? child, 'data');
  }
}

const RUN = [
  'run',
  ...['--app', 'app.apk', '--fusion-set-id', '11111111-631e-11f0-811d-012fa289ddab', '--sign', 'private'],
  ...['--signing-fingerprint', 'A1B2C3D4E5F60718293A4B5C6D7E8F9001122334', '--required-features', 'Root Detection'],
];

describe('the process', () => {
  it('answers --version on standard output with 0', async () => {
    const child = start(['--version']);
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(child.said()).toMatch(/^fusegate \d+\.\d+\.\d+\n$/);
  });

  it('ends usage errors with 2, on standard error only', async () => {
    const child = start(['run', '--nonsense']);
    expect(await once(child, 'close')).toEqual([2, null]);
    expect(child.said()).toBe('');
    expect(child.erred()).toContain('--nonsense is not an option');
  });

  it('is not upset by a reader that goes away', async () => {
    const child = start(['features', '--json']);
    child.stdout?.destroy();
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(child.erred()).toBe('');
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)(
    '%s cancels the run: exit 130, a result, no green',
    async (signal) => {
      const { port } = server.address() as AddressInfo;
      const out = join(dir, `out-${signal}`);
      const child = start([...RUN, '--output-dir', out], {
        APPDOME_API_KEY: 'synthetic-key-1',
        APPDOME_SERVER_BASE_URL: `http://127.0.0.1:${port}`,
      });
      await until(child, 'checking whether Appdome has');
      child.kill(signal);
      expect(await once(child, 'close')).toEqual([130, null]);
      expect(child.said()).toContain('verdict: error');
      const result = JSON.parse(readFileSync(join(out, 'fusegate-result.json'), 'utf8'));
      expect(result).toMatchObject({ verdict: 'error', exitCode: 130 });
      expect(child.said() + child.erred() + JSON.stringify(result)).not.toContain('synthetic-key-1');
    },
  );
});
