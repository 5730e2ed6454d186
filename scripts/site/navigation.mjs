/** The pages of the site, in the order of its navigation. navigation.json is the only place that lists them. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * @typedef {{ title: string, pages: Record<string, string> }} Group pages: from the file, relative to the root, to its short title
 */

/** @returns {Group[]} */
export function readNavigation() {
  return JSON.parse(readFileSync(path.join(import.meta.dirname, 'navigation.json'), 'utf8'));
}

/**
 * What is wrong with the list: a page of docs/ that it lacks, or one that it names twice.
 * @param {string} root
 * @param {Group[]} groups
 */
export function navigationProblems(root, groups) {
  const listed = groups.flatMap(({ pages }) => Object.keys(pages));
  const existing = readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name.replaceAll('\\', '/')}`);
  return [
    ...existing.filter((page) => !listed.includes(page)).map((page) => `navigation.json lacks ${page}`),
    ...listed.filter((page, index) => listed.indexOf(page) < index).map((page) => `navigation.json has ${page} twice`),
  ];
}

/**
 * Where a page of the repository lies in the site: beside the same files, README.md as the folder's index.html.
 * @param {string} file
 */
export function addressOf(file) {
  return file.replace(/(^|\/)README\.md$/, '$1index.html').replace(/\.md$/, '.html');
}
