/** JUnit XML of a joined result: a suite for each app, whose cases are named after it, since test tabs throw suites together. */
import type { FusegateResult } from '../model/result.ts';
import type { ReportedFinding } from './describe.ts';
import { documentOf, type Suite, type TestCase, testCases, verdictCase } from './junit.ts';
import { type DetailOption, shownTo } from './withhold-names.ts';

export interface SuiteOf {
  label: string;
  verdict: FusegateResult['verdict'];
  /** What joining has found. */
  findings: readonly ReportedFinding[];
  result?: FusegateResult;
}

/** @returns a whole XML document: red exactly where the joined result is */
export function renderJoinedJUnit(parts: readonly SuiteOf[], joined: FusegateResult, detail: DetailOption): string {
  const suites = parts.map((part) => suiteOf(part, detail));
  if (suites.length > 0) return documentOf(suites);
  const message = 'There is no result';
  return documentOf([
    { name: 'fusegate fleet', result: joined, cases: [verdictCase('verdict', 'error', message, [message])] },
  ]);
}

function suiteOf({ label, verdict, findings, result }: SuiteOf, detail: DetailOption): Suite {
  const shown = result && shownTo(result, detail);
  const own = shown ? testCases(shown) : [];
  const found = findings.map(({ code, message, hint }) => verdictCase(code, 'error', message, [message, hint]));
  const cases = [...found, ...own];
  const isRed = cases.some(({ state }) => state === 'failure' || state === 'error');
  // A job that went on under gate: warn has no red case of its own.
  if (verdict !== 'pass' && !isRed) cases.push(...lowered(verdict, own));
  const named = cases.map((one): TestCase => ({ ...one, classname: `${label}.${one.classname}` }));
  return { name: `fusegate ${label}`, result: shown, cases: named };
}

function lowered(verdict: FusegateResult['verdict'], own: readonly TestCase[]): TestCase[] {
  const would = own.filter(({ message }) => message.startsWith('would be red'));
  const state = verdict === 'fail' ? ('failure' as const) : ('error' as const);
  const message = 'The app does not pass; its own job went on under gate: warn';
  return [verdictCase('verdict', state, message, [message, ...would.map((one) => `${one.name}: ${one.message}`)])];
}
