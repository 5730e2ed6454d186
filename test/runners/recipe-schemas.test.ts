/** The recipes that are YAML of a system with a published schema, by the schemas that check-jsonschema brings. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ROOT, runChild } from '../adapters/support/child-process.ts';
import { temporaryFolder } from '../e2e/support/cli.ts';
import { recipeText } from '../recipes/support/systems.ts';

const PACKAGES = process.env['FUSEGATE_RUNNERS_CHECK_JSONSCHEMA'] ?? '';

const check = (schema: string, file: string) =>
  runChild('python3', ['-m', 'check_jsonschema', '--builtin-schema', `vendor.${schema}`, file], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'] ?? '', PYTHONPATH: PACKAGES },
  });

/** `from` and `to`: a change that makes it wrong. */
const RECIPES: ReadonlyArray<[schema: string, file: string, from: string, to: string]> = [
  ['travis', 'travis/.travis.yml', 'language: android', 'language: cobol'],
  ['bitbucket-pipelines', 'bitbucket/bitbucket-pipelines.yml', 'capture-on: always', 'capture-on: sometimes'],
  ['buildkite', 'buildkite/pipeline.yml', 'artifact_paths: protected/*', 'artifact_paths: 1'],
];

it.each(RECIPES)('%s takes recipes/%s, and not with a mistake in it', async (schema, file, from, to) => {
  const end = await check(schema, path.join(ROOT, 'recipes', file));
  expect(end.exit, end.stdout + end.stderr).toBe(0);
  const broken = path.join(temporaryFolder(), 'broken.yml');
  expect(recipeText(file)).toContain(from);
  writeFileSync(broken, recipeText(file).replace(from, to));
  const refused = await check(schema, broken);
  expect(refused.exit).toBe(1);
  expect(refused.stdout).toContain(broken);
});
