import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FusegateResult } from '../../src/model/result.ts';
import { renderHtml } from '../../src/report/html/render-html.ts';
import { barsOf, duration } from '../../src/report/html/timeline.ts';
import { anyText } from '../support/any-text.ts';
import { commandsIn, HOSTILE_TEXTS } from './command-parsers.ts';
import { bodyText, elementsOf, parseErrors, skeletonOf } from './html-document.ts';
import {
  archiveResult,
  disabledResult,
  errorResult,
  filledWith,
  greenResult,
  hostileResult,
  manyResult,
  redResult,
  waivedResult,
} from './sample-results.ts';
import { resultOf } from './synthetic-result.ts';

const page = (result: FusegateResult, detail: 'full' | 'counts' = 'full') => renderHtml(result, { detail });
const SAMPLES: Array<[string, () => FusegateResult]> = [
  ['green', greenResult],
  ['red', redResult],
  ['error', errorResult],
  ['disabled', disabledResult],
  ['waived', waivedResult],
  ['many', manyResult],
  ['hostile', hostileResult],
  ['archive', archiveResult],
  ['bare', () => ({ ...errorResult(), requirements: [], findings: [], stages: [], files: [] })],
];

/** All that the page is made of; anything else came from somewhere else. */
const TAGS =
  'a body br caption code dd desc details div dl dt footer h1 h2 h3 head header html input label li link main meta p path rect section small span strong style summary svg table tbody td text tfoot th thead time title tr ul'.split(
    ' ',
  );
const ATTRIBUTES =
  'aria-hidden aria-label aria-labelledby charset class content d datetime fill focusable font-size for height href http-equiv id lang name r rel role rx scope stroke stroke-linecap stroke-linejoin stroke-width tabindex type viewBox width x y'.split(
    ' ',
  );

