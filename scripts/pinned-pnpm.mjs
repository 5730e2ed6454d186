/**
 * pnpm by digest. A fresh machine only has Node and npm. Through npx, npm would take whatever bytes the registry calls by that version; from
 * a lockfile it takes only those whose SHA-512 is committed: pnpm's own, and those of its native part for each platform.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

// Nothing of pnpm runs while it is installed. Without its scripts it starts through Node, which works on Windows, too.
const ARGUMENTS = ['ci', '--ignore-scripts', '--include=optional', '--prefer-offline'];
const QUIET = ['--no-audit', '--no-fund', '--no-update-notifier'];

/**
 * @param {string} folder with a package.json that asks for pnpm, and its package-lock.json
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {{ program: string } | { problem: string }} what Node runs as pnpm
 */
export function installPnpm(folder, env = process.env) {
  const done = spawnSync('npm', [...ARGUMENTS, ...QUIET], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    // On Windows npm is a .cmd file, which only a shell can start. No argument here comes from outside.
    shell: process.platform === 'win32',
  });
  if (done.status !== 0) {
    return {
      problem: `npm ci in ${folder}: ${done.error?.message ?? `exit ${done.status}\n${done.stdout}${done.stderr}`}`,
    };
  }
  const installed = path.join(folder, 'node_modules');
  const native = path.join(installed, '@pnpm');
  // To npm the native parts are optional, so it says nothing about one that differs or is missing.
  if (!existsSync(native) || readdirSync(native).length === 0) {
    const what = `the part of pnpm for ${process.platform} ${process.arch}`;
    return { problem: `${what} is not in the registry, or differs from its digest in ${folder}/package-lock.json` };
  }
  return { program: path.join(installed, 'pnpm', 'bin', 'pnpm.mjs') };
}
