/** Rules beyond one name: which ask for a protection, and what groups, absence, listeners and signatures tell besides the outcome. */
import { describe, expect, it } from 'vitest';
import { asksForProtection } from '../../src/policy/rules/condition.ts';
import { judgeRule } from '../../src/policy/rules/requirement.ts';
import type { Condition, KeyCondition, Rule } from '../../src/policy/rules/rule.ts';
import { type Sources, selectSources } from '../../src/policy/rules/sources.ts';
import { type DocumentSpec, json, pdf, unreadable, wording } from './synthetic-evidence.ts';

const key = (printed: string, rest: Partial<KeyCondition> = {}): KeyCondition => ({ kind: 'key', printed, ...rest });
const yes = key('root_detection');
const no = key('openssl', { component: true });
const DAY = 24 * 60 * 60 * 1000;
const NOW = Date.UTC(2026, 10, 29);

function judged(
  condition: Condition,
  spec: DocumentSpec | null = {},
  rest: Partial<Sources> = {},
  rule: Partial<Rule> = {},
) {
  const evidence = { pdf: spec === null ? unreadable('pdf') : pdf(spec), json: json({ lines: ['in_json'] }) };
  const { sources } = selectSources(evidence, 'any', true);
  return judgeRule(
    { id: 'r', requirement: 'r', severity: 'error', source: 'p.yml:1', condition, ...rule },
    { ...sources, now: NOW, ...rest },
  );
}

describe('whether a rule asks for a protection', () => {
  it.each<[string, Condition, boolean]>([
    ['a protection', yes, true],
    ['a component', no, false],
    ['all of both', { kind: 'all-of', of: [no, yes] }, true],
    ['all of components', { kind: 'all-of', of: [no, no] }, false],
    ['any of both', { kind: 'any-of', of: [yes, no] }, false],
    ['any of protections', { kind: 'any-of', of: [yes, yes] }, true],
    ['any of nothing', { kind: 'any-of', of: [] }, false],
    ['at least one of both', { kind: 'at-least', count: 1, of: [yes, no] }, false],
    ['at least two of both', { kind: 'at-least', count: 2, of: [yes, no] }, true],
    ['at least one of protections', { kind: 'at-least', count: 1, of: [yes, yes] }, true],
    ['at least two of three', { kind: 'at-least', count: 2, of: [yes, no, no] }, false],
    ['a forbidden one', { kind: 'forbid', subject: yes }, false],
    ['listeners', { kind: 'listener' }, false],
    ['a build fact', { kind: 'build', fact: 'app_version', operator: '=', value: '1' }, false],
    ['a signature', { kind: 'signature-validity', minimumMs: 1 }, false],
    ['any of a forbidden one and a protection', { kind: 'any-of', of: [yes, { kind: 'forbid', subject: no }] }, false],
  ])('%s', (_, condition, asks) => expect(asksForProtection(condition)).toBe(asks));
});

describe('a group', () => {
  it('counts what the PDF proves before what the JSON proves', () => {
    const of = [key('in_json'), key('root_detection'), key('anti_debugging')];
    const at = (count: number) => judged({ kind: 'at-least', count, of }, { complete: false });
    expect([at(2).outcome, at(2).basis, at(2).evidence.map(({ document }) => document)]).toEqual([
      'satisfied',
      ['pdf'],
      ['pdf', 'pdf'],
    ]);
    expect([at(3).outcome, at(3).basis]).toEqual(['satisfied', ['json']]);
    expect(at(1).evidence).toHaveLength(1);
    expect(at(1).message).toContain('root_detection');
  });

  it('of nothing is never met', () => {
    expect(judged({ kind: 'all-of', of: [] }).outcome).toBe('missing');
    expect(judged({ kind: 'any-of', of: [] }).outcome).toBe('missing');
    expect(judged({ kind: 'at-least', count: 0, of: [yes] }).outcome).not.toBe('satisfied');
  });
});

