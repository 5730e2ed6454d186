/** A command loads its own code only: `features` and `policy` start without the pipeline. */
import { expect, it, vi } from 'vitest';
import { fakeIo } from './fake-io.ts';

const loaded = vi.hoisted(() => [] as string[]);
vi.mock('@fusegate/shared/adapter/run-adapter', () => {
  loaded.push('run-adapter');
  return { runAdapter: async () => ({ exitCode: 1 }) };
});

it.each([
  [['features', 'root'], []],
  [['policy', 'schema'], []],
  [['threat-events', 'root'], []],
  [['listeners', '--source', '/nowhere', '--events', 'all'], []],
  [['run'], ['run-adapter']],
])('%j loads %j', async (words, expected) => {
  const { runCommandLine } = await import('../src/command-line.ts');
  await runCommandLine(words, fakeIo({ cwd: '/', environment: {} }));
  expect(loaded).toEqual(expected);
});
