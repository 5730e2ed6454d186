import { defineConfig } from 'vitest/config';

/**
 * The tests of what stryker.config.mjs mutates. The files of nothing but properties are left out: their cases are drawn, and a mutant that
 * only chance kills is not killed.
 *
 * MUTATION_TESTS names the part whose tests are enough for a batch of files, as in `MUTATION_TESTS=certificate`: a constant of a module
 * is tried against every test of the run, so that fewer tests are a good deal faster.
 */
const { MUTATION_TESTS: part } = process.env;

export default defineConfig({
  test: {
    include: part
      ? part.split(',').map((name) => `shared/test/${name}${name.includes('/') ? '' : '/**/*'}.test.ts`)
      : ['shared/test/{policy,certificate}/**/*.test.ts', 'shared/test/jobs/conclude-run.test.ts'],
    exclude: ['**/*-properties.test.ts'],
    setupFiles: './shared/test/support/property-seed.ts',
    // One registry of modules for all files of a run: loading the libraries anew for each took most of the time.
    isolate: false,
    testTimeout: 20_000,
    env: { FUSEGATE_PROPERTY_RUNS: '10' },
  },
});
