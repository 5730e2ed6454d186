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

export function isUnreadable({ build }: Row): boolean {
  return build.unreadable === true;
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

/** By the time on the certificate, which has no seconds, then by that in the build id, then by name. Builds without a time come last. */
export function newestFirst(builds: readonly Build[]): Build[] {
  return builds
    .map((build) => ({ build, printed: printedTime(build.created ?? ''), inId: timeInId(build.buildId) }))
    .sort(
      (a, b) =>
        later(a.printed ?? Number.NEGATIVE_INFINITY, b.printed ?? Number.NEGATIVE_INFINITY) ||
        later(a.inId, b.inId) ||
        later(b.build.label, a.build.label),
    )
    .map(({ build }) => build);
}

function later<T extends string | number>(a: T, b: T): number {
  if (a === b) return 0;
  return a > b ? -1 : 1;
}

/** `time_low-time_mid-1time_hi-…` of RFC 9562 §5.1. */
const VERSION_1 = /^([0-9a-f]{8})-([0-9a-f]{4})-1([0-9a-f]{3})-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/iu;

/** @returns 60 bits as hexadecimal digits, more than a number holds; empty for an id that has no time */
function timeInId(id: string | undefined): string {
  const [, low, mid, high] = VERSION_1.exec(id ?? '') ?? [];
  return low === undefined ? '' : `${high}${mid}${low}`.toLowerCase();
}

/** The day of a build, with the time where several of the rows are of that day. */
export function shownTimes(rows: readonly Row[]): (build: Build) => string {
  const days = rows.map(({ build }) => isoDay(build.created));
  const busy = new Set(days.filter((day, at) => days.indexOf(day) !== at));
  return ({ created }) => {
    const day = isoDay(created);
    const time = printedTime(created ?? '');
    return busy.has(day) && time !== undefined ? `${day} ${new Date(time).toISOString().slice(11, 16)}` : day;
  };
}

/** `2026-11-29` for `29-Nov-26, 06:35 UTC`; text that is not a time stays as it is. */
export function isoDay(created: string | undefined): string {
  const time = printedTime(created ?? '');
  return time === undefined ? (created ?? '') : new Date(time).toISOString().slice(0, 10);
}
