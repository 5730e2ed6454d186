import { readFileSync, writeFileSync } from 'node:fs';
import { buildBundles } from '../bundles.mjs';
import { changelogProblems, entriesOf, isVersion, withEntry } from '../release/changelog.mjs';
import { setVersion } from '../release/version.mjs';
import { main as generate } from './generate.mjs';

const CHANGELOG = 'CHANGELOG.md';

/**
 * Prepares the commit that a version is tagged on: sets the version everywhere, gives the changelog its entry, generates and builds.
 * @param {string[]} args the version, and the day of the release if it is not today
 */
export async function main([version = '', day = new Date().toISOString().slice(0, 10)]) {
  const changelog = readFileSync(CHANGELOG, 'utf8');
  const problems = changelogProblems(entriesOf(changelog), version);
  if (!isVersion(version)) problems.push(`"${version}" is not a version: give three numbers, such as 1.2.3`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) problems.push(`"${day}" is not a day: write it as 2026-01-31`);
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) return 1;
  writeFileSync(CHANGELOG, withEntry(changelog, version, day));
  for (const file of setVersion('.', version)) console.log(`set  ${file}`);
  // Texts of ours follow from the sources, so this comes after the version is set.
  const failed = await generate([]);
  await buildBundles();
  console.log(`Commit this, tag it v${version}, and run npm run release -- ${version}`);
  return failed;
}
