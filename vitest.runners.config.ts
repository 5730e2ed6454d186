import { defineConfig } from 'vitest/config';

/** Real runners, which not every machine has: apart from `npm test`, by `npm run test:runners`, which chooses the files. */
export default defineConfig({
  test: {
    name: 'runners',
    include: ['test/runners/*.test.ts'],
    globalSetup: './test/setup/temporary-folder.ts',
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
