/** What is forbidden is absent only where nothing speaks of it, whatever the policy accepts or asks for besides. */
import { describe, expect, it } from 'vitest';
import { readCertifiedSecure } from '../../src/certificate/certified-secure-layout.ts';
import type { PdfText } from '../../src/certificate/pdf-text.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { evaluate } from '../../src/policy/rules/evaluate.ts';
import { type Page, pageOf, runOf } from '../certificate/page-of.ts';
import { judgedBy, planned, planOf } from './policy-text.ts';
import { json, unreadable } from './synthetic-evidence.ts';

const beside = (page: Page, anchor: string, x: number, text: string, size = 8, dy = 0) => {
  page.y = runOf(page, anchor).y;
  page.at(x, text, size, 'f1', dy);
};

async function judge(text: PdfText, policy: string): Promise<Verdict> {
  const document = readCertifiedSecure(text, 'digest');
  if (typeof document === 'string') throw new Error(document);
  const evidence = { pdf: { ok: true as const, document }, json: unreadable('json', 'not-given') };
  return evaluate(await planOf(policy), evidence, { mode: 'gate', evidenceMode: 'pdf', gate: 'enforce' });
}

const forbidden = ({ requirements }: Verdict) => requirements.find(({ rule }) => rule === 'forbid');

const IN_BLOCK = 'Detect Frida is on';
const PLACES: Array<[string, PdfText, string]> = [
  ['in the list', pageOf({ missing: [] }, (page) => beside(page, 'openssl', 350, IN_BLOCK)), IN_BLOCK],
  [
    'below the list',
    pageOf({}, (page) => beside(page, 'Final App Size:', 97, 'Detect Frida: In-App Detection', 10, -20)),
    'Detect Frida: In-App Detection',
  ],
  [
    'above the list',
    pageOf({}, (page) => beside(page, 'Certification', 300, 'with Detect Frida', 10, 60)),
    'with Detect Frida',
  ],
];

describe.each(PLACES)('a forbidden name %s', (_, text, said) => {
  it.each(['', `\naccept: { texts: ["${said}"] }`])('is not proven absent, with%s', async (accept) => {
    const verdict = await judge(
      text,
      `forbid: [Detect Frida]\nrequire: [{ key: openssl }, Prevent MiTM Attacks]${accept}`,
    );
    expect(verdict.outcome).toBe('error');
    expect(forbidden(verdict)).toMatchObject({ outcome: 'unproven' });
    expect(forbidden(verdict)?.hint).toMatch(/fusegate explain FILE.*Fusion Set/u);
    expect(forbidden(verdict)?.hint).not.toMatch(/accept: \{|take the protection back/u);
  });
});

describe('a longer name that the policy speaks of', () => {
  const longer = pageOf({
    missing: [],
    intelligence: [
      ['Detect Frida Lite', 'In-App Defense'],
      ['Prevent MiTM Attacks', 'In-App Defense'],
    ],
  });

  it.each([
    'accept: { texts: [Detect Frida Lite] }',
    'forbid: [Detect Frida, { key: Some Name }]',
    'aliases: { Some Name Of Ours: [Detect Frida Lite] }',
  ])('does not make it absent: %s', async (line) => {
    const forbid = line.startsWith('forbid') ? '' : '\nforbid: [Detect Frida]';
    const verdict = await judge(
      longer,
      `require: [Prevent MiTM Attacks, { key: Detect Frida Lite }]${forbid}\n${line}`,
    );
    expect(verdict.outcome).toBe('error');
    expect(verdict.requirements.find(({ requirement }) => requirement === 'forbid: Detect Frida')).toMatchObject({
      outcome: 'unproven',
    });
  });
});

it('an accepted value of the JSON does not make a name absent either', async () => {
  const lines = [{ name: 'root_detection' }, { name: 'Detect Frida', presence: 'unknown' as const, value: 'perhaps' }];
  const evidence = { json: json({ lines, mentions: [{ text: 'Detect Frida?', where: '$.note' }] }) };
  const texts = ['$.x[*]: perhaps', '$.note: Detect Frida?'];
  const policy = `require: [Root Detection]\nforbid: [Detect Frida]\naccept: { texts: ${JSON.stringify(texts)} }`;
  const verdict = await judgedBy(policy, { evidence });
  expect(verdict.accepted.length).toBe(2);
  expect(forbidden(verdict)).toMatchObject({ outcome: 'unproven' });
});

describe('other unread text in the list', () => {
  const text = pageOf({ missing: [] }, (page) => beside(page, 'openssl', 350, 'Something new'));

  it('is accepted by the printed line, in words that fit', async () => {
    const before = await judge(text, 'require: [Root Detection]\nforbid: [Detect Frida]');
    expect(forbidden(before)?.hint).toMatch(
      /not mean that Detect Frida is in the app.*accept: \{ texts: \[Something new\] \}/u,
    );
    const after = await judge(
      text,
      'require: [Root Detection]\nforbid: [Detect Frida]\naccept: { texts: [Something new] }',
    );
    expect([after.outcome, forbidden(after)?.outcome]).toEqual(['pass', 'satisfied']);
  });
});

describe('Diagnostic Logs', () => {
  it('are not off where something speaks of them, whatever the JSON states', async () => {
    const facts = { extended_logs: 'false' };
    const judged = (mentions: string[]) =>
      judgedBy('require: [Root Detection]\nforbid: [Diagnostic Logs]', {
        evidence: { json: json({ facts, mentions }) },
      });
    expect(forbidden(await judged([]))).toMatchObject({ outcome: 'satisfied' });
    expect(forbidden(await judged(['Diagnostic Logs are on']))).toMatchObject({ outcome: 'unproven' });
  });

  it.each(['Diagnstic Logs', 'Diagnostics Log', 'diagnostic-log'])('are named for %j', async (name) => {
    const { problems } = await planned(`require: [Root Detection]\nforbid: [${name}]`);
    expect(problems.map(({ allowed }) => allowed).join()).toMatch(/^Diagnostic Logs, /u);
  });

  it('are not named for anything else', async () => {
    const { problems } = await planned('require: [Root Detection]\nforbid: [Detect Fridda, Xyzzy]');
    expect(problems.length).toBe(2);
    expect(JSON.stringify(problems)).not.toContain('Diagnostic');
  });
});
