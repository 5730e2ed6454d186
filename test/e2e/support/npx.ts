/** The command of a packed package, as `npx` runs it on a machine that has never run anything. */
import { mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from './cli.ts';

/** npm's own program, whatever Node runs it. */
function npx(): string {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter(Boolean);
  for (const folder of folders) {
    try {
      return realpathSync(path.join(folder, 'npx'));
    } catch {}
  }
  throw new Error('npx is not on PATH');
}

/**
 * @param tarball of `npm pack`
 * @param node that runs npm and the command; the one of the tests unless given
 */
export function commandOfPackage(tarball: string, node: string = process.execPath) {
  const home = temporaryFolder('fusegate-home-');
  const bin = path.join(home, 'bin');
  mkdirSync(bin);
  symlinkSync(node, path.join(bin, 'node'));
  return {
    command: node,
    // A tarball without dependencies asks no registry for anything.
    args: [npx(), '--yes', '--offline', '--package', tarball, 'fusegate'],
    env: { HOME: home, PATH: `${bin}:/usr/bin:/bin`, npm_config_update_notifier: 'false' },
  };
}
