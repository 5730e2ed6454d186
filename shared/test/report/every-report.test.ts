/** What no report may leave out: why a rule is there, and the line that a person has to paste. */
import MarkdownIt from 'markdown-it';
import { describe, expect, it } from 'vitest';
import type { Wording } from '../../src/model/certificate.ts';
import type { FusegateResult } from '../../src/model/result.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import type { JudgedArchive } from '../../src/policy/rules/archive.ts';
import { buildsOf, renderArchivePage } from '../../src/report/archive-page.ts';
import { renderHtml } from '../../src/report/html/render-html.ts';
import { attestationOf } from '../../src/report/in-toto.ts';
import { renderJUnit } from '../../src/report/junit.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { BLOCK_LIMIT, renderVerdictBlock } from '../../src/report/red-block.ts';
import { renderSarif } from '../../src/report/sarif.ts';
import { json, pdf, unknownJson, unreadable } from '../policy/synthetic-evidence.ts';
import { elementsOf } from './html-document.ts';
import { readMarkdown, unescaped } from './markup.ts';
import { resultOf } from './synthetic-result.ts';

type Report = (result: FusegateResult) => string;

const REPORTS: Array<[string, Report]> = [
  ['console', (result) => renderVerdictBlock(result).join('\n')],
  ['Markdown', (result) => readMarkdown(renderMarkdown(result, { detail: 'full' }))],
  ['HTML', (result) => unescaped(renderHtml(result, { detail: 'full' }))],
  ['JUnit', (result) => unescaped(renderJUnit(result))],
  [
    'SARIF',
    (result) =>
      JSON.parse(renderSarif(result, { detail: 'full', root: '/r' }))
        .runs[0].results.map(messageOf)
        .join('\n'),
  ],
  ['JSON', (result) => JSON.stringify(result)],
];

function messageOf({ message }: { message: { text: string } }): string {
  return message.text.replace(/\\(?=[[\]\\])/gu, '');
}

const reference = {
  id: 'MASVS-RESILIENCE-1',
  reason: 'Sideloaded apps were the 2025 incident',
  link: 'https://wiki.example/controls?id=1&v=2',
};

/** A red result whose every rule says why it is there. */
function referenced(change: Partial<FusegateResult['requirements'][number]['reference']> = {}): FusegateResult {
  const base = resultOf({ require: ['Root Detection', 'Proxy Detection'], json: unknownJson() });
  const requirements = base.requirements.map((rule) => ({ ...rule, reference: { ...reference, ...change } }));
  return { ...base, requirements };
}

