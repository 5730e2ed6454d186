/** What a release needs of git. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * Settings of whoever releases that would change which files there are, what is in them, or what git prints. `safe.directory`, helpers for
 * passwords and the like stay as they are.
 */
const SETTINGS = Object.entries({
  'core.attributesFile': os.devNull,
  'core.autocrlf': 'false',
  'core.eol': 'lf',
  'log.showSignature': 'false',
  'status.showUntrackedFiles': 'normal',
}).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

/**
 * @param {string} cwd
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string} what it printed
 */
export function git(cwd, args, env = {}) {
  return execFileSync('git', [...SETTINGS, ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    maxBuffer: 2 ** 26,
  }).trimEnd();
}

/** The settings of whoever releases must not count. */
const NOBODYS = { GIT_CONFIG_GLOBAL: os.devNull, GIT_CONFIG_NOSYSTEM: '1' };

/**
 * Writes the files of HEAD, and nothing else, into a folder.
 * @param {string} root
 * @param {string} target
 */
export function checkOutHead(root, target) {
  const work = mkdtempSync(path.join(os.tmpdir(), 'fusegate-index-'));
  try {
    const env = { GIT_INDEX_FILE: path.join(work, 'index') };
    mkdirSync(target, { recursive: true });
    git(root, ['read-tree', 'HEAD'], env);
    git(root, ['checkout-index', '--all', `--prefix=${target}${path.sep}`], env);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * A commit that holds a folder and has no history, so that its id follows from the files, the message and the time alone.
 * @param {string} folder
 * @param {{ message: string, date: string }} what
 * @param {(repository: string, commit: string) => void} [use] called while the repository exists
 * @returns {string} its id
 */
export function commitOf(folder, { message, date }, use) {
  const work = mkdtempSync(path.join(os.tmpdir(), 'fusegate-commit-'));
  try {
    const env = {
      ...NOBODYS,
      GIT_DIR: path.join(work, 'repository'),
      GIT_WORK_TREE: path.resolve(folder),
      GIT_AUTHOR_NAME: 'Fusegate',
      GIT_AUTHOR_EMAIL: '',
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: 'Fusegate',
      GIT_COMMITTER_EMAIL: '',
      GIT_COMMITTER_DATE: date,
    };
    git(folder, ['init', '--quiet', '--object-format=sha1', '--template='], env);
    git(folder, ['add', '--all', '.'], env);
    const commit = git(folder, ['commit-tree', git(folder, ['write-tree'], env), '-m', message], env);
    use?.(env.GIT_DIR, commit);
    return commit;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