it('what there is to say of a waiver is said where the rule is not met, and only there', () => {
  const ended = { waiverNote: 'the waiver ended yesterday' };
  const missing = judged(key('other_name'), {}, {}, ended);
  expect(missing.outcome).toBe('missing');
  expect(missing.message.endsWith('; the waiver ended yesterday')).toBe(true);
  expect(judged(yes, {}, {}, ended).message).not.toContain('the waiver');
});

describe('absence', () => {
  const forbid: Condition = { kind: 'forbid', subject: key('other_name') };
  it('is proven by a whole list', () => {
    expect(judged(forbid)).toMatchObject({ outcome: 'satisfied', basis: ['pdf'] });
  });

  it('is not proven by a list with unread wording, which can be accepted', () => {
    const unread = wording('heading', 'New Section');
    expect(judged(forbid, { unread: [unread] })).toMatchObject({
      outcome: 'unproven',
      accept: { headings: ['New Section'] },
      hint: expect.stringContaining('accept: {'),
    });
  });

  it.each<[string, DocumentSpec | null]>([
    ['without an end', { complete: false }],
    ['that is not there', null],
  ])('is not proven by a list %s', (_, spec) => {
    const found = judged(forbid, spec);
    expect([found.outcome, found.accept, /accept: /u.test(found.hint ?? '')]).toEqual(['unproven', {}, false]);
    expect(found.message.endsWith('absent')).toBe(true);
  });
});

describe('listeners', () => {
  const doubt = wording('text', 'Something is missing');
  it('that are doubted can be accepted; what has no end cannot', () => {
    const doubted = judged({ kind: 'listener' }, { listenerDoubts: [doubt] });
    expect(doubted).toMatchObject({ outcome: 'unproven', accept: { texts: [doubt.text] } });
    expect([doubted.message.includes(doubt.text), doubted.hint?.includes('accept: ')]).toEqual([true, true]);
    const endless = judged({ kind: 'listener' }, { bounded: false });
    expect([endless.outcome, endless.accept, endless.hint?.includes('accept: ')]).toEqual(['unproven', {}, false]);
    expect(endless.message.endsWith('missing')).toBe(true);
  });
});

describe('a signature', () => {
  const holds = (minimumMs: number, ends: string | string[] | undefined, now: number | undefined = NOW) =>
    judged(
      { kind: 'signature-validity', minimumMs },
      ends === undefined ? {} : { facts: { signature_expires: ends } },
      { now } as Partial<Sources>,
    );
  const END = 'Dec 29, 2026, 00:00:00';

  it.each<[number, string | string[] | undefined, string]>([
    [30 * DAY, END, 'satisfied'],
    [30 * DAY + 1, END, 'denied'],
    [30 * DAY, [END, 'Dec 28, 2026, 00:00:00'], 'denied'],
    [30 * DAY, [END, 'never'], 'unproven'],
    [0, undefined, 'unproven'],
  ])('asked for %d with %j: %s', (minimum, ends, outcome) => {
    const found = holds(minimum, ends);
    expect(found.outcome).toBe(outcome);
    expect(found.evidence).toEqual(
      [ends ?? []].flat().map((text, index) => ({ document: 'pdf', where: `page 1 at 213,${index}`, text })),
    );
    if (outcome === 'denied') expect(found.message).toContain('30 days');
    if (outcome === 'satisfied') expect(found.message).toContain(END);
  });

  it('needs a day to compare with', () => {
    const { sources } = selectSources({ pdf: pdf({ facts: { signature_expires: END } }), json: json() }, 'any', true);
    const rule: Rule = {
      id: 'r',
      requirement: 'r',
      severity: 'error',
      source: 'p.yml:1',
      condition: { kind: 'signature-validity', minimumMs: 0 },
    };
    const found = judgeRule(rule, sources);
    expect(found.outcome).toBe('unproven');
    expect(found.message).not.toBe(holds(0, undefined).message);
  });
});

it('a build fact that nobody states is asked of the document that would', () => {
  const hint = (fact: 'app_version' | 'extended_logs') =>
    judged({ kind: 'build', fact, operator: '=', value: '1' }).hint;
  expect([hint('app_version')?.includes('PDF'), hint('extended_logs')?.includes('JSON')]).toEqual([true, true]);
});
