/** The first lines of every run: the same in log, annotation, summary and report. At most 15 lines of plain text. */

import type { FusegateResult } from '../model/result.ts';
import { errorsPageSentence } from '../text/errors-page.ts';
import { ADVICE_LIMIT, plainLine } from '../text/untrusted-text.ts';
import {
  appPlaceSentence,
  appSentence,
  buildSentence,
  errorFindings,
  evidenceLevelSentence,
  firstError,
  groundLines,
  headline,
  isComplaint,
  judgeAgain,
  OUTCOME_WORD,
  originSentence,
  quotedError,
  type ReportedFinding,
  type ReportedRequirement,
  requirementSentence,
  unmetRequirements,
  waivedRequirements,
} from './describe.ts';

export const BLOCK_LIMIT = 15;

/**
 * A red result: what, why (each with where it was looked for and the rule), the fix, evidence, build, where the app is, and the command
 * that judges again without paying, and where to read on. A green one: the same in short, with its warnings.
 *
 * @returns 1 to 15 lines, each harmless in any log
 */
export function renderVerdictBlock(result: FusegateResult): string[] {
  const head = [`Fusegate ${headline(result)}`, `App: ${appSentence(result)}`];
  const origin = originSentence(result);
  if (origin) head.push(origin);
  const entries = isComplaint(result) ? complaints(result) : remarks(result);
  const around = tailLines(result);
  const code = codeToExplain(result);
  // What is wrong comes before where to read about it.
  const crowded = head.length + around.length + LEAST_FIXES + Math.min(entries.length, ROOM_FOR_ENTRIES) >= BLOCK_LIMIT;
  const rest = code === undefined || crowded ? around : [...around, errorsPageSentence(code)];
  const fixes = fixLines(result, BLOCK_LIMIT - head.length - rest.length - Math.min(entries.length, ROOM_FOR_ENTRIES));
  const tail = [...fixes, ...rest];
  const room = BLOCK_LIMIT - head.length - tail.length;
  return [...head, ...fitting(entries, room), ...tail].map((line) => plainLine(line, ADVICE_LIMIT));
}

/** The one code whose explanation a report names: that of the first error. */
export function codeToExplain(result: FusegateResult): string | undefined {
  return isComplaint(result) ? firstError(result)?.code : undefined;
}

/** What keeps the verdict from passing, one line each, without repeating the headline. */
function complaints(result: FusegateResult): string[] {
  const told = quotedError(result);
  const errors = errorFindings(result);
  const messages = new Set(errors.map((finding) => finding.message));
  const lines = errors.filter((finding) => finding !== told).map((finding) => `- ${finding.message} [${finding.code}]`);
  const unmet = unmetRequirements(result);
  const judged = unmet.filter((rule) => rule.outcome !== 'not-evaluated' && !messages.has(rule.message));
  lines.push(...judged.map((rule) => `- ${requirementSentence(rule)}`));
  // The line to paste comes before the third missing name, because it fixes a wrong pairing.
  const unclaimed = result.findings.find((finding) => finding.code === 'features.unclaimed');
  if (unclaimed) lines.splice(Math.min(lines.length, 2), 0, `- ${unclaimed.message} ${unclaimed.hint}`);
  const unjudged = unmet.filter((rule) => rule.outcome === 'not-evaluated');
  if (unjudged.length > 0) lines.push(notJudgedLine(unjudged));
  return [...lines, ...result.findings.filter(isOnSomebodysWord).map(({ message, code }) => `- ${message} [${code}]`)];
}

/** What every output names: where the verdict relies on the policy's author, or on whoever set an option. */
export function isOnSomebodysWord({ code, level }: ReportedFinding): boolean {
  return level !== 'error' && (code === 'policy.alias-used' || code === 'gate.weakened');
}

function notJudgedLine(rules: ReportedRequirement[]): string {
  const names = rules.map((rule) => rule.requirement).join(', ');
  return `- ${OUTCOME_WORD['not-evaluated']}: ${names} [${[...new Set(rules.map((rule) => rule.source))].join(', ')}]`;
}

