/** A password that is a word of the schema: what it says of the run stays readable. */
import { describe, expect, it } from 'vitest';
import { toJSONSchema } from 'zod/mini';
import { resultSchema } from '../../src/model/result.ts';
import { parseResult } from '../../src/model/result-json-schema.ts';
import { maskedResult } from '../../src/report/masked-result.ts';
import { resultOf } from './synthetic-result.ts';

/** Every word that the schema allows somewhere. */
function wordsOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { enum: words = [], const: only } = schema as { enum?: unknown[]; const?: unknown };
  const own = [...(Array.isArray(words) ? words : []), only].filter((each) => typeof each === 'string');
  return [...new Set([...own, ...Object.values(schema).flatMap(wordsOf)])];
}

describe('a result in which every such word is a secret', () => {
  it.each(wordsOf(toJSONSchema(resultSchema)))('%s', (word) => {
    const result = resultOf(
      {},
      {
        app: { path: 'x.apk', platform: 'android', name: `Shop ${word}` },
        findings: [{ code: 'x', level: 'warning', message: `it said ${word}`, hint: '' }],
        files: [{ role: 'protected-app', path: 'x.apk', sha256: '0', size: 1 }],
        stages: [{ name: 'upload', startedAt: '', durationMs: 1, requests: 1 }],
      },
    );
    const masked = maskedResult(result, (text) => text.replaceAll(word, '***'));
    expect(parseResult(JSON.stringify(masked))).toMatchObject({ ok: true });
    expect(masked.app?.name).toBe('Shop ***');
    expect(masked.findings.map(({ message }) => message)).toEqual(['it said ***']);
    expect(masked.stages).toEqual(result.stages);
  });
});
