/** Every way to no verdict, times every report: none is green, each says why. */
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { renderHtml } from '../../src/report/html/render-html.ts';
import { attestationOf } from '../../src/report/in-toto.ts';
import { renderJUnit } from '../../src/report/junit.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { BLOCK_LIMIT, renderVerdictBlock } from '../../src/report/red-block.ts';
import { renderSarif } from '../../src/report/sarif.ts';
import { GREEN_CASES, RED_CASES, type RedCase } from '../policy/no-verdict-cases.ts';
import { commandsIn } from './command-parsers.ts';
import { bodyText, elementsOf } from './html-document.ts';
import { readMarkdown } from './markup.ts';
import { sarifProblems } from './sarif-constraints.ts';
import { resultOf } from './synthetic-result.ts';

function reasonsOf(given: RedCase): string[] {
  return resultOf(given)
    .findings.filter((finding) => finding.level === 'error')
    .map((finding) => finding.message);
}

interface Counts {
  tests: number;
  failure: number;
  error: number;
  skipped: number;
  text: string;
}

/** What a test tab makes of the file; the totals in the attributes must be the ones that are there. */
function readJUnit(xml: string): Counts {
  const parser = new SaxesParser();
  const counts: Counts = { tests: 0, failure: 0, error: 0, skipped: 0, text: '' };
  let declared: Record<string, string> = {};
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('text', (text) => {
    counts.text += text;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const values = attributes as Record<string, string>;
    if (name === 'testsuite') declared = values;
    if (name === 'testcase') counts.tests += 1;
    if (name === 'failure' || name === 'error' || name === 'skipped') {
      counts[name] += 1;
      counts.text += values.message;
    }
  });
  parser.write(xml).close();
  expect(declared).toMatchObject({
    tests: String(counts.tests),
    failures: String(counts.failure),
    errors: String(counts.error),
    skipped: String(counts.skipped),
  });
  return counts;
}

interface SarifResult {
  level: string;
  message: { text: string };
}

/** What a code scanning page makes of the file: its results, with brackets as they were written. */
function readSarif(text: string): SarifResult[] {
  const log = JSON.parse(text);
  expect(sarifProblems(log)).toEqual([]);
  return log.runs[0].results.map(({ level, message }: SarifResult) => ({
    level,
    message: { text: message.text.replace(/\\([\\[\]])/gu, '$1') },
  }));
}

const SARIF = { detail: 'full', root: '/builds/app' } as const;

/** The word that the page shows largest, and the page's whole text. */
function readHtml(markup: string): { word: string; tone: string; text: string } {
  const elements = elementsOf(markup);
  const text = bodyText(markup);
  const word = elements.find(({ attributes }) => attributes.class === 'word')?.text.replace(/[:\s]+$/u, '') ?? '';
  return { word, tone: elements.find(({ attributes }) => attributes.id === 'verdict')?.attributes.class ?? '', text };
}

