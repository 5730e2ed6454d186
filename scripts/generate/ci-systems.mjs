/** The table of what each CI system gets from the command line, in docs/other-ci.md, from the records. */
import { readFileSync } from 'node:fs';
import { loadTypeScript } from '../bundles.mjs';
import { replaceBetween } from './replace-between.mjs';

const PATH = 'docs/other-ci.md';
const NONE = '–';

/** @typedef {import('../../shared/src/options/job-log.ts').JobLog} JobLog */

/** @param {Array<string | false | undefined>} parts */
const listed = (parts) => parts.filter((part) => part).join('; ') || NONE;

/** @param {string} variable */
const variable = (variable) => `\`$${variable}\``;

/**
 * Column by column, what a record has.
 * @type {Array<[head: string, cell: (log: JobLog) => string]>}
 */
const COLUMNS = [
  ['folds a stage', ({ group }) => (group ? 'yes' : NONE)],
  [
    'problems apart from the log',
    ({ annotation, failure, places }) =>
      listed([
        annotation && (failure ? 'messages' : 'annotations'),
        failure && 'a build problem',
        places?.annotations && `\`${places.annotations.name}\``,
      ]),
  ],
  ['hides secrets', ({ mask, agent }) => listed([mask && 'yes', agent?.mask && `by \`${agent.program}\``])],
  [
    'outputs',
    ({ output, places, agent }) =>
      listed([
        output && 'yes',
        places?.outputs && variable(places.outputs.variable),
        agent?.output && `by \`${agent.program}\``,
      ]),
  ],
  [
    'summary',
    ({ summary, places, agent }) =>
      listed([
        summary && 'yes',
        places?.summary && variable(places.summary.variable),
        agent?.summary && `by \`${agent.program}\``,
      ]),
  ],
  [
    'test results',
    ({ testResults, places }) => listed([testResults && 'yes', places?.testResults && 'a copy in `test-results/`']),
  ],
  [
    'artifacts',
    ({ artifact, places, agent }) =>
      listed([
        artifact && 'yes',
        places?.artifacts && variable(places.artifacts),
        agent?.artifact && `by \`${agent.program}\``,
      ]),
  ],
  ['numbers', ({ statistic }) => (statistic ? 'yes' : NONE)],
];

export async function generate() {
  /** @type {{ JOB_LOGS: Map<import('../../shared/src/options/system.ts').System, JobLog> }} */
  const { JOB_LOGS } = await loadTypeScript('shared/src/options/job-logs.ts');
  const heads = ['system', 'known by', ...COLUMNS.map(([head]) => head)];
  const rows = [...JOB_LOGS].map(([{ title, job }, log]) => [
    title,
    job ? variable(job.sign) : NONE,
    ...COLUMNS.map(([, cell]) => cell(log)),
  ]);
  const table = [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  return { files: [{ path: PATH, content: replaceBetween(readFileSync(PATH, 'utf8'), 'systems', table) }] };
}
