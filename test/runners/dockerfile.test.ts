/** The Dockerfile of the npm package under hadolint. What it must not do is in test/e2e/npm-package.test.ts. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../adapters/support/child-process.ts';

it('has nothing that hadolint minds', () => {
  const end = spawnSync('hadolint', [path.join(ROOT, 'cli/Dockerfile')], { encoding: 'utf8' });
  expect(end.stdout).toBe('');
  expect(end.status).toBe(0);
});
