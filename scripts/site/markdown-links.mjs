/** Whether the links of Markdown files lead somewhere, wherever they are read: on GitHub, in an editor, in the site. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { linksOf } from './page.mjs';

/**
 * @param {string} root
 * @param {readonly import('./page.mjs').Page[]} pages all that a link with an anchor may lead to
 * @returns {string[]}
 */
export function markdownLinkProblems(root, pages) {
  const anchors = new Map(pages.map(({ file, sections }) => [file, new Set(sections.map(({ id }) => id))]));
  return pages.flatMap((page) =>
    linksOf(page).flatMap(({ link, file, anchor }) => {
      if (!anchors.has(file) && !existsSync(path.join(root, file)))
        return [`${page.file}: ${link}: there is no ${file}`];
      if (anchor === undefined || anchors.get(file)?.has(anchor)) return [];
      return [`${page.file}: ${link}: ${file} has no heading #${anchor}`];
    }),
  );
}
