import { PUBLISH } from '../publish.mjs';
import { makeRelease, releaseProblems, stateOf } from '../release/release.mjs';
import { versionOf } from '../release/version.mjs';

const TARGET = 'release';

/**
 * Makes everything that is published into `release/`, from the last commit.
 * @param {string[]} args the version
 */
export async function main([version = '']) {
  const refused = releaseProblems(stateOf('.', version, PUBLISH.placeholder));
  const problems = refused.length > 0 ? refused : await makeRelease(process.cwd(), version, TARGET);
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) return 1;
  console.log(`release: ${TARGET}/ holds ${version}; RELEASE_NOTES.md says what each file is for`);
  if (versionOf('.') !== version)
    console.log(
      `This commit says ${versionOf('.')}. Before you publish: npm run release:version -- ${version}, and commit.`,
    );
  if (PUBLISH.placeholder) console.log('publish.json holds placeholders, so nothing of it may be published.');
  return 0;
}
