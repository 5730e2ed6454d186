import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PUBLISH } from '../publish.mjs';
import { commitOf, git } from '../release/git.mjs';
import { publishProblems } from '../release/publish-problems.mjs';
import { commitOfTag } from '../release/release.mjs';
import { versionOf } from '../release/version.mjs';

const TARGET = 'release';

/** Folders that are repositories elsewhere, and how a version is called there. */
const REPOSITORIES = {
  'github-action': { address: `https://github.com/${PUBLISH.githubAction}.git`, tag: 'v' },
  'bitrise-step': { address: PUBLISH.bitriseStep, tag: '' },
  'gitlab-component': { address: `https://${PUBLISH.gitlabComponent}.git`, tag: '' },
};

/** @param {string} command @param {string[]} args @param {NodeJS.ProcessEnv} [env] @returns {number} */
function run(command, args, env = {}) {
  const shell = process.platform === 'win32';
  const done = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env }, shell });
  if (done.error) console.error(`${command}: ${done.error.message}`);
  return done.status ?? 1;
}

/** With the rights that git has here. A tag never moves; the main branch shows the newest version. */
function pushRepositories() {
  const { version, date } = JSON.parse(readFileSync(path.join(TARGET, 'release.json'), 'utf8'));
  let failed = 0;
  for (const [name, { address, tag }] of Object.entries(REPOSITORIES)) {
    commitOf(path.join(TARGET, name), { message: version, date }, (repository, commit) => {
      const env = { GIT_DIR: repository };
      const [newTag, main] = [`${commit}:refs/tags/${tag}${version}`, `+${commit}:refs/heads/main`];
      failed += run('git', ['push', '--atomic', address, newTag, main], env) === 0 ? 0 : 1;
    });
  }
  return failed === 0 ? 0 : 1;
}

const WAYS = { git: pushRepositories };

/**
 * Publishes what `release/` holds, unless something is against it. Without a name it only says what is.
 * @param {string[]} args `git`
 */
export async function main(args) {
  const file = path.join(TARGET, 'release.json');
  const version = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : versionOf('.');
  const head = git('.', ['rev-parse', 'HEAD']);
  const tagged = commitOfTag('.', `v${version}`);
  const problems = publishProblems({
    placeholder: PUBLISH.placeholder,
    target: TARGET,
    head,
    tagged,
    committed: versionOf('.'),
  });
  const unknown = args.filter((name) => !Object.hasOwn(WAYS, name));
  if (unknown.length > 0) problems.push(`unknown: ${unknown.join(', ')}. There is ${Object.keys(WAYS).join(', ')}.`);
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) return 1;
  const ways = Object.entries(WAYS).filter(([name]) => args.includes(name));
  return Math.max(0, ...ways.map(([, publish]) => publish()));
}
