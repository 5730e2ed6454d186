/**
 * What polling costs: how late the end of a step is seen, against how many requests that takes. Made from the pause that runs use, so that
 * chart and table in `docs/performance.md` cannot go stale.
 */
import { readFileSync } from 'node:fs';
import { loadTypeScript } from '../bundles.mjs';
import { replaceBetween } from './replace-between.mjs';

const PAGE = 'docs/performance.md';
const CHART = 'docs/images/polling.svg';

/** Seconds that the service takes. */
const SHOWN = [20, 60, 300, 900];
const FROM = 20;
const TO = 900;
/** As one earlier run leaves it. */
const OFF = 1.03;
const SPREAD = 0.05;
/** Means of this many durations around each, because where a request falls is chance. */
const SAMPLES = 201;
const AROUND = 0.1;
/** The same for what the earlier run was off by. */
const OFF_AROUND = 0.01;

/** @typedef {{ name: string, color: string, delay: (elapsed: number, before: number) => number }} Way */

/**
 * @param {number} seconds
 * @param {Way} way
 * @returns {{ requests: number, lag: number }} lag in seconds
 */
function meanCost(seconds, way) {
  let requests = 0;
  let lag = 0;
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const takes = seconds * 1000 * (1 - AROUND + (2 * AROUND * sample) / (SAMPLES - 1));
    const off = OFF + OFF_AROUND * (((sample * 7) % SAMPLES) / SAMPLES - 0.5);
    let elapsed = 0;
    requests += 1;
    while (elapsed < takes) {
      elapsed += way.delay(elapsed, takes * off);
      requests += 1;
    }
    lag += (elapsed - takes) / 1000;
  }
  return { requests: requests / SAMPLES, lag: lag / SAMPLES };
}

/** One below the other, so that a phone shows the letters at nearly their size. */
const WIDTH = 400;
const PANEL = { x: 48, width: 330, height: 220 };
/** Of a panel, with its title and its labels. */
const STEP = 290;
const LEGEND = { top: 16, row: 20, column: 190 };

/**
 * One panel, both axes logarithmic.
 * @param {{ top: number, title: string, ticks: number[], of: (cost: { requests: number, lag: number }) => number }} panel
 * @param {Way[]} ways
 */
function panelOf({ top, title, ticks, of }, ways) {
  const { x } = PANEL;
  const [low = 1, high = 1] = [ticks[0], ticks.at(-1)];
  const across = (/** @type {number} */ seconds) => x + (Math.log(seconds / FROM) / Math.log(TO / FROM)) * PANEL.width;
  const up = (/** @type {number} */ value) =>
    top + PANEL.height - (Math.log(Math.max(low, Math.min(high, value)) / low) / Math.log(high / low)) * PANEL.height;
  const points = Array.from({ length: 41 }, (_, step) => FROM * (TO / FROM) ** (step / 40));
  const lines = ways.map((way) => {
    const path = points.map((seconds) => `${across(seconds).toFixed(1)},${up(of(meanCost(seconds, way))).toFixed(1)}`);
    return `<polyline points="${path.join(' ')}" fill="none" stroke="${way.color}" stroke-width="2"/>`;
  });
  const rows = ticks.map(
    (tick) =>
      `<line x1="${x}" x2="${x + PANEL.width}" y1="${up(tick).toFixed(1)}" y2="${up(tick).toFixed(1)}" stroke="#d0d7de"/>` +
      `<text x="${x - 6}" y="${(up(tick) + 4).toFixed(1)}" text-anchor="end">${tick}</text>`,
  );
  const columns = SHOWN.map((seconds) => {
    const label = seconds < 60 ? `${seconds} s` : `${seconds / 60} min`;
    return `<text x="${across(seconds).toFixed(1)}" y="${top + PANEL.height + 18}" text-anchor="middle">${label}</text>`;
  });
  return [`<text x="${x}" y="${top - 14}" font-weight="bold">${title}</text>`, ...rows, ...columns, ...lines].join(
    '\n',
  );
}

/** @param {Way[]} ways */
function chartOf(ways) {
  const legend = ways.map(({ name, color }, index) => {
    const x = PANEL.x + (index % 2) * LEGEND.column;
    const y = LEGEND.top + Math.floor(index / 2) * LEGEND.row;
    return (
      `<rect x="${x}" y="${y - 6}" width="14" height="4" fill="${color}"/>` +
      `<text x="${x + 20}" y="${y}">${name}</text>`
    );
  });
  const first = LEGEND.top + 2 * LEGEND.row + 26;
  const height = first + STEP + PANEL.height + 30;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12" fill="#1f2328" role="img" aria-label="Lag and requests of polling, by how long the service takes">
<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>
${legend.join('\n')}
${panelOf({ top: first, title: 'Seconds that the end is seen too late', ticks: [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10], of: ({ lag }) => lag }, ways)}
${panelOf({ top: first + STEP, title: 'Status requests', ticks: [2, 5, 10, 20, 50, 100, 200, 500, 1000], of: ({ requests }) => requests }, ways)}
</svg>
`;
}

/** @returns {Promise<import('../tasks/generate.mjs').Generated>} */
export async function generate() {
  const { nextPollDelay } = await loadTypeScript('shared/src/pipeline/poll-pace.ts');
  const { RUN_OPTIONS } = await loadTypeScript('shared/src/options/table/run.ts');
  const { parseDuration } = await loadTypeScript('shared/src/text/parse-duration.ts');
  const defaultOf = (/** @type {string} */ id) =>
    parseDuration(RUN_OPTIONS.find((/** @type {{ id: string }} */ option) => option.id === id).default);
  const pace = { pollMin: defaultOf('poll-min'), pollMax: defaultOf('poll-max') };
  /** @type {Way[]} */
  const ways = [
    { name: 'every 10 s', color: '#8c959f', delay: () => 10_000 },
    { name: 'every 1 s', color: '#bf8700', delay: () => 1000 },
    { name: 'Fusegate, first run', color: '#0969da', delay: (elapsed) => nextPollDelay(elapsed, pace) },
    {
      name: 'Fusegate, later runs',
      color: '#1a7f37',
      delay: (elapsed, before) => nextPollDelay(elapsed, pace, { ms: before, spread: SPREAD }),
    },
  ];
  const rows = ways.map((way) => {
    const cells = SHOWN.map((seconds) => {
      const { requests, lag } = meanCost(seconds, way);
      return `${lag.toFixed(1)} s, ${requests.toFixed(0)}`;
    });
    return `| ${way.name} | ${cells.join(' | ')} |`;
  });
  const head = ['| polling', ...SHOWN.map((seconds) => (seconds < 60 ? `${seconds} s` : `${seconds / 60} min`))];
  const content = [`${head.join(' | ')} |`, `|${' --- |'.repeat(head.length)}`, ...rows].join('\n');
  return {
    files: [
      { path: PAGE, content: replaceBetween(readFileSync(PAGE, 'utf8'), 'polling', content) },
      { path: CHART, content: chartOf(ways) },
    ],
  };
}
