/** What the benchmark says about what it has measured. Pure. */

/**
 * `held`: undefined for what is only reported.
 * @typedef {{ what: string, value: string, bound?: string, held?: boolean }} Row
 */

/** @param {readonly number[]} values */
export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** @param {readonly number[]} values */
export const worst = (values) => (values.length === 0 ? Number.NaN : Math.max(...values));

/** @param {readonly number[]} values */
export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * A figure with its bound. What could not be measured (NaN) does not hold.
 * @param {string} what
 * @param {number} value
 * @param {{ most?: number | undefined, least?: number | undefined, unit?: string, digits?: number }} bound
 * @returns {Row}
 */
export function bounded(what, value, { most, least, unit = '', digits = 1 }) {
  const text = (/** @type {number} */ number) => `${number.toFixed(digits)}${unit && ` ${unit}`}`;
  if (most !== undefined)
    return { what, value: text(value), bound: `≤ ${most}${unit && ` ${unit}`}`, held: value <= most };
  if (least !== undefined)
    return { what, value: text(value), bound: `≥ ${least}${unit && ` ${unit}`}`, held: value >= least };
  return { what, value: text(value) };
}

/** @param {Row} row @returns {string} a line of the terminal */
export function lineOf({ what, value, bound = '', held }) {
  return `${held === undefined ? '      ' : held ? 'ok    ' : 'FAILED'}  ${what.padEnd(68)} ${value.padStart(12)}   ${bound}`.trimEnd();
}

/** @param {readonly Row[]} rows */
export const allHeld = (rows) => rows.every(({ held }) => held !== false);

/**
 * @param {readonly Row[]} rows
 * @param {{ command: string, machine: string }} origin
 * @returns {string} Markdown for docs/performance.md
 */
export function tableOf(rows, { command, machine }) {
  const cells = rows.map(({ what, value, bound = '', held }) =>
    `| ${what} | ${value} | ${bound}${held === false ? ' **missed**' : ''} |`.replace('|  |', '| |'),
  );
  return [`\`${command}\` on ${machine}:`, '', '| what | measured | bound |', '| --- | --- | --- |', ...cells].join(
    '\n',
  );
}

/** Where a stage of a run ended for the service, by the stage's name. @typedef {Record<string, number>} Ends */

/** What a client calls the steps of a build. */
const STAGE_OF = /** @type {Record<string, string>} */ ({
  fuse: 'build',
  context: 'context',
  sign: 'sign',
  seal: 'sign',
  sign_script: 'sign',
});

/**
 * @param {any} state of the embedded build service
 * @param {string} buildId
 * @returns {{ seconds: number, ends: Ends, questions: number }} what the service itself took for a build, when it was done, and how often it
 *   was asked whether it was
 */
export function serverTimes({ tasks, apps, requests }, buildId) {
  const task = tasks.find((/** @type {{ id: string }} */ { id }) => id === buildId);
  const app = apps.find((/** @type {{ id: string }} */ { id }) => id === task.appId);
  /** @type {Array<{ name: string, startedAt: number, end: number }>} */
  const spans = [
    { name: 'analysis', startedAt: app.registeredAt, end: app.analysedAt },
    ...task.stages.map((/** @type {any} */ { action, startedAt, endsAt, settledAt = endsAt }) => ({
      name: STAGE_OF[action],
      startedAt,
      end: Math.max(endsAt, settledAt),
    })),
  ];
  return {
    seconds: spans.reduce((sum, { startedAt, end }) => sum + end - startedAt, 0) / 1000,
    ends: Object.fromEntries(spans.map(({ name, end }) => [name, end])),
    questions: requests.filter((/** @type {{ path: string }} */ { path }) => path.endsWith('/status')).length,
  };
}

/**
 * @param {any} result of a run
 * @param {Ends} ends
 * @returns {Record<string, number>} seconds from the end of a step to when the run saw it
 */
export function lagsOf({ stages }, ends) {
  return Object.fromEntries(
    stages.flatMap((/** @type {{ name: string, startedAt: string, durationMs: number }} */ stage) => {
      const end = ends[stage.name];
      return end === undefined ? [] : [[stage.name, (Date.parse(stage.startedAt) + stage.durationMs - end) / 1000]];
    }),
  );
}

/** @param {any} result @param {readonly string[]} names @returns {number} seconds that these stages took */
export function secondsIn({ stages }, names) {
  return stages
    .filter((/** @type {{ name: string }} */ { name }) => names.includes(name))
    .reduce(
      (/** @type {number} */ sum, /** @type {{ durationMs: number }} */ { durationMs }) => sum + durationMs / 1000,
      0,
    );
}
