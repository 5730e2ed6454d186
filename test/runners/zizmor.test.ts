/** The workflows by zizmor, with its strictest rules and without a network. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ROOT, runChild } from '../adapters/support/child-process.ts';
import { temporaryFolder } from '../e2e/support/cli.ts';

const PROGRAM = process.env['FUSEGATE_RUNNERS_ZIZMOR'] ?? '';

const audit = (folder: string) =>
  runChild(PROGRAM, ['--offline', '--pedantic', '--no-progress', folder], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'] ?? '', HOME: temporaryFolder() },
  });

it('finds nothing in .github', async () => {
  const end = await audit('.github');
  expect(end.exit, end.stdout + end.stderr).toBe(0);
});

it.each([
  ['excessive-permissions', 'permissions: {}', 'permissions: write-all'],
  ['template-injection', 'run: .ci/run', `run: echo \${{ github.event.pull_request.title }}`],
  ['artipacked', '        with:\n          persist-credentials: false\n', ''],
  ['unpinned-uses', '@3d3c42e5aac5ba805825da76410c181273ba90b1', '@v7'],
])('finds %s where there is one', async (rule, from, to) => {
  const folder = path.join(temporaryFolder(), '.github');
  mkdirSync(folder);
  cpSync(path.join(ROOT, '.github/workflows'), path.join(folder, 'workflows'), { recursive: true });
  const file = path.join(folder, 'workflows/ci.yml');
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
  const end = await audit(folder);
  expect(end.exit).toBeGreaterThan(0);
  expect(end.stdout + end.stderr).toContain(rule);
});
