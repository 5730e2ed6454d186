/** A child process to its end, with both streams as text. */
import { type ChildProcess, spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isForHost, runHosted } from '../../e2e/support/bundle-host.ts';
import { COMPILED_ONCE, RECORDER, TEST_TIME } from '../../e2e/support/test-time.ts';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
/** For NODE_OPTIONS: what the process under test starts is written to the file that RECORD_CHILDREN names. */
export const RECORD_CHILDREN = `${COMPILED_ONCE} ${RECORDER}`;

export interface ChildEnd {
  exit: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface ChildOptions {
  cwd: string;
  /** The whole environment: nothing of this process's is added but TMPDIR. */
  env: Record<string, string>;
  onStart?: (child: ChildProcess) => void;
}

/** Runs a shipped bundle to its end, in a process that is there where that makes no difference (bundle-host.ts). */
export async function runBundle(
  bundle: string,
  words: readonly string[],
  { node, ...options }: ChildOptions & { node?: string | undefined },
): Promise<ChildEnd> {
  const environment = { TMPDIR: os.tmpdir(), ...options.env };
  if (node !== undefined || options.onStart || !isForHost(environment)) {
    return runChild(node ?? process.execPath, [bundle, ...words], options);
  }
  const end = await runHosted({ bundle, words: [...words], cwd: options.cwd, environment });
  return { ...end, signal: null };
}

export function runChild(
  command: string,
  args: readonly string[],
  { cwd, env, onStart }: ChildOptions,
): Promise<ChildEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { TMPDIR: os.tmpdir(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk) => {
      stderr += chunk;
    });
    child.once('error', reject);
    child.once('close', (exit, signal) => resolve({ exit, signal, stdout, stderr }));
    onStart?.(child);
  });
}

/** Calls `act` once, when the log says it for the first time. */
export function whenLogged(pattern: RegExp, act: (child: ChildProcess) => void): (child: ChildProcess) => void {
  return (child) => {
    let seen = '';
    let done = false;
    child.stdout?.on('data', (chunk) => {
      seen += chunk;
      if (done || !pattern.test(seen)) return;
      done = true;
      act(child);
    });
  };
}

/** What every adapter's child gets in tests: where Node is, and patience. */
export const TEST_ENVIRONMENT: Record<string, string> = {
  PATH: `${path.dirname(process.execPath)}:${process.env.PATH ?? ''}`,
  HOME: process.env.HOME ?? '',
  NODE_OPTIONS: COMPILED_ONCE,
  ...TEST_TIME,
};

/**
 * What a process started, by file, but for the reader of PDFs: that is the same Node with a limit.
 * @param recorded by {@link RECORD_CHILDREN}
 */
export function otherChildren(recorded: string): string[] {
  const children = recorded
    .split('\n')
    .filter(Boolean)
    .map((line): { file: string; args: string[] } => JSON.parse(line));
  return children
    .filter(({ args }) => !args.some((word) => word.startsWith('--max-old-space-size=')))
    .map(({ file }) => file);
}
