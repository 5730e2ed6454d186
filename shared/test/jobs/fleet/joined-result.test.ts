import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ExpectedFleet, partsOf, type ResultFile } from '../../../src/jobs/fleet/joined-parts.ts';
import { exitOfParts, joinedResult } from '../../../src/jobs/fleet/joined-result.ts';
import type { FusegateResult } from '../../../src/model/result.ts';
import { parseResult } from '../../../src/model/result-json-schema.ts';
import { renderHtml } from '../../../src/report/html/render-html.ts';
import { joinedLines } from '../../../src/report/joined-lines.ts';
import { renderJoinedJUnit } from '../../../src/report/junit-joined.ts';
import { commandsIn, HOSTILE_TEXTS } from '../../report/command-parsers.ts';
import { bodyText, elementsOf, parseErrors } from '../../report/html-document.ts';
import { disabledResult, errorResult, greenResult, redResult } from '../../report/sample-results.ts';

const digestOf = (text: string) => createHash('sha256').update(text).digest('hex');
const PLAN = digestOf('plan');
const GREEN = greenResult();
const RED = redResult();
const FULL = { detail: 'full' } as const;
const AROUND = { ci: { system: 'local' }, now: Date.parse('2026-11-30T00:00:00Z') };

function of(app: string, base: FusegateResult = GREEN, change: Partial<FusegateResult> = {}): ResultFile {
  const fleet = { file: 'f.yml', app, plan: PLAN };
  return { file: `out/${app}/fusegate-result.json`, result: { ...base, fleet, ...change } };
}
const expecting = (...apps: string[]): ExpectedFleet => ({ file: 'f.yml', plan: PLAN, apps: new Set(apps) });

function join(files: ResultFile[], expected?: ExpectedFleet) {
  const parts = partsOf(files, expected);
  const result = joinedResult(parts, AROUND);
  return {
    parts,
    result,
    exit: exitOfParts(parts),
    codes: parts.flatMap(({ findings }) => findings.map(({ code }) => code)),
    junit: renderJoinedJUnit(parts, result, FULL),
  };
}

