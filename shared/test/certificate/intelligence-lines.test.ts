import { describe, expect, it } from 'vitest';
import { intelligenceLine } from '../../src/certificate/intelligence-lines.ts';

/** Pieces as `font:text`, as they are set one after the other. */
function lineOf(...pieces: Array<[font: string, text: string]>) {
  return intelligenceLine({
    page: 1,
    x: 93,
    y: 700,
    top: 1900,
    right: 300,
    size: 8,
    text: pieces.map(([, text]) => text).join(' '),
    pieces: pieces.map(([font, text]) => ({ font, text })),
  });
}

const root = { name: 'Root Detection', mode: 'In-App Detection' };

describe('a line of threat intelligence', () => {
  it.each<[string, Array<[string, string]>]>([
    [
      'bold and plain',
      [
        ['b', 'Root Detection:'],
        ['a', 'In-App Detection'],
      ],
    ],
    [
      'word by word',
      [
        ['b', 'Root'],
        ['b', 'Detection:'],
        ['a', 'In-App'],
        ['a', 'Detection'],
      ],
    ],
    [
      'in one font',
      [
        ['a', 'Root Detection:'],
        ['a', 'In-App Detection'],
      ],
    ],
    ['as one piece', [['a', 'Root Detection: In-App Detection']]],
    [
      'with blanks',
      [
        ['b', ' Root Detection :'],
        ['a', ' In-App Detection '],
      ],
    ],
    ['as one piece with blanks', [['a', ' Root Detection :  In-App Detection ']]],
  ])('set %s is read', (_, pieces) => {
    expect(lineOf(...pieces)).toEqual(root);
  });

  it.each<[string, Array<[string, string]>]>([
    [
      'no colon',
      [
        ['b', 'Root Detection'],
        ['a', 'In-App Detection'],
      ],
    ],
    ['no blank behind the colon', [['a', 'Root Detection:In-App Detection']]],
    ['no mode', [['b', 'Root Detection:']]],
    [
      'an empty mode',
      [
        ['b', 'Root Detection:'],
        ['a', ' '],
      ],
    ],
    ['an empty mode in one piece', [['a', 'Root Detection:  ']]],
    [
      'no name',
      [
        ['b', ':'],
        ['a', 'In-App Detection'],
      ],
    ],
    [
      'an empty name',
      [
        ['b', ' :'],
        ['a', 'In-App Detection'],
      ],
    ],
    ['an empty name in one piece', [['a', ' : In-App Detection']]],
    [
      'a second colon in the mode',
      [
        ['b', 'Root Detection:'],
        ['a', 'In-App: Detection'],
      ],
    ],
    [
      'a second colon in the name',
      [
        ['b', 'Root: Detection:'],
        ['a', 'In-App Detection'],
      ],
    ],
    [
      'two lines in one',
      [
        ['b', 'Root Detection:'],
        ['a', 'Off'],
        ['b', 'Other:'],
        ['a', 'In-App Detection'],
      ],
    ],
    ['two colons in one piece', [['a', 'Root: Detection: In-App Detection']]],
    [
      'a name in two fonts',
      [
        ['a', 'No'],
        ['b', 'Root Detection:'],
        ['a', 'In-App Detection'],
      ],
    ],
    [
      'a mode in two fonts',
      [
        ['b', 'Root Detection:'],
        ['a', 'In-App'],
        ['b', 'Detection'],
      ],
    ],
    [
      'a name that ends in another font',
      [
        ['b', 'Root'],
        ['a', 'Detection:'],
        ['a', 'In-App Detection'],
      ],
    ],
    ['nothing', []],
  ])('with %s is none', (_, pieces) => {
    expect(lineOf(...pieces)).toBeUndefined();
  });
});
