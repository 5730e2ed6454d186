/** Whoever reads an output must learn who chose what the verdict rests on. */
import { describe, expect, it } from 'vitest';
import { headline } from '../../src/report/describe.ts';
import { renderHtml } from '../../src/report/html/render-html.ts';
import { renderJUnit } from '../../src/report/junit.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { renderVerdictBlock } from '../../src/report/red-block.ts';
import { renderSarif } from '../../src/report/sarif.ts';
import { resultOf } from './synthetic-result.ts';

const OUTPUTS = {
  console: (result: ReturnType<typeof resultOf>) => renderVerdictBlock(result).join('\n'),
  Markdown: (result: ReturnType<typeof resultOf>) => renderMarkdown(result, { detail: 'full' }),
  HTML: (result: ReturnType<typeof resultOf>) => renderHtml(result, { detail: 'full' }),
  JUnit: (result: ReturnType<typeof resultOf>) => renderJUnit(result),
  SARIF: (result: ReturnType<typeof resultOf>) => renderSarif(result, { detail: 'full' } as never),
};
const plain = (text: string) => text.replaceAll(/\\_|&#95;/gu, '_');

describe.each(Object.entries(OUTPUTS))('%s', (_, render) => {
  it.each(['any', 'json', 'both'] as const)('names who set evidence %s', (evidenceMode) => {
    const evidenceSetBy = 'the environment variable FUSEGATE_EVIDENCE';
    expect(plain(render(resultOf({}, { evidenceMode, evidenceSetBy })))).toContain(
      `${evidenceMode}, set by ${evidenceSetBy}`,
    );
  });

  it('says nothing of the default', () => {
    const said = plain(render(resultOf({}, { evidenceMode: 'pdf', evidenceSetBy: 'the option --evidence' })));
    expect(said).not.toContain('set by');
  });
});

it('a dry run names who asked for it', () => {
  const dryRun = { hosts: [] };
  const asked = resultOf(
    {},
    { verdict: 'not-evaluated', dryRun, dryRunSetBy: 'the environment variable FUSEGATE_DRY_RUN' },
  );
  expect(headline(asked)).toContain('a dry run (set by the environment variable FUSEGATE_DRY_RUN)');
  expect(headline(resultOf({}, { verdict: 'not-evaluated', dryRun }))).toContain('a dry run found nothing wrong');
});

it('a dry run names what it could not check, and does not say that nothing is wrong', () => {
  const finding = (code: string, message: string) => ({ code, level: 'warning', message, hint: '' }) as const;
  const unchecked = [1, 2, 3, 4].map((at) => finding('input.not-checked', `The file ${at}.jks was not checked`));
  const of = (findings: ReturnType<typeof finding>[]) =>
    headline(resultOf({}, { verdict: 'not-evaluated', dryRun: { hosts: [] }, findings }));
  for (const findings of [unchecked.slice(0, 1), unchecked, [finding('dry-run.clock', 'The clock 1.jks')]]) {
    expect(of(findings)).not.toContain('nothing wrong');
    expect(of(findings)).toContain('1.jks');
  }
  expect(of(unchecked)).toContain('1 more');
});
