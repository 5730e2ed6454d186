import { existsSync } from 'node:fs';
import { loadTypeScript } from '../bundles.mjs';
import { testTitles } from './test-titles.mjs';

const PATH = 'docs/fidelity.md';
const ROWS = 'emulator/test/fidelity/index.ts';

const HEAD = `# What is known of the service, and what pins it

Made by \`npm run generate\` from \`emulator/test/fidelity/\`; \`npm run check\` fails if this file is stale or names a test that does not exist.

The emulator and the readers of this project have never been tried on the real service. Each line below is one
fact they rely on: how sure it is, the section of the project's API reference (appdome-api.md) that it comes from, and the tests that fail if
the project stops behaving that way. The tests prove that the emulator keeps to the fact; only the mark says whether the fact is true of the service.

| mark | means |
| --- | --- |
| V | verified in the source of an official client or plugin |
| R | verified on a real certificate |
| T | verified in the vendor's own tests |
| D, D3 | documented by the vendor, by somebody else |
| I | inferred |
| synthetic | unknown: made up by this project, and not to be relied on |

The replayers of the official clients (\`emulator/test/official/\`) are our own code, written from the reference's facts about those clients; the
clients themselves are not part of this repository and were not run.
`;

/**
 * @returns {Promise<import('../tasks/generate.mjs').Generated>}
 * @throws when a row names a test that does not exist
 */
export async function generate() {
  /** @type {{ FIDELITY: Array<import('../../emulator/test/fidelity/row.ts').FidelityChapter> }} */
  const { FIDELITY } = await loadTypeScript(ROWS);
  const missing = missingTests(FIDELITY.flatMap(({ rows }) => rows.flatMap(({ tests }) => tests)));
  if (missing.length > 0) {
    throw new Error(`${ROWS} names tests that do not exist:\n${missing.map((name) => `  ${name}`).join('\n')}`);
  }
  const chapters = FIDELITY.map(({ title, rows }) => `## ${title}\n\n${table(rows)}\n`);
  return { files: [{ path: PATH, content: `${HEAD}\n${chapters.join('\n')}` }] };
}

/** @param {string[]} names */
function missingTests(names) {
  /** @type {Map<string, Set<string>>} */
  const known = new Map();
  return [...new Set(names)].filter((name) => {
    const { file, title } = split(name);
    let titles = known.get(file);
    if (titles === undefined) {
      titles = new Set(existsSync(file) ? testTitles(file) : []);
      known.set(file, titles);
    }
    return !titles.has(title);
  });
}

/** @param {string} name `file > describe > it` */
function split(name) {
  const at = name.indexOf(' > ');
  return { file: name.slice(0, at), title: name.slice(at + 3) };
}

/** @param {Array<import('../../emulator/test/fidelity/row.ts').FidelityRow>} rows */
function table(rows) {
  const lines = rows.map(({ fact, confidence, source, route, tests, notHeld }) => {
    const about = route === undefined ? '' : `\`${route}\`: `;
    const held = notHeld ?? tests.map(link).join('<br>');
    return `| ${cell(about + fact)} | ${confidence.join(', ')} | ${source.map((section) => `§${section}`).join(', ')} | ${held} |`;
  });
  return ['| fact | sure | source | pinned by |', '| --- | --- | --- | --- |', ...lines].join('\n');
}

/** @param {string} name */
function link(name) {
  const { file, title } = split(name);
  const short = file.split('/').at(-1)?.replace('.test.ts', '');
  return `[${short}](../${file}): ${cell(title)}`;
}

/** @param {string} text */
function cell(text) {
  return text.replaceAll('|', '\\|');
}
