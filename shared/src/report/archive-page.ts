/** Who lacks what, across many certificates: a Markdown page, a text table, and data. The job summary has the same Markdown. */

import type { ARCHIVE_FILES } from '../files/output-paths.ts';
import { defined } from '../model/defined.ts';
import type { FusegateResult } from '../model/result.ts';
import type { JudgedArchive } from '../policy/rules/archive.ts';
import { aligned } from '../text/columns.ts';
import { markdownSentence, markdownText, plainLine } from '../text/untrusted-text.ts';
import {
  type Build,
  type Column,
  isUnreadable,
  lackingOf,
  newestFirst,
  type Row,
  shownTimes,
  unreadableFinding,
} from './archive-rows.ts';
import { buildTotals, closed, outcomeWord, type ReportedFinding } from './describe.ts';
import { bullets, CELL, table, whyRequired } from './markdown-section.ts';
import type { DetailOption } from './withhold-names.ts';

/** UTF-8 bytes per section. GitHub drops a step summary larger than 1 MiB. */
const BUDGET = 250_000;

const MARK = { pass: '✅', fail: '❌', error: '❌', 'not-evaluated': '➖' } as const;

/** Why a build has no verdict, or what it lacks. */
export function lackSentence(row: Row, columns: readonly Column[], detail: 'full' | 'counts'): string {
  const errors = row.findings.filter((finding) => finding.level === 'error');
  const lacking = lackingOf(row);
  if (row.build.verdict === 'error' && lacking.every(([, { outcome }]) => outcome === 'not-evaluated')) {
    const telling =
      errors.find(({ code }) => !/-unreadable$|\.none$/u.test(code)) ??
      errors.find(({ code }) => code !== 'certificate.none') ??
      errors[0];
    return telling?.message.replace(`${row.build.label}: `, '') ?? 'no verdict';
  }
  if (lacking.length === 0) return '';
  if (detail === 'counts') return `${lacking.length} requirements`;
  const titles = new Map(columns.map(({ id, title }) => [id, title]));
  return lacking.map(([id, rule]) => `${titles.get(id) ?? rule.requirement} (${outcomeWord(rule)})`).join(', ');
}

function appOf({ name, version, bundleId }: Build): string {
  return [name, version, bundleId && `(${bundleId})`].filter((part) => part !== undefined).join(' ');
}

export function archiveHeadline(archive: JudgedArchive): string {
  return buildTotals(buildsOf(archive));
}

/** @returns Markdown, less than 1 MiB as UTF-8 */
export function renderArchivePage(archive: JudgedArchive, { detail }: DetailOption): string {
  return `## Fusegate archive: ${archiveHeadline(archive)}\n\n${archiveMarkdown(judgedRows(archive), detail)}\n`;
}

interface ArchiveRows {
  rows: readonly Row[];
  columns: readonly Column[];
}

function judgedRows(archive: JudgedArchive): ArchiveRows {
  const judged = new Map(archive.builds.map(({ label, verdict }) => [label, verdict]));
  const columns = new Map<string, Column>();
  const rows = newestFirst(buildsOf(archive)).map((build) => {
    const { requirements = [], findings = [] } = judged.get(build.label) ?? {};
    for (const { id, requirement } of requirements) {
      if (!columns.has(id)) columns.set(id, { id, title: requirement });
    }
    return { build, rules: new Map(requirements.map((rule) => [rule.id, rule])), findings };
  });
  return { rows, columns: [...columns.values()] };
}

