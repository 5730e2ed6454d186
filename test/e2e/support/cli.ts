/**
 * The CLI through its shipped bundle.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FusegateResult } from '@fusegate/shared/model/result';
import { isForHost, runHosted } from './bundle-host.ts';
import { COMPILED_ONCE, TEST_TIME } from './test-time.ts';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const CLI = path.join(ROOT, 'cli/dist/fusegate.cjs');

export interface CliEnd {
  exit: number | null;
  stdout: string;
  stderr: string;
  /** The output folder that the run was given. */
  dir: string;
  /** `fusegate-result.json`, where the run wrote one. */
  result: FusegateResult | undefined;
}

export interface CliOptions {
  env?: Record<string, string>;
  /** Where outputs go; a fresh temporary folder unless given. */
  dir?: string;
  cwd?: string;
  /** The Node that runs it; the one of the tests unless given. */
  node?: string;
  /** Ends it with SIGKILL. */
  signal?: AbortSignal;
  /** Called with the child once it is running, e.g. to interrupt it. */
  onStart?: (child: ChildProcess) => void;
  /** Starts Node for it, where the test is about the process. Without that, a process that is there runs it (bundle-host.ts). */
  ownProcess?: true;
}

/** For tests that count requests: on a busy machine a scaled stall clock calls an answer lost, and then a request is sent twice. */
export const UNHURRIED = { FUSEGATE_TIME_SCALE: '1' };

export function temporaryFolder(name = 'fusegate-e2e-'): string {
  return mkdtempSync(path.join(os.tmpdir(), name));
}

/** What a process needs to run a command. */
export interface Job {
  words: string[];
  cwd: string;
  environment: Record<string, string>;
  dir: string;
}

/** It sees nothing of this process's environment but PATH, HOME and TMPDIR. */
export function jobOf(args: string[], options: CliOptions = {}): Job {
  const dir = options.dir ?? path.join(temporaryFolder(), 'out');
  return {
    words: ['run', 'gate', 'validate'].includes(args[0] ?? '') ? [...args, '--output-dir', dir] : args,
    cwd: options.cwd ?? temporaryFolder(),
    environment: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      TMPDIR: os.tmpdir(),
      NODE_OPTIONS: COMPILED_ONCE,
      ...TEST_TIME,
      ...options.env,
    },
    dir,
  };
}

export function endOf({ dir }: Job, printed: Pick<CliEnd, 'exit' | 'stdout' | 'stderr'>): CliEnd {
  const file = path.join(dir, 'fusegate-result.json');
  const result = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as FusegateResult) : undefined;
  return { ...printed, dir, result };
}

/** Runs a command to its end. */
export async function runCli(args: string[], options: CliOptions = {}): Promise<CliEnd> {
  const job = jobOf(args, options);
  const { node, signal, onStart, ownProcess } = options;
  if (node === undefined && !signal && !onStart && !ownProcess && isForHost(job.environment)) {
    return endOf(job, await runHosted({ bundle: CLI, ...job }));
  }
  return new Promise((resolve, reject) => {
    const child = spawn(options.node ?? process.execPath, [CLI, ...job.words], {
      cwd: job.cwd,
      env: job.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.signal && { signal: options.signal, killSignal: 'SIGKILL' as const }),
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.once('error', reject);
    child.once('close', (exit) => resolve(endOf(job, { exit, stdout, stderr })));
    options.onStart?.(child);
  });
}
