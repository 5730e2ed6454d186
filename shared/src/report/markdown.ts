/** The job summary and `fusegate-summary.md`: one page of Markdown from the result. */

import type { FusegateResult } from '../model/result.ts';
import { ERRORS_PAGE_WORDS, errorsPageOf } from '../text/errors-page.ts';
import { ADVICE_LIMIT, markdownCode, markdownSentence, markdownText } from '../text/untrusted-text.ts';
import { archiveMarkdown } from './archive-page.ts';
import { columnsOf, rowsOf } from './archive-rows.ts';
import {
  appPlaceSentence,
  appSentence,
  blockingFindings,
  buildSentence,
  certificateCounts,
  closed,
  countsSentence,
  errorFindings,
  groundPairs,
  headline,
  isComplaint,
  isRed,
  judgeAgain,
  judgedOn,
  originSentence,
  outcomeWord,
  quotedError,
  type ReportedFinding,
  type ReportedRequirement,
  requestsWords,
  shownVerdict,
  signedFile,
  UNGROUPED,
  unmetRequirements,
} from './describe.ts';
import {
  cutToTable,
  LISTENING_NOTE,
  LISTENING_TITLE,
  LISTENING_WORD,
  type ListenedEvent,
  listenedEvents,
  listenersBesides,
  listeningCount,
  newFindings,
  unreadableLines,
} from './listening.ts';
import { bullets, CELL, table, whyRequired } from './markdown-section.ts';
import { baselineFacts, sinceBaseline, waiverState } from './policy-facts.ts';
import { alikeSteps, codeToExplain } from './red-block.ts';
import { type DetailOption, shownTo } from './withhold-names.ts';

/**
 * Bytes per section. GitHub drops a step summary larger than 1024 KiB (https://docs.github.com/actions, "Adding a job summary"); the sum
 * stays below that, with room for headings.
 */
const BUDGET = {
  missing: 150_000,
  requirements: 150_000,
  findings: 150_000,
  protections: 200_000,
  stages: 20_000,
  files: 40_000,
  listeners: 40_000,
  facts: 40_000,
  waivers: 40_000,
  accepted: 40_000,
  baseline: 20_000,
};

/** The worst first. */
const MARKS = { unmet: '❌', warning: '⚠️', 'not-evaluated': '➖', waived: '⏸️', satisfied: '✅' };

/** A warning never looks like what stopped the job. */
export function markOf({ outcome, severity }: ReportedRequirement): string {
  if (outcome === 'satisfied' || outcome === 'waived' || outcome === 'not-evaluated') return MARKS[outcome];
  return severity === 'warning' ? MARKS.warning : MARKS.unmet;
}

/**
 * Made to be read without scrolling sideways: what is long stands in lists, whose lines every CI system wraps, and the places of the
 * evidence are left to the other reports.
 *
 * @returns Markdown (GitHub flavoured, valid CommonMark besides tables), less than 1 MiB as UTF-8.
 */
export function renderMarkdown(result: FusegateResult, options: DetailOption): string {
  const shown = shownTo(result, options);
  const first = [title(shown), banner(shown)];
  const sections = shown.builds ? ofArchive(shown, result, options) : ofBuild(shown, result, options);
  return `${[...first, ...sections, policy(shown)].filter((section) => section !== '').join('\n\n')}\n`;
}

function ofBuild(shown: FusegateResult, whole: FusegateResult, { detail }: DetailOption): string[] {
  return [
    `**${markdownText(appSentence(shown))}**`,
    missing(shown),
    ground(shown),
    requirements(shown),
    listening(shown, whole),
    findings(shown),
    waivers(shown),
    accepted(shown),
    baseline(shown),
    hosts(shown),
    detail === 'counts' ? protectionCount(whole) : protections(shown),
    stages(shown),
    files(shown),
    identity(shown),
  ];
}

function ofArchive(shown: FusegateResult, whole: FusegateResult, { detail }: DetailOption): string[] {
  const rows = rowsOf(shown, whole);
  return [archiveMarkdown({ rows, columns: columnsOf(whole, rows, detail) }, detail), ground(shown), accepted(shown)];
}

