/**
 * Waivers: a rule lifted for a while, by whom and why.
 *
 * A waiver lifts rules about exactly one protection: a name, `key: NAME` or a forbidden name. It never lifts a group (`any-of`,
 * `all-of`), a build condition or what a baseline asks for, and never another spelling of the same thing in a group. It does not lift
 * anything where the documents contradict each other: then there is no verdict.
 */

import type { Fact, FactName } from '../certificate/certificate.ts';
import { platformOf } from '../certificate/identity.ts';
import type { Platform } from '../options/run-request.ts';
import type { DeclaredWaiver, MergedPolicy } from './policy-chain.ts';
import type { PolicyProblem } from './policy-file.ts';
import type { PolicyPlan, Rule } from './rule.ts';
import type { Sources } from './sources.ts';
import { type Aliases, buildKeyOf, protectionId, readSubject } from './subjects.ts';
import type { Finding, RequirementResult } from './verdict.ts';

export interface Waiver {
  /** As written. */
  feature: string;
  /** Of the protection, without a mode: `feature:proxy_detection`. */
  subject: string;
  reason: string;
  owner: string;
  /** YYYY-MM-DD; holds to the end of that day, UTC. */
  expires: string;
  scope: { bundleId?: string; fusionSetId?: string; platform?: Platform };
  /** `file:line`. */
  source: string;
}

const DAY = 24 * 60 * 60 * 1000;
/** Long enough to mend the app and get it through a release. */
const WARN_DAYS = 14;

/** Milliseconds since the epoch at which it no longer holds; undefined where the date is none. */
export function endOf(expires: string): number | undefined {
  const start = Date.parse(`${expires}T00:00:00Z`);
  if (Number.isNaN(start) || new Date(start).toISOString().slice(0, 10) !== expires) return undefined;
  return start + DAY;
}

/** Whole days until it ends, counting today; 0 or less = expired. */
export function daysLeft(expires: string, now: number): number {
  const end = endOf(expires);
  return end === undefined ? Number.NEGATIVE_INFINITY : Math.ceil((end - now) / DAY);
}

/** @param now milliseconds since the epoch; the bound of `max-waiver-days` counts from it */
export function planWaivers(
  policy: MergedPolicy,
  aliases: Aliases,
  now: number,
): { waivers: Waiver[]; problems: PolicyProblem[] } {
  const waivers: Waiver[] = [];
  const problems: PolicyProblem[] = [];
  for (const { value, source, place } of policy.waivers) {
    const subject = subjectOfWaiver(value, aliases);
    if ('refusal' in subject) problems.push({ option: place, value: value.feature, ...subject.refusal });
    const wrong = dateProblem(value, policy.maxWaiverDays?.value, now);
    if (wrong) problems.push({ option: place, value: value.expires, ...wrong });
    if ('id' in subject && !wrong) waivers.push({ ...value, subject: subject.id, source });
  }
  return { waivers: waivers.sort((a, b) => (canonicalWaiver(a) < canonicalWaiver(b) ? -1 : 1)), problems };
}

function subjectOfWaiver(waiver: DeclaredWaiver, aliases: Aliases) {
  if (buildKeyOf(waiver.feature) === 'extended-logs') return { id: 'feature:diagnostic_logs' };
  const read = readSubject(waiver.feature, aliases);
  return 'refusal' in read ? read : { id: protectionId(read.condition) };
}

function dateProblem(waiver: DeclaredWaiver, most: number | undefined, now: number) {
  const end = endOf(waiver.expires);
  if (end === undefined) return { message: 'is not a day of the calendar', allowed: 'YYYY-MM-DD' };
  if (most === undefined || daysLeft(waiver.expires, now) <= most) return undefined;
  const last = new Date(now + (most - 1) * DAY).toISOString().slice(0, 10);
  return { message: `is further ahead than max-waiver-days: ${most}`, allowed: `${last} at the latest` };
}

/** One line that says all of it, for the digest and for `policy check`. */
export function canonicalWaiver({ feature: _, subject, reason, owner, expires, scope }: Waiver): string {
  const where = Object.entries(scope).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify({ subject, expires, owner, reason, scope: Object.fromEntries(where) });
}

/** @returns the subject that a rule is about, where it is about exactly one */
function subjectOfRule(rule: Rule): string | undefined {
  const { condition } = rule;
  if (condition.kind === 'forbid') return protectionId(condition.subject);
  return condition.kind === 'feature' || condition.kind === 'key' ? protectionId(condition) : undefined;
}

