import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT_OF_CODE } from '../../src/model/errors.ts';
import { FINDING_CODES } from '../../src/model/verdict.ts';

const SRC = path.join(import.meta.dirname, '../../src');
const LISTS = [path.join('model', 'errors.ts'), path.join('model', 'verdict.ts')];
const SOURCES = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !LISTS.includes(file))
  .map((file) => readFileSync(path.join(SRC, file), 'utf8'))
  .join('\n');
const CODES: string[] = [...Object.keys(EXIT_OF_CODE), ...FINDING_CODES];

describe('the lists of codes', () => {
  it('have none that nothing produces', () => {
    expect(CODES.filter((code) => !SOURCES.includes(`'${code}'`))).toEqual([]);
  });

  it('have all that is produced, also where a type would let any text pass', () => {
    const produced = [...SOURCES.matchAll(/\bcode: '([^']+\.[^']+)'/gu)].map(([, code]) => code ?? '');
    expect(produced.length).toBeGreaterThan(20);
    expect(produced.filter((code) => !CODES.includes(code))).toEqual([]);
  });

  it('share no code', () => {
    expect(new Set(CODES).size).toBe(CODES.length);
  });
});
