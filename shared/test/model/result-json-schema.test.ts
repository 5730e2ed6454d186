import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parseResult, resultJsonSchema } from '../../src/model/result-json-schema.ts';
import { GREEN_CASES, RED_CASES } from '../policy/no-verdict-cases.ts';
import { resultOf } from '../report/synthetic-result.ts';

const validate = new Ajv2020({ strict: true, allErrors: true }).compile(resultJsonSchema());

/** A result with one thing changed that must not be. */
function broken(change: Record<string, unknown>): unknown {
  return { ...resultOf(), ...change };
}

const BROKEN: Array<[string, unknown]> = [
  ['an older schemaVersion', broken({ schemaVersion: 1 })],
  ['a newer schemaVersion', broken({ schemaVersion: 3 })],
  ['a schemaVersion that is text', broken({ schemaVersion: '2' })],
  [
    'a rule without a reference',
    broken({ requirements: resultOf().requirements.map(({ reference: _, ...rule }) => rule) }),
  ],
  [
    'a waiver without a state',
    broken({ waivers: [{ features: ['A'], owner: 'o', reason: 'r', expires: 'e', source: 's' }] }),
  ],
  ['no verdict', broken({ verdict: undefined })],
  ['an unknown verdict', broken({ verdict: 'passed' })],
  ['an unknown gate', broken({ gate: 'off' })],
  ['a rehearsal that is text', broken({ rehearsal: 'false' })],
  ['requirements that are no list', broken({ requirements: {} })],
  ['an exit that is no integer', broken({ exitCode: 0.5 })],
  ['a binding without a level', broken({ binding: { message: 'x' } })],
  ['a list', []],
  ['null', null],
];

describe('the schema', () => {
  it('is a draft 2020-12 schema with a name of its own', () => {
    expect(resultJsonSchema()).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: 'urn:fusegate:schema:result:2',
      type: 'object',
    });
    expect(resultJsonSchema()).toEqual(resultJsonSchema());
  });

  it.each([...RED_CASES, ...GREEN_CASES])('takes the result of: $what', (given) => {
    const result = JSON.parse(JSON.stringify(resultOf(given)));
    expect(validate(result) ? [] : validate.errors).toEqual([]);
    expect(parseResult(JSON.stringify(result))).toEqual({ ok: true, result });
  });

  it.each(BROKEN)('refuses %s', (_, value) => {
    const text = JSON.stringify(value);
    expect(validate(JSON.parse(text))).toBe(false);
    const parsed = parseResult(text);
    expect(parsed.ok).toBe(false);
    if (!parsed.ok) expect(parsed.problems.length).toBeGreaterThan(0);
  });

  it.each([
    [1, /gate --build-id/u],
    [3, /[Uu]pdate Fusegate/u],
  ])('says what to do about schema version %d', (schemaVersion, hint) => {
    const parsed = parseResult(JSON.stringify({ schemaVersion, tool: { name: 'fusegate', version: '0.9.0' } }));
    expect(parsed).toMatchObject({ ok: false, otherVersion: { hint: expect.stringMatching(hint) } });
    expect(parsed.ok ? '' : parsed.problems.join()).toContain('0.9.0');
  });

  it.each([2, 1.5, '1', null, undefined])('takes schema version %j for no other version', (schemaVersion) => {
    const parsed = parseResult(JSON.stringify({ schemaVersion, tool: { name: 'fusegate' } }));
    expect(parsed).not.toHaveProperty('otherVersion');
  });

  it.each([100, 300_000])('refuses %s wrong values', (count) => {
    const wrong = { schemaVersion: 2, tool: { name: 'fusegate' }, findings: Array(count).fill(0) };
    expect(parseResult(JSON.stringify(wrong))).toMatchObject({ ok: false });
  });

  it('names the place of a problem', () => {
    expect(parseResult(JSON.stringify(broken({ binding: { level: 'x', message: 'y' } })))).toMatchObject({
      ok: false,
      problems: [expect.stringMatching(/^binding\.level: /u)],
    });
  });

  it.each(['', '{', 'PK\u0003\u0004', '<html>'])('refuses %j without throwing', (text) => {
    expect(parseResult(text)).toMatchObject({ ok: false, problems: [expect.stringMatching(/^is not JSON: /u)] });
  });
});