export interface AppliedWaivers {
  rules: Rule[];
  /** Those that hold for this build today. */
  active: Waiver[];
  /** Expired ones that would have held. */
  findings: Finding[];
}

/** @param now undefined = nobody knows what day it is, so none holds */
export function applyWaivers(plan: PolicyPlan, sources: Sources, now: number | undefined): AppliedWaivers {
  const { waivers = [], maxWaiverDays = Number.POSITIVE_INFINITY } = plan;
  const here = waivers.filter((waiver) => inScope(waiver, sources, plan.platform));
  const left = (waiver: Waiver) => (now === undefined ? Number.NEGATIVE_INFINITY : daysLeft(waiver.expires, now));
  const active = here.filter((waiver) => left(waiver) > 0 && left(waiver) <= maxWaiverDays);
  const expired = here.filter((waiver) => left(waiver) <= 0);
  const rules = plan.rules.map((rule) => {
    const subject = subjectOfRule(rule);
    if (subject === undefined) return rule;
    const found = active.find((waiver) => waiver.subject === subject);
    if (found !== undefined) return { ...rule, waivedBy: waiverSentence(found) };
    const ended = expired.find((waiver) => waiver.subject === subject);
    return ended === undefined ? rule : { ...rule, waiverEnded: endedSentence(ended) };
  });
  const findings = expired.map(
    (waiver): Finding => ({
      code: 'waiver.expired',
      level: 'warning',
      feature: waiver.feature,
      message: `The waiver for ${waiver.feature} (${waiver.source}) expired on ${waiver.expires} and lifts nothing`,
      hint: `Remove it, or let ${waiver.owner} decide anew.`,
    }),
  );
  return { rules, active, findings };
}

export function waiverSentence(waiver: Waiver): string {
  return `${waiver.owner} until ${waiver.expires}: ${waiver.reason} [${waiver.source}]`;
}

/** Behind why a rule is not met: who reads it learns at once why the same build was green yesterday. */
function endedSentence({ owner, expires, source }: Waiver): string {
  return `the waiver of ${owner} [${source}] ended on ${expires}`;
}

/** Every value that a document states must be the one of the scope, and at least one document must state it. */
function inScope({ scope }: Waiver, sources: Sources, platform: Platform | undefined): boolean {
  const facts = (name: FactName): Fact[] => sources.readable.flatMap((document) => document.facts[name] ?? []);
  const states = (name: FactName, wanted: string | undefined, fold: (text: string) => string) => {
    if (wanted === undefined) return true;
    const found = facts(name);
    return found.length > 0 && found.every((fact) => fold(fact.value) === fold(wanted));
  };
  const exactly = (text: string) => text.trim();
  const ignoringCase = (text: string) => text.trim().toLowerCase();
  if (!states('bundle_id', scope.bundleId, exactly)) return false;
  if (!states('fusion_set_id', scope.fusionSetId, ignoringCase)) return false;
  if (scope.platform === undefined) return true;
  const stated = [...facts('platform'), ...facts('app_type')]
    .map((fact) => platformOf(fact.value))
    .filter((one) => one !== undefined);
  const known = platform === undefined ? stated : [platform, ...stated];
  return known.length > 0 && known.every((one) => one === scope.platform);
}

/** What is to be said about waivers that hold, once every rule is judged. */
export function waiverFindings(
  active: readonly Waiver[],
  requirements: readonly RequirementResult[],
  now: number | undefined,
): Finding[] {
  return active.flatMap((waiver): Finding[] => {
    const used = requirements.some((one) => one.outcome === 'waived' && one.waivedBy === waiverSentence(waiver));
    const about = { feature: waiver.feature, level: 'warning' as const };
    if (!used) {
      return [
        {
          ...about,
          code: 'waiver.unused',
          message: `The waiver for ${waiver.feature} (${waiver.source}) lifts nothing here: no rule about it alone fails`,
          hint: 'Remove it, so that it does not hide a failure later.',
        },
      ];
    }
    const days = now === undefined ? 0 : daysLeft(waiver.expires, now);
    if (days > WARN_DAYS) return [];
    return [
      {
        ...about,
        code: 'waiver.expires-soon',
        message: `The waiver for ${waiver.feature} (${waiver.source}) ends in ${days === 1 ? '1 day' : `${days} days`}, after ${waiver.expires}; then its rule fails`,
        hint: `${waiver.owner}: mend the app, or decide anew before that day.`,
        waivedBy: waiverSentence(waiver),
      },
    ];
  });
}
