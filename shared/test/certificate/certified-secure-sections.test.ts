/** What begins a section, by its text, its column and its size. */
import { describe, expect, it } from 'vitest';
import { sectionsOf as ofKind, toSections } from '../../src/certificate/certified-secure-sections.ts';
import { toParagraphs, toSpans } from '../../src/certificate/page-layout.ts';

type Text = [text: string, x: number, size?: number, y?: number];

/** Texts below each other, each 40 points under the one before where it names no place. */
function sectionsOf(...texts: Text[]) {
  const runs = texts.map(([text, x, size = 10, y], index) => ({
    page: 1,
    x,
    y: y ?? 900 - 40 * index,
    width: text.length * 5,
    size,
    font: 'f1',
    text,
  }));
  return toSections(toParagraphs(toSpans({ pages: [{ width: 596, height: 1000 }], runs })));
}
const kindsOf = (...texts: Text[]) => sectionsOf(...texts).map(({ kind }) => kind);

const TIME = '17-Jul-25, 15:00 UTC';

describe('a heading', () => {
  it.each([
    [`App Added by Some One on ${TIME}`, 'added'],
    [`App Secured with X Fusion Set by Y on ${TIME}`, 'secured'],
    [`Added Context via API on ${TIME}`, 'context'],
    [`App Signed on Appdome on ${TIME}`, 'signed'],
    [`App Sealed by Some One on ${TIME}`, 'other'],
    ['APPDOME MOBILE APP SECURITY In "X" FUSION SET', 'security'],
    ['APPDOME MOBILE APP SECURITY In "" FUSION SET', 'security'],
  ])('%j', (text, kind) => {
    expect(kindsOf([text, 65])).toEqual(['header', kind]);
    expect(kindsOf([text, 61])).toEqual(['header', kind]);
    expect(kindsOf([text, 69])).toEqual(['header', kind]);
    expect(kindsOf([text, 65, 9.5])).toEqual(['header', kind]);
    expect(kindsOf([text, 65, 10.5])).toEqual(['header', kind]);
    for (const [x, size] of [
      [60.9, 10],
      [69.1, 10],
      [65, 9.4],
      [65, 10.6],
    ] as const)
      expect(kindsOf([text, x, size])).toEqual(['header']);
    expect(kindsOf([`x ${text}`, 65])).toEqual(['header']);
    expect(kindsOf([`${text} x`, 65])).toEqual(['header']);
  });

  it.each([
    'App Secured with X',
    'App Secured on 17-jul-25, 15:00 UTC',
    'App Secured on 117-Jul-2025, 15:00 UTC',
    'App Secured by X on 17-Jul-25, 5:00 UTC',
    'App Secured by X on 17-Jul-25 15:00',
    `App Secured by X ${TIME}`,
    `app sealed by X on ${TIME}`,
    'APPDOME MOBILE APP SECURITY In X FUSION SET',
    'Mobile App Security In "X" FUSION SET',
  ])('not %j', (text) => {
    expect(kindsOf([text, 65])).toEqual(['header']);
  });

  it.each<[Text, string[]]>([
    [
      ['Certification', 57, 12],
      ['header', 'certification'],
    ],
    [
      ['Certification', 52.1, 12],
      ['header', 'certification'],
    ],
    [
      ['Certification', 61.9, 11.1],
      ['header', 'certification'],
    ],
    [['Certification', 52, 12], ['header']],
    [['Certification', 62, 12], ['header']],
    [['Certification', 57, 11], ['header']],
    [['Certifications', 57, 12], ['header']],
    [
      ['© 2026 Appdome', 250, 9],
      ['header', 'footer'],
    ],
    [
      ['© 2026 Appdome', 250, 8.1],
      ['header', 'footer'],
    ],
    [['© 2026 Appdome', 250, 8], ['header']],
    [['2026 © Appdome', 250, 9], ['header']],
  ])('by its place: %j', (text, kinds) => {
    expect(kindsOf(text)).toEqual(kinds);
  });

  it('of the footer is the lowest, or none', () => {
    expect(kindsOf(['© one', 250, 9], ['© two', 250, 9], ['© three', 250, 9], ['text', 250])).toEqual([
      'header',
      'footer',
    ]);
    expect(kindsOf(['© one', 250, 9], [`App Signed by X on ${TIME}`, 65])).toEqual(['header', 'signed']);
  });
});

describe('a section', () => {
  it('holds what begins below its heading and above the next', () => {
    const sections = sectionsOf(
      ['above', 100],
      [`App Added by X on ${TIME}`, 65],
      ['first', 100],
      ['second', 100],
      [`App Signed by X on ${TIME}`, 65],
      ['third', 100],
    );
    expect(sections.map(({ title, body }) => [title, body.map(({ first }) => first.text)])).toEqual([
      ['', ['above']],
      [`App Added by X on ${TIME}`, ['first', 'second']],
      [`App Signed by X on ${TIME}`, ['third']],
    ]);
    expect(sections[0]).not.toHaveProperty('heading');
    expect(sections.map(({ overrun }) => overrun)).toEqual([[], [], []]);
  });

  it('is found by its kind, each of them', () => {
    const sections = sectionsOf([`App Signed by X on ${TIME}`, 65], ['text', 100], [`App Signed by Y on ${TIME}`, 65]);
    expect(ofKind(sections, 'signed').map(({ title }) => title)).toEqual([
      `App Signed by X on ${TIME}`,
      `App Signed by Y on ${TIME}`,
    ]);
    expect([ofKind(sections, 'header').length, ofKind(sections, 'security').length]).toEqual([1, 0]);
  });

  it('tells the lines that reach into it from further up, and no others', () => {
    const sections = sectionsOf(
      ['one', 300, 10, 900],
      ['two', 300, 10, 888],
      [`App Added by X on ${TIME}`, 65, 10, 880],
      ['three', 300, 10, 876],
      ['four', 300, 10, 864],
      [`App Signed by X on ${TIME}`, 65, 10, 858],
      ['five', 300, 10, 852],
    );
    expect(sections.map(({ body }) => body.map(({ lines }) => lines.length))).toEqual([[5], [], []]);
    expect(sections.map(({ overrun }) => overrun.map(({ text }) => text))).toEqual([[], ['three', 'four'], ['five']]);
  });
});