describe.each(SAMPLES)('the page of a %s result', (_, make) => {
  const markup = page(make());
  const elements = elementsOf(markup);
  const all = (tag: string) => elements.filter((element) => element.tag === tag);

  it('is valid HTML of known parts, with no script', () => {
    expect(parseErrors(markup)).toEqual([]);
    expect([...new Set(elements.map(({ tag }) => tag))].filter((tag) => !TAGS.includes(tag))).toEqual([]);
    const attributes = new Set(elements.flatMap((element) => Object.keys(element.attributes)));
    expect([...attributes].filter((name) => !ATTRIBUTES.includes(name))).toEqual([]);
  });

  it('loads nothing, and its own policy forbids it', () => {
    const policy = all('meta').find(({ attributes }) => attributes['http-equiv'] === 'Content-Security-Policy');
    const style = all('style')[0]?.text ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(policy?.attributes.content).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'`,
    );
    expect(style).not.toMatch(/url\(|@import|@font-face/u);
    expect(all('link').map(({ attributes }) => attributes.href)).toEqual(['data:,']);
    for (const { attributes } of all('a')) expect(attributes.href).toMatch(/^(?:#[a-z]+|https:\/\/)/u);
  });

  it('has landmarks, one h1, headings in order and ids that are there once', () => {
    expect(elements[0]?.attributes.lang).toBe('en');
    for (const tag of ['header', 'main', 'footer', 'h1', 'title']) {
      expect(all(tag).length, tag).toBeGreaterThan(0);
    }
    expect(all('h1')).toHaveLength(1);
    const levels = elements.flatMap(({ tag }) => (/^h[1-6]$/u.test(tag) ? [Number(tag[1])] : []));
    for (const [index, level] of levels.entries()) expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1);
    const ids = elements.flatMap(({ attributes }) => attributes.id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    const targets = all('a').flatMap(({ attributes }) => /^#(.+)$/u.exec(attributes.href ?? '')?.[1] ?? []);
    const labels = elements.flatMap(({ attributes }) => attributes['aria-labelledby']?.split(' ') ?? []);
    for (const id of [...targets, ...labels]) expect(ids).toContain(id);
  });

  it('heads every column and row of its tables', () => {
    for (const { attributes } of all('th')) expect(attributes.scope).toMatch(/^(?:col|row)$/u);
    expect(all('caption')).toHaveLength(all('table').length);
  });

  it('cannot be read as a command by a CI system that prints it', () => {
    expect(commandsIn(markup)).toEqual([]);
  });
});

describe('what the page says', () => {
  it('names the page of its first error, once', () => {
    expect(page(redResult()).match(/docs\/errors\.md[^<]*/gu)).toEqual(['docs/errors.md#feature-no-listener']);
    expect(page(greenResult())).not.toContain('docs/errors.md');
  });

  it('of a red result: verdict, why, where it was looked for, what to do, where the app lies', () => {
    const text = bodyText(page(redResult()));
    for (const part of [
      'FAIL: 2 of 4 required protections not met',
      '2 of 4 not met; 2 proven',
      'Judged on the PDF certificate',
      'Synthetic 1.2.3 (com.example.synthetic), android',
      'acme/app, github run, commit 0123456789ab',
      'Rate-Limit Connections is not on the certificate (PDF)',
      'Looked for: rate_limit_connections',
      'Evidence: pdf page 1 at 213,100 "root_detection"',
      'What to do: Switch it on',
      'held back in out/rejected/app.apk',
      'fusegate gate --build-id 11111111-1111-11f0-8111-111111111111',
      'DeveloperOptionsEnabled',
      'In-App Detection',
      'OS Integrity',
      'b'.repeat(64),
      '3 min 07 s',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toContain('PASS');
  });

  it('of a green result: every rule with its evidence, identity, binding, policy', () => {
    const result = greenResult();
    const text = bodyText(page(result));
    for (const part of [
      'PASS: 3 required protections proven',
      '3 of 3 proven',
      'Signed file the one on the certificate',
      'Binding of the file to the certificate',
      'The SHA-256 of the protected app',
      result.policy.sha256,
      'd'.repeat(64),
      '22222222-2222-11f0-8222-222222222222',
      'signer CN=Synthetic',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toMatch(/FAIL|ERROR/u);
    const link = elementsOf(page(result)).find(({ attributes }) => attributes.href?.startsWith('https:'));
    expect(link?.attributes).toMatchObject({ rel: 'noopener noreferrer', href: result.ci.runUrl });
  });

  it('in a banner, of a rehearsal and of any other server', () => {
    const banners = (result: FusegateResult) =>
      elementsOf(page(result)).flatMap(({ attributes, text }) => (attributes.class === 'banner' ? [text] : []));
    expect(banners(errorResult())).toEqual([expect.stringMatching(/^REHEARSAL: .*127\.0\.0\.1:4000/u)]);
    expect(banners(waivedResult())).toEqual([expect.stringContaining('https://gateway.example')]);
    expect(banners(greenResult())).toEqual([]);
    expect(elementsOf(page(errorResult())).find(({ tag }) => tag === 'title')?.text).toMatch(/^REHEARSAL ERROR/u);
  });

  it('of waivers and the baseline', () => {
    const result: FusegateResult = {
      ...waivedResult(),
      baseline: { path: 'last.pdf', gone: '1', weakened: '0', added: '4' },
    };
    const text = bodyText(page(result));
    expect(text).toContain('QA lab needs it until 3.2 ships; mobile-security, 2026-12-31');
    expect(text).toMatch(/Compared with last\.pdf .*Gone since 1 .*Weaker since 0 .*New since 4/u);
    expect(text).toContain('(gate: warn, the job continues)');
  });

  it('of a waived rule no next step', () => {
    const markup = page(waivedResult());
    const waived = waivedResult().requirements.find(({ outcome }) => outcome === 'waived');
    expect(waived?.hint).toBeDefined();
    expect(bodyText(markup)).not.toContain(waived?.hint?.replace(/`/gu, ''));
  });

  it('of each protection: its key in its row, whether it is required, and what the baseline had', () => {
    const base = redResult();
    const [rule] = base.requirements;
    if (!rule) throw new Error('the synthetic result lost its requirements');
    const lost = { ...rule, id: 'baseline:block_magisk', rule: 'baseline' as const, outcome: 'missing' as const };
    const compared: FusegateResult = {
      ...base,
      requirements: [...base.requirements, { ...lost, feature: { name: 'Block Magisk', key: 'block_magisk' } }],
      baseline: { path: 'last.pdf', addedNames: 'openssl, smali_obfuscation' },
    };
    const rows = elementsOf(page(compared)).flatMap(({ tag, text }) =>
      tag === 'tr' ? [text.replace(/\s+/gu, ' ')] : [],
    );
    expect(rows).toContainEqual(expect.stringMatching(/^Block Magisk block_magisk .* gone/u));
    expect(rows).toContainEqual(
      expect.stringMatching(/^Root Detection root_detection In-App Detection required same/u),
    );
    expect(rows).toContainEqual(expect.stringMatching(/^openssl .* new/u));
    expect(rows.filter((row) => /^Proxy Detection/u.test(row))).toEqual([expect.not.stringContaining('required')]);
  });

  it('of each row that is not as in the baseline', () => {
    const base = greenResult();
    const [rule] = base.requirements;
    if (!rule) throw new Error('no requirement');
    const row = { ...rule, rule: 'baseline' as const, source: 'last.pdf' };
    const of = (...requirements: Array<Partial<typeof rule>>) =>
      bodyText(
        page({
          ...base,
          requirements: [...base.requirements, ...requirements.map((one) => ({ ...row, ...one }))],
          baseline: { path: 'last.pdf' },
        }),
      );
    const [shown] = base.certificate.features;
    const unsure = of({ outcome: 'unproven', feature: { name: shown?.name ?? '' } });
    expect(unsure).toMatch(/not proven/u);
    expect(unsure).toContain('1 protection not as in the baseline');
    expect(of({ outcome: 'unproven', feature: { name: 'Absent One' } })).toMatch(/No longer proven[\s\S]*Absent One/u);
    const deaf = of({ outcome: 'no-listener', feature: { name: 'RootedDevice' } });
    expect(deaf).toContain('1 listener not as in the baseline');
    expect(deaf).not.toContain('protection not as in');
  });

  it.each([
    ['2-Dec-26, 09:30 UTC', '1-Dec-26, 09:30 UTC', true],
    ['1-Dec-26, 09:30 UTC', '1-Dec-26, 09:30 UTC', false],
    ['Monday', '1-Dec-26, 09:30 UTC', false],
  ])('of a baseline of %s beside a build of %s: newer is %s', (before, now, newer) => {
    const base = greenResult();
    const certificate = { ...base.certificate, facts: { ...base.certificate.facts, fusion_set_modified: now } };
    const compared = { ...base, certificate, baseline: { path: 'last.pdf', fusionSetModified: before } };
    expect(bodyText(page(compared)).includes('baseline is newer than this build')).toBe(newer);
  });

  it('of an archive: totals, builds by requirement, the newest first, copies once, unreadable files last', () => {
    const markup = page(archiveResult());
    const text = bodyText(markup);
    expect(text).toContain('20 builds and 1 file that could not be read: 9 pass, 11 fail, 0 without a verdict');
    const rows = elementsOf(markup).flatMap(({ tag, text: row }) =>
      tag === 'tr' ? [row.replace(/\s+/gu, ' ').trim()] : [],
    );
    const builds = rows.filter((row) => /^(?:pass|fail) /u.test(row));
    expect(builds).toHaveLength(20);
    expect(builds[0]).toMatch(/^pass 2026-05-18 Acme Bank 3\.19 builds\/19\.pdf proven proven proven proven/u);
    expect(builds[16]).toMatch(/^fail 2026-01-26 Acme Pay 3\.3 builds\/3\.pdf \(\+ 1 copy\) .*missing/u);
    expect(text.indexOf('Files that could not be read')).toBeGreaterThan(text.indexOf(builds[19] ?? '?'));
    expect(text).toMatch(/builds\/cut\.pdf certificate\.pdf-unreadable The PDF/u);
    expect(text).toMatch(/from the oldest build to the newest: 2 of 4 on 2026-01-05, 4 of 4 on 2026-05-18/u);
  });

  it('of an archive, with detail: counts, no name', () => {
    const text = bodyText(page(archiveResult(), 'counts'));
    expect(text).not.toMatch(/root.?detection|proxy|anti.?debugging|developer/iu);
    expect(text).toContain('Protection 4');
    expect(text).toContain('builds/19.pdf');
  });

  it('with detail: counts, of numbers and no name', () => {
    const markup = page({ ...redResult(), baseline: { path: 'last.pdf', addedNames: 'smali_obfuscation' } }, 'counts');
    expect(markup).not.toMatch(/root.?detection|rate.?limit|developer.?options|anti.?debugging|smali|openssl/iu);
    expect(bodyText(markup)).toContain('8 names, 1 missing listeners (detail: counts).');
    expect(bodyText(markup)).toContain('FAIL: 2 of 4 required protections not met');
  });

  it('what it left out of a very long result', () => {
    const markup = page(filledWith('name', 3000));
    expect(Buffer.byteLength(markup)).toBeLessThan(8 * 1024 * 1024);
    expect(bodyText(markup).match(/Cut here: 2000 more of 3000/gu)?.length).toBeGreaterThanOrEqual(5);
  });

  it('nothing that is not a web address as a link', () => {
    for (const runUrl of ['javascript:alert(1)', 'http://ci.example/1', 'data:text/html,x', '//x', 'https://u:p@x/']) {
      const links = elementsOf(page({ ...greenResult(), ci: { system: 'github', runUrl } })).filter(
        ({ tag, attributes }) => tag === 'a' && !attributes.href?.startsWith('#'),
      );
      expect(links, runUrl).toEqual([]);
    }
  });
});

describe('foreign text', () => {
  const base = skeletonOf(page(filledWith('x text x')));
  const held = (text: string) => {
    // Letters around it, so that a part is never left out because nothing visible remains of it.
    const markup = page(filledWith(`x ${text} x`));
    expect(skeletonOf(markup)).toBe(base);
    expect(commandsIn(markup)).toEqual([]);
  };

  it.each([
    ...HOSTILE_TEXTS,
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '</title></style></textarea>--><svg onload=alert(1)>',
    '<!--',
    ']]>',
    '&lt;b&gt; &#60;b&#62;',
    '`a` b`c',
    '\u2028<b>',
  ])('%j stays text wherever it stands', held);

  it('changes nothing of the page, whatever it is', () => {
    const dangerous = fc.string({ unit: fc.constantFrom(...'<>"\'`&/=;!-?[]{}\\ \n\0abs:#'.split('')), maxLength: 40 });
    fc.assert(fc.property(fc.oneof(dangerous, anyText()), held), { numRuns: 300 });
  });

  it('is shown as it was written, markup and all', () => {
    const text = bodyText(page(filledWith('<b>&amp;"\'</b>')));
    expect(text).toContain('<b>&amp;"\'</b>');
  });
});

describe('the timeline', () => {
  const stage = (name: string, second: number, durationMs: number) => ({
    name,
    startedAt: `2026-11-21T10:00:${String(second).padStart(2, '0')}.000Z`,
    durationMs,
    requests: 1,
  });

  it('places stages by start and duration, side by side where they overlap', () => {
    const bars = barsOf([stage('a', 0, 10_000), stage('b', 10, 30_000), stage('c', 20, 20_000)]);
    expect(bars.map(({ from, width }) => [from, width])).toEqual([
      [0, 25],
      [25, 75],
      [50, 50],
    ]);
  });

  it('shows a stage that took no time, inside of the drawing', () => {
    for (const bar of barsOf([stage('a', 0, 59_000), stage('b', 59, 0)])) {
      expect(bar.width).toBeGreaterThan(0.5);
      expect(bar.from + bar.width).toBeLessThanOrEqual(100);
    }
  });

  it('survives times that are none', () => {
    const odd = [
      { ...stage('a', 0, 1000), startedAt: 'yesterday' },
      { ...stage('b', 5, 1000), durationMs: Number.NaN },
      { ...stage('c', 5, -5) },
    ];
    for (const { from, width } of barsOf(odd)) {
      expect(from).toBeGreaterThanOrEqual(0);
      expect(from + width).toBeLessThanOrEqual(100.001);
    }
    expect(barsOf([])).toEqual([]);
  });

  it.each([
    [0, '0.0 s'],
    [2549, '2.5 s'],
    [59_949, '59.9 s'],
    [59_960, '1 min 00 s'],
    [187_000, '3 min 07 s'],
  ])('%i ms read %s', (milliseconds, text) => expect(duration(milliseconds)).toBe(text));

  it('has its numbers in a table too', () => {
    const text = bodyText(page(resultOf()));
    expect(text).toContain('upload 2026-11-21T10:00:01.000Z 2.5 s 3');
  });
});
