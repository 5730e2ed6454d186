import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import type { FusegateResult } from '../../src/model/result.ts';
import { renderJUnit } from '../../src/report/junit.ts';
import { anyText } from '../support/any-text.ts';
import { commandsIn, HOSTILE_TEXTS } from './command-parsers.ts';
import { disabledResult, filledWith, redResult, waivedResult } from './sample-results.ts';

interface Element {
  name: string;
  attributes: Record<string, string>;
}

/** @throws on any breach of XML 1.0 */
function read(xml: string): { elements: Element[]; text: string } {
  const parser = new SaxesParser();
  const elements: Element[] = [];
  let text = '';
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('text', (part) => {
    text += part;
  });
  parser.on('opentag', ({ name, attributes }) =>
    elements.push({ name, attributes: attributes as Record<string, string> }),
  );
  parser.write(xml).close();
  return { elements, text };
}

const of = (result: FusegateResult, name: string) =>
  read(renderJUnit(result)).elements.filter((element) => element.name === name);

describe('the test cases', () => {
  it('are one for each rule: proven passes, unmet fails', () => {
    const cases = of(redResult(), 'testcase').map(({ attributes }) => `${attributes.classname} ${attributes.name}`);
    expect(cases).toEqual(redResult().requirements.map((rule) => `fusegate.${rule.rule} ${rule.requirement}`));
    expect(of(redResult(), 'failure')).toHaveLength(2);
  });

  it('give no next step for a waived rule', () => {
    const waived = waivedResult().requirements.find(({ outcome }) => outcome === 'waived');
    expect(waived?.hint).toBeDefined();
    const cases = renderJUnit(waivedResult()).match(/<testcase[\s\S]*?<\/testcase>/gu) ?? [];
    const own = cases.filter((one) => one.includes(`name="${waived?.requirement}"`));
    expect(own).toHaveLength(1);
    expect(own[0]).not.toContain(waived?.hint?.split('`')[0]);
  });

  it('skip a waived rule with its reason, and redden nothing under gate: warn', () => {
    const messages = of(waivedResult(), 'skipped').map(({ attributes }) => attributes.message);
    expect(messages).toEqual([
      'waived: QA lab needs it until 3.2 ships; mobile-security, 2026-12-31',
      expect.stringMatching(/^would be red under gate: enforce: Rate-Limit Connections/u),
    ]);
    expect([...of(waivedResult(), 'failure'), ...of(waivedResult(), 'error')]).toEqual([]);
  });

  it('fail for what the baseline had and this certificate lacks, and say since when', () => {
    const base = redResult();
    const message = 'Proxy Detection was on the baseline (release-3.1.pdf) and is not proven now';
    const gone: FusegateResult = {
      ...base,
      requirements: [
        {
          id: 'baseline:proxy_detection',
          rule: 'baseline',
          requirement: 'Proxy Detection, as on the baseline',
          feature: null,
          reference: {},
          severity: 'error',
          outcome: 'missing',
          evidence: [],
          lookedFor: ['proxy_detection'],
          source: '--baseline',
          message,
        },
      ],
    };
    expect(of(gone, 'failure')[0]?.attributes.message).toBe(message);
    expect(of(gone, 'testcase')[0]?.attributes.classname).toBe('fusegate.baseline');
  });

  it('are skipped where the gate is disabled', () => {
    expect(of(disabledResult(), 'skipped')).toHaveLength(of(disabledResult(), 'testcase').length);
  });
});

describe('foreign text', () => {
  const shape = (text: string) =>
    read(renderJUnit(filledWith(text)))
      .elements.map(({ name, attributes }) => `${name} ${Object.keys(attributes).join(' ')}`)
      .join('\n');
  const base = shape('text');

  it.each([...HOSTILE_TEXTS, ']]><x/>', '"/><failure>', '&x;', '<!DOCTYPE x [<!ENTITY y "z">]>'])(
    '%j stays text',
    (text) => {
      expect(shape(text)).toBe(base);
      expect(commandsIn(renderJUnit(filledWith(text)))).toEqual([]);
    },
  );

  it('is well-formed XML of one shape, whatever it is', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(shape(text)).toBe(base);
      }),
      { numRuns: 300 },
    );
  });
});
