/** Makes a folder a clone, as runners expect one: a commit, and an origin. */
import { spawnSync } from 'node:child_process';
import { temporaryFolder } from '../../e2e/support/cli.ts';

function git(dir: string, ...args: string[]): void {
  const identity = [
    '-c',
    'user.name=rehearsal',
    '-c',
    'user.email=rehearsal@example.com',
    '-c',
    'commit.gpgsign=false',
  ];
  const done = spawnSync('git', [...identity, ...args], {
    cwd: dir,
    encoding: 'utf8',
    // The configuration of whoever runs the tests decides nothing.
    env: { PATH: process.env.PATH ?? '', HOME: dir, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' },
  });
  if (done.status !== 0) throw new Error(`git ${args.join(' ')}: ${done.stderr}`);
}

/** Commits everything in it. The origin is an address that nothing asks. */
export function makeClone(dir: string): void {
  git(dir, 'init', '--quiet', '--initial-branch=main', `--template=${temporaryFolder()}`);
  git(dir, 'remote', 'add', 'origin', 'git@gitlab.example:rehearsal/app.git');
  git(dir, 'add', '--all');
  git(dir, 'commit', '--quiet', '--message', 'rehearsal');
  git(dir, 'update-ref', 'refs/remotes/origin/main', 'HEAD');
  git(dir, 'symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main');
}
