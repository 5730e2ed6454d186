/** Links of pages that are published elsewhere: to a page beside them where it was copied too, and otherwise into this repository. */
import path from 'node:path';
import { PUBLISH } from '../publish.mjs';
import { linksOf, parsePage } from '../site/page.mjs';

/**
 * @param {string} text Markdown
 * @param {object} where
 * @param {string} where.page its path in this repository
 * @param {string} where.to its path in what is published
 * @param {(file: string) => string | undefined} where.placeOf where a file of this repository is there, if it is
 * @param {string} where.version
 * @returns {string}
 */
export function withWorkingLinks(text, { page, to, placeOf, version }) {
  let changed = text;
  for (const { link, file, anchor, attribute } of linksOf(parsePage(page, text))) {
    if (link.startsWith('#')) continue;
    const place = placeOf(file);
    // A picture in a page needs the file itself.
    const shown = attribute === 'src' ? 'raw' : 'blob';
    const target =
      place === undefined
        ? `${PUBLISH.repository}/${shown}/v${version}/${file}`
        : path.posix.relative(path.posix.dirname(to), place);
    changed = changed.replaceAll(`](${link})`, () => `](${target}${anchor === undefined ? '' : `#${anchor}`})`);
  }
  return changed;
}

/**
 * @param {string} text Markdown
 * @param {string} page its path
 * @param {(file: string) => boolean} isThere
 * @returns {string[]} the links that lead to no file
 */
export const brokenLinks = (text, page, isThere) =>
  linksOf(parsePage(page, text))
    .filter(({ file }) => !isThere(file))
    .map(({ link }) => link);
