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
  expect(stateOf(root, '1.2.3').changes).toBe('');
  mkdirSync(path.join(root, 'new'));
  writeFileSync(path.join(root, 'new/file.txt'), '');
  expect(stateOf(root, '1.2.3').changes).toContain('new/');
});