/** Builds with what they lack, what is lacking with its builds, and what could not be read. */
export function archiveMarkdown({ rows, columns }: ArchiveRows, detail: 'full' | 'counts'): string {
  const timeOf = shownTimes(rows);
  const cellsOf = (row: Row) => {
    const { label, duplicates = [], verdict } = row.build;
    const copies = duplicates.length > 0 ? `, the same: ${duplicates.join(', ')}` : '';
    return [
      MARK[verdict],
      markdownText([timeOf(row.build), appOf(row.build), `${label}${copies}`].filter(Boolean).join(', '), CELL),
      markdownText(lackSentence(row, columns, detail), CELL),
    ];
  };
  const unread = rows.map(unreadableFinding).filter((one) => one !== undefined);
  const unreadText = ({ feature = '', message, hint }: ReportedFinding) =>
    `**${markdownText(feature, CELL)}** ${markdownSentence(closed(message))} ${markdownSentence(hint)}`;
  const judged = rows.filter((row) => !isUnreadable(row));
  const sections = [
    judged.length === 0 ? '' : `### Builds\n\n${table(['', 'Build', 'Lacks'], judged, cellsOf, BUDGET)}`,
    detail === 'counts' ? '' : byRequirement(judged, columns),
    unread.length === 0 ? '' : `### Files that could not be read\n\n${bullets(unread, unreadText, BUDGET)}`,
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}

/** The other way round: for each requirement, in how many builds it is proven, the rarest first. */
function byRequirement(rows: readonly Row[], columns: readonly Column[]): string {
  const counted = columns.flatMap(({ id, title }) => {
    const rules = rows.map((row) => row.rules.get(id)).filter((rule) => rule !== undefined);
    const [first] = rules;
    const met = rules.filter(({ outcome }) => outcome === 'satisfied').length;
    return first ? [{ first, title, met, not: rules.length - met }] : [];
  });
  const cellsOf = ({ first, title, met, not }: (typeof counted)[number]) => [
    `${markdownText(title, CELL)} (${markdownText(first.source, CELL)}${first.severity === 'warning' ? ', warning only' : ''})` +
      whyRequired(first),
    String(met),
    String(not),
  ];
  const sorted = counted.sort((a, b) => b.not - a.not || (a.title < b.title ? -1 : 1));
  const head = ['Requirement', 'Proven in', 'Not in'];
  return sorted.length === 0 ? '' : `### Requirements\n\n${table(head, sorted, cellsOf, BUDGET)}`;
}

const COLUMN = 48;
const LINE = 200;
/** For more lines than these, people read the file. */
const MOST_LINES = 200;

/** @returns harmless lines for a log: verdict, certificate, app, what is missing */
export function archiveTable(archive: JudgedArchive, { detail }: DetailOption): string[] {
  const judged = judgedRows(archive);
  const rows = judged.rows.map((row) => [
    row.build.verdict,
    plainLine(row.build.label, COLUMN),
    plainLine(appOf(row.build), COLUMN),
    plainLine(lackSentence(row, judged.columns, detail), LINE),
  ]);
  const all = [['VERDICT', 'CERTIFICATE', 'APP', 'LACKS'], ...rows.slice(0, MOST_LINES)];
  const rest = rows.length - MOST_LINES;
  return [
    ...aligned(all),
    ...(rest > 0 ? [`and ${rest} more, all of them in fusegate-archive.md`] : []),
    archiveHeadline(archive),
  ];
}

export function buildsOf({ builds }: JudgedArchive): NonNullable<FusegateResult['builds']> {
  return builds.map(({ label, facts, verdict, duplicates: same }) => {
    const { app_name: name, app_version: version, bundle_id: bundleId } = facts;
    const { build_id: buildId, fusion_set_id: fusionSetId, certificate_created: created } = facts;
    const duplicates = same.length > 0 ? same : undefined;
    const unreadable = verdict.findings.some(({ code }) => code === 'certificate.none') || undefined;
    return defined({
      label,
      name,
      version,
      bundleId,
      buildId,
      fusionSetId,
      created,
      duplicates,
      unreadable,
      verdict: verdict.outcome,
    });
  });
}

/** `fusegate-archive.json`: every build with its verdict. */
export function archiveData({ builds, verdict }: JudgedArchive): Record<string, unknown> {
  return {
    schemaVersion: 1,
    verdict: verdict.outcome,
    builds: builds.map(({ label, files, duplicates, facts, verdict: own }) => ({
      label,
      files,
      duplicates,
      facts,
      verdict: own.outcome,
      evidence: own.evidence,
      missingFeatures: own.missingFeatures,
      requirements: own.requirements,
      findings: own.findings,
    })),
  };
}

export function archiveFiles(
  archive: JudgedArchive,
  options: DetailOption,
): Record<(typeof ARCHIVE_FILES)[number], string> {
  return {
    'fusegate-archive.md': renderArchivePage(archive, options),
    'fusegate-archive.json': `${JSON.stringify(archiveData(archive), null, 2)}\n`,
  };
}
