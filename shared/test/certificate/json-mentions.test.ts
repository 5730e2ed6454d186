/** What becomes a mention, with which words, and how much of it may be kept. */
import { describe, expect, it } from 'vitest';
import { MENTION_LIMITS, Mentions, wordsIn } from '../../src/certificate/json-mentions.ts';
import { type JsonValue, parseJsonTree } from '../../src/certificate/json-tree.ts';
import type { Mention } from '../../src/model/certificate.ts';

const tree = (value: unknown): JsonValue => parseJsonTree(JSON.stringify(value));

function added(...[text, words, joined]: [string, string[], boolean?]): Mention[] {
  const mentions = new Mentions();
  mentions.add('$.x', text, words, joined);
  return mentions.list;
}

function valued(value: unknown, keys: string[] = []): Mention[] {
  const mentions = new Mentions();
  mentions.addValue(tree(value), '$.x', keys);
  return mentions.list;
}

describe('a mention', () => {
  const bare = { document: 'json', where: '$.x' } as const;

  it('is its text where that is the only word, and names its words otherwise', () => {
    expect(added('off', ['off'])).toStrictEqual([{ ...bare, text: 'off' }]);
    expect(added('off', ['status', 'off'])).toStrictEqual([{ ...bare, text: 'off', words: ['status', 'off'] }]);
    expect(added('off', ['off', 'root'])).toStrictEqual([{ ...bare, text: 'off', words: ['off', 'root'] }]);
    expect(added('3', ['status'])).toStrictEqual([{ ...bare, text: '3', words: ['status'] }]);
    expect(added('[]', ['a', 'b'], true)).toStrictEqual([{ ...bare, text: '[]', words: ['a', 'b'], joined: true }]);
  });

  it('needs a letter in one of its words', () => {
    expect(added('x', ['12', '!'])).toEqual([]);
    expect(added('x', [])).toEqual([]);
    expect(added('x', ['12', '\u0434'])).toHaveLength(1);
  });

  it('keeps its words when the list they came from changes', () => {
    const words = ['a', 'b'];
    const [mention] = added('x', words);
    words.push('c');
    expect(mention?.words).toEqual(['a', 'b']);
  });
});

describe('a value', () => {
  it.each<[string, unknown, string[], unknown[]]>([
    ['a text under keys', 'off', ['a', 'b'], [['$.x', ['a', 'b', 'off']]]],
    ['a text under no key', 'off', [], [['$.x', undefined]]],
    ['a number under a key', 3, ['a'], [['$.x', ['a']]]],
    ['a key of signs', 'off', ['!'], [['$.x', undefined]]],
    ['a key in it', { b: 'off' }, ['a'], [['$.x.b', ['a', 'b', 'off']]]],
    ['nothing in it', [], ['a'], [['$.x', ['a']]]],
    ['one text in it', ['off'], [], [['$.x[0]', undefined]]],
  ])('%s', (_, value, keys, expected) => {
    expect(valued(value, keys).map(({ where, words }) => [where, words])).toEqual(expected);
    expect(valued(value, keys).some(({ joined }) => joined)).toBe(false);
  });

  it('has neighbours, whatever stands between them without a letter', () => {
    for (const between of [[], [''], ['\u2014'], [null, 4, {}]]) {
      const joined = valued(['root', ...between, 'detection']).filter((mention) => mention.joined);
      expect(joined).toMatchObject([{ where: '$.x', words: ['root', 'detection'], joined: true }]);
    }
    expect(valued({ a: 'root', b: ['x'], c: 'detection' }).at(-1)).toMatchObject({
      text: '{"a":"root","b":["x"],"c":"detection"}',
      words: ['root', 'detection'],
      joined: true,
    });
  });
});

describe('words of a part', () => {
  it.each<[unknown, string[]]>([
    ['off', ['off', '', 'off']],
    [3, ['']],
    [{ name: 'root', on: true }, ['name', 'root', 'on', '', 'root']],
    [
      ['root', ['detection', 4]],
      ['root', 'detection', '', 'root', 'detection'],
    ],
    [{ a: { b: ['c'] }, d: 'e' }, ['a', 'b', 'c', 'd', 'e', '', 'c', 'e']],
    // A word without a letter or digit would part its neighbours.
    [{ '': 'root', '!': '\u2014', x: 'detection' }, ['root', 'x', 'detection', '', 'root', 'detection']],
  ])('%j', (value, words) => {
    expect(wordsIn(tree(value))).toStrictEqual(words);
  });
});

describe('the limits', () => {
  it('count mentions', () => {
    const mentions = new Mentions();
    for (let index = 0; index < MENTION_LIMITS.count; index += 1) mentions.add('$', 'x', ['x']);
    expect(mentions.overflows).toBe(false);
    for (let index = 0; index < 10; index += 1) mentions.add('$', 'x', ['x']);
    expect(mentions.overflows).toBe(true);
    expect(mentions.list).toHaveLength(MENTION_LIMITS.count + 1);
  });

  it('count characters of text and place', () => {
    const full = (more: number) => {
      const mentions = new Mentions();
      mentions.add('$.ab', 'x'.repeat(MENTION_LIMITS.characters - 4 + more), ['x']);
      return mentions.overflows;
    };
    expect([full(-1), full(0), full(1)]).toEqual([false, false, true]);
  });

  it('do not count what is no mention', () => {
    const mentions = new Mentions();
    mentions.add('$', '1'.repeat(MENTION_LIMITS.characters * 2), ['1']);
    expect(mentions.overflows).toBe(false);
  });
});
