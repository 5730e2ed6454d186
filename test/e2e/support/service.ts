/**
 * The embedded build service as its own process, as users start it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { COMPILED_ONCE } from './test-time.ts';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const SERVER = path.join(ROOT, 'emulator/dist/server.cjs');

export const API_KEY = 'e2e-key-0f6d1c5b';

export interface Service {
  url: string;
  dataDir: string;
  child: ChildProcess;
  /** What `/__emulator/state` says now. */
  state(): Promise<ServiceState>;
  addFaults(faults: unknown[]): Promise<void>;
  /** Takes every instruction back; apps, builds and the record stay. */
  clearFaults(): Promise<void>;
  /** Fusion Set ids by a word of the set's name. */
  fusionSet(word: string): Promise<{ id: string; name: string }>;
  stop(): Promise<void>;
}

interface ServiceState {
  fusionSets: Array<{ id: string; name: string; platform?: string; features: Array<{ key: string }> }>;
  apps: unknown[];
  tasks: unknown[];
  violations: Array<{ code: string; message: string }>;
  faults: Array<{ remaining: number }>;
  requests: Array<{ method: string; path: string; status: number; action?: string; fields?: Record<string, unknown> }>;
}

/** Starts the service on a free port; stop it in `afterAll`. */
export async function startService(args: string[] = [], faults?: unknown[]): Promise<Service> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'fusegate-service-'));
  const options = ['--port', '0', '--data-dir', dataDir, '--time-scale', '0.02', ...args];
  if (faults) {
    const file = path.join(dataDir, 'faults.json');
    writeFileSync(file, JSON.stringify(faults));
    options.push('--faults', file);
  }
  const child = spawn(process.execPath, [SERVER, ...options], {
    env: { ...process.env, FUSEGATE_EMULATOR_API_KEY: API_KEY, NODE_OPTIONS: COMPILED_ONCE },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const url = await new Promise<string>((resolve, reject) => {
    let printed = '';
    child.stdout.on('data', (chunk) => {
      printed += chunk;
      const found = /^listening on (http:\/\/127\.0\.0\.1:\d+)$/m.exec(printed)?.[1];
      if (found) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`the service ended with ${code}: ${errors}`)));
  });
  const control = async (pathname: string, body?: unknown, method = 'POST') => {
    const answer = await fetch(`${url}/__emulator/${pathname}`, {
      method: body === undefined ? 'GET' : method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (!answer.ok) throw new Error(`control ${pathname}: ${answer.status} ${await answer.text()}`);
    return answer.json() as Promise<ServiceState>;
  };
  return {
    url,
    dataDir,
    child,
    state: () => control('state'),
    addFaults: async (list) => {
      await control('faults', list);
    },
    clearFaults: async () => {
      await control('faults', [], 'PUT');
    },
    async fusionSet(word) {
      const sets = (await control('state')).fusionSets;
      const found = sets.find((set) => set.name.toLowerCase().includes(word.toLowerCase()));
      if (!found) throw new Error(`no fusion set with '${word}' among ${sets.map((set) => set.name).join(', ')}`);
      return found;
    },
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => {
          rmSync(dataDir, { recursive: true, force: true });
          resolve();
        });
        child.kill('SIGTERM');
      }),
  };
}
