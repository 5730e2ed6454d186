/** Runs to spans to paragraphs: what still stands together, and what does not any more. */
import { describe, expect, it } from 'vitest';
import { joined, placeOf, toParagraphs, toSpans } from '../../src/certificate/page-layout.ts';
import type { TextRun } from '../../src/certificate/pdf-text.ts';

const run = (x: number, y: number, text: string, rest: Partial<TextRun> = {}): TextRun => ({
  page: 1,
  x,
  y,
  width: 40,
  size: 10,
  font: 'f1',
  text,
  ...rest,
});
const HEIGHTS = [1000, 800];
const spansOf = (...runs: TextRun[]) => toSpans({ pages: HEIGHTS.map((height) => ({ width: 596, height })), runs });
const textsOf = (...runs: TextRun[]) => spansOf(...runs).map(({ text }) => text);
const linesOf = (...runs: TextRun[]) =>
  toParagraphs(spansOf(...runs)).map((paragraph) => joined(paragraph, '|' as ' '));

describe('runs on one baseline', () => {
  /** The second run beside the first, which ends at x = 140. */
  it.each<[string, Partial<TextRun>, string[]]>([
    ['next to each other are one word', { x: 140 }, ['ab']],
    ['as far apart as letters are one word', { x: 141.2 }, ['ab']],
    ['with a gap between them are two words', { x: 141.3 }, ['a b']],
    ['as far apart as words may be', { x: 152 }, ['a b']],
    ['further apart than words', { x: 152.1 }, ['a', 'b']],
    ['that overlap a little', { x: 137.5 }, ['ab']],
    ['that overlap by more', { x: 137.4 }, ['a', 'b']],
    ['whose baseline is rounded up', { x: 140, y: 501.5 }, ['ab']],
    ['whose baseline is rounded down', { x: 140, y: 498.5 }, ['ab']],
    ['above', { x: 140, y: 501.6 }, ['b', 'a']],
    ['below', { x: 140, y: 498.4 }, ['a', 'b']],
    ['of nearly one size', { x: 140, size: 10.25 }, ['ab']],
    ['of nearly one size, smaller', { x: 140, size: 9.75 }, ['ab']],
    ['of another size', { x: 140, size: 10.4 }, ['a', 'b']],
    ['of a smaller size', { x: 140, size: 9.6 }, ['a', 'b']],
    ['with a blank of its own', { x: 140, text: ' b' }, ['a b']],
    ['with a blank behind', { x: 140, text: 'b ' }, ['ab']],
    ['in another font', { x: 140, font: 'f2' }, ['ab']],
  ])('%s', (_, second, texts) => {
    const runs = [run(100, 500, 'a'), run(0, 500, 'b', second)];
    expect(textsOf(...runs)).toEqual(texts);
    expect(textsOf(...runs.toReversed())).toEqual(texts);
  });

  it('of two pages are two spans, even at one height', () => {
    const spans = toSpans({
      pages: [
        { width: 596, height: 0 },
        { width: 596, height: 0 },
      ],
      runs: [run(100, 500, 'a'), run(140, 500, 'b', { page: 2 })],
    });
    expect(spans.map(({ text, page }) => [page, text])).toEqual([
      [1, 'a'],
      [2, 'b'],
    ]);
  });

  it('keep their fonts, their place and the right edge of all', () => {
    const [span] = spansOf(run(100, 500.4, ' a '), run(140, 500.4, ' b', { font: 'f2', width: 5 }));
    expect(span).toMatchObject({ page: 1, x: 100, y: 500.4, top: 499.6, right: 145, size: 10, text: 'a b' });
    expect(span?.pieces).toEqual([
      { font: 'f1', text: 'a' },
      { font: 'f2', text: 'b' },
    ]);
    expect(span && placeOf(span)).toBe('page 1 at 100,500');
    expect(spansOf(run(100, 500, 'a'), run(138, 500, 'b', { width: 1 }))[0]?.right).toBe(140);
  });

  it('stand from the top of the first page downwards', () => {
    const spans = spansOf(run(10, 790, 'third', { page: 2 }), run(300, 100, 'second'), run(10, 900, 'first'));
    expect(spans.map(({ text, top, page }) => [text, top, page])).toEqual([
      ['first', 100, 1],
      ['second', 900, 1],
      ['third', 1010, 2],
    ]);
    expect(textsOf(run(300, 500, 'right'), run(100, 500, 'left'))).toEqual(['left', 'right']);
  });

  it.each([
    ['text', run(100, 500, 'a'), run(100, 500, 'b')],
    ['size', run(100, 500, 'a', { size: 8 }), run(100, 500, 'a', { size: 12 })],
    ['baseline', run(100, 500.5, 'b', { width: 0 }), run(100, 500, 'a', { width: 0 })],
    ['font', run(100, 500, 'a', { width: 0 }), run(100, 500, 'a', { width: 0, font: 'f2' })],
  ])('at one place come in one order, by %s', (_, first, second) => {
    expect(spansOf(second, first)).toEqual(spansOf(first, second));
    expect(spansOf(second, first)[0]?.size).toBe(first.size);
    expect(spansOf(second, first)[0]?.pieces[0]).toEqual({ font: first.font, text: first.text });
  });

  it.each([
    [500.51, 499.02],
    [499.02, 500.51],
  ])('are one span across rounded rows: %d and %d', (first, second) => {
    expect(textsOf(run(100, first, 'a'), run(140, second, 'b'))).toEqual(['ab']);
  });

  it('continue a span that others stand over', () => {
    const runs = [run(100, 500, 'a', { width: 300 }), run(150, 500, 'over', { size: 6 }), run(400, 500, 'b')];
    expect(textsOf(...runs)).toEqual(['ab', 'over']);
  });

  it('continue the span to their left, whichever run is named first', () => {
    const runs = [run(180, 500, 'c'), run(100, 501, 'a'), run(140, 499.9, 'b')];
    expect(textsOf(...runs)).toEqual(['abc']);
    expect(textsOf(...runs.toReversed())).toEqual(['abc']);
  });
});

