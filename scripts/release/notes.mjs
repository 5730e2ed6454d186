/** The notes of a release: what changed, and what each file is for. */
import { PUBLISH } from '../publish.mjs';

export const NOTES = 'RELEASE_NOTES.md';

/** The first line while the addresses are placeholders. */
const PLACEHOLDER =
  '> **Not for publishing:** `publish.json` holds placeholders. OWNER and HOST stand for names that do not exist; replace them and release again.';

/**
 * @param {object} release
 * @param {string} release.version
 * @param {string} release.changes from CHANGELOG.md
 * @param {Array<{ name: string, what: string, sha256?: string }>} release.parts
 * @returns {string}
 */
export function notes({ version, changes, parts }) {
  const rows = parts.map(({ name, what, sha256 }) => `| \`${name}\` | ${what} | ${sha256 ? `\`${sha256}\`` : ''} |`);
  return [
    ...(PUBLISH.placeholder ? [PLACEHOLDER, ''] : []),
    `# Fusegate ${version}`,
    '',
    changes,
    '',
    '## Files',
    '',
    '| file | what it is | SHA-256 |',
    '| --- | --- | --- |',
    ...rows,
    '',
    'Check them all with `sha256sum --check SHA256SUMS`. They are made from the commit in `release.json` by',
    `\`npm run release -- ${version}\`, which gives the same bytes on every machine.`,
    '',
  ].join('\n');
}
