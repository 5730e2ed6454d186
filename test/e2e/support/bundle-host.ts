/** Runs of shipped bundles, one after the other in a process that stays (test/setup/bundle-host.cjs). */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { COMPILED_ONCE, RECORDER } from './test-time.ts';

const HOST = fileURLToPath(new URL('../../setup/bundle-host.cjs', import.meta.url));
/** What is over its stream of the run that has ended. */
const MARK = '\0the run has ended\0';
const PRELOADED = [COMPILED_ONCE, RECORDER];

export interface HostedJob {
  bundle: string;
  words: string[];
  cwd: string;
  /** The whole environment. */
  environment: Record<string, string>;
}

export interface HostedEnd {
  exit: number | null;
  stdout: string;
  stderr: string;
}

/** Node reads its own variables when it starts, but for those that load what the host has loaded. */
export function isForHost(environment: Record<string, string>): boolean {
  const { NODE_OPTIONS = '', ...others } = environment;
  const isLoaded = NODE_OPTIONS.split(' ').every((word) => word === '' || PRELOADED.includes(word));
  return isLoaded && !Object.keys(others).some((name) => name.startsWith('NODE_') || name.startsWith('SSL_CERT_'));
}

const idle: ChildProcess[] = [];

function startHost(): ChildProcess {
  const child = spawn(process.execPath, [...PRELOADED, HOST], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  child.stdout?.setEncoding('utf8');
  child.stderr?.setEncoding('utf8');
  // It ends when this process does.
  child.unref();
  return child;
}

function keepsUsAlive(child: ChildProcess, keeps: boolean): void {
  for (const handle of [child.channel, child.stdout, child.stderr]) {
    const { ref, unref } = handle as unknown as { ref(): void; unref(): void };
    (keeps ? ref : unref).call(handle);
  }
}

/** Several at once get a process each. */
export function runHosted({ bundle, words, cwd, environment }: HostedJob): Promise<HostedEnd> {
  const child = idle.pop() ?? startHost();
  keepsUsAlive(child, true);
  return new Promise((resolve, reject) => {
    const printed = { stdout: '', stderr: '' };
    let ended: { exit: number; goesOn: boolean } | undefined;
    const settle = () => {
      if (ended === undefined || !printed.stdout.endsWith(MARK) || !printed.stderr.endsWith(MARK)) return;
      stop();
      if (ended.goesOn) {
        keepsUsAlive(child, false);
        idle.push(child);
      }
      const { stdout, stderr } = printed;
      resolve({ exit: ended.exit, stdout: stdout.slice(0, -MARK.length), stderr: stderr.slice(0, -MARK.length) });
    };
    const take = (stream: 'stdout' | 'stderr') => (chunk: string) => {
      printed[stream] += chunk;
      settle();
    };
    const takeOut = take('stdout');
    const takeErr = take('stderr');
    const onEnd = (end: { exit: number; goesOn: boolean }) => {
      ended = end;
      settle();
    };
    const onExit = (exit: number | null, signal: string | null) => {
      if (ended !== undefined) return;
      stop();
      reject(new Error(`the host ended with ${exit ?? signal}: ${printed.stderr}`));
    };
    const stop = () => {
      child.stdout?.off('data', takeOut);
      child.stderr?.off('data', takeErr);
      child.off('message', onEnd).off('exit', onExit);
    };
    child.stdout?.on('data', takeOut);
    child.stderr?.on('data', takeErr);
    child.on('message', onEnd).on('exit', onExit);
    child.send({ bundle, words, cwd, environment, mark: MARK });
  });
}