/** What was not proven although the run is green, then warnings, since lines are few. Does not repeat the origin's line. */
function remarks(result: FusegateResult): string[] {
  const told = originSentence(result) === undefined ? undefined : 'server.rehearsal';
  const of = (level: 'warning' | 'note') =>
    result.findings.filter((finding) => finding.level === level && finding.code !== told);
  return [
    ...waivedRequirements(result).map(
      (rule) => `- waived: ${rule.requirement}, by ${rule.waivedBy ?? 'no reason is recorded'}`,
    ),
    ...of('warning').map(({ message, hint, code }) => `- warning: ${sentence(message)} ${hint} [${code}]`),
    ...of('note').map(({ message, code }) => `- note: ${message} [${code}]`),
  ];
}

function sentence(text: string): string {
  return /[.!?]$/u.test(text) ? text : `${text}.`;
}

/** As many lines as fit; the last one counts the rest. */
function fitting(lines: string[], room: number): string[] {
  if (lines.length <= room) return lines;
  const kept = lines.slice(0, room - 1);
  return [...kept, `- and ${lines.length - kept.length} more, all of them in fusegate-result.json`];
}

const LEAST_FIXES = 1;
const MOST_FIXES = 3;
/** Lines reserved for complaints: what is wrong comes before how to fix it. */
const ROOM_FOR_ENTRIES = 3;

/** The next steps of a red run: at least one and at most `room` of them. */
export function fixLines(result: FusegateResult, room: number): string[] {
  if (!isComplaint(result)) return [];
  const findings = [firstError(result), ...errorFindings(result)].filter((finding) => finding !== undefined);
  const steps = distinctSteps([
    ...findings.map(({ hint, feature }) => ({ hint, name: feature })),
    ...unmetRequirements(result).map(({ hint, feature, requirement }) => ({
      hint,
      name: feature?.name ?? requirement,
    })),
  ]);
  // A line to paste settles every rule that waits for it.
  const pasted = steps.filter((step) => LINE_TO_PASTE.test(step));
  const ordered = [...new Set([...pasted, ...steps])];
  const shown = ordered.slice(0, Math.max(LEAST_FIXES, Math.min(MOST_FIXES, room)));
  const rest = ordered.length - shown.length;
  const more = rest === 0 ? '' : ` And ${rest} more next ${rest === 1 ? 'step' : 'steps'} in fusegate-result.json.`;
  // On the last of them, as lines are few.
  return shown.map((step, at) =>
    at === shown.length - 1 ? `${plainLine(`Fix: ${step}`, ADVICE_LIMIT - more.length)}${more}` : `Fix: ${step}`,
  );
}

/** The line of a policy that accepts wording (policy/rules/understood.ts). */
const LINE_TO_PASTE = /`[^`]*\baccept: \{/u;
const NAME = '\0';

interface Advised {
  name?: string | undefined;
  hint?: string | undefined;
}

/** Items by their next step: hints that differ only in the protection they name are one step, and so are identical ones. */
export function alikeSteps<T extends Advised>(
  items: readonly T[],
): Array<{ items: T[]; hint: string | undefined; step: string | undefined }> {
  const alike = new Map<string | undefined, T[]>();
  const formOf = ({ name, hint }: T) => (name ? hint?.replaceAll(name, NAME) : hint);
  for (const item of items) {
    const same = alike.get(formOf(item));
    if (same) same.push(item);
    else alike.set(formOf(item), [item]);
  }
  return [...alike].map(([form, same]) => {
    const hint = same[0]?.hint;
    const [, ...others] = form?.includes(NAME) ? new Set(same.map(({ name }) => name)) : [];
    const step = others.length === 0 ? hint : `${hint} The same for ${others.join(', ')}.`;
    return { items: same, hint, step };
  });
}

function distinctSteps(advised: readonly Advised[]): string[] {
  const steps = alikeSteps(advised);
  const held = (hint: string) => steps.some((other) => other.hint !== hint && other.hint?.includes(hint));
  return steps.flatMap(({ hint, step }) => (hint === undefined || step === undefined || held(hint) ? [] : [step]));
}

function tailLines(result: FusegateResult): string[] {
  const lines = groundLines(result);
  lines.push(`Evidence: ${evidenceLevelSentence(result)}`, `Build: ${buildSentence(result)}`);
  lines.push(`Protected app: ${appPlaceSentence(result)}`);
  const again = judgeAgain(result);
  if (again) lines.push(`${again.when}: ${again.command}`);
  return lines;
}
