/** The processes of the demo: the build service, and one CLI after the other. */
import { spawn } from 'node:child_process';

/** Variables that would change what the demo shows: settings of Fusegate, proxies and CAs. All traffic stays on this machine. */
const LEFT_OUT = /^(?:FUSEGATE_|APPDOME_|APPD_|(?:https?|all|no)_proxy$|NODE_EXTRA_CA_CERTS$)/i;

/** The exit code of a cancelled run. */
export const CANCELLED = 130;

export class Cancelled extends Error {}

/**
 * @param {NodeJS.ProcessEnv} environment
 * @returns {NodeJS.ProcessEnv}
 */
export function plainEnvironment(environment) {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !LEFT_OUT.test(name)));
}

/**
 * @param {string} cli
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>} when it listens
 */
export function startService(cli, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, 'emulator', ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise((done) => child.once('close', done));
    let printed = '';
    child.stdout.on('data', (chunk) => {
      printed += chunk;
      const url = /^listening on (http:\/\/127\.0\.0\.1:\d+)$/m.exec(printed)?.[1];
      if (url === undefined) return;
      resolve({
        url,
        stop: async () => {
          child.kill('SIGTERM');
          await ended;
        },
      });
    });
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`the build service ended with ${code} before it was ready`)));
  });
}

/**
 * Runs the CLI with our output: on a terminal it shows live progress. Ctrl+C reaches it too, and it says how it ended.
 * @param {string} cli
 * @param {string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<number>} its exit code
 * @throws {Cancelled}
 */
export function runCli(cli, args, { cwd, env }) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, ...args], { cwd, env, stdio: 'inherit' });
    const wait = () => {};
    process.on('SIGINT', wait);
    child.on('error', reject);
    child.on('close', (code) => {
      process.off('SIGINT', wait);
      if (code === null || code === CANCELLED) reject(new Cancelled());
      else resolve(code);
    });
  });
}
