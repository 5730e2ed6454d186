/** Fills in the tables of `docs/api-client.md` from the client's own table, so that the page cannot go stale. */
import { readFileSync } from 'node:fs';
import { loadTypeScript } from '../bundles.mjs';
import { replaceBetween } from './replace-between.mjs';

const TARGET = 'docs/api-client.md';

/** @type {Record<string, string>} */
const REPEATS = { always: 'yes', unsent: 'only unsent' };

/** @param {Record<string, any>} endpoints */
function methodTable(endpoints) {
  const rows = Object.entries(endpoints).map(([name, endpoint]) => {
    const path = `${endpoint.method} ${endpoint.path === 'storage' ? 'the storage' : endpoint.path}`;
    const action = endpoint.action === undefined ? '' : `, action \`${endpoint.action}\``;
    const note = endpoint.note === undefined ? '' : ` (${endpoint.note})`;
    return [
      `\`${name}\``,
      `\`${path}\`${action}`,
      endpoint.section,
      endpoint.request,
      `${endpoint.answer}${note}`,
      REPEATS[endpoint.repeat] ?? '',
      `${endpoint.why}${endpoint.lost === undefined ? '' : ` A lost answer is \`${endpoint.lost}\`.`}`,
    ];
  });
  return table(['Method', 'Request', '§', 'Request is', 'Answer is', 'Repeated?', 'Why'], rows);
}

/** @param {Record<string, any>} requests */
function foreignTable(requests) {
  const rows = Object.values(requests).map((rule) => [rule.doing, rule.method, REPEATS[rule.repeat] ?? '', rule.why]);
  return table(['What', 'Method', 'Repeated?', 'Why'], rows);
}

/** @param {string[]} head @param {string[][]} rows */
function table(head, rows) {
  const line = (/** @type {string[]} */ cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** @returns {Promise<import('../tasks/generate.mjs').Generated>} */
export async function generate() {
  const { ENDPOINTS, FOREIGN_REQUESTS, LEFT_OUT } = await loadTypeScript('shared/src/api/endpoints.ts');
  const leftOut = table(
    ['Request', '§', 'Why not'],
    LEFT_OUT.map((/** @type {any} */ each) => [each.path, each.section, each.why]),
  );
  let content = readFileSync(TARGET, 'utf8');
  content = replaceBetween(content, 'methods', methodTable(ENDPOINTS));
  content = replaceBetween(content, 'foreign', foreignTable(FOREIGN_REQUESTS));
  content = replaceBetween(content, 'left-out', leftOut);
  return { files: [{ path: TARGET, content }] };
}
