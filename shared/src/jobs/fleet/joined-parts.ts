/**
 * What is to be joined, app by app. Pure. Only passes are a pass: a result that judges nothing, an app without a result, one with two, and a
 * result of another plan keep the whole from it.
 */
import type { FusegateResult } from '../../model/result.ts';
import type { Finding } from '../../model/verdict.ts';
import { passObjections, refused } from '../../policy/binding/passed-result.ts';
import { shownVerdict } from '../../report/describe.ts';

/** A file that was given: a result, or why it is not one. */
export type ResultFile = { file: string } & ({ result: FusegateResult } | { wrong: Finding });

/** What the fleet file says there must be. */
export interface ExpectedFleet {
  file: string;
  plan: string;
  apps: ReadonlySet<string>;
}

/** One app of the joined result. `result` is absent where there is none to show. */
export interface JoinedPart {
  /** Unique: the app of the fleet, or the file. */
  label: string;
  verdict: 'pass' | 'fail' | 'error';
  findings: Finding[];
  result?: FusegateResult;
  /** The file is not a result. */
  unreadable?: true;
}

/** @returns one part for each file and each absent app, by label */
export function partsOf(files: readonly ResultFile[], expected?: ExpectedFleet): JoinedPart[] {
  const parts = new Map<string, JoinedPart>();
  const seen = new Map<string, string>();
  const plan = expected?.plan ?? planOfMost(files);
  const labels = new Set<string>();
  const real = files.some((one) => 'result' in one && one.result.verdict === 'pass' && !one.result.rehearsal);
  for (const one of files) {
    const name = 'result' in one ? one.result.fleet?.app : undefined;
    const label = unique(plainLabel(name !== undefined && !seen.has(name) ? name : one.file), labels);
    if ('wrong' in one) {
      parts.set(label, { label, verdict: 'error', findings: [one.wrong], unreadable: true });
      continue;
    }
    const objections = [
      ...placeObjections(one.file, one.result, expected, plan),
      ...(name !== undefined && seen.has(name) ? [twice(name, seen.get(name) ?? '', one.file)] : []),
      ...(real && one.result.verdict === 'pass' && one.result.rehearsal ? [amongOthers(label)] : []),
    ];
    if (name !== undefined && !seen.has(name)) seen.set(name, one.file);
    parts.set(label, judged(label, one.result, objections));
  }
  for (const app of expected?.apps ?? []) {
    if (seen.has(app)) continue;
    const label = unique(app, labels);
    parts.set(label, { label, verdict: 'error', findings: [absent(app)] });
  }
  return [...parts.values()].sort((a, b) => (a.label < b.label ? -1 : 1));
}

function judged(label: string, result: FusegateResult, objections: Finding[]): JoinedPart {
  const verdict = shownVerdict(result);
  if (objections.length > 0) return { label, verdict: 'error', findings: objections, result };
  if (verdict === 'fail' || verdict === 'error') return { label, verdict, findings: [], result };
  if (verdict === 'not-evaluated') return { label, verdict: 'error', findings: [notJudged(label, result)], result };
  // Whether its own job went on does not belong to the verdict, and a certificate given as a file need not name its build.
  const gate = result.gate === 'warn' ? 'enforce' : result.gate;
  const claims = { ...result, gate, ids: { buildId: 'not asked for', ...result.ids } };
  const found = passObjections(claims);
  return { label, verdict: found.length > 0 ? 'error' : 'pass', findings: found, result };
}

/** Whether it belongs here at all. */
function placeObjections(
  file: string,
  { fleet }: FusegateResult,
  expected: ExpectedFleet | undefined,
  plan: string | undefined,
): Finding[] {
  if (fleet === undefined) {
    if (expected === undefined) return [];
    const message = `The result ${file} was not made for an app of a fleet file`;
    return [
      {
        code: 'fleet.unknown',
        level: 'error',
        message,
        hint: `Leave ${file} out, or run its app with --fleet and --fleet-app.`,
      },
    ];
  }
  if (plan !== undefined && fleet.plan !== plan) {
    const message = `The result of ${fleet.app} belongs to another plan (${fleet.plan.slice(0, 16)}, not ${plan.slice(0, 16)})`;
    const hint = `Run ${fleet.app} again with the fleet file as it is now, or join its results with the fleet file that they were made with.`;
    return [{ code: 'fleet.other-plan', level: 'error', message, hint }];
  }
  if (expected !== undefined && !expected.apps.has(fleet.app)) {
    const message = `The result ${file} is of ${fleet.app}, which is not an app of ${expected.file}`;
    const hint = `Run this where the app ${fleet.app} lies, if a pattern stands for it; else leave its result out.`;
    return [{ code: 'fleet.unknown', level: 'error', message, hint }];
  }
  return [];
}

/** Without a fleet file, results still belong to one plan: that of the most. */
function planOfMost(files: readonly ResultFile[]): string | undefined {
  const counts = new Map<string, number>();
  for (const one of files) {
    const plan = 'result' in one ? one.result.fleet?.plan : undefined;
    if (plan !== undefined) counts.set(plan, (counts.get(plan) ?? 0) + 1);
  }
  return [...counts].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1))[0]?.[0];
}

function absent(app: string): Finding {
  return {
    code: 'fleet.absent',
    level: 'error',
    message: `${app} has no result`,
    hint: `Look at the job of ${app}: it did not run, was killed, or did not hand on its fusegate-result.json.`,
  };
}

function twice(app: string, first: string, second: string): Finding {
  return {
    code: 'fleet.twice',
    level: 'error',
    message: `${app} has two results: ${first} and ${second}`,
    hint: `Give one result of ${app}, that of the run that counts.`,
  };
}

/** A fleet can be rehearsed as a whole; one forgotten address must not make a release of the others look complete. */
function amongOthers(label: string): Finding {
  return refused(
    'The result is that of a rehearsal, and others are not.',
    `Run ${label} again against the service, or rehearse the whole fleet.`,
  );
}

function notJudged(label: string, { dryRun, mode }: FusegateResult): Finding {
  const why = dryRun ? 'its run was a dry run' : mode === 'validate' ? 'it was only validated' : 'its gate is disabled';
  return {
    code: 'fleet.not-judged',
    level: 'error',
    message: `Nothing was judged: ${why}`,
    hint: `Run ${label} again with gate enforce.`,
  };
}

/** What stands before `: ` in rows and findings, so it has none itself. */
function plainLabel(text: string): string {
  return text.replaceAll(': ', ':') || 'unnamed';
}

function unique(text: string, taken: Set<string>): string {
  let label = text;
  for (let count = 2; taken.has(label); count++) label = `${text} (${count})`;
  taken.add(label);
  return label;
}
