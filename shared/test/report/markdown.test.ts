import MarkdownIt from 'markdown-it';
import { describe, expect, it } from 'vitest';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { unknownJson } from '../policy/synthetic-evidence.ts';
import { commandsIn, HOSTILE_TEXTS } from './command-parsers.ts';
import { filledWith, waivedResult } from './sample-results.ts';
import { resultOf } from './synthetic-result.ts';

const MIB = 1024 * 1024;
const renderer = new MarkdownIt({ html: true, linkify: true });

describe('the summary', () => {
  it('shows every section of a result', () => {
    const markdown = renderMarkdown(resultOf({ require: ['Root Detection', 'Proxy Detection'], json: unknownJson() }), {
      detail: 'full',
    });
    const headings = markdown.split('\n').filter((line) => line.startsWith('#'));
    expect(headings).toEqual([
      '## ❌ Fusegate FAIL: 1 of 2 required protections not met',
      '### Required',
      '### Findings',
      '### On the certificate',
      '### Stages',
      '### Files',
      '### Identity',
    ]);
    expect(markdown).toContain('| ❌ | Proxy Detection | missing |');
    expect(markdown).toContain('| ✅ | Root Detection | proven | pdf page 1 at 213,100');
    expect(markdown).toContain('| upload | `2026-11-21T10:00:01.000Z` | 2.5 s | █ | 3 |');
    expect(markdown).toContain(`| rejected-app | \`out/rejected/app.apk\` | \`${'b'.repeat(64)}\` | 2000 |`);
  });

  it.each([...HOSTILE_TEXTS, '<b>x</b>', '[a](https://evil.example)', 'a|b|c', '@team #12', '```\n# x', '<!--', '\\'])(
    'holds %j as text wherever it may stand',
    (text) => {
      for (const detail of ['full', 'counts'] as const) {
        const markdown = renderMarkdown(filledWith(text), { detail });
        expect(commandsIn(markdown)).toEqual([]);
        const tokens = renderer.parse(markdown, {});
        const types = tokens.flatMap((token) => [token.type, ...(token.children ?? []).map((child) => child.type)]);
        expect(types.filter((type) => /html|link|image|^code_block|hr$/u.test(type))).toEqual([]);
        expect(types.filter((type) => type === 'fence')).toHaveLength(1);
        expect(types.filter((type) => type === 'heading_open').length).toBeLessThanOrEqual(11);
        const cells = tokens.filter((token) => token.type === 'td_open').length;
        const full = 5 + 6 + 3 + 5 + 5 + 4 + 2 * 3 + 2 * 18 + 2 * 2 + 2;
        expect(cells).toBeLessThanOrEqual(full);
      }
    },
  );

  it('stays below 1 MiB and says what it left out', () => {
    const markdown = renderMarkdown(filledWith('a long name | with * signs 漢字 '.repeat(20), 20_000), {
      detail: 'full',
    });
    expect(Buffer.byteLength(markdown)).toBeLessThan(MIB);
    expect(markdown.match(/Cut here: \d+ more of 20000 in fusegate-result\.json/gu)?.length).toBeGreaterThanOrEqual(5);
  });

  it('leaves nothing out of a result that fits', () => {
    expect(renderMarkdown(filledWith('name', 50), { detail: 'full' })).not.toContain('Cut here');
  });

  it('shows waivers with their reasons, and what the baseline says', () => {
    const markdown = renderMarkdown(
      { ...waivedResult(), baseline: { path: 'last.pdf', gone: '1', weakened: '0' } },
      { detail: 'full' },
    );
    expect(markdown).toContain('### Waivers');
    expect(markdown).toMatch(
      /\| Detect Developer Options \| mobile-security, SEC-1412 \| QA lab needs it until 3\.2 ships \| 2026-12-31 \| active: /u,
    );
    expect(markdown).toMatch(/### Accepted wording[\s\S]*\| heading \| A Section That Is New \|/u);
    expect(markdown).toMatch(/\| Gate \| warn, set by the environment variable FUSEGATE/u);
    expect(markdown).toMatch(/\| Transport \| .*sha256 c{12}/u);
    expect(markdown).toContain('| Gone since | 1 |');
    expect(markdown).toContain('> **The run talked to');
  });

  it('shows counts in place of names where it is asked to', () => {
    const markdown = renderMarkdown(filledWith('SECRETNAME'), { detail: 'counts' });
    const result = resultOf({ require: ['Root Detection', 'Proxy Detection'] });
    const counts = renderMarkdown(result, { detail: 'counts' });
    expect(counts).toContain('4 names, 0 missing listeners (detail: counts).');
    expect(counts).toContain('2 of 2'.replace('2 of 2', '1 of 2'));
    expect(counts).not.toMatch(/root|proxy|debugging/iu);
    expect(counts).toContain('--required-features ...');
    expect(markdown).not.toContain('listener SECRETNAME');
  });
});
