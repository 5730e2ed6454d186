/** The comment on a pull request: what it begins with, what it folds, and what it never says. */
import MarkdownIt from 'markdown-it';
import { describe, expect, it } from 'vitest';
import type { FusegateResult } from '../../src/model/result.ts';
import { renderComment } from '../../src/report/comment.ts';
import { commandsIn, HOSTILE_TEXTS } from './command-parsers.ts';
import { errorResult, filledWith, greenResult, redResult, waivedResult } from './sample-results.ts';

const ROOT = '/workspace/app/app';
const comment = (result: FusegateResult, detail: 'full' | 'counts' = 'full') =>
  renderComment(result, { detail, root: ROOT });
/** What a reader sees without unfolding anything. */
const open = (text: string) => text.replaceAll(/<details>.*?<\/details>/gsu, '');
const titles = (text: string) => [...text.matchAll(/<summary>(.*?)<\/summary>/gu)].map(([, title]) => title);

describe('the comment', () => {
  it('begins with the verdict and the missing protections, and folds the rest', () => {
    const text = comment(redResult());
    const seen = open(text);
    expect(seen).toMatch(/^## ❌ Fusegate FAIL/u);
    const missing = seen.split('\n').filter((line) => line.startsWith('- ❌'));
    expect(missing).toMatchObject([
      expect.stringContaining('**Detect Developer Options** no listener'),
      expect.stringContaining('**Rate-Limit Connections** missing'),
    ]);
    expect(seen).toContain('- Fix: ');
    expect(seen).toContain('`docs/errors.md#feature-no-listener`');
    expect(seen).not.toContain('Anti-Debugging');
    expect(titles(text)).toEqual([
      expect.stringMatching(/^Required \(4\)/u),
      expect.stringMatching(/^Findings/u),
      expect.stringMatching(/^Protections on the certificate \(\d+\)/u),
      'How it was judged',
    ]);
  });

  it('of a green run says so, and nothing is missing', () => {
    const seen = open(comment(greenResult()));
    expect(seen).toMatch(/^## ✅ Fusegate PASS/u);
    expect(seen).not.toMatch(/^- /mu);
  });

  it('of a run without a verdict says why, and that it was a rehearsal', () => {
    const seen = open(comment(errorResult()));
    expect(seen).toMatch(/^## ❌ Fusegate ERROR/u);
    expect(seen).toContain('> **REHEARSAL');
  });

  it('has the waivers, folded', () => {
    expect(titles(comment(waivedResult()))).toContain('Waivers');
  });

  it('repeats no identity of the build, and no digest of a file', () => {
    for (const result of [greenResult(), redResult(), waivedResult()]) {
      const text = comment(result);
      const { ids, files, certificate } = result;
      const kept = [...Object.values(ids), ...files.map(({ sha256 }) => sha256), ...Object.values(certificate.sha256)];
      expect(kept.length).toBeGreaterThan(3);
      for (const value of kept) expect(text).not.toContain(value);
      for (const fact of ['fusion_set_id', 'signer', 'certificate_created']) expect(text).not.toContain(fact);
    }
  });

  it.each([
    ['/workspace/app/app/security/policy.yml:3', 'security/policy.yml:3'],
    ['/workspace/_temp/fusegate-1/release.jks', 'release.jks'],
    ['D:\\a\\app\\out\\app.apk', 'app.apk'],
    ['\\\\server\\share\\app.apk', 'app.apk'],
    ['https://docs.example/a/b', 'https://docs.example/a/b'],
    ['either/or', 'either/or'],
  ])('shows %s as %s', (file, shown) => {
    const base = redResult();
    const finding = {
      code: 'output.unwritable',
      level: 'error' as const,
      message: `No room: "${file}" is full`,
      hint: `See ${file}`,
    };
    const requirements = base.requirements.map((rule) => ({ ...rule, source: file }));
    const plain = comment({ ...base, requirements, findings: [finding] }).replaceAll(/[\u200b\\]/gu, '');
    expect(plain).toContain(shown);
    expect(plain).not.toMatch(/runner|_temp|D:|share/u);
  });

  it('names no protection with detail: counts', () => {
    for (const result of [greenResult(), redResult(), waivedResult()]) {
      const text = comment(result, 'counts').replaceAll(/[\u200b\\]/gu, '');
      const names = [
        ...result.requirements.map(({ requirement }) => requirement),
        ...result.certificate.features.flatMap(({ name, key }) => [name, key ?? name]),
      ];
      for (const name of names) expect(text).not.toContain(name);
      expect(text).toMatch(/^## \S+ Fusegate (?:PASS|FAIL)/u);
    }
  });

  it.each([
    ...HOSTILE_TEXTS,
    '<b>x</b>',
    '</details><img src=x>',
    '[a](https://evil.example)',
    '@team #12',
    '```\n# x',
    '<!--',
  ])('holds %j as text wherever it may stand', (text) => {
    for (const detail of ['full', 'counts'] as const) {
      const markdown = comment({ ...filledWith(text), verdict: 'fail', exitCode: 6 }, detail);
      expect(commandsIn(markdown)).toEqual([]);
      const tokens = new MarkdownIt({ html: true, linkify: true }).parse(markdown, {});
      const all = tokens.flatMap((token) => [token, ...(token.children ?? [])]);
      expect(all.filter(({ type }) => /link|image|^code_block|hr$|html_inline/u.test(type))).toEqual([]);
      for (const { content } of all.filter(({ type }) => type === 'html_block')) {
        expect(content).toMatch(/^(?:<details><summary>[\w ()]+<\/summary>|<\/details>)\n?$/u);
      }
    }
  });

  it('fits into a comment whatever a result holds, every fold closed', () => {
    const text = comment(filledWith('a long name | with * signs 漢字 '.repeat(20), 2_000));
    expect(text.length).toBeLessThan(65_000);
    expect(text.match(/<\/details>/gu)).toHaveLength(titles(text).length);
  });

  it('looks at no more of a long list than it shows', () => {
    const base = greenResult();
    let looked = 0;
    const features = Array.from({ length: 5_000 }, (_, index) => ({
      source: 'pdf' as const,
      get name() {
        looked += 1;
        return `Protection ${index}`;
      },
    }));
    const text = comment({ ...base, certificate: { ...base.certificate, features } });
    expect(titles(text)).toContain('Protections on the certificate (5000)');
    expect(text).toContain('Protection 99 ');
    expect(looked).toBeGreaterThan(100);
    expect(looked).toBeLessThan(1_000);
  });
});
