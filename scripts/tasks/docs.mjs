import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildSite } from '../site/build.mjs';
import { siteProblems } from '../site/check.mjs';

const TARGET = 'docs/dist';

/** Builds the documentation as a site: open docs/dist/index.html, or put the folder on any server. */
export async function main() {
  const files = await buildSite();
  const problems = siteProblems(files);
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) return 1;
  rmSync(TARGET, { recursive: true, force: true });
  for (const [address, content] of files) {
    const file = path.join(TARGET, address);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  console.log(`docs: ${files.size} files; open ${TARGET}/index.html`);
  return 0;
}