describe.each(RED_CASES)('$what', (given) => {
  const result = resultOf(given);
  const reason = reasonsOf(given)[0] ?? '';

  it('the block is red, short, and says why', () => {
    const block = renderVerdictBlock(result);
    expect(block.length).toBeLessThanOrEqual(BLOCK_LIMIT);
    expect(block[0]).toMatch(given.outcome === 'fail' ? /^Fusegate FAIL: / : /^Fusegate ERROR: no verdict: /u);
    expect(block.join('\n')).toContain(reason);
    expect(block.join('\n')).toContain('Fix: ');
    expect(block.join('\n')).not.toContain('PASS');
    expect(commandsIn(block.join('\n'))).toEqual([]);
  });

  it('the summary is red and says why', () => {
    const markdown = renderMarkdown(result, { detail: 'full' });
    expect(markdown.split('\n')[0]).toMatch(/^## ❌ Fusegate (?:FAIL|ERROR)/u);
    expect(readMarkdown(markdown)).toContain(reason);
    expect(markdown).not.toContain('PASS');
  });

  it('JUnit has a failure or an error that says why', () => {
    const { failure, error, tests, text } = readJUnit(renderJUnit(result));
    expect(tests).toBeGreaterThan(0);
    expect(given.outcome === 'fail' ? failure : error).toBeGreaterThan(0);
    expect(text).toContain(reason);
  });

  it('the HTML page is red and says why', () => {
    const { word, tone, text } = readHtml(renderHtml(result, { detail: 'full' }));
    expect(word).toBe(given.outcome === 'fail' ? 'FAIL' : 'ERROR');
    expect(tone).toBe('verdict bad');
    expect(text).toContain(reason.replace(/`/gu, ''));
    expect(text).toContain('What to do:');
    expect(text).not.toContain('PASS');
  });

  it('SARIF has an error that says why', () => {
    const errors = readSarif(renderSarif(result, SARIF)).filter(({ level }) => level === 'error');
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.map(({ message }) => message.text).join('\n')).toContain(reason);
  });

  it('there is no statement that it passed', () => {
    const attestation = attestationOf(result);
    if ('refused' in attestation) expect(attestation.refused).not.toBe('');
    else expect(attestation.statement.predicate.verificationResult).toBe('FAILED');
    if (given.outcome === 'error') expect(attestation).toHaveProperty('refused');
  });

  it('gate: warn reddens nothing and hides nothing', () => {
    const warned = resultOf({ ...given, expect: { ...given.expect, gate: 'warn' } });
    expect(warned.exitCode).toBe(0);
    const { failure, error, skipped, text } = readJUnit(renderJUnit(warned));
    expect({ failure, error }).toEqual({ failure: 0, error: 0 });
    expect(skipped).toBeGreaterThan(0);
    expect(text).toContain('would be red under gate: enforce');
    const block = renderVerdictBlock(warned).join('\n');
    expect(block).toMatch(/^Fusegate (?:FAIL|ERROR).*\(gate: warn, the job continues\)\n/u);
    expect(block).toContain(reason);
    const page = readHtml(renderHtml(warned, { detail: 'full' }));
    expect(page.word).toMatch(/FAIL|ERROR/u);
    expect(page.text).toContain('(gate: warn, the job continues)');
    const alerts = readSarif(renderSarif(warned, SARIF));
    expect(alerts.map(({ level }) => level)).not.toContain('error');
    expect(alerts.map(({ message }) => message.text).join('\n')).toContain(reason);
    expect(attestationOf(warned)).toHaveProperty('refused');
  });

  it('detail: counts keeps it red and names no protection', () => {
    const reports = [
      renderMarkdown(result, { detail: 'counts' }),
      renderJUnit(result, { detail: 'counts' }),
      renderHtml(result, { detail: 'counts' }),
      renderSarif(result, { ...SARIF, detail: 'counts' }),
    ];
    for (const report of reports) {
      expect(report).toMatch(/FAIL|ERROR|"level": "error"/u);
      // The line to paste for whoever required nothing is an example of ours.
      const named = report.replaceAll('Root Detection, Anti-Debugging', '');
      expect(named).not.toMatch(/root.?detection|anti.?debugging|proxy.?detection|developer.?options|MiTM/iu);
    }
    const { failure, error } = readJUnit(reports[1] ?? '');
    expect(failure + error).toBeGreaterThan(0);
  });
});

describe.each(GREEN_CASES)('$what', (given) => {
  it('is green in every report', () => {
    const result = resultOf(given);
    expect(renderVerdictBlock(result)[0]).toBe('Fusegate PASS: 1 required protection proven');
    expect(renderMarkdown(result, { detail: 'full' })).toMatch(/^## ✅ Fusegate PASS/u);
    expect(readJUnit(renderJUnit(result))).toMatchObject({ tests: 1, failure: 0, error: 0, skipped: 0 });
    expect(readHtml(renderHtml(result, { detail: 'full' }))).toMatchObject({ word: 'PASS', tone: 'verdict good' });
    const levels = readSarif(renderSarif(result, SARIF)).map(({ level }) => level);
    expect(levels.filter((level) => level !== 'warning')).toEqual([]);
  });
});

describe('results that no verdict comes from', () => {
  const stopped = resultOf(
    {},
    {
      verdict: 'error',
      exitCode: 5,
      requirements: [],
      files: [],
      ids: {},
      evidence: 'none',
      findings: [
        {
          code: 'service.sign-failed',
          level: 'error',
          message: 'Keystore password is wrong',
          hint: 'Check keystore-password.',
        },
      ],
    },
  );

  it('a run that stopped early is one error, not an empty suite', () => {
    expect(readJUnit(renderJUnit(stopped))).toMatchObject({ tests: 1, error: 1 });
    const block = renderVerdictBlock(stopped).join('\n');
    expect(block).toContain('ERROR: no verdict: Keystore password is wrong [service.sign-failed]');
    expect(block).toContain('Fix: Check keystore-password.');
    expect(block).not.toContain('Judge again');
  });

  it('an error with no finding at all is still one error', () => {
    const bare = { ...stopped, findings: [] };
    expect(readJUnit(renderJUnit(bare))).toMatchObject({ tests: 1, error: 1 });
    expect(renderVerdictBlock(bare)[0]).toMatch(/^Fusegate ERROR: no verdict: the run ended/u);
  });

  it('a disabled gate is neither green nor red', () => {
    const disabled = resultOf({ expect: { gate: 'disabled' } });
    expect(readJUnit(renderJUnit(disabled))).toMatchObject({ tests: 1, failure: 0, error: 0, skipped: 1 });
    expect(readJUnit(renderJUnit({ ...disabled, requirements: [] }))).toMatchObject({ tests: 1, skipped: 1 });
    expect(renderVerdictBlock(disabled)[0]).toContain('NOT EVALUATED');
    expect(renderMarkdown(disabled, { detail: 'full' })).toMatch(/^## ➖/u);
    expect(readHtml(renderHtml(disabled, { detail: 'full' }))).toMatchObject({
      word: 'NOT EVALUATED',
      tone: 'verdict neutral',
    });
  });

  it('a pass beside a red exit is shown as an error', () => {
    const broken = resultOf({}, { exitCode: 2 });
    expect(renderVerdictBlock(broken)[0]).toContain('ERROR');
    expect(renderMarkdown(broken, { detail: 'full' })).toMatch(/^## ❌/u);
    expect(readJUnit(renderJUnit(broken)).error).toBe(1);
    expect(readHtml(renderHtml(broken, { detail: 'full' }))).toMatchObject({ word: 'ERROR', tone: 'verdict bad' });
  });

  it('a pass with no requirement is a defect, not an empty green suite', () => {
    expect(readJUnit(renderJUnit(resultOf({}, { requirements: [] })))).toMatchObject({ tests: 1, error: 1 });
  });

  it('a fail whose rules all hold is still a failure', () => {
    const broken = resultOf({}, { verdict: 'fail', exitCode: 6 });
    expect(readJUnit(renderJUnit(broken))).toMatchObject({ tests: 2, failure: 1 });
  });

  it('detail: counts withholds any finding that is about a protection', () => {
    const finding = { code: 'binding.mismatch', level: 'error' as const, message: 'about Xyz', hint: 'do Xyz' };
    const plain = resultOf({}, { verdict: 'error', exitCode: 8, findings: [finding] });
    expect(renderMarkdown(plain, { detail: 'counts' })).toContain('about Xyz');
    const named = { ...plain, findings: [{ ...finding, feature: 'Xyz' }] };
    expect(renderMarkdown(named, { detail: 'counts' })).not.toContain('Xyz');
    expect(renderJUnit(named, { detail: 'counts' })).not.toContain('Xyz');
  });

  it('a waived rule is skipped with the reason', () => {
    const result = resultOf();
    const waived = {
      ...result,
      requirements: result.requirements.map((rule) => ({
        ...rule,
        outcome: 'waived' as const,
        waivedBy: 'QA lab needs it',
      })),
    };
    const { skipped, text } = readJUnit(renderJUnit(waived));
    expect(skipped).toBe(1);
    expect(text).toContain('waived: QA lab needs it');
  });

  it('a rehearsal says so everywhere', () => {
    const rehearsal = resultOf({}, { rehearsal: true, server: 'http://127.0.0.1:4000' });
    expect(renderVerdictBlock(rehearsal)[2]).toMatch(/^REHEARSAL: .*http:\/\/127\.0\.0\.1:4000/u);
    expect(renderMarkdown(rehearsal, { detail: 'full' })).toContain('> **REHEARSAL');
    expect(renderJUnit(rehearsal)).toContain('<property name="fusegate.rehearsal" value="REHEARSAL');
  });
});
