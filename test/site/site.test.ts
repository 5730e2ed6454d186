/** The documentation as a site: complete, whole, and free of anything from elsewhere. The built files are not written. */
import { beforeAll, describe, expect, it } from 'vitest';
import { siteProblems } from '../../scripts/site/check.mjs';
import { highlight } from '../../scripts/site/highlight.mjs';
import { addressOf, navigationProblems, readNavigation } from '../../scripts/site/navigation.mjs';
import { ROOT } from '../adapters/support/child-process.ts';
import { fencedBlocks, PAGES } from '../adapters/support/fenced-blocks.ts';
import { builtSite } from './built-site.ts';

let site: Map<string, string | Uint8Array>;
const text = (address: string) => String(site.get(address) ?? '');

beforeAll(async () => {
  site = await builtSite();
}, 120_000);

describe('the site', () => {
  it('has every page of the navigation, with its place in it', () => {
    for (const file of readNavigation().flatMap(({ pages }) => Object.keys(pages))) {
      expect(text(addressOf(file)).match(/aria-current="page"/g), file).toHaveLength(1);
    }
  });

  it('leads nowhere that is not in it, and loads nothing from elsewhere', () => {
    expect(siteProblems(site)).toEqual([]);
  });

  it('shows a file of the sources that a page links to, and every file of a folder', () => {
    expect(text('docs/jenkins.html')).toContain('href="../jenkins-shim/examples.html"');
    expect(text('jenkins-shim/examples.html').match(/<h2>/g)?.length).toBeGreaterThan(1);
  });

  it('colours code of every language, and draws diagrams', () => {
    const languages = new Set(PAGES.flatMap(fencedBlocks).map(({ language }) => language));
    expect([...languages].filter((each) => each !== 'mermaid' && highlight('x = 1', each) === '')).toEqual([]);
    expect(text('docs/github.html')).toContain('class="hljs-attr"');
    expect(text('jenkins-shim/examples.html')).toContain('class="hljs-');
    expect(text('docs/architecture.html')).toContain('<svg');
    expect(text('docs/architecture.html')).not.toContain('language-mermaid');
  });
});

describe('the navigation', () => {
  it('names a page that it lacks, and one that it has twice', () => {
    const groups = readNavigation();
    expect(navigationProblems(ROOT, groups)).toEqual([]);
    const [first] = groups;
    const without = groups.map((group) => ({ ...group, pages: { ...group.pages } }));
    for (const { pages } of without) delete pages['docs/policy.md'];
    expect(navigationProblems(ROOT, without).join()).toMatch(/docs\/policy\.md/);
    expect(navigationProblems(ROOT, first ? [...groups, first] : groups).join()).toMatch(/README\.md twice/);
  });
});

/** A check that finds nothing wrong with anything would pass above. */
describe('the check sees', () => {
  const fine =
    '<h1 id="a">A</h1><a href="#a">A</a><a href="b.html#%C3%A4">B</a><a href="https://www.appdome.com">C</a>';
  const other = '<p id="ä">B</p>';
  const problems = (html: string, more: Array<[string, string]> = []) =>
    siteProblems(new Map([['x/a.html', html], ['x/b.html', other], ...more]));

  it('nothing in a page that holds together', () => {
    expect(problems(fine)).toEqual([]);
  });

  it.each([
    ['a file that is not there', '<a href="c.html">', /c\.html/],
    ['a file elsewhere', '<a href="../b.html">', /b\.html/],
    ['an anchor that is not there', '<a href="#b">', /"b"/],
    ['an anchor that another page lacks', '<a href="b.html#a">', /"a"/],
    ['an id that is there twice', '<p id="a"><p id="a">', /"a"/],
    ['a picture that is not there', '<img src="a.png">', /a\.png/],
    ['a script from elsewhere', '<script src="https://cdn.example/a.js"></script>', /loads .*cdn\.example/],
    ['a font from elsewhere', '<link rel="stylesheet" href="https://fonts.example/a.css">', /loads .*fonts\.example/],
    ['an address without a scheme', '<script src="//cdn.example/a.js"></script>', /not relative/],
    ['a script in an address', '<a href="javascript:a()">', /not relative/],
    ['a style that imports', '<style>@import "https://fonts.example/a.css";</style>', /@import/],
  ])('%s', (_, html, said) => {
    expect(problems(html).join('\n')).toMatch(said);
  });

  it('a stylesheet that loads a picture', () => {
    expect(problems(fine, [['x/a.css', 'a { background: url(https://img.example/a.png) }']]).join()).toMatch(/url/);
  });
});
