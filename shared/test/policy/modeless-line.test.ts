/** A line whose mode stands lower: all unread text up to the next understood line belongs to it. */
import { describe, expect, it } from 'vitest';
import { readCertifiedSecure } from '../../src/certificate/certified-secure-layout.ts';
import type { PdfText } from '../../src/certificate/pdf-text.ts';
import type { CertificateDocument } from '../../src/model/certificate.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { evaluate } from '../../src/policy/rules/evaluate.ts';
import { type Page, type PageFields, pageOf, runOf } from '../certificate/page-of.ts';
import { planOf } from './policy-text.ts';
import { unreadable } from './synthetic-evidence.ts';

const LINES: PageFields['intelligence'] = [
  ['Prevent MiTM Attacks', 'In-App Defense'],
  ['Root Detection', 'In-App Detection'],
  ['Detect Unknown Sources', 'In-App Defense'],
];

function read(text: PdfText): CertificateDocument {
  const document = readCertifiedSecure(text, 'digest');
  if (typeof document === 'string') throw new Error(document);
  return document;
}

async function judge(text: PdfText, texts: string[], name = 'Root Detection'): Promise<Verdict> {
  const accept = `accept: { texts: ${JSON.stringify(texts)} }`;
  const plan = await planOf(
    `require: [${name}]\nmissing-threat-event-listeners: warn\n${texts.length > 0 ? accept : ''}`,
  );
  const evidence = { pdf: { ok: true as const, document: read(text) }, json: unreadable('json', 'not-given') };
  return evaluate(plan, evidence, { mode: 'gate', evidenceMode: 'pdf', gate: 'enforce' });
}

/** The mode of Root Detection, worded differently and set lower. */
const lower =
  (points: number, mode = 'Failed') =>
  (page: Page) => {
    const run = page.runs[page.runs.indexOf(runOf(page, 'Root Detection:')) + 1];
    if (run === undefined) throw new Error('no mode');
    Object.assign(run, { text: mode, y: run.y - points, width: mode.length * 4 });
  };
const page = (points: number, mode?: string) => pageOf({ intelligence: LINES, missing: [] }, lower(points, mode));

describe.each([13, 15, 16, 17, 20, 23, 24, 25, 26])('%i points lower', (points) => {
  it('both are quoted, and both are needed', async () => {
    const [root] = (await judge(page(points), [])).requirements;
    for (const text of [root?.message, root?.hint])
      for (const said of ['Root Detection:', 'Failed']) expect(text).toContain(said);
    expect((await judge(page(points), ['Root Detection:'])).outcome).toBe('error');
    expect((await judge(page(points), ['Failed'])).outcome).toBe('error');
    expect((await judge(page(points), ['Root Detection:', 'Failed'])).outcome).toBe('pass');
  });
});

describe('a line without a mode', () => {
  it.each([29, 58, -29, -60])('is not proven while anything in the list is unread (%i points away)', async (points) => {
    const verdict = await judge(page(points), ['Root Detection:']);
    expect(verdict.outcome).toBe('error');
    expect(verdict.requirements[0]).toMatchObject({ outcome: 'unproven' });
  });

  it('is quoted with what may be its mode, and the line for it', async () => {
    // On the row of the next line, which is understood.
    const text = pageOf({ intelligence: LINES, missing: [] }, (made) => {
      lower(0, 'x')(made);
      made.runs.splice(
        made.runs.findIndex((run) => run.text === 'x'),
        1,
      );
      made.y = runOf(made, 'Detect Unknown Sources:').y;
      made.at(450, 'Failed', 8);
    });
    const [root] = (await judge(text, ['Root Detection:'])).requirements;
    expect(root).toMatchObject({ outcome: 'unproven' });
    expect(root?.message).toContain('"Failed"');
    expect(root?.hint).toContain('accept: { texts: [Failed] }');
    expect((await judge(text, ['Root Detection:', 'Failed'])).outcome).toBe('pass');
  });
});

describe('text between two lines', () => {
  const between = (dy: number) =>
    pageOf({ intelligence: LINES, missing: [] }, (made) => {
      made.y = runOf(made, 'Prevent MiTM Attacks:').y - dy;
      made.at(200, 'Failed', 8);
    });

  it.each([5, 14, 20, 24])('%i points below a line belongs to it', async (dy) => {
    const left = read(between(dy))
      .features.filter(({ presence }) => presence === 'present')
      .map(({ name }) => name);
    for (const { 0: name } of LINES) expect(left).not.toContain(name);
    expect((await judge(between(dy), [], 'Prevent MiTM Attacks')).outcome).toBe('error');
  });

  it.each([
    [10, []],
    [20, ['Detect Unknown Sources In-App Defense']],
  ])('%i points below one, and nearer to the other or not, is beside what is unread there', (dy, texts) => {
    const text = pageOf({ intelligence: LINES, missing: [] }, (made) => {
      runOf(made, 'Detect Unknown Sources:').text = 'Detect Unknown Sources';
      const top = runOf(made, 'Prevent MiTM Attacks:').y;
      made.y = runOf(made, 'Detect Unknown Sources').y;
      made.at(350, 'Proxy Detection: In-App Defense', 8);
      made.y = top - dy;
      made.at(200, 'Failed', 8);
    });
    const failed = read(text).mentions.find((mention) => mention.text === 'Failed');
    expect(failed?.beside?.map((one) => one.text) ?? []).toEqual(texts);
  });
});
