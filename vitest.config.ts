import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // No network but loopback, no shared state: every file may run beside every other.
    globalSetup: './test/setup/temporary-folder.ts',
    setupFiles: './shared/test/support/property-seed.ts',
    // Vitest leaves one core to itself, which is half of a small CI machine.
    maxWorkers: availableParallelism(),
    restoreMocks: true,
    unstubEnvs: true,
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['{shared,cli,emulator}/test/**/*.test.ts'], testTimeout: 60_000 },
      },
      {
        extends: true,
        // Child processes and real bundles: slower, so they get more time before they count as hung.
        test: {
          name: 'end-to-end',
          globalSetup: './test/setup/bundles.ts',
          include: ['test/**/*.test.ts'],
          // Real runners, which not every machine has: `npm run test:runners`.
          exclude: ['**/node_modules/**', 'test/runners/**'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
