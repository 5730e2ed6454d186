import { describe, expect, it } from 'vitest';
import { JsonObject, parseJsonTree } from '../../src/certificate/json-tree.ts';
import { ownFileName } from '../../src/certificate/own-files.ts';

function named(...keys: string[]): string | undefined {
  const root = parseJsonTree(JSON.stringify(Object.fromEntries(keys.map((key) => [key, null]))));
  if (!(root instanceof JsonObject)) throw new Error('no object');
  return ownFileName(root);
}

/** Keys, each of them needed, and a word of what the file is called. */
const OURS: Array<[string[], RegExp]> = [
  [['schemaVersion', 'verdict'], /result/],
  [['runs', '$schema'], /SARIF/],
  [['runs', 'version'], /SARIF/],
  [['_type', 'predicateType'], /in-toto/],
  [['verifier', 'verificationResult'], /in-toto/],
  [['layoutReport', 'documents'], /layout report/],
  [['fingerprint', 'stage', 'ids'], /journal/],
];

describe('a file of ours', () => {
  it.each(OURS)('is told by %j', (keys, name) => {
    expect(named(...keys)).toMatch(name);
    expect(named('more', ...keys)).toMatch(name);
  });

  it.each(OURS.flatMap(([keys]) => keys.map((key) => [key, keys] as const)))(
    'is none without %s of %j',
    (key, keys) => {
      expect(named(...keys.filter((one) => one !== key))).toBeUndefined();
    },
  );

  it.each(['build_id', 'features', ''])('is none with %j alone', (key) => expect(named(key)).toBeUndefined());
});
