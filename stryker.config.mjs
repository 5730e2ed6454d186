/**
 * Mutation testing of what decides about green: the whole policy, what reads certificates, and the end of a run. Run by hand
 * (`npm run mutation`), since it takes hours; docs/mutation-testing.md has the last score and the survivors.
 *
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner', './scripts/mutation/prose.mjs'],
  // Sentences for people are left out, and nothing else: prose.mjs says why, and what counts as one.
  ignorers: ['prose'],
  vitest: { configFile: 'vitest.mutation.config.ts', related: false },
  mutate: ['shared/src/policy/**/*.ts', 'shared/src/certificate/**/*.ts', 'shared/src/jobs/conclude-run.ts'],
  // Only the tests that a mutant's line runs in.
  coverageAnalysis: 'perTest',
  concurrency: 2,
  // A mutant counts as noticed when it takes too long: on a busy machine that must not be the machine's doing.
  timeoutMS: 30_000,
  // What neither the sources nor their tests read stays out of the sandbox. A file that a test reads and that is missing there fails
  // the test's file without a word, and its mutants survive: compare the number of tests of the first run with that of vitest.
  ignorePatterns: [
    '/**',
    '!/package.json',
    '!/vitest.mutation.config.ts',
    '!/shared/package.json',
    '!/shared/src/**',
    '!/shared/test/{certificate,policy,report,support}/**',
    '!/test/fixtures/**',
    '!/emulator/package.json',
    '!/emulator/src/certificate/**',
    '!/docs/policy.md',
    '!/docs/verdict.md',
    '!/docs/schemas/**',
  ],
  tempDirName: '.stryker-tmp',
  reporters: ['clear-text', 'progress-append-only', 'json'],
  jsonReporter: { fileName: 'mutation-output/mutation.json' },
  clearTextReporter: { allowColor: false, allowEmojis: false, logTests: false, reportTests: false },
  thresholds: { high: 95, low: 85, break: 85 },
};
