/** What git gives depends on the commit, not on the settings of whoever asks. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { checkOutHead, git } from '../../scripts/release/git.mjs';
import { stateOf } from '../../scripts/release/release.mjs';
import { temporaryFolder } from '../e2e/support/cli.ts';

afterEach(() => vi.unstubAllEnvs());

it('gives the same files, and sees the same changes, whatever the settings of the releaser', () => {
  const home = temporaryFolder('fusegate-settings-');
  const attributes = path.join(home, 'attributes');
  writeFileSync(attributes, '*.txt ident\n');
  const settings = path.join(home, 'config');
  writeFileSync(settings, '');
  vi.stubEnv('GIT_CONFIG_GLOBAL', settings);
  const root = temporaryFolder('fusegate-repository-');
  git(root, ['init', '--quiet']);
  writeFileSync(path.join(root, 'file.txt'), 'one\n$Id$\n');
  git(root, ['add', '.']);
  git(root, ['-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--quiet', '--message', 'one']);
  for (const [name, value] of [
    ['core.attributesFile', attributes],
    ['core.autocrlf', 'true'],
    ['status.showUntrackedFiles', 'no'],
  ] as const)
    git(root, ['config', '--file', settings, name, value]);

  const target = path.join(temporaryFolder('fusegate-head-'), 'tree');
  checkOutHead(root, target);
  expect(readFileSync(path.join(target, 'file.txt'), 'utf8')).toBe('one\n$Id$\n');
  expect(stateOf(root, '1.2.3', true).changes).toBe('');
  mkdirSync(path.join(root, 'new'));
  writeFileSync(path.join(root, 'new/file.txt'), '');
  expect(stateOf(root, '1.2.3', true).changes).toContain('new/');
});

it('finds what pages say of names that are not real yet, once they are', () => {
  expect(stateOf('.', '1.2.3', true).outdated).toEqual([]);
  const root = temporaryFolder('fusegate-pages-');
  git(root, ['init', '--quiet']);
  const page = [
    '# Page',
    '- uses: OWNER/action@v1',
    '`https://HOST` is a pattern',
    'git::https://HOST/a.git',
    'an `owner`',
    '**Until the first release**',
  ];
  writeFileSync(path.join(root, 'page.md'), page.join('\n'));
  writeFileSync(path.join(root, 'other.md'), 'uses: acme/action@v1\n');
  git(root, ['add', '.']);
  git(root, ['-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--quiet', '--message', 'one']);
  expect(stateOf(root, '1.2.3', true).outdated).toEqual([]);
  expect(stateOf(root, '1.2.3', false).outdated).toEqual(['page.md:2', 'page.md:4', 'page.md:6']);
});
