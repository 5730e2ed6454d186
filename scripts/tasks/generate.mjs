import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * What a generator makes. `skipped` says why it cannot run here (its source is not part of the repository); the committed file
 * then stands as it is.
 * @typedef {{ files: Array<{ path: string, content: string }> } | { skipped: string }} Generated
 */

/**
 * Every generated file of the repository comes from one of these. Add a module to `scripts/generate/` that exports `generate()`,
 * and its name here.
 * @type {string[]}
 */
const GENERATORS = ['catalogue'];

/** @param {string} file */
function committed(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * Writes the generated files; with `--check` writes nothing and fails when one is stale.
 * @param {string[]} args
 * @returns {Promise<number>} 0, or 1 when `--check` found a stale file
 */
export async function main(args) {
  const check = args.includes('--check');
  let stale = 0;
  for (const name of GENERATORS) {
    /** @type {{ generate: () => Promise<Generated> }} */
    const { generate } = await import(`../generate/${name}.mjs`);
    const made = await generate();
    if ('skipped' in made) {
      console.log(`skip ${name}: ${made.skipped}`);
      continue;
    }
    for (const file of made.files) {
      if (committed(file.path) === file.content) {
        console.log(`ok   ${file.path}`);
      } else if (check) {
        console.error(`STALE ${file.path}: run npm run generate and commit the result`);
        stale += 1;
      } else {
        mkdirSync(path.dirname(file.path), { recursive: true });
        writeFileSync(file.path, file.content);
        console.log(`made ${file.path}`);
      }
    }
  }
  return stale === 0 ? 0 : 1;
}
