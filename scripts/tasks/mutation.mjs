import { tool } from '../tool.mjs';

/**
 * Changes the sources that decide about green, one change at a time, and counts how many changes the tests notice. Exits 1 below the score
 * in stryker.config.mjs. Takes minutes; the report goes to mutation-output/.
 * @param {string[]} args passed to Stryker, e.g. `--mutate shared/src/policy/waivers/waivers.ts`
 */
export async function main(args) {
  return tool('stryker', ['run', ...args]);
}
