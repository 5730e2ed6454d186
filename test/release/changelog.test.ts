/** Which version may be released, and what its notes say. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { changelogProblems, entriesOf, notesOf, withEntry } from '../../scripts/release/changelog.mjs';
import { releaseProblems } from '../../scripts/release/release.mjs';

const changelog = (unreleased: string) =>
  `# Changelog\n\n## [Unreleased]\n\n${unreleased}\n\n## [1.2.0] - 2026-02-03\n\n- second\n\n## [1.1.0] - 2026-01-02\n\n- first\n`;

const READY = {
  version: '1.3.0',
  changes: '',
  changelog: changelog('- next'),
  head: 'a1',
  tagged: undefined,
  outdated: [],
};

describe('notes', () => {
  it('are those of the version, or what stands under Unreleased', () => {
    const entries = entriesOf(changelog('- next'));
    expect(notesOf(entries, '1.2.0')).toBe('- second');
    expect(notesOf(entries, '1.1.0')).toBe('- first');
    expect(notesOf(entries, '1.3.0')).toBe('- next');
  });

  it('become the entry of the version, once', () => {
    const text = withEntry(changelog('- next'), '1.3.0', '2026-03-04');
    expect(entriesOf(text)).toMatchObject([
      { version: 'Unreleased', text: '' },
      { version: '1.3.0', date: '2026-03-04', text: '- next' },
      { version: '1.2.0' },
      { version: '1.1.0' },
    ]);
    expect(withEntry(text, '1.3.0', '2026-03-05')).toBe(text);
  });
});

describe('a release', () => {
  it('goes ahead with a new version, or with the newest entry again', () => {
    expect(releaseProblems(READY)).toEqual([]);
    expect(releaseProblems({ ...READY, version: '1.2.0', changelog: changelog(''), tagged: 'a1' })).toEqual([]);
  });

  it.each([
    ['a version of two numbers', { version: '1.3' }, '"1.3"'],
    ['a pre-release', { version: '1.3.0-rc.1' }, '"1.3.0-rc.1"'],
    ['a leading zero', { version: '1.03.0' }, '"1.03.0"'],
    ['nothing', { version: '' }, '""'],
    ['a tree with changes', { changes: ' M README.md' }, 'README.md'],
    ['an older version', { version: '1.1.5' }, '1.2.0'],
    ['a version with an entry, and text under Unreleased', { version: '1.2.0' }, 'Unreleased'],
    ['nothing to say', { changelog: changelog('') }, '1.3.0'],
    ['no changelog', { changelog: '' }, 'CHANGELOG.md'],
    ['an entry without a day', { changelog: changelog('- next').replace(' - 2026-02-03', '') }, '1.2.0'],
    ['a tag on another commit', { tagged: 'b2' }, 'b2'],
    ['pages that do not fit its names', { outdated: ['docs/github.md:7'] }, 'docs/github.md:7'],
  ])('is refused for %s', (_, change, named) => {
    const problems = releaseProblems({ ...READY, ...change });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(named);
  });

  it('is refused with everything that is wrong', () => {
    const state = { ...READY, version: 'x', changes: '?? mine.txt', changelog: '', tagged: 'b2' };
    expect(releaseProblems(state)).toHaveLength(4);
  });
});

it('our own changelog can be released', () => {
  const entries = entriesOf(readFileSync(path.resolve('CHANGELOG.md'), 'utf8'));
  expect(entries[0]?.version).toBe('Unreleased');
  expect(changelogProblems(entries, '999.0.0').filter((problem) => !problem.includes('says nothing'))).toEqual([]);
});
