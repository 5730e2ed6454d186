import { describe, expect, it } from 'vitest';
import type { FusegateResult } from '../../src/model/result.ts';
import { groupBuilds, judgeArchive } from '../../src/policy/rules/archive.ts';
import { archiveFiles, archiveHeadline, buildsOf } from '../../src/report/archive-page.ts';
import { newestFirst, shownTimes } from '../../src/report/archive-rows.ts';
import { waiversSentence } from '../../src/report/describe.ts';
import { renderHtml } from '../../src/report/html/render-html.ts';
import { EXPECTED, json, pdf, plan, unreadable } from '../policy/synthetic-evidence.ts';
import { bodyText } from './html-document.ts';
import { archiveResult, sampleArchive } from './sample-results.ts';

const page = (result: FusegateResult) => renderHtml(result, { detail: 'full' });
const outlineOf = (result: FusegateResult) => bodyText(page(result)).replace(/\s+/gu, ' ');

describe('an archive', () => {
  it('counts a file that could not be read as a file, and one without the needed evidence as a build', () => {
    const nameless = { app_name: [], build_id: [], bundle_id: [], app_version: [] };
    const archive = judgeArchive(
      plan('Root Detection'),
      groupBuilds([
        { label: 'a.pdf', reading: pdf({ lines: ['root_detection'] }) },
        { label: 'cut.pdf', reading: unreadable('pdf', 'damaged') },
        { label: 'only.json', reading: json({ facts: nameless }) },
      ]),
      { mode: 'gate', evidenceMode: 'pdf', gate: EXPECTED.gate },
    );
    expect(buildsOf(archive).map(({ label, unreadable: unread }) => [label, unread])).toEqual([
      ['a.pdf', undefined],
      ['cut.pdf', true],
      ['only.json', undefined],
    ]);
    expect(archiveHeadline(archive)).toMatch(/^2 builds and 1 file .*1 pass, 0 fail, 1 without/u);
    const text = outlineOf(archiveResult(archive));
    const unread = text.slice(text.indexOf('Files that could not be read'));
    expect(text).toMatch(/no verdict only\.json/u);
    expect(unread).toMatch(/cut\.pdf certificate\.pdf-unreadable/u);
    expect(unread.slice(0, unread.indexOf('pdf-unreadable'))).not.toContain('only.json');
  });

  it('advises for each outcome by itself', () => {
    const name = 'Detect Developer Options';
    const result = archiveResult();
    const rules = result.requirements.filter(({ requirement }) => requirement.endsWith(name));
    const lacking = rules.filter(({ outcome }) => outcome === 'missing');
    expect(lacking.length).toBeGreaterThan(3);
    for (const rule of lacking.slice(0, 2)) Object.assign(rule, { outcome: 'no-listener', hint: 'Add the listener.' });
    const text = outlineOf(result);
    expect(text).toMatch(new RegExp(`no listener ${name} in 2 of 20 builds`, 'u'));
    expect(text).toMatch(new RegExp(`missing ${name} in ${lacking.length - 2} of 20 builds`, 'u'));
  });

  it('draws what is waived apart from what is lost, and counts it', () => {
    const result = archiveResult(sampleArchive(4));
    expect(page(result)).not.toContain('class="lifted"');
    for (const rule of result.requirements) {
      if (rule.outcome === 'missing') Object.assign(rule, { outcome: 'waived', waivedBy: 'lab' });
    }
    expect(page(result)).toContain('class="lifted"');
    expect(page(result)).not.toContain('class="lost"');
    expect(outlineOf(result)).toMatch(/2 proven, 2 waived of 4 on 2026-01-05/u);
  });

  it('names a waiver of the policy once, however many builds it is about', () => {
    const waiver = { features: ['Proxy Detection'], owner: 'qa', reason: 'lab', expires: '2026-12-31' };
    const waivers = ['a', 'b'].map((label) => ({
      ...waiver,
      source: `${label}.pdf: p.yml:4`,
      state: 'active' as const,
    }));
    expect(waiversSentence({ ...archiveResult(), waivers })?.match(/Proxy Detection/gu)).toHaveLength(1);
  });
});

describe('the page of many builds', () => {
  /** Enough that no table but that of the builds grows further. */
  const [fewer, more] = [300, 500].map((count) => {
    const archive = sampleArchive(count);
    const result = archiveResult(archive);
    const sizes = Object.entries(archiveFiles(archive, { detail: 'full' })).map(([file, text]) => [file, text.length]);
    return { count, html: page(result), sizes: Object.fromEntries(sizes) };
  }) as [Measured, Measured];
  interface Measured {
    count: number;
    html: string;
    sizes: Record<string, number>;
  }
  const perBuild = (size: (one: Measured) => number) => (size(more) - size(fewer)) / (more.count - fewer.count);

  it('has one row for each build in its grid, and a limited number elsewhere', () => {
    for (const { count, html } of [fewer, more]) {
      const [grid = ''] = /<table class="matrix">.*?<\/table>/su.exec(html) ?? [];
      expect(grid.match(/<tr class=/gu)).toHaveLength(count);
    }
    expect(perBuild(({ html }) => html.match(/<tr/gu)?.length ?? 0)).toBeLessThanOrEqual(2);
  });

  /** For the four requirements of the sample; docs/performance.md has these numbers. */
  it.each([
    ['the HTML report', 2_500, ({ html }: Measured) => html.length],
    ['fusegate-archive.md', 150, ({ sizes }: Measured) => sizes['fusegate-archive.md'] ?? Number.NaN],
    ['fusegate-archive.json', 4_000, ({ sizes }: Measured) => sizes['fusegate-archive.json'] ?? Number.NaN],
  ])('%s takes at most %d characters for each build', (_file, most, size) => {
    expect(perBuild(size)).toBeLessThanOrEqual(most);
  });
});

describe('the order of builds', () => {
  const build = (label: string, created: string | undefined, low?: string) => ({
    label,
    verdict: 'pass' as const,
    ...(created && { created }),
    ...(low && { buildId: `${low}-2222-11f0-8222-222222222222` }),
  });
  const labels = (builds: ReturnType<typeof build>[]) => newestFirst(builds).map(({ label }) => label);
  const MINUTE = '29-Nov-26, 06:35 UTC';

  it('is that of the certificates, then of the build ids, then of the names', () => {
    const builds = [
      build('none.pdf', undefined),
      build('a.pdf', MINUTE, '00000001'),
      build('b.pdf', MINUTE, '00000002'),
      build('d.pdf', MINUTE),
      build('c.pdf', MINUTE),
      build('new.pdf', '29-Nov-26, 06:36 UTC', '00000000'),
    ];
    const order = ['new.pdf', 'b.pdf', 'a.pdf', 'c.pdf', 'd.pdf', 'none.pdf'];
    expect(labels(builds)).toEqual(order);
    expect(labels([...builds].reverse())).toEqual(order);
  });

  it('shows the time of builds of one day', () => {
    const builds = [build('a', MINUTE), build('b', '29-Nov-26, 09:00 UTC'), build('c', '28-Nov-26, 09:00 UTC')];
    const timeOf = shownTimes(builds.map((one) => ({ build: one, rules: new Map(), findings: [] })));
    expect(builds.map(timeOf)).toEqual(['2026-11-29 06:35', '2026-11-29 09:00', '2026-11-28']);
  });
});
