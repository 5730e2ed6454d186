/** Pages of files that are not Markdown, for links into the sources: a site that is read from a folder has no repository beside it. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { highlight } from './highlight.mjs';
import { escapeHtml } from './layout.mjs';

/** What a browser shows, or a tool takes, as it is. */
const AS_IT_IS = /\.(?:png|svg|json)$/;

/** @param {string} file */
export function isCopied(file) {
  return AS_IT_IS.test(file);
}

/**
 * A file with its colours, or a folder with those of all its files.
 * @param {string} root
 * @param {string} file
 * @returns {string} HTML
 */
export function sourceBody(root, file) {
  const inside = statSync(path.join(root, file)).isDirectory()
    ? readdirSync(path.join(root, file), { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => `${file}/${name}`)
        .sort()
    : [file];
  const blocks = inside.map((each) => {
    const code = readFileSync(path.join(root, each), 'utf8');
    const language = path.basename(each).startsWith('Jenkinsfile') ? 'groovy' : path.extname(each).slice(1);
    const name = inside.length > 1 ? `<h2>${escapeHtml(path.basename(each))}</h2>\n` : '';
    return `${name}<pre tabindex="0"><code>${highlight(code, language) || escapeHtml(code)}</code></pre>`;
  });
  return `<h1>${escapeHtml(file)}</h1>\n${blocks.join('\n')}`;
}
