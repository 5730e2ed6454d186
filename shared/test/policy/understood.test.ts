/** What a policy accepts, and what that does to documents before anything is judged. */
import { describe, expect, it } from 'vitest';
import type { CertificateDocument, DocumentReading, Wording } from '../../src/model/certificate.ts';
import { mergePolicies } from '../../src/policy/file/policy-chain.ts';
import { readPolicyText } from '../../src/policy/file/policy-file.ts';
import { evaluate } from '../../src/policy/rules/evaluate.ts';
import { planPolicy } from '../../src/policy/rules/plan.ts';
import type { Accept } from '../../src/policy/rules/rule.ts';
import { acceptHint, quoted, understand } from '../../src/policy/rules/understood.ts';
import { type DocumentSpec, EXPECTED, json, pdf, plan, required, unknownJson, wording } from './synthetic-evidence.ts';

const NOTHING: Accept = { titles: [], headings: [], labels: [], modes: [], texts: [] };
const accepting = (accept: Partial<Accept>): Accept => ({ ...NOTHING, ...accept });

function documentOf(reading: DocumentReading): CertificateDocument {
  if (!reading.ok) throw new Error(reading.message);
  return reading.document;
}

function understoodPdf(spec: DocumentSpec, accept: Partial<Accept>) {
  const { evidence, accepted } = understand({ pdf: pdf(spec), json: unknownJson() }, accepting(accept));
  return { document: documentOf(evidence.pdf), accepted };
}

const heading = wording('heading', 'Bot\n  Defense');
const below = (...unread: Wording[]): DocumentSpec => ({ lines: [{ name: 'root_detection', unread }, 'openssl'] });

