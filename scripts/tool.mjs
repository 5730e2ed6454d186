import { spawnSync } from 'node:child_process';
import path from 'node:path';

/**
 * Runs a tool of the root's devDependencies with our output.
 * @param {string} name its command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env] variables to add to the environment
 * @returns {number} its exit code; 1 if it could not be started or was killed
 */
export function tool(name, args, env = {}) {
  const bin = path.join('node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name);
  const done = spawnSync(bin, args, {
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, ...env },
  });
  if (done.error) console.error(`${name}: ${done.error.message}`);
  return done.status ?? 1;
}
