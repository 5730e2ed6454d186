/** Fills in the table of `docs/api-client.md` from the tables that the client works by, so that it cannot go stale. */
import { readFileSync } from 'node:fs';
import { loadTypeScript } from '../bundles.mjs';
import { replaceBetween } from './replace-between.mjs';

const TARGET = 'docs/api-client.md';

/** @type {Record<string, string>} */
const REPEATS = { always: 'yes', unsent: 'only unsent' };

/** @param {Record<string, any>} endpoints @param {Record<string, any>} operations */
function methodTable(endpoints, operations) {
  const rows = Object.entries(endpoints).map(([operation, endpoint]) => {
    const rule = operations[operation];
    const path = `${rule.method} ${endpoint.path === 'storage' ? 'the storage' : endpoint.path}`;
    const action = endpoint.action === undefined ? '' : `, action \`${endpoint.action}\``;
    const note = endpoint.note === undefined ? '' : ` (${endpoint.note})`;
    return [
      `\`${endpoint.client}\``,
      `\`${path}\`${action}`,
      endpoint.section,
      endpoint.request,
      `${endpoint.answer}${note}`,
      REPEATS[rule.repeat] ?? '',
      `${rule.why}${rule.lost === undefined ? '' : ` A lost answer is \`${rule.lost}\`.`}`,
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
  const { ENDPOINTS, LEFT_OUT } = await loadTypeScript('shared/src/api/endpoints.ts');
  const { OPERATIONS } = await loadTypeScript('shared/src/api/retry-table.ts');
  const { FOREIGN_REQUESTS } = await loadTypeScript('shared/src/api/foreign-requests.ts');
  const leftOut = table(
    ['Request', '§', 'Why not'],
    LEFT_OUT.map((/** @type {any} */ each) => [each.path, each.section, each.why]),
  );
  let content = readFileSync(TARGET, 'utf8');
  content = replaceBetween(content, 'methods', methodTable(ENDPOINTS, OPERATIONS));
  content = replaceBetween(content, 'foreign', foreignTable(FOREIGN_REQUESTS));
  content = replaceBetween(content, 'left-out', leftOut);
  return { files: [{ path: TARGET, content }] };
}