describe('why a rule is there', () => {
  it.each(REPORTS)('stands in %s: id, reason and link', (_, report) => {
    const text = report(referenced());
    for (const words of Object.values(reference)) expect(text).toContain(words);
  });

  it('stands in the statement, beside the outcome', () => {
    const attestation = attestationOf(referenced());
    if ('refused' in attestation) throw new Error(attestation.refused);
    expect(attestation.statement.predicate['urn:fusegate:verdict'].rules).toEqual([
      { ...reference, outcome: 'missing' },
      { ...reference, outcome: 'satisfied' },
    ]);
  });

  it('stands on the page of an archive', () => {
    expect(readMarkdown(renderArchivePage(archive(referenced()), { detail: 'full' }))).toContain(reference.link);
  });

  it.each(['counts'] as const)('stands nowhere under detail: %s, for it may name what the app has', (detail) => {
    const result = referenced();
    const texts = [
      renderMarkdown(result, { detail }),
      renderHtml(result, { detail }),
      renderJUnit(result, { detail }),
      renderSarif(result, { detail, root: '/r' }),
    ];
    for (const text of texts) expect(text).not.toContain('2025 incident');
  });

  it('is a link in Markdown and HTML', () => {
    const tokens = new MarkdownIt().parse(renderMarkdown(referenced(), { detail: 'full' }), {});
    const links = tokens.flatMap(({ children }) => children ?? []).filter(({ type }) => type === 'link_open');
    expect(links.map((link) => link.attrGet('href'))).toEqual([reference.link, reference.link]);
    const anchors = elementsOf(renderHtml(referenced(), { detail: 'full' })).map(({ attributes }) => attributes.href);
    // In each rule's row, and beside what is missing.
    expect(anchors.filter((href) => href === reference.link)).toHaveLength(3);
  });

  it.each([
    'javascript:alert(1)',
    'http://wiki.example/',
    'https://user:secret@wiki.example/',
    'data:text/html,x',
    '[x](https://evil.example)',
  ])('is no link to %s', (link) => {
    const tokens = new MarkdownIt().parse(renderMarkdown(referenced({ link }), { detail: 'full' }), {});
    expect(tokens.flatMap(({ children }) => children ?? []).filter(({ type }) => type === 'link_open')).toEqual([]);
  });

  it.each([
    'https://wiki.example/a|b>c)d',
    'https://wiki.example/"onclick=x',
    'https://wiki.example/`x`\\',
    'https://wiki.example/a b\nc',
  ])('keeps the table whole with a link to %j', (link) => {
    const tokens = new MarkdownIt().parse(renderMarkdown(referenced({ link }), { detail: 'full' }), {});
    const rows = tokens.slice(
      0,
      tokens.findIndex(({ type }) => type === 'table_close'),
    );
    expect(rows.filter(({ type }) => type === 'td_open')).toHaveLength(2 * 3);
    const links = tokens.flatMap(({ children }) => children ?? []).filter(({ type }) => type === 'link_open');
    expect(links).toHaveLength(2);
    for (const found of links) expect(found.attrGet('href')).toMatch(/^https:\/\/wiki\.example\//u);
  });
});

describe('the line to paste', () => {
  const text = `In-App Detection of a kind that is new ${'and very long '.repeat(60)}end`;
  const unread: Wording[] = Array.from({ length: 8 }, (_, index) => ({
    kind: 'heading',
    text: `${index} ${text}`,
    document: 'pdf',
    where: `page 1 at 64,${900 - index}`,
  }));
  const unproven = resultOf({
    require: ['Root Detection', 'Anti-Debugging', 'Proxy Detection', 'Detect Frida', 'key: absent_one'],
    pdf: pdf({
      lines: ['anti_debugging', { name: 'root_detection', presence: 'unknown', unread }],
    }),
    json: unknownJson(),
  });

  it.each(REPORTS)('is whole in %s', (_, report) => {
    const line = /`(\{ version: 1,.*accept: \{.*\} \})`/u.exec(unproven.findings[0]?.hint ?? '')?.[1] ?? '';
    expect(line.length).toBeGreaterThan(5000);
    const shown = report(unproven);
    // A JSON text escapes quotes.
    expect(shown.includes(line) || shown.includes(JSON.stringify(line).slice(1, -1))).toBe(true);
  });

  it('is in the block however many other steps there are', () => {
    const others = unproven.requirements.map((rule, index) =>
      rule.outcome === 'unproven' ? rule : { ...rule, outcome: 'missing' as const, hint: `Do the thing ${index}.` },
    );
    const findings = unproven.findings.filter(({ code }) => code !== 'feature.unproven');
    const block = renderVerdictBlock({ ...unproven, findings, requirements: others });
    expect(block.length).toBeLessThanOrEqual(BLOCK_LIMIT);
    expect(block.filter((line) => line.startsWith('Fix: '))[0]).toMatch(/accept: \{/u);
  });
});

describe('a next step', () => {
  const fixes = (result: FusegateResult) => renderVerdictBlock(result).filter((line) => line.startsWith('Fix: '));

  it('that differs in nothing but the name is said once, for all of them', () => {
    const require = ['Detect Frida', 'Detect Strong Frida', 'Block Magisk'];
    const [only, ...more] = fixes(resultOf({ require, json: unknownJson() }));
    expect(more).toEqual([]);
    expect(only).toMatch(/aliases: \{ Block Magisk: \[NAME\] \}`\. The same for Detect Frida, Detect Strong Frida\.$/u);
  });

  it('that another one holds is not said again', () => {
    const [seen, ...more] = fixes(resultOf({ require: ['Proxy Detection', 'Detect Frida'], json: unknownJson() }));
    expect(more).toEqual([]);
    expect(seen).toMatch(/^Fix: Switch it on .*explain FILE/u);
    const insufficient = fixes(
      resultOf({ pdf: unreadable('pdf'), json: json(), expect: { evidenceMode: 'pdf', mode: 'gate' } }),
    );
    expect(insufficient.filter((line) => line.includes('--build-id ID'))).toEqual([
      expect.stringMatching(/--evidence any/u),
    ]);
  });

  it('that is another one is said too', () => {
    const lines = ['developer_options_detection', 'root_detection'];
    const listeners = ['DeveloperOptionsEnabled'];
    const steps = fixes(
      resultOf({
        require: ['Detect Developer Options', 'Proxy Detection'],
        pdf: pdf({ lines, listeners }),
        json: unknownJson(),
      }),
    );
    expect(steps).toHaveLength(2);
  });
});

it('a rule that only warns has no mark of a failure', () => {
  const base = resultOf({ require: ['Root Detection', 'Proxy Detection'], json: unknownJson() });
  const requirements = base.requirements.map((rule) => ({ ...rule, severity: 'warning' as const }));
  const markdown = renderMarkdown({ ...base, requirements, verdict: 'pass', exitCode: 0 }, { detail: 'full' });
  expect(markdown).toContain('| ⚠️ | Proxy Detection (');
  expect(markdown).not.toContain('❌');
});

/** An archive in which every build is judged as the result says. */
function archive(
  result: FusegateResult,
  ...facts: Array<Partial<JudgedArchive['builds'][number]['facts']>>
): JudgedArchive {
  const verdict = { ...result, outcome: result.verdict } as unknown as Verdict;
  const none = {
    build_id: undefined,
    fusion_set_id: undefined,
    app_name: undefined,
    app_version: undefined,
    bundle_id: undefined,
    certificate_created: undefined,
  };
  const builds = (facts.length === 0 ? [{}] : facts).map((known, index) => ({
    label: `${index}.pdf`,
    files: [],
    duplicates: [],
    facts: { ...none, ...known },
    verdict,
  }));
  return { builds, verdict };
}

describe('an archive', () => {
  const { app: _, ...many } = resultOf({}, { ids: {} });
  const named = (...facts: Parameters<typeof archive> extends [unknown, ...infer F] ? F : never) =>
    renderVerdictBlock({ ...many, builds: buildsOf(archive(many, ...facts)) });

  it('of one build names it', () => {
    const block = named({
      app_name: 'Bank',
      app_version: '1.0',
      bundle_id: 'com.bank',
      build_id: 'b-1',
      fusion_set_id: 'f-1',
    });
    expect(block).toContain('App: Bank 1.0 (com.bank)');
    expect(block).toContain('Build: b-1 (by the certificates); Fusion Set: f-1');
  });

  it('of several builds names them, and those that state nothing by their file', () => {
    const block = named({ app_name: 'Bank', app_version: '1.0', build_id: 'b-1', fusion_set_id: 'f-1' }, {});
    expect(block).toContain('App: Bank 1.0; 1.pdf');
    expect(block).toContain('Build: b-1; 1.pdf states none (by the certificates); Fusion Set: f-1; none stated');
  });

  it('of many builds counts the rest', () => {
    const facts = Array.from({ length: 40 }, (_, index) => ({ app_name: `App ${index}`, build_id: `b-${index}` }));
    const block = named(...facts);
    expect(block.find((line) => line.startsWith('App: '))).toMatch(/App 4; and 35 more$/u);
    expect(block.find((line) => line.startsWith('Build: '))).toMatch(/b-4; and 35 more/u);
  });
});
