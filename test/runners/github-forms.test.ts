/** Workflows and issue forms by the schemas that check-jsonschema brings. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ROOT, runChild } from '../adapters/support/child-process.ts';
import { temporaryFolder } from '../e2e/support/cli.ts';

const PACKAGES = process.env['FUSEGATE_RUNNERS_CHECK_JSONSCHEMA'] ?? '';

const check = (schema: string, ...files: string[]) =>
  runChild('python3', ['-m', 'check_jsonschema', '--builtin-schema', `vendor.github-${schema}`, ...files], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'] ?? '', PYTHONPATH: PACKAGES },
  });

const filesIn = (folder: string) =>
  readdirSync(path.join(ROOT, folder))
    .filter((name) => name !== 'config.yml')
    .map((name) => path.join(ROOT, folder, name));

/** `from` and `to`: a change that makes the first one wrong. */
const KINDS: ReadonlyArray<[schema: string, files: string[], from: string, to: string]> = [
  ['workflows', filesIn('.github/workflows'), 'timeout-minutes: 90', 'timeout-minutes: [90]'],
  ['issue-forms', filesIn('.github/ISSUE_TEMPLATE'), 'type: textarea', 'type: essay'],
  ['issue-config', [path.join(ROOT, '.github/ISSUE_TEMPLATE/config.yml')], 'false', 'maybe'],
];

it.each(KINDS)('the schema of %s takes ours, and not with a mistake', async (schema, files, from, to) => {
  const end = await check(schema, ...files);
  expect(end.exit, end.stdout + end.stderr).toBe(0);
  const [first = ''] = files;
  const text = readFileSync(first, 'utf8');
  expect(text).toContain(from);
  const broken = path.join(temporaryFolder(), 'broken.yml');
  writeFileSync(broken, text.replace(from, to));
  expect((await check(schema, broken)).exit).toBe(1);
});