export function verdictMark(result: FusegateResult): string {
  return { pass: '✅', fail: '❌', error: '❌', 'not-evaluated': '➖' }[shownVerdict(result)];
}

function title(result: FusegateResult): string {
  return `## ${verdictMark(result)} Fusegate ${markdownText(cutToTable(headline(result), result))}`;
}

function banner(result: FusegateResult): string {
  const rehearsal = originSentence(result);
  return rehearsal ? `> **${markdownText(rehearsal)}**` : '';
}

/** What keeps the verdict from passing, by name, each kind with its next step. */
function missing(result: FusegateResult): string {
  if (!isComplaint(result)) return '';
  const told = quotedError(result);
  const messages = new Set(errorFindings(result).map(({ message }) => message));
  const items = [
    ...blockingFindings(result).map(({ feature, code, message, hint }) => ({
      name: feature,
      hint,
      text: () =>
        `❌ ${markdownCode(code)} ${message === told?.message ? '' : markdownSentence(closed(cutToTable(message, result)))}`,
    })),
    ...unmetRequirements(result)
      .filter(({ message }) => !messages.has(message))
      .map((rule) => ({
        name: rule.feature?.name ?? rule.requirement,
        hint: rule.hint,
        text: () => unmetText({ ...rule, message: cutToTable(rule.message, result) }),
      })),
  ];
  const lines = alikeSteps(items).flatMap(({ items: same, step }) =>
    same.map(({ text }, index) => ({ text, step: index === same.length - 1 ? step : undefined })),
  );
  const textOf = ({ text, step }: (typeof lines)[number]) =>
    text() + (step === undefined ? '' : `\n  - **What to do:** ${markdownSentence(step, ADVICE_LIMIT)}`);
  return [bullets(lines, textOf, BUDGET.missing), explained(result)].filter((part) => part !== '').join('\n\n');
}

/** Where to read on about the first error. */
export function explained(result: FusegateResult): string {
  const code = codeToExplain(result);
  return code === undefined ? '' : `${ERRORS_PAGE_WORDS} ${markdownCode(errorsPageOf(code))}`;
}

/** The name, what was found, and the rule. */
export function unmetText(rule: ReportedRequirement): string {
  return (
    `${markOf(rule)} **${markdownText(rule.requirement, CELL)}** ${outcomeWord(rule)}: ` +
    `${markdownSentence(closed(rule.message))} ${markdownCode(rule.source, CELL)}`
  );
}

/** What the verdict is about and rests on. */
function ground(result: FusegateResult): string {
  const { ci } = result;
  const again = judgeAgain(result);
  const lines: Array<[string, string]> = [
    ['Requirements', result.builds ? '' : countsSentence(result)],
    ['Judged on', result.builds ? '' : judgedOn(result)],
    ['Signed file', (!result.builds && signedFile(result)) || ''],
    ['Since the baseline', sinceBaseline(result)],
    ['App', result.builds ? '' : appPlaceSentence(result)],
    ...groundPairs(result),
  ];
  const shown = [
    ...lines.filter(([, text]) => text !== '').map(([name, text]) => `${name}: ${markdownText(text)}`),
    ...(ci.commit === undefined ? [] : [`Commit: ${markdownCode(ci.commit)}`]),
    ...(again === undefined ? [] : [`${again.when}: ${markdownCode(again.command, ADVICE_LIMIT)}`]),
  ];
  return shown.length === 0 ? '' : `### What was judged\n\n${bullets(shown, (line) => line, BUDGET.facts)}`;
}

function requirements(result: FusegateResult): string {
  if (result.requirements.length === 0) return '';
  const cellsOf = (rule: ReportedRequirement) => [
    markOf(rule),
    `${markdownText(rule.requirement, CELL)} (${markdownText(rule.source, CELL)}${rule.severity === 'warning' ? ', warning only' : ''})` +
      whyRequired(rule),
    outcomeWord(rule) + (rule.waivedBy ? `: ${markdownText(rule.waivedBy, CELL)}` : ''),
  ];
  const order = Object.values(MARKS);
  const worstFirst = [...result.requirements].sort((a, b) => order.indexOf(markOf(a)) - order.indexOf(markOf(b)));
  return `### Required\n\n${table(['', 'Protection', 'Outcome'], worstFirst, cellsOf, BUDGET.requirements)}`;
}

