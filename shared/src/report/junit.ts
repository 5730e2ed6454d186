/**
 * JUnit XML for Jenkins' `junit` step, GitLab's and Azure's test tabs and Bitrise: one test case per rule.
 *
 * Written by hand: the format has six elements, and with any library we would still have to ensure what matters (no character that XML 1.0
 * forbids, no suite that is green because it is empty). xmlbuilder2 4.0.3 would add seven packages and do neither.
 */

import type { FusegateResult } from '../model/result.ts';
import { plainBlock, plainLine, xmlAttribute, xmlText } from '../text/untrusted-text.ts';
import {
  acceptedSentence,
  appSentence,
  errorFindings,
  evidenceModeSentence,
  gateSentence,
  headline,
  isRed,
  nextStepOf,
  type ReportedRequirement,
  rehearsalSentence,
  requirementSentence,
  shownVerdict,
  transportSentence,
  waiversSentence,
} from './describe.ts';
import { renderVerdictBlock } from './red-block.ts';
import { type DetailOption, shownTo } from './withhold-names.ts';

export type CaseState = 'passed' | 'failure' | 'error' | 'skipped';

export interface TestCase {
  classname: string;
  name: string;
  state: CaseState;
  message: string;
  details: string[];
}

/** @returns a whole XML document. A red result has at least one `failure` or `error`; any other result has none; none is empty. */
export function renderJUnit(whole: FusegateResult, options: Partial<DetailOption> = {}): string {
  const result = shownTo(whole, { detail: options.detail ?? 'full' });
  return documentOf([{ name: `fusegate ${appSentence(result)}`, result, cases: testCases(result) }]);
}

export interface Suite {
  name: string;
  /** Absent where there is none to show. */
  result?: FusegateResult | undefined;
  cases: readonly TestCase[];
}

export function documentOf(suites: readonly Suite[]): string {
  const cases = suites.flatMap((suite) => suite.cases);
  const seconds = suites.reduce((sum, suite) => sum + secondsOf(suite), 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attribute('name', 'fusegate')} ${totalsOf(cases, seconds)}>`,
    ...suites.flatMap(suiteLines),
    '</testsuites>',
    '',
  ].join('\n');
}

function secondsOf({ result }: Suite): number {
  return (result?.stages ?? []).reduce((sum, stage) => sum + stage.durationMs, 0) / 1000;
}

function totalsOf(cases: readonly TestCase[], seconds: number): string {
  const count = (state: CaseState) => cases.filter((one) => one.state === state).length;
  return (
    `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}"` +
    ` skipped="${count('skipped')}" time="${seconds.toFixed(3)}"`
  );
}

function suiteLines(suite: Suite): string[] {
  const { name, result, cases } = suite;
  const timestamp = result && attribute('timestamp', result.startedAt.replace(/(\.\d+)?Z$/u, ''));
  const told = result && [
    '    <properties>',
    ...properties(result).map(
      ([property, value]) => `      <property${attribute('name', property)}${attribute('value', value)}/>`,
    ),
    '    </properties>',
  ];
  return [
    `  <testsuite${attribute('name', name)}${timestamp ?? ''} ${totalsOf(cases, secondsOf(suite))}>`,
    ...(told ?? []),
    ...cases.flatMap(caseLines),
    ...(result ? [`    <system-out>${content(renderVerdictBlock(result).join('\n'))}</system-out>`] : []),
    '  </testsuite>',
  ];
}

