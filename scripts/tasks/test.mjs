import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { tool } from '../tool.mjs';

/** How many of the slowest files are named. */
const SLOWEST = 10;

/**
 * All tests, or the selected ones; the end-to-end tests build the bundles first (test/setup/bundles.ts). Ends with a line `N passed, N
 * failed`; a run that executed no test has failed.
 * @param {string[]} args passed to vitest, e.g. a path to narrow down
 */
export async function main(args) {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'fusegate-test-'));
  const report = path.join(dir, 'report.json');
  try {
    const status = tool(
      'vitest',
      ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args],
      {
        // The caller's environment must not affect what a test sees. To read its certificates also takes every Node longer than to start.
        NO_COLOR: process.env['NO_COLOR'] ?? '',
        NODE_EXTRA_CA_CERTS: undefined,
      },
    );
    const { numPassedTests, numFailedTests, numFailedTestSuites, testResults } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    if (testResults.length > SLOWEST) tellSlowest(testResults);
    // A file that fails to load has no failed test of its own, so it counts as one.
    const failed = Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0, status !== 0 ? 1 : 0);
    console.log(`${numPassedTests} passed, ${failed} failed`);
    return failed === 0 && numPassedTests > 0 ? 0 : 1;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** @param {Array<{ name: string, startTime: number, endTime: number }>} files */
function tellSlowest(files) {
  const took = files.map(({ name, startTime, endTime }) => ({ name, seconds: (endTime - startTime) / 1000 }));
  console.log('the slowest files:');
  for (const { name, seconds } of took.sort((a, b) => b.seconds - a.seconds).slice(0, SLOWEST)) {
    console.log(`${seconds.toFixed(1).padStart(7)} s  ${path.relative('', name)}`);
  }
}