describe('joined results', () => {
  it('are a pass where every one is', () => {
    const { result, exit, codes } = join([of('acme'), of('globex')], expecting('acme', 'globex'));
    expect(result).toMatchObject({ verdict: 'pass', exitCode: 0, mode: 'report' });
    expect([exit, codes]).toEqual([0, []]);
    expect(result.builds?.map(({ label, verdict }) => [label, verdict])).toEqual([
      ['acme', 'pass'],
      ['globex', 'pass'],
    ]);
  });

  const foreign = { file: 'f.yml', app: 'acme', plan: digestOf('another') };
  it.each<[string, ResultFile[], ExpectedFleet | undefined, number, string[]]>([
    ['nothing', [], undefined, 8, []],
    ['a fleet of which nothing came', [], expecting('acme'), 8, ['fleet.absent']],
    ['one that failed', [of('acme'), of('globex', RED)], undefined, 6, []],
    ['one without a verdict', [of('acme'), of('globex', errorResult())], undefined, 8, []],
    ['a failed one and one without a verdict', [of('acme', RED), of('globex', errorResult())], undefined, 8, []],
    ['a gate that is disabled', [of('acme', disabledResult())], undefined, 8, ['fleet.not-judged']],
    ['an absent app', [of('acme')], expecting('acme', 'globex'), 8, ['fleet.absent']],
    ['another plan', [of('acme', GREEN, { fleet: foreign })], expecting('acme'), 8, ['fleet.other-plan']],
    ['two plans', [of('acme', GREEN, { fleet: foreign }), of('b'), of('c')], undefined, 8, ['fleet.other-plan']],
    ['an app twice', [of('acme'), { ...of('acme'), file: 'x' }], expecting('acme'), 8, ['fleet.twice']],
    ['an app twice without a fleet file', [of('acme'), { ...of('acme'), file: 'x' }], undefined, 8, ['fleet.twice']],
    ['an app of no entry', [of('acme'), of('hooli')], expecting('acme'), 8, ['fleet.unknown']],
    ['a result of no fleet', [of('acme'), { file: 'x', result: GREEN }], expecting('acme'), 8, ['fleet.unknown']],
    ['a pass with a red exit', [of('acme', GREEN, { exitCode: 6 })], undefined, 8, []],
    ['a pass that proves nothing', [of('acme', GREEN, { requirements: [] })], undefined, 8, ['result.refused']],
    ['a pass of a run that has not ended', [of('acme', GREEN, { finishedAt: null })], undefined, 8, ['result.refused']],
    ['a pass whose gate was disabled', [of('acme', GREEN, { gate: 'disabled' })], undefined, 8, ['result.not-a-pass']],
    [
      'a rehearsal among others',
      [of('acme'), of('globex', GREEN, { rehearsal: true })],
      expecting('acme', 'globex'),
      8,
      ['result.refused'],
    ],
    ['a failed one whose job went on', [of('acme', RED, { gate: 'warn', exitCode: 0 })], undefined, 6, []],
    [
      'a file that is no result',
      [of('acme'), { file: 'x', wrong: { code: 'result.refused', level: 'error', message: 'no', hint: 'x' } }],
      expecting('acme'),
      8,
      ['result.refused'],
    ],
  ])('are not: %s', (_, files, expected, exit, codes) => {
    const joined = join(files, expected);
    expect(joined.exit).toBe(exit);
    expect(joined.codes).toEqual(codes);
    expect(joined.result.verdict).toBe(exit === 6 ? 'fail' : 'error');
    // No form of it is green.
    expect(joined.junit).toMatch(/<(?:failure|error) /);
    expect(bodyText(renderHtml(joined.result, FULL))).not.toMatch(/PASS:/);
  });

  it('are a pass for certificates that were judged as files, and under gate: warn', () => {
    const { buildId: _, ...ids } = GREEN.ids;
    const files: ResultFile[] = [
      { file: 'a', result: { ...GREEN, mode: 'gate', ids, server: null } },
      { file: 'b', result: { ...GREEN, gate: 'warn' } },
    ];
    expect(join(files).exit).toBe(0);
  });

  it('name the app that failed, in every form', () => {
    const { result, junit } = join(
      [of('acme'), of('globex', RED), of('initech')],
      expecting('acme', 'globex', 'initech', 'hooli'),
    );
    const lines = joinedLines(result, FULL).filter((line) => /globex|hooli/.test(line));
    expect(lines).toEqual([
      expect.stringMatching(/^fail +globex .*Rate-Limit/),
      expect.stringMatching(/^error +hooli /),
    ]);
    expect(joinedLines(result, FULL).some((line) => /^pass/.test(line))).toBe(false);
    const page = renderHtml(result, FULL);
    expect(bodyText(page)).toContain('globex');
    expect(bodyText(page)).toContain('hooli has no result');
    expect(parseErrors(page)).toEqual([]);
    expect(junit).toMatch(/<testcase classname="globex\.fusegate\.feature" name="Rate-Limit Connections"/);
    expect(junit).toMatch(/<error [^>]*hooli/);
    expect(junit.match(/<testsuite /g)).toHaveLength(4);
  });

  it('are a pass where the whole fleet was rehearsed, and say so', () => {
    const rehearsed = ['acme', 'globex'].map((app) => of(app, GREEN, { rehearsal: true }));
    const { result, exit } = join(rehearsed, expecting('acme', 'globex'));
    expect([exit, result.rehearsal]).toEqual([0, true]);
    expect(joinedLines(result, FULL)[0]).toMatch(/rehearsal/i);
  });

  it('are a result by the schema', () => {
    const { result } = join([of('acme'), of('globex', RED)], expecting('acme', 'globex', 'hooli'));
    expect(parseResult(JSON.stringify(result))).toMatchObject({ ok: true });
  });

  it('hide the names of protections where they are asked to', () => {
    const { parts, result } = join([of('globex', RED)], expecting('globex', 'hooli'));
    const all = [
      ...joinedLines(result, { detail: 'counts' }),
      renderHtml(result, { detail: 'counts' }),
      renderJoinedJUnit(parts, result, { detail: 'counts' }),
    ].join('\n');
    expect(all).not.toContain('Rate-Limit');
    expect(all).toContain('hooli');
  });

  it.each(HOSTILE_TEXTS)('print no text of a file that does something: %j', (text) => {
    const hostile = of(text, RED, { fleet: { file: text, app: text, plan: text }, findings: [] });
    const { parts, result, junit } = join([{ ...hostile, file: text }, of('acme')], expecting('acme', 'globex'));
    expect(joinedLines(result, FULL).flatMap((line) => commandsIn(line))).toEqual([]);
    const page = renderHtml(result, FULL);
    expect(elementsOf(page).filter(({ tag }) => ['script', 'img', 'iframe'].includes(tag))).toEqual([]);
    expect(parseErrors(page)).toEqual([]);
    expect(junit.split('\n').flatMap((line) => commandsIn(line))).toEqual([]);
    expect(exitOfParts(parts)).toBe(8);
  });

  it('are never greener than the reddest, whatever comes together', () => {
    const kinds = { green: GREEN, red: RED, error: errorResult(), disabled: disabledResult() };
    const kind = fc.constantFrom(...(Object.keys(kinds) as Array<keyof typeof kinds>));
    const app = fc.constantFrom('a', 'b', 'c', 'd');
    const file = fc.tuple(app, kind).map(([name, which]) => ({ name, which, file: of(name, kinds[which]) }));
    fc.assert(
      fc.property(fc.array(file, { maxLength: 6 }), fc.uniqueArray(app), (files, apps) => {
        const { exit, parts, result } = join(
          files.map((one, index) => ({ ...one.file, file: String(index) })),
          expecting(...apps),
        );
        const names = files.map(({ name }) => name);
        const complete = apps.length === names.length && apps.every((each) => names.includes(each));
        const green = files.length > 0 && complete && files.every(({ which }) => which === 'green');
        expect(exit === 0).toBe(green);
        expect(result.verdict === 'pass').toBe(green);
        expect(new Set(parts.map(({ label }) => label)).size).toBe(parts.length);
      }),
    );
  });
  it('are looked at a fixed number of times each, however many there are', () => {
    const lookedAt = (count: number) => {
      let reads = 0;
      const counting = (value: FusegateResult): FusegateResult =>
        new Proxy(value, {
          get(target, key) {
            reads += 1;
            return Reflect.get(target, key);
          },
        });
      const names = Array.from({ length: count }, (_, index) => `app-${index}`);
      const files = names
        .map((name) => of(name))
        .map((one) => ('result' in one ? { ...one, result: counting(one.result) } : one));
      join(files, expecting(...names));
      return reads;
    };
    expect(lookedAt(500)).toBeLessThanOrEqual(lookedAt(50) * 10);
  });
});