describe('wording that a policy accepts', () => {
  it.each<[Wording['kind'], keyof Accept]>([
    ['title', 'titles'],
    ['heading', 'headings'],
    ['label', 'labels'],
    ['mode', 'modes'],
    ['text', 'texts'],
  ])('a %s is accepted by %s, and by nothing else', (kind, list) => {
    const odd = wording(kind, 'Something New');
    const lists = ['titles', 'headings', 'labels', 'modes', 'texts'] as const;
    for (const one of lists) {
      const { document, accepted } = understoodPdf(below(odd), { [one]: ['Something New'] });
      expect(document.features[0]?.presence).toBe(one === list ? 'present' : 'unknown');
      expect(document.complete).toBe(one === list);
      expect(document.unread).toEqual(one === list ? [] : [odd]);
      expect(accepted).toEqual(one === list ? [odd] : []);
    }
  });

  it.each([
    ['Bot Defense', true],
    ['  Bot   Defense ', true],
    ['bot defense', false],
    ['Bot Defense.', false],
    ['Bot', false],
  ])('is compared verbatim, but for white space: %j is %s', (text, yes) => {
    expect(understoodPdf(below(heading), { headings: [text] }).document.features[0]?.presence).toBe(
      yes ? 'present' : 'unknown',
    );
  });

  it('clears the way only where all of it is accepted', () => {
    const label = wording('label', 'Removed:', 'page 1 at 64,800');
    const half = understoodPdf(below(heading, label), { headings: ['Bot Defense'] });
    expect(half.document.features[0]).toMatchObject({ presence: 'unknown', unread: [label] });
    expect(half.document.complete).toBe(false);
    const whole = understoodPdf(below(heading, label), { headings: ['Bot Defense'], labels: ['Removed:'] });
    expect(whole.document.features[0]).not.toHaveProperty('unread');
    expect(whole.accepted).toEqual([heading, label]);
  });

  it('never makes a list whole that has no end, nor lifts a denial', () => {
    expect(understoodPdf({ ...below(heading), bounded: false }, { headings: ['Bot Defense'] }).document.complete).toBe(
      false,
    );
    const denied = { lines: [{ name: 'root_detection', presence: 'absent' as const, unread: [heading] }] };
    expect(understoodPdf(denied, { headings: ['Bot Defense'] }).document.features[0]?.presence).toBe('absent');
    expect(understoodPdf({ complete: false }, { headings: ['Bot Defense'] }).document.complete).toBe(false);
  });

  it('takes a doubt about listeners away, and a mention at the same place', () => {
    const text = wording('text', 'Implementations are missing');
    const spec = {
      unread: [text],
      listenerDoubts: [text],
      mentions: [{ text: text.text, where: text.where }, 'Other'],
    };
    const { document } = understoodPdf(spec, { texts: [text.text] });
    expect(document).toMatchObject({ unread: [], listenerDoubts: [], mentions: [{ text: 'Other' }] });
    const asHeading = wording('heading', 'Odd');
    const other = { unread: [asHeading], mentions: [{ text: 'Odd', where: asHeading.where }, 'Odd'] };
    expect(understoodPdf(other, { headings: ['Odd'] }).document.mentions).toHaveLength(1);
    expect(understoodPdf(other, { texts: ['Odd'] }).document.mentions).toEqual([]);
  });

  it.each([
    ['$.removed[*].name: root_detection', true],
    [' $.removed[*].name:   root_detection ', true],
    ['$.removed[7].name: root_detection', false],
    ['$.removed[*].name: root_detection_v2', false],
    ['$.removed[*].name', false],
    ['$.removed: root_detection', false],
    ['root_detection', false],
  ])('accepts what the JSON says by its place and its value: %s is %s', (place, yes) => {
    const reading = json({ mentions: [{ text: 'root_detection', where: '$.removed[7].name' }] });
    const { evidence, accepted } = understand({ pdf: pdf(), json: reading }, accepting({ texts: [place] }));
    expect(documentOf(evidence.json).mentions).toHaveLength(yes ? 0 : 1);
    expect(accepted).toHaveLength(yes ? 1 : 0);
  });

  it('lets no value of the PDF say nothing, whatever its place is called', () => {
    const lines = [{ name: 'root_detection', presence: 'unknown' as const }, 'openssl'];
    const { document, accepted } = understoodPdf({ lines, unread: [] }, { texts: ['page 1 at 213,100'] });
    expect(document.features.map(({ presence }) => presence)).toEqual(['unknown', 'present']);
    expect(accepted).toEqual([]);
  });

  it('settles a mention only with all that is beside it, and says which ones a policy settled', () => {
    const name = wording('text', 'Root Detection:');
    const mode = wording('text', 'Failed', 'page 1 at 160,950');
    const mention = { text: name.text, where: name.where, beside: [mode] };
    const spec = { unread: [name, mode], listenerDoubts: [name, mode], mentions: [mention] };
    const settled = (texts: string[]) => understoodPdf(spec, { texts }).document;
    for (const texts of [[], ['Failed'], ['Root Detection:']]) {
      expect(settled(texts).mentions).toHaveLength(1);
      expect(settled(texts)).not.toHaveProperty('accepted');
    }
    expect(settled(['Failed', 'Root Detection:'])).toMatchObject({
      mentions: [],
      accepted: [{ text: 'Root Detection:', inList: true }],
    });
    const outside = understoodPdf({ mentions: ['Root Detection:'] }, { texts: ['Root Detection:'] }).document;
    expect(outside.accepted).toMatchObject([{ inList: false }]);
    const heading = wording('heading', 'Root Detection And More');
    const mentions = [{ text: heading.text, where: heading.where }];
    const asHeading = understoodPdf({ unread: [heading], mentions }, { headings: [heading.text] }).document;
    expect(asHeading).toMatchObject({ mentions: [] });
    expect(asHeading).not.toHaveProperty('accepted');
    const said = json({ mentions: [{ text: 'root_detection', where: '$.y' }] });
    const { evidence } = understand({ pdf: pdf(), json: said }, accepting({ texts: ['$.y: root_detection'] }));
    expect(documentOf(evidence.json)).not.toHaveProperty('accepted');
  });

  it('takes a mention away only where both its text and its place are those of the wording', () => {
    const odd = wording('heading', 'Odd');
    const mentions = ['Odd', { text: 'Other', where: odd.where }, { text: 'Odd', where: odd.where }];
    const { document } = understoodPdf({ unread: [odd], mentions }, { headings: ['Odd'] });
    expect(document.mentions.map(({ text, where }) => [text, where === odd.where])).toEqual([
      ['Odd', false],
      ['Other', true],
    ]);
  });

  it('lets a value of the JSON say nothing, and never yes nor no', () => {
    const lines = [
      { name: 'root_detection', presence: 'unknown' as const, value: '"maybe"' },
      { name: 'x', presence: 'absent' as const, value: 'false' },
    ];
    const read = (texts: string[]) =>
      documentOf(understand({ pdf: pdf(), json: json({ lines }) }, accepting({ texts })).evidence.json).features;
    expect(read(['$.x[*]: "maybe"']).map(({ name, presence }) => [name, presence])).toEqual([['x', 'absent']]);
    for (const text of ['$.x[*]', '$.x[100]: "maybe"', '$.x[*]: "no"', '$.x[*]: false', 'root_detection'])
      expect(read([text])).toHaveLength(2);
  });

  it('is told in the verdict, and what is not accepted is a warning', () => {
    const judged = (accept: Partial<Accept>) =>
      evaluate(
        { ...plan('Root Detection'), accept: accepting(accept) },
        { pdf: pdf(below(heading)), json: unknownJson() },
        EXPECTED,
      );
    const yes = judged({ headings: ['Bot Defense'] });
    expect(yes).toMatchObject({ outcome: 'pass', accepted: [heading] });
    expect(yes.findings.find(({ code }) => code === 'policy.accepted')).toMatchObject({ level: 'note' });
    const no = judged({ headings: ['Other'] });
    expect(no).toMatchObject({ outcome: 'error', accepted: [] });
    expect(no.findings[0]?.code).toBe('feature.unproven');
    expect(no.findings.find(({ code }) => code === 'certificate.unread')).toMatchObject({ level: 'warning' });
  });

  it('an accepted mode that nobody knows counts as acting, on the side that needs a listener', () => {
    const mode = wording('mode', 'In-App Detection (ThreatScope)');
    const lines = [{ name: 'Root Detection', role: 'intelligence' as const, mode: mode.text, unread: [mode] }];
    const judged = (listeners: string[]) =>
      evaluate(
        { ...plan('Root Detection'), accept: accepting({ modes: [mode.text] }) },
        { pdf: pdf({ lines, listeners }), json: unknownJson() },
        EXPECTED,
      ).outcome;
    expect(judged([])).toBe('pass');
    expect(judged(['RootedDevice'])).toBe('fail');
  });
});

