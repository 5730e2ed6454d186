/** The pace of polling on a simulated clock: a step of 15 minutes. */
import { loadTypeScript } from '../bundles.mjs';
import { bounded } from './figures.mjs';

const MINUTES = 15;
const BOUNDS = { lag: 5, requests: 160, laterRequests: 40 };

/** @returns {AsyncGenerator<import('./figures.mjs').Row>} */
export async function* polling() {
  const { nextPollDelay } = await loadTypeScript('shared/src/pipeline/poll-pace.ts');
  const { meanCost, threePercentOff } = await loadTypeScript('shared/test/pipeline/polling-cost.ts');
  const { RUN_OPTIONS } = await loadTypeScript('shared/src/options/table/run.ts');
  const { parseDuration } = await loadTypeScript('shared/src/text/parse-duration.ts');
  const byDefault = (/** @type {string} */ name) =>
    parseDuration(RUN_OPTIONS.find((/** @type {{ id: string }} */ { id }) => id === name).default);
  const pace = { pollMin: byDefault('poll-min'), pollMax: byDefault('poll-max') };
  const takes = MINUTES * 60_000;
  const first = meanCost(takes, (/** @type {number} */ elapsed) => nextPollDelay(elapsed, pace));
  const expected = threePercentOff(takes);
  const later = meanCost(takes, (/** @type {number} */ elapsed) => nextPollDelay(elapsed, pace, expected));
  const what = `a step of ${MINUTES} minutes`;
  yield bounded(`${what}, without history: mean lag`, first.lag / 1000, { most: BOUNDS.lag, unit: 's' });
  yield bounded(`${what}, without history: status requests`, first.questions, { most: BOUNDS.requests, digits: 0 });
  yield bounded(`${what}, with history: mean lag`, later.lag / 1000, { most: BOUNDS.lag, unit: 's' });
  yield bounded(`${what}, with history: status requests`, later.questions, { most: BOUNDS.laterRequests, digits: 0 });
}
