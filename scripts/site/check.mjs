/** Whether a built site holds together: everything that it names is in it, and it loads nothing from elsewhere. */
import path from 'node:path';
import { parse } from 'parse5';

/** @typedef {import('parse5').DefaultTreeAdapterTypes.Node} Node */

/** Attributes that a browser loads or follows. */
const ADDRESSES = new Set(['href', 'src', 'srcset', 'action', 'data', 'poster', 'xlink:href']);

/** @param {Node} node @returns {Array<{ tag: string, attributes: Map<string, string> }>} */
function elements(node) {
  const own =
    'tagName' in node ? [{ tag: node.tagName, attributes: new Map(node.attrs.map((a) => [a.name, a.value])) }] : [];
  const children = 'childNodes' in node ? node.childNodes : [];
  return [...own, ...children.flatMap(elements)];
}

/**
 * @param {ReadonlyMap<string, string | Uint8Array>} files by their address
 * @returns {string[]}
 */
export function siteProblems(files) {
  const pages = [...files]
    .filter(([address]) => address.endsWith('.html'))
    .map(([address, text]) => ({ address, elements: elements(parse(String(text))) }));
  const ids = new Map(
    pages.map(({ address, elements }) => [address, elements.flatMap(({ attributes }) => attributes.get('id') ?? [])]),
  );
  const inPages = pages.flatMap(({ address, elements }) => {
    const own = ids.get(address) ?? [];
    const twice = own.filter((id, index) => own.indexOf(id) < index).map((id) => `${address}: two ids "${id}"`);
    const links = elements.flatMap(({ tag, attributes }) =>
      [...attributes]
        .filter(([name]) => ADDRESSES.has(name))
        .flatMap(([, value]) => addressProblems(address, tag, value, files, ids)),
    );
    return [...twice, ...links];
  });
  return [...inPages, ...[...files].flatMap(([address, text]) => stylesheetProblems(address, String(text)))];
}

/**
 * @param {string} from
 * @param {string} tag
 * @param {string} value
 * @param {ReadonlyMap<string, unknown>} files
 * @param {ReadonlyMap<string, string[]>} ids
 */
function addressProblems(from, tag, value, files, ids) {
  // A reader may follow a link to another site; nothing else may lead there.
  if (/^(?:https?|mailto):/.test(value)) return tag === 'a' ? [] : [`${from}: <${tag}> loads ${value}`];
  if (/^[a-z]+:|^\//i.test(value)) return [`${from}: ${value} is not relative`];
  const [target = '', anchor] = value.split('#');
  const file = target === '' ? from : path.posix.join(path.posix.dirname(from), decodeURI(target));
  if (!files.has(file)) return [`${from}: ${value} is not in the site`];
  if (anchor === undefined || ids.get(file)?.includes(decodeURIComponent(anchor))) return [];
  return [`${from}: ${value}: no id "${anchor}"`];
}

/** Styles load by other words; they are also in pages and drawings. @param {string} address @param {string} text */
function stylesheetProblems(address, text) {
  if (!/\.(?:css|html|svg)$/.test(address)) return [];
  const styles = address.endsWith('.css') ? [text] : [...text.matchAll(/<style[\s\S]*?<\/style>/g)].map(([all]) => all);
  return styles
    .flatMap((style) => style.match(/@import[^;]*|url\((?!#)[^)]*\)/g) ?? [])
    .map((what) => `${address}: a style loads ${what}`);
}