describe('the line to paste', () => {
  const odd = [
    wording('heading', 'Not "Included": yes'),
    wording('label', 'Removed:', 'page 1 at 64,800'),
    wording('mode', 'no', 'page 1 at 64,700'),
    wording('text', 'it`s #1, [x] {y}', 'page 1 at 64,600'),
    wording('title', 'Überblick', 'page 1 at 64,500'),
  ];

  /** What a hint shows between its last pair of backticks; the wording may hold some itself. */
  const pasted = (hint: string) => /`(?<text>[{a].*)`$/su.exec(hint)?.groups?.text ?? '';

  it.each([
    [1, /^heading "w0" \(page 1 at 64,950\)$/u],
    [6, /"w5" \([^()]*\)$/u],
    [7, /"w5" \([^()]*\) and 1 more$/u],
    [9, /"w5" \([^()]*\) and 3 more$/u],
  ])('quotes %i of them, and no more than six', (count, text) => {
    const all = Array.from({ length: count }, (_, index) => wording('heading', `w${index}`));
    expect(quoted(all)).toMatch(text);
    expect(quoted(all).includes('"w6"')).toBe(false);
  });

  it('speaks of one word or of several', () => {
    const hint = (count: number) => acceptHint(odd.slice(0, count), { requires: [] });
    expect([hint(1).includes('If it does'), hint(2).includes('If these words')]).toEqual([true, true]);
  });

  it('goes into the policy that there is', () => {
    const hint = acceptHint(odd, { path: 'policy.yml', requires: [] });
    expect(hint).toContain('add to policy.yml: `accept: {');
    expect(pasted(hint)).not.toContain('version');
  });

  it('is one line for every rule that needs one', () => {
    const lines = [
      { name: 'root_detection', unread: odd.slice(0, 1) },
      { name: 'proxy_detection', unread: odd.slice(1, 2) },
    ];
    const { findings } = evaluate(
      { ...plan('Root Detection', 'Proxy Detection'), path: 'p.yml' },
      { pdf: pdf({ lines }), json: json({ lines: ['x'], mentions: [{ text: 'proxy_detection', where: '$.y' }] }) },
      EXPECTED,
    );
    const hints = findings.filter(({ level }) => level === 'error').map(({ hint }) => pasted(hint));
    expect(hints).toHaveLength(2);
    expect(new Set(hints).size).toBe(1);
    for (const part of ['headings: [', 'labels: ["Removed:"]', 'texts: ["$.y: proxy_detection"]'])
      expect(hints[0]).toContain(part);
  });

  it('is a whole policy where there is none, which reads as one and turns the run green', async () => {
    const evidence = {
      pdf: pdf({ lines: [{ name: 'Root Detection', unread: odd }, 'own, thing'] }),
      json: unknownJson(),
    };
    const names = ['Root Detection', 'key: own, thing'];
    const red = evaluate(plan(...names), evidence, EXPECTED);
    expect(red.outcome).toBe('error');
    const text = pasted(red.findings[0]?.hint ?? '');
    const read = await readPolicyText(text, 'fusegate-policy.yml');
    if (!read.ok) throw new Error(JSON.stringify(read.problems));
    const { policy } = mergePolicies([read.file]);
    const made = planPolicy({ required: required(...names), gate: 'enforce', platform: 'android', policy });
    expect(made.problems).toEqual([]);
    expect(evaluate(made.plan, evidence, EXPECTED)).toMatchObject({ outcome: 'pass', accepted: odd });
    const alone = planPolicy({ required: [], gate: 'enforce', platform: 'android', policy });
    expect(alone.plan.rules.map(({ id }) => id)).toEqual(made.plan.rules.map(({ id }) => id));
  });
});