function findings(result: FusegateResult): string {
  const told = newFindings(result).filter(({ level }) => level !== 'error' || !isComplaint(result));
  if (told.length === 0) return '';
  const textOf = ({ level, code, message, hint, waivedBy }: ReportedFinding) =>
    `**${level}** ${markdownCode(code)} ${markdownSentence(closed(cutToTable(message, result)))} ` +
    (waivedBy ? `Waived: ${markdownText(waivedBy, CELL)}` : `**What to do:** ${markdownSentence(hint, ADVICE_LIMIT)}`);
  return `### Findings\n\n${bullets(told, textOf, BUDGET.findings)}`;
}

function waivers(result: FusegateResult): string {
  if (result.waivers.length === 0) return '';
  const textOf = (waiver: (typeof result.waivers)[number]) =>
    [
      `**${markdownText(waiver.features.join(', '), CELL)}** until ${markdownText(waiver.expires, CELL)}:`,
      markdownText(closed(waiver.reason), CELL),
      markdownText([waiver.owner, waiver.ticket, waiverState(waiver)].filter(Boolean).join(', '), CELL),
      markdownCode(waiver.source, CELL),
    ].join(' ');
  return `### Waivers\n\n${bullets(result.waivers, textOf, BUDGET.waivers)}`;
}

function accepted(result: FusegateResult): string {
  if (result.accepted.length === 0) return '';
  const textOf = ({ kind, text }: (typeof result.accepted)[number]) => `${kind}: ${markdownText(text, CELL)}`;
  const intro = 'Not known here, and understood only because the policy accepts it.';
  return `### Accepted wording\n\n${intro}\n\n${bullets(result.accepted, textOf, BUDGET.accepted)}`;
}

function baseline(result: FusegateResult): string {
  const facts = baselineFacts(result);
  if (facts.length === 0) return '';
  const textOf = ([name, value]: (typeof facts)[number]) => `${markdownText(name, CELL)}: ${markdownText(value, CELL)}`;
  return `### Compared with the baseline\n\n${bullets(facts, textOf, BUDGET.baseline)}`;
}

function hosts(result: FusegateResult): string {
  if (!result.dryRun) return '';
  const cellsOf = ({ host, why }: { host: string; why: string }) => [markdownCode(host, CELL), markdownText(why, CELL)];
  return `### Hosts that a firewall must allow\n\n${table(['Host', 'What for'], result.dryRun.hosts, cellsOf, BUDGET.baseline)}`;
}

/** Of one category and mode; a certificate has fewer. */
const MOST_NAMES = 200;

