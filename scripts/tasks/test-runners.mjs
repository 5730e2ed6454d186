import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildBundles } from '../bundles.mjs';
import {
  BITRISE_HOME,
  CHECK_JSONSCHEMA_FOLDER,
  install,
  JARS_FOLDER,
  newerNode,
  nodesToTry,
  RUNNERS,
  searchPath,
  whyNot,
  ZIZMOR_PROGRAM,
} from '../runners.mjs';
import { tool } from '../tool.mjs';

/** Time limit of `--install` for all runners together; what is not installed by then is skipped. */
const INSTALL_MS = 5 * 60_000;

/**
 * Tests the shipped files on real runners: each available runner runs a job that passes and jobs that do not; the others are skipped with a
 * reason. `--install` fetches what it can into `.runners/`; names of runners narrow the selection. Only a runner that ran and failed is a
 * failure.
 * @param {string[]} args
 */
export async function main(args) {
  const named = args.filter((arg) => !arg.startsWith('--'));
  const unknown = [
    ...args.filter((arg) => arg.startsWith('--') && arg !== '--install'),
    ...named.filter((name) => RUNNERS.every((runner) => runner.name !== name)),
  ];
  if (unknown.length > 0) {
    console.error(
      `unknown: ${unknown.join(', ')}. There is --install, and ${RUNNERS.map(({ name }) => name).join(', ')}`,
    );
    return 2;
  }
  const chosen = RUNNERS.filter(({ name }) => named.length === 0 || named.includes(name));
  const deadline = performance.now() + INSTALL_MS;
  /** @type {typeof RUNNERS} */
  const here = [];
  /** @type {string[]} */
  const skipped = [];
  for (const runner of chosen) {
    const refused = args.includes('--install') ? install(runner, deadline) : undefined;
    const missing = await whyNot(runner);
    const reason = missing && (refused ?? missing);
    if (reason) {
      skipped.push(runner.name);
      console.log(`skipped: ${runner.name}: ${reason}`);
    } else here.push(runner);
  }
  const outcomes = here.length === 0 ? [] : await run(here);
  for (const { name, passed, failed, seconds } of outcomes) {
    console.log(`${failed ? 'FAIL' : 'ok  '}  ${name}: ${passed} passed, ${failed} failed (${seconds} s)`);
  }
  const list = (/** @type {string[]} */ names) => (names.length === 0 ? '' : ` (${names.join(', ')})`);
  const red = outcomes.filter(({ failed }) => failed > 0).map(({ name }) => name);
  const green = outcomes.filter(({ failed }) => failed === 0).map(({ name }) => name);
  console.log(
    `runners: ${green.length} passed${list(green)}, ${red.length} failed${list(red)}, ${skipped.length} skipped${list(skipped)}`,
  );
  return red.length === 0 ? 0 : 1;
}

/** @param {typeof RUNNERS} runners */
async function run(runners) {
  await buildBundles();
  const dir = mkdtempSync(path.join(os.tmpdir(), 'fusegate-runners-'));
  const report = path.join(dir, 'report.json');
  const config = ['--config', 'vitest.runners.config.ts', '--reporter=default', '--reporter=json'];
  try {
    tool('vitest', ['run', ...config, `--outputFile.json=${report}`, ...runners.map(({ test }) => test)], {
      PATH: searchPath(),
      FUSEGATE_RUNNERS_BITRISE_HOME: BITRISE_HOME,
      FUSEGATE_RUNNERS_JARS: JARS_FOLDER,
      FUSEGATE_RUNNERS_CHECK_JSONSCHEMA: CHECK_JSONSCHEMA_FOLDER,
      FUSEGATE_RUNNERS_ZIZMOR: ZIZMOR_PROGRAM,
      FUSEGATE_RUNNERS_NODE: newerNode() ?? process.execPath,
      FUSEGATE_RUNNERS_NODES: JSON.stringify(nodesToTry()),
    });
    /** @type {Array<{ name: string, startTime: number, endTime: number, assertionResults: Array<{ status: string }> }>} */
    const files = JSON.parse(readFileSync(report, 'utf8')).testResults;
    return runners.map(({ name, test }) => {
      const file = files.find((each) => each.name === path.resolve(test));
      const passed = file?.assertionResults.filter(({ status }) => status === 'passed').length ?? 0;
      const others = (file?.assertionResults.length ?? 0) - passed;
      const seconds = file ? ((file.endTime - file.startTime) / 1000).toFixed(1) : '0';
      // A file that does not load has no results, so it failed.
      return { name, passed, failed: passed + others === 0 ? 1 : others, seconds };
    });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
