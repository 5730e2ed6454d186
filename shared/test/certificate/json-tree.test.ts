import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  childrenOf,
  DEPTH_LIMIT,
  JsonObject,
  type JsonValue,
  jsonText,
  jsonType,
  parseJsonTree,
  step,
} from '../../src/certificate/json-tree.ts';
import { propertyRuns } from '../support/property-runs.ts';

// The same cases on every run: what fails here fails everywhere.

/** Back to what JSON.parse gives: the last of two equal keys. */
function plain(value: JsonValue): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!(value instanceof JsonObject)) return value;
  const result = {};
  for (const { key, value: member } of value.members) {
    Object.defineProperty(result, key, { value: plain(member), enumerable: true, configurable: true, writable: true });
  }
  return result;
}

describe('parseJsonTree', () => {
  it('reads what JSON.parse reads, whatever the white space', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: DEPTH_LIMIT - 2 }), fc.constantFrom(0, 1, '\t', '  '), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(plain(parseJsonTree(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('refuses what JSON.parse refuses, and nothing else', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"',
      '\\',
      '1',
      '-',
      '.5',
      '1e3',
      'true',
      'null',
      'nul',
      ' ',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join('');
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        if (valid) expect(plain(parseJsonTree(text))).toEqual(JSON.parse(text));
        else expect(() => parseJsonTree(text)).toThrow(SyntaxError);
      }),
      propertyRuns(2000),
    );
  });

  it('keeps both of two equal keys, in order, escaped or not', () => {
    const tree = parseJsonTree('{"a":1,"\\u0061":2,"b":{"c":[],"c":"x\\"y\\\\"}}') as JsonObject;
    expect(tree.members.map(({ key }) => key)).toEqual(['a', 'a', 'b']);
    const inner = tree.members[2]?.value;
    expect(inner instanceof JsonObject && inner.members).toEqual([
      { key: 'c', value: [] },
      { key: 'c', value: 'x"y\\' },
    ]);
  });

  it('takes __proto__ for a key like any other', () => {
    const tree = parseJsonTree('{"__proto__":{"polluted":true}}') as JsonObject;
    expect(tree.members[0]?.key).toBe('__proto__');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('refuses what is too deep, and does not overflow', () => {
    const deep = (levels: number) => `{"b":[],"a":${'['.repeat(levels - 1)}"x"${']'.repeat(levels - 1)},"c":1}`;
    expect(() => parseJsonTree(deep(DEPTH_LIMIT))).not.toThrow();
    for (const levels of [DEPTH_LIMIT + 1, 50_000]) expect(() => parseJsonTree(deep(levels))).toThrow(RangeError);
  });
});

describe('a value as text', () => {
  it.each([
    ['"x"', 'x', 'string'],
    ['-1.50e+2', '-150', 'number'],
    ['null', 'null', 'null'],
    ['false', 'false', 'boolean'],
    ['[ ]', '[]', 'array'],
    ['[{"a":1},[{"b":null}],"x"]', '[{"a":1},[{"b":null}],"x"]', 'array'],
    ['{"a":1,"a":{"b c":["\\"",2]}}', '{"a":1,"a":{"b c":["\\"",2]}}', 'object'],
  ])('%s is %s', (source, text, type) => {
    const value = parseJsonTree(source);
    expect([jsonText(value), jsonType(value)]).toEqual([text, type]);
  });
});

describe('childrenOf', () => {
  it('gives members and elements with their paths, equal keys told apart', () => {
    const paths = (text: string) => childrenOf(parseJsonTree(text), '$').map(({ key, path }) => [key, path]);
    expect(paths('{"a":1,"b c":2,"a":3}')).toEqual([
      ['a', '$.a'],
      ['b c', '$["b c"]'],
      ['a', '$.a (2)'],
    ]);
    expect(paths('[1,2]')).toEqual([
      [undefined, '$[0]'],
      [undefined, '$[1]'],
    ]);
    expect(paths('"x"')).toEqual([]);
  });
});

describe('step', () => {
  it.each<[string, string]>([
    ['build_id', '.build_id'],
    ['OS Integrity', '["OS Integrity"]'],
    ['a"b', '["a\\"b"]'],
    ['', '[""]'],
  ])('%j is %s', (key, path) => {
    expect(step(key)).toBe(path);
  });

  it('cuts what would flood a message', () => {
    expect(step('x'.repeat(80))).toBe(`.${'x'.repeat(80)}`);
    expect(step('x'.repeat(81))).toBe(`["${'x'.repeat(80)}…"]`);
    expect(step('x'.repeat(10_000)).length).toBeLessThan(100);
  });
});
