/** CHANGELOG.md in the form of Keep a Changelog: a heading per version, the newest first, with what comes next under Unreleased. */

/** @typedef {{ version: string, date: string | undefined, text: string }} Entry */

const UNRELEASED = 'Unreleased';

const HEADING = /^## \[([^\]\n]+)\](?: - (\d{4}-\d{2}-\d{2}))?[ \t]*$/gm;

/** `1.2.3`. Nothing follows it: an Azure extension has no place for a pre-release. */
const VERSION = /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)$/;

/** @param {string} version */
export const isVersion = (version) => VERSION.test(version);

/** @param {string} text @returns {Entry[]} in the order of the file */
export function entriesOf(text) {
  const headings = [...text.matchAll(HEADING)];
  return headings.map((heading, index) => ({
    version: heading[1] ?? '',
    date: heading[2],
    text: text.slice(heading.index + heading[0].length, headings[index + 1]?.index).trim(),
  }));
}

/** @param {string} a @param {string} b */
const older = (a, b) => a.localeCompare(b, 'en', { numeric: true }) < 0;

/**
 * @param {Entry[]} entries
 * @param {string} version
 * @returns {string} what the notes of this version say; empty if there is nothing
 */
export function notesOf(entries, version) {
  const entry = entries.find((each) => each.version === version) ?? entries.find((each) => each.version === UNRELEASED);
  return entry?.text ?? '';
}

/**
 * @param {Entry[]} entries
 * @param {string} version
 * @returns {string[]} why this version cannot be released with this changelog
 */
export function changelogProblems(entries, version) {
  const released = entries.filter((entry) => entry.version !== UNRELEASED);
  const unreleased = entries.find((entry) => entry.version === UNRELEASED)?.text ?? '';
  const [newest] = released;
  const own = released.find((entry) => entry.version === version);
  const problems = released
    .filter((entry) => !isVersion(entry.version) || entry.date === undefined)
    .map((entry) => `CHANGELOG.md: write the heading of ${entry.version} as "## [1.2.3] - 2026-01-31".`);
  if (newest !== undefined && isVersion(version) && older(version, newest.version))
    problems.push(`CHANGELOG.md: ${newest.version} is there already, which is newer than ${version}.`);
  if (own !== undefined && unreleased !== '')
    problems.push(`CHANGELOG.md: ${version} has an entry, and there is text under Unreleased. Move it into the entry.`);
  if (notesOf(entries, version) === '')
    problems.push(`CHANGELOG.md says nothing about ${version}. Write it under Unreleased.`);
  return problems;
}

/**
 * @param {string} text of CHANGELOG.md
 * @param {string} version
 * @param {string} date `2026-01-31`
 * @returns {string} with an entry of this version that holds what stood under Unreleased
 */
export function withEntry(text, version, date) {
  if (entriesOf(text).some((entry) => entry.version === version)) return text;
  return text.replace(`## [${UNRELEASED}]`, () => `## [${UNRELEASED}]\n\n## [${version}] - ${date}`);
}
