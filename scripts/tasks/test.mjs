import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { tool } from '../tool.mjs';

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
        // The caller's environment must not affect what a test sees.
        NO_COLOR: process.env['NO_COLOR'] ?? '',
      },
    );
    const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(report, 'utf8'));
    // A file that fails to load has no failed test of its own, so it counts as one.
    const failed = Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0, status !== 0 ? 1 : 0);
    console.log(`${numPassedTests} passed, ${failed} failed`);
    return failed === 0 && numPassedTests > 0 ? 0 : 1;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
