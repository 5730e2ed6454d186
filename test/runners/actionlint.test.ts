/** The workflows by actionlint. It would ask shellcheck and pyflakes as well, which not every machine has. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ROOT, runChild } from '../adapters/support/child-process.ts';
import { temporaryFolder } from '../e2e/support/cli.ts';

const FOLDER = path.join(ROOT, '.github/workflows');

const lint = (...files: string[]) =>
  runChild('actionlint', ['-no-color', '-shellcheck=', '-pyflakes=', ...files], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'] ?? '', HOME: temporaryFolder() },
  });

it('finds nothing in our workflows', async () => {
  const files = readdirSync(FOLDER).map((name) => path.join(FOLDER, name));
  expect(files.length).toBeGreaterThan(1);
  const end = await lint(...files);
  expect(end.exit, end.stdout + end.stderr).toBe(0);
});

it('finds a job that does not exist', async () => {
  const text = readFileSync(path.join(FOLDER, 'release.yml'), 'utf8');
  expect(text).toContain('needs: again');
  const broken = path.join(temporaryFolder(), 'broken.yml');
  writeFileSync(broken, text.replace('needs: again', 'needs: nothing'));
  const end = await lint(broken);
  expect(end.exit).toBe(1);
  expect(end.stdout).toContain('job-needs');
});