/** A line for each category and mode: a table would be too wide for its keys. */
function protections(result: FusegateResult): string {
  const all = result.certificate.features;
  if (all.length === 0) return '';
  const groups = new Map<string, typeof all>();
  for (const feature of all) {
    const group = `${feature.category ?? UNGROUPED}\n${feature.threatEvents ?? ''}`;
    const same = groups.get(group);
    if (same) same.push(feature);
    else groups.set(group, [feature]);
  }
  const textOf = ([, members]: [string, typeof all]) => {
    const [{ category, threatEvents } = {}] = members;
    const mode = threatEvents === undefined ? '' : `, ${markdownText(threatEvents, CELL)}`;
    const names = members
      .sort((a, b) => compare(a.name, b.name))
      .slice(0, MOST_NAMES)
      .map(({ name, key }) => markdownText(name, CELL) + (key && key !== name ? ` (${markdownText(key, CELL)})` : ''));
    const rest = members.length - MOST_NAMES;
    return `**${markdownText(category ?? UNGROUPED, CELL)}**${mode}: ${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  };
  const lines = [...groups].sort(([a], [b]) => compare(a, b));
  const section = `### On the certificate\n\n${bullets(lines, textOf, BUDGET.protections)}`;
  const listeners = listenersBesides(result);
  if (listeners.length === 0) return section;
  const list = bullets(listeners, (name) => markdownCode(name, CELL), BUDGET.listeners);
  return `${section}\n\nThreat-Events without a listener in the app:\n\n${list}`;
}

function protectionCount(result: FusegateResult): string {
  const counts = certificateCounts(result);
  return counts === undefined ? '' : `### On the certificate\n\n${counts}`;
}

function stages(result: FusegateResult): string {
  if (result.stages.length === 0) return '';
  const cellsOf = (stage: (typeof result.stages)[number]) => [
    markdownText(stage.name, CELL),
    `${(stage.durationMs / 1000).toFixed(1)} s`,
    requestsWords(stage),
  ];
  return `### Stages\n\n${table(['Stage', 'Took', 'Requests'], result.stages, cellsOf, BUDGET.stages)}`;
}

function listening(shown: FusegateResult, whole: FusegateResult): string {
  const { listening: found } = shown;
  if (found === undefined || found.events.length === 0) return '';
  const textOf = ({ name, protection, outcome, failed }: ListenedEvent) => {
    const mark = failed ? MARKS.unmet : MARK_OF_LISTENING[outcome];
    const of = protection === undefined ? '' : ` (${markdownText(protection, CELL)})`;
    return `${mark} ${markdownCode(name, CELL)}${of}: ${LISTENING_WORD[outcome]}`;
  };
  const events = bullets(listenedEvents(shown, whole), textOf, BUDGET.listeners);
  const unreadable = unreadableLines(found);
  const dark =
    unreadable.length === 0
      ? ''
      : `Part of the app cannot be read:\n\n${bullets(unreadable, (line) => markdownText(line, CELL), BUDGET.listeners)}\n\n`;
  return `### ${LISTENING_TITLE}\n\n${listeningCount(found)}.\n\n${dark}${events}\n\n${LISTENING_NOTE}`;
}

const MARK_OF_LISTENING: Record<ListenedEvent['outcome'], string> = {
  registered: MARKS.satisfied,
  named: MARKS.warning,
  foreign: MARKS.warning,
  absent: MARKS.warning,
  unknown: MARKS['not-evaluated'],
};

function files(result: FusegateResult): string {
  if (result.files.length === 0) return '';
  const textOf = ({ role, path, sha256, size }: (typeof result.files)[number]) =>
    `${role}: ${markdownCode(path, CELL)}, ${size} bytes, sha256 ${markdownCode(sha256, CELL)}`;
  return `### Files\n\n${bullets(result.files, textOf, BUDGET.files)}`;
}

/** A certificate has 34 kinds of facts; Fusegate did not write a result with more. */
const MOST_FACTS = 100;

function identity(result: FusegateResult): string {
  const rows = [
    ['Build', markdownText(buildSentence(result))],
    ['App id', markdownCode(result.ids.appId ?? '')],
    ['Team', markdownCode(result.ids.teamId ?? '')],
    ['Server', markdownCode(result.server ?? 'not asked')],
    ['Gate', result.gate],
    ['Binding', `${result.binding.level}: ${markdownText(result.binding.message)}`],
    ['Evidence', result.evidence],
    ['PDF sha256', markdownCode(result.certificate.sha256.pdf ?? '')],
    ['JSON sha256', markdownCode(result.certificate.sha256.json ?? '')],
    ['JSON shape', markdownCode(result.certificate.shape.json ?? '')],
    ['Exit', `${result.exitCode}${isRed(result) ? ' (red)' : ''}`],
  ].filter((cells) => cells[1] !== '');
  const facts = Object.entries(result.certificate.facts).slice(0, MOST_FACTS);
  const factRows = facts.map(([name, value]) => [markdownText(name, CELL), markdownCode(value, CELL)]);
  return `### Identity\n\n${bullets([...rows, ...factRows], ([name, value]) => `${name}: ${value}`, BUDGET.facts)}`;
}

function policy(result: FusegateResult): string {
  const source = result.policy.path ? ` from ${markdownCode(result.policy.path)}` : '';
  return `Policy ${markdownCode(result.policy.sha256)}${source}. Fusegate ${markdownCode(result.tool.version)}.`;
}

/** By code point, so that the page does not depend on the machine's language. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
