/** Whether a release may be published. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { SUMS, sumsOf } from './files.mjs';

/**
 * @param {object} state
 * @param {boolean} state.placeholder
 * @param {string} state.target the folder of the release
 * @param {string} state.head the commit that is checked out
 * @param {string | undefined} state.tagged the commit of a version's tag
 * @param {string} state.committed the version that the commit says
 * @returns {string[]} everything that is against it
 */
export function publishProblems({ placeholder, target, head, tagged, committed }) {
  const problems = [];
  if (placeholder)
    problems.push('publish.json holds placeholders: write the real names there, and set placeholder to false.');
  const file = path.join(target, 'release.json');
  if (!existsSync(file)) return [...problems, `${target}/ holds no release: npm run release -- VERSION makes one.`];
  const { version, commit, placeholder: madeWithPlaceholders } = JSON.parse(readFileSync(file, 'utf8'));
  if (madeWithPlaceholders !== false) problems.push(`${target}/ was made with placeholders: make it again.`);
  if (commit !== head)
    problems.push(`${target}/ was made from the commit ${commit}, and this is ${head}: make it again.`);
  if (tagged !== head) problems.push(`This commit has no tag v${version}.`);
  if (committed !== version)
    problems.push(
      `This commit says ${committed}, not ${version}: npm run release:version -- ${version}, commit and tag.`,
    );
  const sums = path.join(target, SUMS);
  if (!existsSync(sums) || readFileSync(sums, 'utf8') !== sumsOf(target))
    problems.push(`${SUMS} does not hold: a file in ${target}/ has changed. Make it again.`);
  return problems;
}
