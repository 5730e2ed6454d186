/** The pages of the CI systems have one template: CONTRIBUTING.md, "A page per system". */
import { describe, expect, it } from 'vitest';
import { readNavigation } from '../../scripts/site/navigation.mjs';
import { type Page, parsePage, readPage } from '../../scripts/site/page.mjs';
import { ROOT } from '../adapters/support/child-process.ts';
import { textOf } from '../adapters/support/fenced-blocks.ts';

const [, list = ''] = textOf('CONTRIBUTING.md').split('\n## A page per system\n');
const SECTIONS = [...(list.split('\n## ')[0] ?? '').matchAll(/^\d\. \*\*(.+?)\*\*/gm)].map(([, name = '']) => name);

const PAGES = readNavigation()
  .filter(({ title }) => title === 'Per CI system')
  .flatMap(({ pages }) => Object.keys(pages));

/** The sections of the template, in the order in which the page has them. */
function sectionsOf({ sections }: Page): string[] {
  const titles = sections.filter(({ level }) => level === 2).map(({ text }) => text);
  return titles.flatMap((title) => SECTIONS.filter((name) => title === name || title.startsWith(`${name} `)));
}

it('the template has its six sections', () => {
  expect(SECTIONS).toHaveLength(6);
  expect(PAGES.length).toBeGreaterThan(4);
});

it.each(PAGES)('%s has them, in this order', (file) => {
  expect(sectionsOf(readPage(ROOT, file))).toEqual(SECTIONS);
});

describe('a page', () => {
  const page = (titles: string[]) => parsePage('a.md', titles.map((title) => `## ${title}\n`).join('\n'));
  const whole = SECTIONS.map((name) => (name === 'Coming from' ? 'Coming from elsewhere' : name));

  it('may have more sections', () => {
    expect(sectionsOf(page([...whole.slice(0, 2), 'Networks', ...whole.slice(2)]))).toEqual(SECTIONS);
  });

  it.each([
    ['lacks one', whole.slice(1)],
    ['has one twice', [...whole, ...whole.slice(-1)]],
    ['has them in another order', whole.toReversed()],
  ])('that %s is seen', (_, titles) => {
    expect(sectionsOf(page(titles))).not.toEqual(SECTIONS);
  });
});
