/** The job summary and `fusegate-summary.md`: one page of Markdown from the result. */

import type { FusegateResult } from '../model/result.ts';
import {
  ADVICE_LIMIT,
  followableUrl,
  markdownCode,
  markdownFence,
  markdownLink,
  markdownSentence,
  markdownText,
} from '../text/untrusted-text.ts';
import {
  buildSentence,
  closed,
  evidenceModeSentence,
  evidenceSentence,
  gateSentence,
  headline,
  isRed,
  originSentence,
  outcomeWord,
  type ReportedFinding,
  type ReportedRequirement,
  requestsWords,
  shownVerdict,
  transportSentence,
} from './describe.ts';
import { bullets, table } from './markdown-section.ts';
import { baselineFacts, waiverState } from './policy-facts.ts';
import { renderVerdictBlock } from './red-block.ts';
import { type DetailOption, shownTo } from './withhold-names.ts';

/**
 * Bytes per section. GitHub drops a step summary larger than 1024 KiB (https://docs.github.com/actions, "Adding a job summary"); the sum
 * stays below that, with room for headings.
 */
const BUDGET = {
  requirements: 200_000,
  findings: 150_000,
  protections: 250_000,
  stages: 20_000,
  files: 60_000,
  listeners: 60_000,
  facts: 60_000,
  waivers: 60_000,
  accepted: 60_000,
  baseline: 20_000,
};

/** The shortest cell that still fits a SHA-256 and a sentence. */
const CELL = 300;

const MARK: Record<ReportedRequirement['outcome'], string> = {
  satisfied: '✅',
  missing: '❌',
  denied: '❌',
  unproven: '❌',
  'no-listener': '❌',
  waived: '⏸️',
  'not-evaluated': '➖',
};

/** A warning never looks like what stopped the job. */
export function markOf({ outcome, severity }: ReportedRequirement): string {
  return severity === 'warning' && MARK[outcome] === '❌' ? '⚠️' : MARK[outcome];
}

