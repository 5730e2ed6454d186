/** A release is a function of a commit and a version: it is made from a copy of HEAD, so nothing in the work tree can get into it. */
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PACKAGES } from '../packages.mjs';
import { changelogProblems, entriesOf, isVersion } from './changelog.mjs';
import { checkOutHead, git } from './git.mjs';

/** In pages: names that stand for those in publish.json, and what is true only as long as nothing is published. */
const BEFORE_THE_FIRST =
  /OWNER[/`]|HOST\/|`HOST`|[Uu]ntil (?:the first release|it is published)|[Nn]othing has been released/;

/**
 * Everything that prevents a release, so that one look is enough.
 * @param {object} state
 * @param {string} state.version asked for
 * @param {string} state.changes what `git status --porcelain` prints
 * @param {string} state.changelog
 * @param {string} state.head
 * @param {string | undefined} state.tagged the commit that has this version's tag
 * @param {string[]} state.outdated places in pages that do not fit the names in publish.json
 * @returns {string[]}
 */
export function releaseProblems({ version, changes, changelog, head, tagged, outdated }) {
  const problems = [];
  if (!isVersion(version))
    problems.push(`"${version}" is not a version: give three numbers, as in npm run release -- 1.2.3`);
  if (changes !== '') problems.push(`The work tree differs from the last commit. Commit or remove:\n${changes}`);
  problems.push(...changelogProblems(entriesOf(changelog), version));
  if (tagged !== undefined && tagged !== head)
    problems.push(`The tag v${version} is on the commit ${tagged}, and this is ${head}. Check that one out.`);
  if (outdated.length > 0)
    problems.push(
      `publish.json says that its names are real, and pages still say OWNER, HOST or what to do until then. Change them:\n${outdated.join('\n')}`,
    );
  return problems;
}

/** @param {string} root @param {string} version @param {boolean} placeholder whether the names in publish.json are not real */
export function stateOf(root, version, placeholder) {
  const changelog = path.join(root, 'CHANGELOG.md');
  return {
    version,
    // What was never added counts as well; what is ignored does not.
    changes: git(root, ['status', '--porcelain']),
    changelog: existsSync(changelog) ? readFileSync(changelog, 'utf8') : '',
    head: git(root, ['rev-parse', 'HEAD']),
    tagged: isVersion(version) ? commitOfTag(root, `v${version}`) : undefined,
    outdated: placeholder ? [] : placesOf(root, BEFORE_THE_FIRST),
  };
}

/** @param {string} root @param {RegExp} pattern @returns {string[]} where it is in the pages: `docs/github.md:7` */
function placesOf(root, pattern) {
  const pages = git(root, ['ls-files', '-z', '*.md'])
    .split('\0')
    .filter((name) => name !== '' && existsSync(path.join(root, name)));
  return pages.flatMap((page) =>
    readFileSync(path.join(root, page), 'utf8')
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${page}:${index + 1}`] : [])),
  );
}

/** @param {string} root @param {string} tag @returns {string | undefined} */
export function commitOfTag(root, tag) {
  return (
    git(root, ['for-each-ref', '--format=%(*objectname) %(objectname)', `refs/tags/${tag}`])
      .trim()
      .split(' ')[0] || undefined
  );
}

/**
 * Gives a copy of the repository the dependencies of the original; packages of ours are those of the copy.
 * @param {string} root
 * @param {string} tree
 */
export function linkDependencies(root, tree) {
  /** @param {string} from @param {string} to */
  const link = (from, to) => symlinkSync(from, to, 'junction');
  link(path.join(root, 'node_modules'), path.join(tree, 'node_modules'));
  for (const name of PACKAGES) {
    const [from, to] = [root, tree].map((each) => path.join(each, name, 'node_modules'));
    mkdirSync(path.join(to ?? '', '@fusegate'), { recursive: true });
    for (const each of existsSync(from ?? '') ? readdirSync(from ?? '') : [])
      if (each !== '@fusegate') link(path.join(from ?? '', each), path.join(to ?? '', each));
    for (const each of PACKAGES) link(path.join(tree, each), path.join(to ?? '', '@fusegate', each));
  }
}

/**
 * @param {string} root
 * @param {string} version
 * @param {string} target folder, replaced if it exists
 * @returns {Promise<string[]>} problems; if there are any, nothing is left in `target`
 */
export async function makeRelease(root, version, target) {
  const work = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'fusegate-tree-')));
  const tree = path.join(work, 'fusegate');
  try {
    checkOutHead(root, tree);
    linkDependencies(root, tree);
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target, { recursive: true });
    const [commit = '', seconds] = git(root, ['log', '-1', '--format=%H %ct', 'HEAD']).split(' ');
    const date = `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}Z`;
    const program = path.join(tree, 'scripts/release/inside.mjs');
    const args = [program, version, path.resolve(target), commit, date];
    const { end, said } = await run(process.execPath, args, tree);
    if (end === 0) return [];
    rmSync(target, { recursive: true, force: true });
    return [said.trim() || `making the release ended with ${end}`];
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** @param {string} command @param {string[]} args @param {string} cwd */
async function run(command, args, cwd) {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  /** @type {number | string | null} */
  const end = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
  return { end, said };
}
