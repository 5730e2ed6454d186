import MarkdownIt from 'markdown-it';
import { describe, expect, it } from 'vitest';
import type { FusegateResult } from '../../src/model/result.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { unknownJson } from '../policy/synthetic-evidence.ts';
import { commandsIn, HOSTILE_TEXTS } from './command-parsers.ts';
import { readMarkdown } from './markup.ts';
import { archiveResult, errorResult, filledWith, greenResult, redResult, waivedResult } from './sample-results.ts';
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
      '### What was judged',
      '### Required',
      '### Findings',
      '### On the certificate',
      '### Stages',
      '### Files',
      '### Identity',
    ]);
    expect(markdown).toContain('| ❌ | Proxy Detection (\\--required-features) | missing |');
    expect(markdown).toContain('| ✅ | Root Detection (\\--required-features) | proven |');
    expect(markdown).toContain('- ❌ **Proxy Detection** missing');
    expect(markdown).toContain('- Requirements: 1 of 2 not met; 1 proven');
    expect(markdown).toContain('| upload | 2.5 s | 3 |');
    expect(markdown).toContain(`- rejected-app: \`out/rejected/app.apk\`, 2000 bytes, sha256 \`${'b'.repeat(64)}\``);
  });

  it('names the page of its first error, once', () => {
    const pages = (result: FusegateResult) =>
      renderMarkdown(result, { detail: 'full' }).match(/`docs\/errors\.md[^`]*`/gu);
    expect(pages(redResult())).toEqual(['`docs/errors.md#feature-no-listener`']);
    expect(pages(greenResult())).toBeNull();
  });

  it('needs no scrolling sideways: no block of code, no place, and no long word in a table', () => {
    for (const make of [redResult, greenResult, waivedResult, errorResult, archiveResult]) {
      const markdown = renderMarkdown(make(), { detail: 'full' });
      const tokens = renderer.parse(markdown, {});
      expect(tokens.filter(({ type }) => type === 'fence')).toEqual([]);
      expect(markdown).not.toMatch(/page \d+ at/u);
      const cells = tokens.flatMap((token, index) =>
        token.type === 'td_open' ? [tokens[index + 1]?.content ?? ''] : [],
      );
      expect(cells.length).toBeGreaterThan(0);
      for (const word of cells.flatMap((cell) => cell.split(/[\s\u200b]/u))) expect(word.length).toBeLessThan(40);
    }
  });

  it('of an archive lists its builds, the newest first, with what each lacks, and unreadable files last', () => {
    const markdown = renderMarkdown(archiveResult(), { detail: 'full' });
    expect(markdown).toMatch(
      /^## ❌ Fusegate ERROR: 20 builds and 1 file that could not be read: 9 pass, 11 fail, 0 without a verdict\n/u,
    );
    const rows = readMarkdown(markdown).match(/\d{4}-\d\d-\d\d/gu) ?? [];
    expect(rows).toHaveLength(20);
    expect([...rows].sort().reverse()).toEqual(rows);
    expect(markdown).toMatch(/\| Root Detection \(.*\) \| \d+ \| \d+ \|/u);
    expect(markdown.indexOf('### Files that could not be read')).toBeGreaterThan(markdown.indexOf('### Requirements'));
    expect(renderMarkdown(archiveResult(), { detail: 'counts' })).not.toMatch(/root.?detection|proxy/iu);
  });

  it('gives no next step for a waived rule', () => {
    const result = waivedResult();
    const waived = result.requirements.find(({ outcome }) => outcome === 'waived');
    expect(readMarkdown(renderMarkdown(result, { detail: 'full' }))).not.toContain(waived?.hint);
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
        expect(types.filter((type) => type === 'fence')).toEqual([]);
        expect(types.filter((type) => type === 'heading_open').length).toBeLessThanOrEqual(12);
        const cells = tokens.filter((token) => token.type === 'td_open').length;
        expect(cells).toBeLessThanOrEqual(3 + 2 + 3);
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
      /- \*\*Detect Developer Options\*\* until 2026-12-31: QA lab needs it until 3\.2 ships\. mobile-security, SEC-1412, active/u,
    );
    expect(markdown).toMatch(/### Accepted wording[\s\S]*- heading: A Section That Is New/u);
    expect(markdown).toMatch(/- Gate: warn, set by the environment variable FUSEGATE/u);
    expect(markdown).toMatch(/- Transport: .*sha256 c{12}/u);
    expect(markdown).toContain('- Gone since: 1');
    expect(markdown).toContain('> **The run talked to');
  });

  it('shows counts in place of names where it is asked to', () => {
    const markdown = renderMarkdown(filledWith('SECRETNAME'), { detail: 'counts' });
    const result = resultOf({ require: ['Root Detection', 'Proxy Detection'] });
    const counts = renderMarkdown(result, { detail: 'counts' });
    expect(counts).toContain('2 names, 0 missing listeners (detail: counts).');
    expect(counts).toContain('2 of 2'.replace('2 of 2', '1 of 2'));
    expect(counts).not.toMatch(/root|proxy|debugging/iu);
    expect(counts).toContain('--required-features ...');
    expect(markdown).not.toContain('listener SECRETNAME');
  });
});