/** @returns Markdown (GitHub flavoured, valid CommonMark besides tables), less than 1 MiB as UTF-8. */
export function renderMarkdown(result: FusegateResult, options: DetailOption): string {
  const shown = shownTo(result, options);
  const sections = [
    title(shown),
    banner(shown),
    markdownFence(renderVerdictBlock(shown)),
    requirements(shown),
    findings(shown),
    waivers(shown),
    accepted(shown),
    baseline(shown),
    hosts(shown),
    options.detail === 'counts' ? protectionCount(result) : protections(shown),
    stages(shown),
    files(shown),
    identity(shown),
    policy(shown),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

export function verdictMark(result: FusegateResult): string {
  return { pass: '✅', fail: '❌', error: '❌', 'not-evaluated': '➖' }[shownVerdict(result)];
}

function title(result: FusegateResult): string {
  return `## ${verdictMark(result)} Fusegate ${markdownText(headline(result))}`;
}

function banner(result: FusegateResult): string {
  const rehearsal = originSentence(result);
  return rehearsal ? `> **${markdownText(rehearsal)}**` : '';
}

function requirements(result: FusegateResult): string {
  if (result.requirements.length === 0) return '';
  const cellsOf = (rule: ReportedRequirement) => [
    markOf(rule),
    markdownText(rule.requirement, CELL) + (rule.severity === 'warning' ? ' (warning only)' : '') + whyRequired(rule),
    outcomeWord(rule) + (rule.waivedBy ? `: ${markdownText(rule.waivedBy, CELL)}` : ''),
    markdownText(rule.evidence.length > 0 ? evidenceSentence(rule) : rule.message, CELL),
    markdownText(rule.source, CELL),
  ];
  return `### Required\n\n${table(['', 'Protection', 'Outcome', 'Where', 'Rule'], result.requirements, cellsOf, BUDGET.requirements)}`;
}

/** Why the rule is there, in its author's words, as Markdown after the rule's name. */
export function whyRequired({ reference }: Pick<ReportedRequirement, 'reference'>): string {
  const { id, reason, link } = reference;
  const url = link === undefined ? undefined : followableUrl(link);
  const parts = [
    id === undefined ? '' : markdownCode(id, CELL),
    reason === undefined ? '' : markdownText(reason, CELL),
    link === undefined ? '' : url === undefined ? markdownText(link, CELL) : markdownLink(link, url),
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`;
}

function findings(result: FusegateResult): string {
  if (result.findings.length === 0) return '';
  const textOf = (finding: ReportedFinding) =>
    `**${finding.level}** ${markdownCode(finding.code)} ${markdownSentence(closed(finding.message))}` +
    ` *What to do:* ${markdownSentence(finding.hint, ADVICE_LIMIT)}` +
    (finding.waivedBy ? ` (waived: ${markdownText(finding.waivedBy, CELL)})` : '');
  return `### Findings\n\n${bullets(result.findings, textOf, BUDGET.findings)}`;
}

function waivers(result: FusegateResult): string {
  if (result.waivers.length === 0) return '';
  const cellsOf = (waiver: (typeof result.waivers)[number]) => [
    markdownText(waiver.features.join(', '), CELL),
    markdownText([waiver.owner, waiver.ticket].filter(Boolean).join(', '), CELL),
    markdownText(waiver.reason, CELL),
    markdownText(waiver.expires, CELL),
    markdownText(waiverState(waiver), CELL),
    markdownText(waiver.source, CELL),
  ];
  const head = ['Waived', 'By', 'Reason', 'Until', 'State', 'Rule'];
  return `### Waivers\n\n${table(head, result.waivers, cellsOf, BUDGET.waivers)}`;
}

function accepted(result: FusegateResult): string {
  if (result.accepted.length === 0) return '';
  const cellsOf = ({ kind, text, document, where }: (typeof result.accepted)[number]) => [
    kind,
    markdownText(text, CELL),
    markdownText(`${document} ${where}`, CELL),
  ];
  const intro = 'Not known here, and understood only because the policy accepts it.';
  return `### Accepted wording\n\n${intro}\n\n${table(['Kind', 'Text', 'Where'], result.accepted, cellsOf, BUDGET.accepted)}`;
}

function baseline(result: FusegateResult): string {
  const facts = baselineFacts(result);
  if (facts.length === 0) return '';
  const cellsOf = ([name, value]: (typeof facts)[number]) => [markdownText(name, CELL), markdownText(value, CELL)];
  return `### Compared with the baseline\n\n${table(['', ''], facts, cellsOf, BUDGET.baseline)}`;
}

function hosts(result: FusegateResult): string {
  if (!result.dryRun) return '';
  const cellsOf = ({ host, why }: { host: string; why: string }) => [markdownCode(host, CELL), markdownText(why, CELL)];
  return `### Hosts that a firewall must allow\n\n${table(['Host', 'What for'], result.dryRun.hosts, cellsOf, BUDGET.baseline)}`;
}

const UNGROUPED = 'Without a category';

function protections(result: FusegateResult): string {
  const all = result.certificate.features;
  if (all.length === 0) return '';
  // One table with a category column instead of one per category: hostile input may have thousands of categories.
  const sorted = [...all].sort(
    (a, b) => compare(a.category ?? UNGROUPED, b.category ?? UNGROUPED) || compare(a.name, b.name),
  );
  const cellsOf = (feature: (typeof all)[number]) => [
    markdownText(feature.category ?? UNGROUPED, CELL),
    markdownText(feature.name, CELL),
    feature.key ? markdownCode(feature.key, CELL) : '',
    markdownText(feature.threatEvents ?? '', CELL),
    feature.source,
  ];
  const head = ['Category', 'Protection', 'Key', 'Threat-Events', 'Source'];
  const section = `### On the certificate\n\n${table(head, sorted, cellsOf, BUDGET.protections)}`;
  const listeners = result.certificate.missingListeners;
  if (listeners.length === 0) return section;
  const list = bullets(listeners, (name) => markdownCode(name, CELL), BUDGET.listeners);
  return `${section}\n\nThreat-Events without a listener in the app:\n\n${list}`;
}

function protectionCount(result: FusegateResult): string {
  const { features, missingListeners } = result.certificate;
  if (features.length === 0) return '';
  return `### On the certificate\n\n${features.length} names, ${missingListeners.length} missing listeners (detail: counts).`;
}

const BAR_WIDTH = 20;

function stages(result: FusegateResult): string {
  if (result.stages.length === 0) return '';
  const longest = result.stages.reduce((most, stage) => Math.max(most, stage.durationMs), 1);
  const cellsOf = (stage: (typeof result.stages)[number]) => [
    markdownText(stage.name, CELL),
    markdownCode(stage.startedAt, CELL),
    `${(stage.durationMs / 1000).toFixed(1)} s`,
    '█'.repeat(Math.max(1, Math.round((BAR_WIDTH * stage.durationMs) / longest))),
    requestsWords(stage),
  ];
  const head = ['Stage', 'Started', 'Took', '', 'Requests'];
  return `### Stages\n\n${table(head, result.stages, cellsOf, BUDGET.stages)}`;
}

function files(result: FusegateResult): string {
  if (result.files.length === 0) return '';
  const cellsOf = (file: (typeof result.files)[number]) => [
    file.role,
    markdownCode(file.path, CELL),
    markdownCode(file.sha256, CELL),
    String(file.size),
  ];
  return `### Files\n\n${table(['Role', 'Path', 'SHA-256', 'Bytes'], result.files, cellsOf, BUDGET.files)}`;
}

/** A certificate has 34 kinds of facts; Fusegate did not write a result with more. */
const MOST_FACTS = 100;

function identity(result: FusegateResult): string {
  const rows = [
    ['Build', markdownText(buildSentence(result))],
    ['App id', markdownCode(result.ids.appId ?? '')],
    ['Team', markdownCode(result.ids.teamId ?? '')],
    ['Server', markdownCode(result.server ?? 'not asked')],
    ['Transport', markdownText(transportSentence(result) ?? '')],
    ['Gate', markdownText(gateSentence(result) ?? result.gate)],
    ['Evidence asked for', markdownText(evidenceModeSentence(result) ?? '')],
    ['Binding', `${result.binding.level}: ${markdownText(result.binding.message)}`],
    ['Evidence', result.evidence],
    ['PDF sha256', markdownCode(result.certificate.sha256.pdf ?? '')],
    ['JSON sha256', markdownCode(result.certificate.sha256.json ?? '')],
    ['JSON shape', markdownCode(result.certificate.shape.json ?? '')],
    ['Exit', `${result.exitCode}${isRed(result) ? ' (red)' : ''}`],
  ].filter((cells) => cells[1] !== '');
  const facts = Object.entries(result.certificate.facts).slice(0, MOST_FACTS);
  const factRows = facts.map(([name, value]) => [markdownText(name, CELL), markdownCode(value, CELL)]);
  return `### Identity\n\n${table(['', ''], [...rows, ...factRows], (cells) => cells, BUDGET.facts)}`;
}

function policy(result: FusegateResult): string {
  const source = result.policy.path ? ` from ${markdownCode(result.policy.path)}` : '';
  return `Policy ${markdownCode(result.policy.sha256)}${source}. Fusegate ${markdownCode(result.tool.version)}.`;
}

/** By code point, so that the page does not depend on the machine's language. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
