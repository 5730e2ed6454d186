/** When a release may be published, and what stands behind its numbers. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { packFolder } from '../../scripts/npm-package.mjs';
import { PUBLISH } from '../../scripts/publish.mjs';
import { filesThatName, repacked, SUMS, sumsOf, zipOf } from '../../scripts/release/files.mjs';
import { commitOf } from '../../scripts/release/git.mjs';
import { brokenLinks, withWorkingLinks } from '../../scripts/release/links.mjs';
import { notes } from '../../scripts/release/notes.mjs';
import { publishProblems } from '../../scripts/release/publish-problems.mjs';
import { temporaryFolder } from '../e2e/support/cli.ts';

function madeRelease(facts: Record<string, unknown> = {}): string {
  const target = temporaryFolder('fusegate-made-');
  const made = { version: '1.2.3', commit: 'a1', placeholder: false, ...facts };
  writeFileSync(path.join(target, 'release.json'), JSON.stringify(made));
  mkdirSync(path.join(target, 'folder'));
  writeFileSync(path.join(target, 'folder/file.txt'), 'text');
  writeFileSync(path.join(target, SUMS), sumsOf(target));
  return target;
}

describe('publishing', () => {
  const ready = { placeholder: false, head: 'a1', tagged: 'a1', committed: '1.2.3' };

  it('goes ahead from the tagged commit that says the version', () => {
    expect(publishProblems({ ...ready, target: madeRelease() })).toEqual([]);
  });

  it.each([
    ['publish.json holds placeholders', { placeholder: true }, {}, 'publish.json'],
    ['it was made with placeholders', {}, { placeholder: true }, 'placeholders'],
    ['it does not say whether it was', {}, { placeholder: undefined }, 'placeholders'],
    ['it was made from another commit', {}, { commit: 'b2' }, 'b2'],
    ['the commit has no tag', { tagged: undefined }, {}, 'v1.2.3'],
    ['the tag is on another commit', { tagged: 'b2' }, {}, 'v1.2.3'],
    ['the commit says another version', { committed: '1.2.2' }, {}, '1.2.2'],
  ])('is refused where %s', (_, change, facts, named) => {
    const problems = publishProblems({ ...ready, ...change, target: madeRelease(facts) });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(named);
  });

  it('is refused where a file was changed, added or is not there at all', () => {
    const changed = madeRelease();
    writeFileSync(path.join(changed, 'folder/file.txt'), 'other');
    const added = madeRelease();
    writeFileSync(path.join(added, 'more.txt'), '');
    for (const target of [changed, added])
      expect(publishProblems({ ...ready, target })).toEqual([expect.stringContaining(SUMS)]);
    expect(publishProblems({ ...ready, target: temporaryFolder() })).toEqual([expect.stringContaining('no release')]);
  });
});

it('notes say on the first line that they are not for publishing, as long as the names are placeholders', () => {
  const [first] = notes({ version: '1.2.3', changes: '- new', parts: [] }).split('\n');
  expect(first?.includes('publish.json')).toBe(PUBLISH.placeholder);
});

it('a ZIP depends on its files alone', () => {
  const [a, b] = [new Uint8Array([1]), new Uint8Array([2])];
  expect(zipOf({ b, a })).toEqual(zipOf({ a, b }));
  expect(repacked(zipOf({ a, b }))).toEqual(zipOf({ a, b }));
  expect(unzipSync(zipOf({ a, b }))).toEqual({ a, b });
});

it.skipIf(process.platform === 'win32')(
  'a package depends on what is in its files, and not on who may read them',
  () => {
    const packed = (mode: number) => {
      const folder = temporaryFolder();
      writeFileSync(path.join(folder, 'package.json'), '{"name":"a","version":"1.2.3"}', { mode });
      writeFileSync(path.join(folder, 'file.txt'), 'text', { mode });
      writeFileSync(path.join(folder, 'run.sh'), 'exit 0', { mode: mode | 0o100 });
      return readFileSync(packFolder(folder, temporaryFolder()));
    };
    expect(packed(0o600).equals(packed(0o664))).toBe(true);
  },
);

it('a path of the machine is found wherever it is', () => {
  const folder = temporaryFolder();
  const bytes = Buffer.from('made in /place/of/mine/scripts');
  mkdirSync(path.join(folder, 'a'));
  writeFileSync(path.join(folder, 'a/file.md'), bytes);
  writeFileSync(path.join(folder, 'b.zip'), zipOf({ 'x.txt': bytes }));
  writeFileSync(path.join(folder, 'c.vsix'), zipOf({ 'y/z.txt': bytes }));
  writeFileSync(path.join(folder, 'd.tgz'), gzipSync(bytes));
  expect(filesThatName(folder, ['/elsewhere', '/place/of/mine'])).toEqual(['a/file.md', 'b.zip', 'c.vsix', 'd.tgz']);
  expect(filesThatName(folder, ['/elsewhere'])).toEqual([]);
});

it('a commit depends on files, message and time alone', () => {
  const [one, two] = [temporaryFolder(), temporaryFolder()];
  for (const folder of [one, two]) writeFileSync(path.join(folder, 'file.txt'), 'text\n');
  const what = { message: '1.2.3', date: '2026-01-02T03:04:05Z' };
  const commit = commitOf(one, what);
  expect(commit).toMatch(/^[0-9a-f]{40}$/);
  expect(commitOf(two, what)).toBe(commit);
  expect(commitOf(two, { ...what, message: '1.2.4' })).not.toBe(commit);
  writeFileSync(path.join(two, 'file.txt'), 'other\n');
  expect(commitOf(two, what)).not.toBe(commit);
});

it('a copied page links to what was copied with it, and otherwise into the repository at its version', () => {
  const text = '[a](b.md#c), [d](../x/y.ts), [e](https://example.com), [f](#g), ![h](images/i.png)';
  const placeOf = (file: string) => (file === 'docs/b.md' ? 'pages/b.md' : undefined);
  const base = (kind: string) => `${PUBLISH.repository}/${kind}/v1.2.3`;
  expect(withWorkingLinks(text, { page: 'docs/a.md', to: 'README.md', placeOf, version: '1.2.3' })).toBe(
    `[a](pages/b.md#c), [d](${base('blob')}/x/y.ts), [e](https://example.com), [f](#g), ![h](${base('raw')}/docs/images/i.png)`,
  );
});

it('a link in a published page that leads nowhere is found', () => {
  const isThere = (file: string) => file === 'docs/b.md';
  expect(brokenLinks('[a](b.md#c), [b](../c.md), [c](https://example.com)', 'docs/a.md', isThere)).toEqual(['../c.md']);
});

it('its gate and its workflow use the same names', () => {
  const workflow = readFileSync('.github/workflows/release.yml', 'utf8');
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  const used = [...workflow.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name);
  expect(used).toContain('release:publish');
  for (const name of used) expect(scripts).toHaveProperty([name]);
});
