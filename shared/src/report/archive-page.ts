/** Who lacks what, across many certificates: a Markdown page, a text table, and data. All are functions of the judged archive. */

import type { ARCHIVE_FILES } from '../files/output-paths.ts';
import { defined } from '../model/defined.ts';
import type { FusegateResult } from '../model/result.ts';
import type { RequirementResult } from '../model/verdict.ts';
import type { JudgedArchive, JudgedBuild } from '../policy/rules/archive.ts';
import { aligned } from '../text/columns.ts';
import { markdownCode, markdownText, plainLine } from '../text/untrusted-text.ts';
import { buildTotals, outcomeWord } from './describe.ts';
import { whyRequired } from './markdown.ts';
import { table } from './markdown-section.ts';
import type { DetailOption } from './withhold-names.ts';

/** UTF-8 bytes per section. GitHub drops a step summary larger than 1 MiB. */
const BUDGET = 300_000;
const CELL = 300;

const MARK = { pass: '✅', fail: '❌', error: '❌', 'not-evaluated': '➖' } as const;

function lacking({ verdict }: JudgedBuild): RequirementResult[] {
  return verdict.requirements.filter(
    (one) => one.severity === 'error' && one.outcome !== 'satisfied' && one.outcome !== 'waived',
  );
}

/** Why a build has no verdict, or what it lacks. */
function lackSentence(build: JudgedBuild, detail: 'full' | 'counts'): string {
  const errors = build.verdict.findings.filter((finding) => finding.level === 'error');
  if (build.verdict.outcome === 'error' && lacking(build).every((one) => one.outcome === 'not-evaluated')) {
    const telling =
      errors.find(({ code }) => !/-unreadable$|\.none$/u.test(code)) ??
      errors.find(({ code }) => code !== 'certificate.none') ??
      errors[0];
    return telling?.message ?? 'no verdict';
  }
  const names = lacking(build).map((one) => `${one.requirement} (${outcomeWord(one)})`);
  if (names.length === 0) return '';
  return detail === 'counts' ? `${names.length} requirements` : names.join(', ');
}

function appOf({ facts }: JudgedBuild): string {
  const { app_name: name, app_version: version, bundle_id: bundleId } = facts;
  return [name, version, bundleId && `(${bundleId})`].filter((part) => part !== undefined).join(' ');
}

export function archiveHeadline({ builds }: JudgedArchive): string {
  return buildTotals(builds.map(({ verdict }) => ({ verdict: verdict.outcome })));
}

/** @returns Markdown, less than 1 MiB as UTF-8 */
export function renderArchivePage(archive: JudgedArchive, { detail }: DetailOption): string {
  const cellsOf = (build: JudgedBuild) => [
    MARK[build.verdict.outcome],
    markdownText(build.label, CELL),
    markdownText(appOf(build), CELL),
    markdownText(build.facts.certificate_created ?? '', CELL),
    markdownCode(build.facts.build_id ?? '', CELL),
    markdownText(lackSentence(build, detail), CELL),
  ];
  const sections = [
    `## Fusegate archive: ${archiveHeadline(archive)}`,
    `### Builds\n\n${table(['', 'Certificate', 'App', 'Created', 'Build', 'Lacks'], archive.builds, cellsOf, BUDGET)}`,
    detail === 'counts' ? '' : byRequirement(archive),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

interface RequirementRow {
  /** The rule, as in the first build. */
  of: RequirementResult;
  lacking: string[];
  met: number;
}

/** The other way round: for each requirement, who does not meet it. */
function byRequirement({ builds }: JudgedArchive): string {
  const rows = new Map<string, RequirementRow>();
  for (const build of builds) {
    for (const one of build.verdict.requirements) {
      const row = rows.get(one.id) ?? { of: one, lacking: [], met: 0 };
      if (one.outcome === 'satisfied') row.met += 1;
      else row.lacking.push(`${build.label} (${outcomeWord(one)})`);
      rows.set(one.id, row);
    }
  }
  const cellsOf = (row: RequirementRow) => [
    markdownText(row.of.requirement, CELL) +
      (row.of.severity === 'warning' ? ' (warning only)' : '') +
      whyRequired(row.of),
    String(row.met),
    String(row.lacking.length),
    markdownText(row.lacking.join(', '), CELL),
    markdownText(row.of.source, CELL),
  ];
  const head = ['Requirement', 'Proven in', 'Not in', 'Which', 'Rule'];
  const sorted = [...rows.values()].sort(
    (a, b) => b.lacking.length - a.lacking.length || (a.of.requirement < b.of.requirement ? -1 : 1),
  );
  return rows.size === 0 ? '' : `### Requirements\n\n${table(head, sorted, cellsOf, BUDGET)}`;
}

const COLUMN = 48;
const LINE = 200;
/** For more lines than these, people read the file. */
const MOST_LINES = 200;

/** @returns harmless lines for a log: verdict, certificate, app, what is missing */
export function archiveTable(archive: JudgedArchive, { detail }: DetailOption): string[] {
  const rows = archive.builds.map((build) => [
    build.verdict.outcome,
    plainLine(build.label, COLUMN),
    plainLine(appOf(build), COLUMN),
    plainLine(lackSentence(build, detail), LINE),
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
    return defined({
      label,
      name,
      version,
      bundleId,
      buildId,
      fusionSetId,
      created,
      duplicates,
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
