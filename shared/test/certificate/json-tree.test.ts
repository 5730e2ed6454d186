import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEPTH_LIMIT, JsonObject, type JsonValue, parseJsonTree, step } from '../../src/certificate/json-tree.ts';
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

  it('reads null below the depth limit, and does not overflow', () => {
    const deep = `${'{"a":'.repeat(50_000)}"b"${'}'.repeat(50_000)}`;
    let value = parseJsonTree(deep);
    let depth = 0;
    while (value instanceof JsonObject) {
      value = value.members[0]?.value ?? null;
      depth += 1;
    }
    expect([depth, value]).toEqual([DEPTH_LIMIT, null]);
  });

  /** What JSON.parse gives, with null for every container below the limit. */
  const cut = (value: unknown, depth = 0): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (depth === DEPTH_LIMIT) return null;
    if (Array.isArray(value)) return value.map((each) => cut(each, depth + 1));
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, cut(each, depth + 1)]));
  };

  it('reads of what is too deep nothing, and of what stands beside it everything', () => {
    const deep = (depth: number, fill: unknown): unknown =>
      depth === 0
        ? fill
        : depth % 2 === 0
          ? [1, deep(depth - 1, fill), true]
          : { a: deep(depth - 1, fill), b: 'after' };
    const fills = ['x', 7, null, [], {}, ['y', [false]], { c: { d: 'z' }, e: [2, 'w'] }, [[[['v']]], 'u']];
    for (const fill of fills) {
      for (const depth of [DEPTH_LIMIT - 2, DEPTH_LIMIT - 1, DEPTH_LIMIT, DEPTH_LIMIT + 1, DEPTH_LIMIT + 5]) {
        const value = { before: 0, deep: deep(depth, fill), last: 'end' };
        expect(plain(parseJsonTree(JSON.stringify(value)))).toEqual(cut(value));
      }
    }
  });

  it('goes on after a container that was too deep', () => {
    const deep = `${'['.repeat(20)}"x"${']'.repeat(20)}`;
    expect(plain(parseJsonTree(`{"a":${deep},"b":1}`))).toMatchObject({ b: 1 });
  });
});

describe('step', () => {
  it.each<[string | number, string]>([
    ['build_id', '.build_id'],
    [3, '[3]'],
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