function properties(result: FusegateResult): Array<[string, string]> {
  const rehearsal = rehearsalSentence(result);
  const known: Array<[string, string | undefined]> = [
    ['fusegate.verdict', result.verdict],
    ['fusegate.gate', gateSentence(result) ?? result.gate],
    ['fusegate.evidence-mode', evidenceModeSentence(result)],
    ['fusegate.transport', transportSentence(result)],
    ['fusegate.waivers', waiversSentence(result)],
    ['fusegate.accepted', acceptedSentence(result)],
    ['fusegate.evidence', result.evidence],
    ['fusegate.binding', result.binding.level],
    ['fusegate.rehearsal', rehearsal ?? 'false'],
    ['fusegate.server', result.server ?? undefined],
    ['fusegate.version', result.tool.version],
    ['fusegate.policy.sha256', result.policy.sha256],
    ['appdome.build-id', result.ids.buildId],
    ['appdome.fusion-set-id', result.ids.fusionSetId],
  ];
  return known.filter((entry): entry is [string, string] => entry[1] !== undefined);
}

export function testCases(result: FusegateResult): TestCase[] {
  const cases = result.requirements.map((rule) => requirementCase(result, rule));
  const verdict = shownVerdict(result);
  if (verdict === 'error') {
    for (const finding of errorFindings(result)) {
      cases.push(verdictCase(finding.code, 'error', finding.message, [finding.message, finding.hint]));
    }
  }
  const reddens = cases.some((one) => one.state === 'failure' || one.state === 'error');
  if (verdict === 'error' && !reddens) cases.push(verdictCase('verdict', 'error', headline(result), []));
  if (verdict === 'fail' && !reddens) cases.push(verdictCase('verdict', 'failure', headline(result), []));
  if (cases.length === 0) {
    // A suite without cases is shown green, or as a broken report. A pass with nothing required is a bug.
    const state = verdict === 'not-evaluated' ? 'skipped' : 'error';
    cases.push(verdictCase('verdict', state, headline(result), []));
  }
  return isRed(result) || verdict === 'pass' ? cases : cases.map(lifted);
}

function requirementCase(result: FusegateResult, rule: ReportedRequirement): TestCase {
  const step = nextStepOf(rule);
  const details = [requirementSentence(rule), ...(step ? [step] : [])];
  const base = { classname: `fusegate.${rule.rule}`, name: rule.requirement, message: rule.message, details };
  switch (rule.outcome) {
    case 'satisfied':
      return { ...base, state: 'passed' };
    case 'waived':
      return { ...base, state: 'skipped', message: `waived: ${rule.waivedBy ?? 'no reason is recorded'}` };
    case 'not-evaluated':
      return { ...base, state: result.verdict === 'not-evaluated' ? 'skipped' : 'error' };
    case 'unproven':
      return { ...base, state: rule.severity === 'error' ? 'error' : 'skipped' };
    case 'missing':
    case 'denied':
    case 'no-listener':
      return { ...base, state: rule.severity === 'error' ? 'failure' : 'skipped' };
  }
}

export function verdictCase(name: string, state: CaseState, message: string, details: string[]): TestCase {
  return { classname: 'fusegate.verdict', name, state, message, details };
}

/**
 * With gate: warn the job continues: what would have been red is reported as skipped, because any failure here would turn the job red after
 * all.
 */
function lifted(one: TestCase): TestCase {
  if (one.state !== 'failure' && one.state !== 'error') return one;
  return { ...one, state: 'skipped', message: `would be red under gate: enforce: ${one.message}` };
}

function caseLines(one: TestCase): string[] {
  const { classname, name, state } = one;
  const message = attribute('message', one.message);
  const details = content(one.details.join('\n'));
  const told = [`      <system-out>${details}</system-out>`];
  const lines: Record<CaseState, string[]> = {
    passed: told,
    skipped: [`      <skipped${message}/>`, ...told],
    failure: [`      <failure${message}${attribute('type', classname)}>${details}</failure>`],
    error: [`      <error${message}${attribute('type', classname)}>${details}</error>`],
  };
  const open = `    <testcase${attribute('classname', classname)}${attribute('name', name)} time="0">`;
  return [open, ...lines[state], '    </testcase>'];
}

function attribute(name: string, value: string): string {
  return ` ${name}="${xmlAttribute(plainLine(value))}"`;
}

function content(text: string): string {
  return xmlText(plainBlock(text));
}
