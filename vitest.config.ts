import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { defineConfig, type Plugin } from 'vitest/config';
import { rulesOf } from './scripts/bundling/kept.mjs';
import { PACKAGES } from './scripts/packages.mjs';

/** What an import finds, where neither the file nor the lockfile says it: Vitest looks at those two. */
const manifests = rulesOf({ rules: ['package.json', ...PACKAGES.map((name) => `${name}/package.json`)], named: [] });
const importsAsManifestsSay: Plugin = {
  name: 'imports-as-manifests-say',
  configureVitest: ({ experimental_defineCacheKeyGenerator: addToKey }) => addToKey(() => manifests),
};

const UNIT = ['shared', 'cli', 'emulator'].flatMap((name) =>
  readdirSync(`${name}/test`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => `${name}/test/${file.replaceAll('\\', '/')}`),
);
/** Each in a process of its own: what replaces modules or node:http must find nothing loaded, and WebAssembly never gives memory back. */
const APART = UNIT.filter(
  (file) =>
    /source\/hostile[^/]*$/.test(file) ||
    /\bvi\.(?:mock|doMock|resetModules)\(|from 'nock'/.test(readFileSync(file, 'utf8')),
);

export default defineConfig({
  plugins: [importsAsManifestsSay],
  test: {
    // Sources as Vitest has translated them, by their contents: the next run starts with those.
    experimental: { fsModuleCache: true, fsModuleCachePath: 'node_modules/.cache/vitest' },
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
        test: {
          name: 'unit',
          include: ['{shared,cli,emulator}/test/**/*.test.ts', 'test/{site,release}/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...APART],
          // One registry of modules for all files that a worker runs: loading the same sources for each took most of the time.
          isolate: false,
          testTimeout: 60_000,
        },
      },
      { extends: true, test: { name: 'unit-apart', include: APART, testTimeout: 60_000 } },
      {
        extends: true,
        // Child processes and real bundles: slower, so they get more time before they count as hung.
        test: {
          name: 'end-to-end',
          // A test waits for its processes, and they for each other: with a worker per core, a quarter of the cores' time would pass unused.
          maxWorkers: Math.ceil(1.5 * availableParallelism()),
          // As for the unit tests; the processes that run bundles (test/setup/bundle-host.cjs) are shared as well.
          isolate: false,
          // Tests of one file that run side by side need a process each, which has to load everything; workers beside each other use the cores.
          maxConcurrency: 2,
          // Projects with different numbers of workers run one after the other.
          sequence: { groupOrder: 1 },
          globalSetup: './test/setup/bundles.ts',
          include: ['test/**/*.test.ts'],
          // Real runners, which not every machine has: `npm run test:runners`.
          exclude: ['**/node_modules/**', 'test/runners/**', 'test/{site,release}/**'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
