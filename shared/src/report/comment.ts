/**
 * The comment on a pull request: what reviewers need first, the rest folded. It is public where the repository is, so it names no folder of
 * the runner and repeats no identity of the build; those are in the job's summary and result.
 */
import type { FusegateResult } from '../model/result.ts';
import { markdownCode, markdownFence, markdownSentence, markdownText, plainLine } from '../text/untrusted-text.ts';
import {
  appSentence,
  closed,
  errorFindings,
  evidenceLevelSentence,
  groundLines,
  headline,
  originSentence,
  outcomeWord,
  quotedError,
  type ReportedFinding,
  type ReportedRequirement,
  unmetRequirements,
} from './describe.ts';
import { explained, markOf, unmetText, verdictMark } from './markdown.ts';
import { bullets, table, whyRequired } from './markdown-section.ts';
import { waiverState } from './policy-facts.ts';
import { fixLines } from './red-block.ts';
import { type DetailOption, shownTo } from './withhold-names.ts';

export interface CommentOptions extends DetailOption {
  /** The repository's folder, absolute: paths below it are shown relative to it. */
  root: string;
}

/** Bytes per section; GitHub takes 65 536 characters for all of them. */
const BUDGET = {
  missing: 14_000,
  fixes: 5_000,
  requirements: 12_000,
  findings: 10_000,
  waivers: 5_000,
  protections: 10_000,
};
const CELL = 200;
const MOST_FIXES = 3;

/** @returns Markdown for GitHub, less than 60 000 bytes as UTF-8 */
export function renderComment(result: FusegateResult, { detail, root }: CommentOptions): string {
  const shown = withoutFolders(shownTo(result, { detail }), root);
  const sections = [
    `## ${verdictMark(shown)} Fusegate ${markdownText(headline(shown))}`,
    banner(shown),
    missing(shown),
    fixes(shown),
    explained(shown),
    `App: ${markdownText(appSentence(shown))}`,
    folded('Required', shown.requirements.length, requirements(shown)),
    folded('Findings', shown.findings.length, findings(shown)),
    folded('Waivers', shown.waivers.length, waivers(shown)),
    detail === 'counts'
      ? folded(
          'Protections on the certificate',
          shown.certificate.features.length,
          'Names are withheld (detail: counts).',
        )
      : folded('Protections on the certificate', shown.certificate.features.length, protections(shown)),
    folded('How it was judged', 1, ground(shown)),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function banner(result: FusegateResult): string {
  const origin = originSentence(result);
  return origin === undefined ? '' : `> **${markdownText(origin)}**`;
}

/** What keeps the verdict from passing, without repeating the headline. */
function missing(result: FusegateResult): string {
  const told = quotedError(result);
  const errors = errorFindings(result).filter((finding) => finding !== told);
  // Text is made of as many as find room.
  const lines = [
    ...unmetRequirements(result).map((rule) => () => unmetText(rule)),
    ...errors.map(
      ({ message, code }) =>
        () =>
          `❌ ${markdownSentence(closed(message))} ${markdownCode(code)}`,
    ),
  ];
  return lines.length === 0 ? '' : bullets(lines, (text) => text(), BUDGET.missing);
}

function fixes(result: FusegateResult): string {
  const lines = fixLines(result, MOST_FIXES);
  return lines.length === 0 ? '' : bullets(lines, (line) => markdownSentence(line, BUDGET.fixes), BUDGET.fixes);
}

/** @param body Markdown; a blank line on either side lets GitHub read it as such inside the element */
function folded(title: string, count: number, body: string): string {
  if (count === 0 || body === '') return '';
  const summary = count === 1 ? title : `${title} (${count})`;
  return `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

function requirements(result: FusegateResult): string {
  const cellsOf = (rule: ReportedRequirement) => [
    markOf(rule),
    markdownText(rule.requirement, CELL) + (rule.severity === 'warning' ? ' (warning only)' : '') + whyRequired(rule),
    outcomeWord(rule) + (rule.waivedBy ? `: ${markdownText(rule.waivedBy, CELL)}` : ''),
    markdownText(rule.source, CELL),
  ];
  return table(['', 'Protection', 'Outcome', 'Rule'], result.requirements, cellsOf, BUDGET.requirements);
}

function findings(result: FusegateResult): string {
  const textOf = ({ level, code, message, hint, waivedBy }: ReportedFinding) =>
    `**${level}** ${markdownCode(code)} ${markdownSentence(closed(message))} ` +
    (waivedBy ? `Waived: ${markdownText(waivedBy, CELL)}` : `*What to do:* ${markdownSentence(hint, BUDGET.fixes)}`);
  return bullets(result.findings, textOf, BUDGET.findings);
}

function waivers(result: FusegateResult): string {
  const cellsOf = (waiver: FusegateResult['waivers'][number]) => [
    markdownText(waiver.features.join(', '), CELL),
    markdownText([waiver.owner, waiver.ticket].filter(Boolean).join(', '), CELL),
    markdownText(waiver.reason, CELL),
    markdownText(waiver.expires, CELL),
    markdownText(waiverState(waiver), CELL),
  ];
  return table(['Waived', 'By', 'Reason', 'Until', 'State'], result.waivers, cellsOf, BUDGET.waivers);
}

function protections(result: FusegateResult): string {
  const cellsOf = ({ name, category, threatEvents }: FusegateResult['certificate']['features'][number]) => [
    markdownText(name, CELL),
    markdownText(category ?? '', CELL),
    markdownText(threatEvents ?? '', CELL),
  ];
  return table(['Protection', 'Category', 'Threat-Events'], result.certificate.features, cellsOf, BUDGET.protections);
}

function ground(result: FusegateResult): string {
  return markdownFence([
    ...groundLines(result).map((line) => plainLine(line)),
    `Evidence: ${evidenceLevelSentence(result)}`,
    `Binding: ${result.binding.level}`,
    `Fusegate ${result.tool.version}`,
  ]);
}

/** An absolute path, POSIX or Windows, as far as its last separator; not the path of a URL. */
const FOLDERS = /(?<![\w:/\\.~*-])(?:[A-Za-z]:[\\/]|\/|\\\\)(?:[^\s/\\"'`<>|:()[\],;]+[\\/])+/gu;

/**
 * Every text of the result with paths below the repository relative to it, and others by their last part. A text is changed when it is first
 * asked for: of a list of thousands, the comment shows a few dozen.
 */
function withoutFolders(result: FusegateResult, root: string): FusegateResult {
  const below = `${root.replace(/[\\/]+$/u, '')}/`;
  const shorten = (text: string) => (below === '/' ? text : text.replaceAll(below, '')).replace(FOLDERS, '');
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') return shorten(value);
    return typeof value === 'object' && value !== null ? changedWhenRead(value, walk) : value;
  };
  return walk(result) as FusegateResult;
}

/** The same object or list, whose values `change` makes, each once. */
function changedWhenRead(original: object, change: (value: unknown) => unknown): object {
  const changed = new Set<string | symbol>();
  // Of a copy, because a proxy of what is frozen cannot give another value.
  const copy: object = Array.isArray(original) ? [...original] : { ...original };
  return new Proxy(copy as Record<string | symbol, unknown>, {
    get(shown, key) {
      if (Object.hasOwn(shown, key) && !changed.has(key)) {
        changed.add(key);
        shown[key] = change(shown[key]);
      }
      return shown[key];
    },
  });
}
