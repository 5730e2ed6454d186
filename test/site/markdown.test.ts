/** Links and anchors in Markdown, as GitHub and the site read them. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { markdownLinkProblems } from '../../scripts/site/markdown-links.mjs';
import { parsePage, readPage } from '../../scripts/site/page.mjs';
import { ROOT } from '../adapters/support/child-process.ts';

const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z', '*.md'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\0')
  .filter((file) => file !== '' && existsSync(path.join(ROOT, file)));

it('every link in every Markdown file leads to a file, and to a heading of it', () => {
  expect(files).toContain('bitrise-step/README.md');
  expect(
    markdownLinkProblems(
      ROOT,
      files.map((file) => readPage(ROOT, file)),
    ),
  ).toEqual([]);
});

describe('the check sees', () => {
  const problems = (text: string) =>
    markdownLinkProblems(ROOT, [parsePage('docs/new.md', text), parsePage('README.md', '# Fusegate')]).join('\n');

  it.each([
    ['a file that is not there', '[a](missing.md)', /docs\/missing\.md/],
    ['a picture that is not there', '![a](images/missing.png)', /missing\.png/],
    ['a heading that the page lacks', '# A\n\n[a](#b)', /#b/],
    ['a heading that another page lacks', '[a](../README.md#try)', /#try/],
    ['a link with a reference', '[a][b]\n\n[b]: missing.md', /docs\/missing\.md/],
    ['a link in a table', '| a |\n| --- |\n| [a](missing.md) |', /docs\/missing\.md/],
  ])('%s', (_, text, said) => {
    expect(problems(text)).toMatch(said);
  });

  it.each([
    ['code', '`[a](missing.md)`\n\n```\n[a](missing.md)\n```'],
    ['other sites', '[a](https://www.appdome.com/b#c)'],
    ['what is there', '# A `b`, c\n\n[a](#a-b-c) [b](../README.md#fusegate) [c](images) [d](../LICENSE)'],
  ])('nothing in %s', (_, text) => {
    expect(problems(text)).toBe('');
  });
});

it.each([
  ['## `extends` and `locked`', 'extends-and-locked'],
  ['## 3. `gate: warn`', '3-gate-warn'],
  ['## [The policy](policy.md), *again*', 'the-policy-again'],
  ['## fusegate-result.json', 'fusegate-resultjson'],
  ['## A – b', 'a--b'],
  ['## Grüße', 'grüße'],
])('%s gets the anchor that GitHub gives it', (heading, anchor) => {
  expect(parsePage('a.md', heading).sections).toMatchObject([{ id: anchor }]);
});

it('a heading that comes again gets a number', () => {
  expect(parsePage('a.md', '# A\n## A\n### A').sections.map(({ id }) => id)).toEqual(['a', 'a-1', 'a-2']);
});