describe('lines of one paragraph', () => {
  it.each<[string, Partial<TextRun>, string[]]>([
    ['right below each other', { y: 488 }, ['a|b']],
    ['as far apart as wrapped lines may be', { y: 483.5 }, ['a|b']],
    ['further apart', { y: 483.4 }, ['a', 'b']],
    ['on nearly one row', { y: 496 }, ['a', 'b']],
    ['just below one row', { y: 495.9 }, ['a|b']],
    ['indented a little', { x: 101.5, y: 488 }, ['a|b']],
    ['indented a little to the left', { x: 98.5, y: 488 }, ['a|b']],
    ['indented', { x: 101.6, y: 488 }, ['a', 'b']],
    ['indented to the left', { x: 98.4, y: 488 }, ['a', 'b']],
    ['of nearly one size', { y: 488, size: 10.25 }, ['a|b']],
    ['of another size', { y: 488, size: 10.4 }, ['a', 'b']],
    ['of a smaller size', { y: 488, size: 9.6 }, ['a', 'b']],
    ['in another font', { y: 488, font: 'f2' }, ['a|b']],
  ])('%s', (_, second, texts) => {
    expect(linesOf(run(100, 500, 'a'), run(100, 500, 'b', second))).toEqual(texts);
  });

  it('are chained from line to line, each from the last', () => {
    expect(linesOf(run(100, 500, 'a'), run(101, 486, 'b'), run(102, 472, 'c'), run(103, 440, 'd'))).toEqual([
      'a|b|c',
      'd',
    ]);
  });

  it.each([
    [99.6, 98.49],
    [98.49, 99.6],
  ])('are one across rounded edges: %d and %d', (first, second) => {
    expect(linesOf(run(first, 500, 'a'), run(second, 488, 'b'))).toEqual(['a|b']);
  });

  it('go on below a text of another size between them', () => {
    expect(linesOf(run(100, 500, 'a'), run(100, 494, 'small', { size: 6 }), run(100, 488, 'b'))).toEqual([
      'a|b',
      'small',
    ]);
  });

  it('stand in columns of their own', () => {
    const columns = [100, 300].flatMap((x) => [500, 486, 472].map((y) => run(x, y, `${x}`)));
    expect(linesOf(...columns)).toEqual(['100|100|100', '300|300|300']);
  });

  it('have a first and a last one', () => {
    const [paragraph] = toParagraphs(spansOf(run(100, 500, 'a'), run(100, 486, 'b'), run(100, 472, 'c')));
    expect(paragraph).toMatchObject({ first: { text: 'a' }, last: { text: 'c' }, lines: [{}, {}, {}] });
    expect(paragraph && [joined(paragraph), joined(paragraph, '')]).toEqual(['a b c', 'abc']);
  });

  it('of two paragraphs with one edge are the nearer one’s', () => {
    expect(linesOf(run(100, 500, 'a'), run(100, 480, 'b'), run(100, 466, 'c'))).toEqual(['a', 'b|c']);
  });
});
