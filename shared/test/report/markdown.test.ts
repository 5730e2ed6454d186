import MarkdownIt from 'markdown-it';
import { describe, expect, it } from 'vitest';
import { renderMarkdown } from '../../src/report/markdown.ts';
import type { FusegateResult } from '../../src/report/result.ts';
import { unknownJson } from '../policy/synthetic-evidence.ts';
import { commandsIn, HOSTILE_TEXTS } from './command-parsers.ts';
import { resultOf } from './synthetic-result.ts';

const MIB = 1024 * 1024;
const renderer = new MarkdownIt({ html: true, linkify: true });

/** The same text wherever a result holds text that did not come from us. */
function filledWith(text: string, count = 1): FusegateResult {
  const base = resultOf({ require: ['Root Detection', 'Proxy Detection'] });
  const [rule] = base.requirements;
  const [file] = base.files;
  if (!rule || !file) throw new Error('the synthetic result lost its requirements');
  const many = <T>(one: T): T[] => Array.from({ length: count }, () => one);
  return {
    ...base,
    server: text,
    rehearsal: true,
    app: { path: text, name: text, bundleId: text, version: text },
    ids: { buildId: text, fusionSetId: text, appId: text, teamId: text },
    requirements: many({
      ...rule,
      requirement: text,
      message: text,
      source: text,
      lookedFor: [text],
      waivedBy: text,
      evidence: [{ document: 'pdf', where: text, text }],
    }),
    findings: many({ code: text, level: 'warning', message: text, hint: text, waivedBy: text }),
    files: many({ ...file, path: text, sha256: text }),
    stages: many({ name: text, startedAt: text, durationMs: 1, requests: 1 }),
    certificate: {
      ...base.certificate,
      features: many({ name: text, key: text, category: text, threatEvents: text, source: 'pdf' }),
      missingListeners: many(text),
      facts: Object.fromEntries(Array.from({ length: count }, (_, index) => [`${text}${index}`, text])),
    },
    policy: { path: text, sha256: text, resolved: { require: many(text) } },
  };
}

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
        expect(types.filter((type) => type === 'heading_open').length).toBeLessThanOrEqual(7);
        const cells = tokens.filter((token) => token.type === 'td_open').length;
        const full = 5 + 5 + 5 + 4 + 2 * 15;
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
