/** The rows of an archive's result by build: what its page and its summary are made of. The newest build comes first. */
import { printedTime } from '../certificate/printed-time.ts';
import type { FusegateResult } from '../model/result.ts';
import { isUnmet, type ReportedFinding, type ReportedRequirement } from './describe.ts';

export type Build = NonNullable<FusegateResult['builds']>[number];

export interface Row {
  build: Build;
  /** What the build's certificate says to each rule of the policy, by the rule's id. */
  rules: Map<string, ReportedRequirement>;
  findings: ReportedFinding[];
}

/** A rule of the policy, which every build is asked. */
export interface Column {
  id: string;
  title: string;
}

/** Rows of an archive begin with the label of their build, which may itself contain a colon. */
export function splitLabel(text: string, labels: ReadonlySet<string>): { label: string; rest: string } | undefined {
  for (let at = text.lastIndexOf(': '); at > 0; at = text.lastIndexOf(': ', at - 1)) {
    const label = text.slice(0, at);
    if (labels.has(label)) return { label, rest: text.slice(at + 2) };
  }
  return undefined;
}

export function rowsOf(shown: FusegateResult, whole: FusegateResult): Row[] {
  const builds = newestFirst(whole.builds ?? []);
  const rows = new Map(builds.map((build): [string, Row] => [build.label, { build, rules: new Map(), findings: [] }]));
  const labels = new Set(rows.keys());
  whole.requirements.forEach(({ id }, index) => {
    const found = splitLabel(id, labels);
    const rule = shown.requirements[index];
    if (found && rule) rows.get(found.label)?.rules.set(found.rest, rule);
  });
  whole.findings.forEach(({ message }, index) => {
    const label = splitLabel(message, labels)?.label;
    const finding = shown.findings[index];
    if (label !== undefined && finding) rows.get(label)?.findings.push(finding);
  });
  return [...rows.values()];
}

/** More columns than a policy has rules would come from a result that no policy made. */
const MOST_COLUMNS = 100;

export function columnsOf(whole: FusegateResult, rows: readonly Row[], detail: 'full' | 'counts'): Column[] {
  const labels = new Set(rows.map(({ build }) => build.label));
  const columns = new Map<string, Column>();
  for (const { id, requirement } of whole.requirements) {
    const rule = splitLabel(id, labels)?.rest ?? id;
    const name = splitLabel(requirement, labels)?.rest ?? requirement;
    const title = detail === 'counts' ? `Protection ${columns.size + 1}` : name;
    if (columns.size < MOST_COLUMNS && !columns.has(rule)) columns.set(rule, { id: rule, title });
  }
  return [...columns.values()];
}

export function isUnreadable({ build, rules }: Row): boolean {
  const isJudged = [...rules.values()].some(({ outcome }) => outcome !== 'not-evaluated');
  return build.verdict === 'error' && !isJudged && build.buildId === undefined && build.name === undefined;
}

/** The rules that keep a build from passing. */
export function lackingOf({ rules }: Row): Array<[string, ReportedRequirement]> {
  return [...rules].filter(([, rule]) => isUnmet(rule));
}

/** @returns undefined unless the file could not be read at all */
export function unreadableFinding(row: Row): ReportedFinding | undefined {
  if (!isUnreadable(row)) return undefined;
  const { build, findings } = row;
  const why = findings.find(({ code }) => /-unreadable$/u.test(code)) ?? findings[0];
  return why && { ...why, feature: build.label, message: why.message.replace(`${build.label}: `, '') };
}

export function buildWords({ label, name, version, created }: Build): string {
  return [name ?? label, version, isoDay(created)].filter(Boolean).join(' ');
}

/** Builds whose certificate states no time come last, in their own order. */
export function newestFirst(builds: readonly Build[]): Build[] {
  const time = ({ created }: Build) => printedTime(created ?? '') ?? Number.NEGATIVE_INFINITY;
  return builds
    .map((build) => ({ build, at: time(build) }))
    .sort((a, b) => (a.at === b.at ? 0 : b.at - a.at))
    .map(({ build }) => build);
}

/** `2026-11-29` for `29-Nov-26, 06:35 UTC`; text that is not a time stays as it is. */
export function isoDay(created: string | undefined): string {
  const time = printedTime(created ?? '');
  return time === undefined ? (created ?? '') : new Date(time).toISOString().slice(0, 10);
}
