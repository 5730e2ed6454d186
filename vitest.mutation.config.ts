import { defineConfig } from 'vitest/config';

/**
 * The tests of what stryker.config.mjs mutates. The files of nothing but properties are left out: their cases are drawn, and a mutant that
 * only chance kills is not killed.
 */
export default defineConfig({
  test: {
    include: [
      'shared/test/policy/**/*.test.ts',
      'shared/test/certificate/{binding,identity,json-*}.test.ts',
      'shared/test/jobs/conclude-run.test.ts',
    ],
    exclude: ['**/*-properties.test.ts'],
    setupFiles: './shared/test/support/property-seed.ts',
    // One registry of modules for all files of a run: loading the libraries anew for each took most of the time.
    isolate: false,
    testTimeout: 20_000,
    env: { FUSEGATE_PROPERTY_RUNS: '10' },
  },
});
