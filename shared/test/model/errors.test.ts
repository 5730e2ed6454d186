import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const SRC = path.join(import.meta.dirname, '../../src');
const ERRORS = path.join('model', 'errors.ts');

describe('the list of error codes', () => {
  it('has none that nothing produces', () => {
    const codes = [...readFileSync(path.join(SRC, ERRORS), 'utf8').matchAll(/^ {2}'([a-z-]+\.[a-z-]+)': EXIT\./gm)].map(
      ([, code]) => code,
    );
    const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && file !== ERRORS)
      .map((file) => readFileSync(path.join(SRC, file), 'utf8'))
      .join('\n');
    expect(codes.length).toBeGreaterThan(20);
    expect(codes.filter((code) => !sources.includes(`'${code}'`))).toEqual([]);
  });
});
