/**
 * Waivers: rules lifted for a while, with an owner and a reason.
 *
 * A waiver lifts rules about exactly one protection: a name, `key: NAME` or a forbidden name. It never lifts a group (`any-of`, `all-of`,
 * `at-least`), a build condition or what a baseline asks for, nor another spelling of the same thing in a group. It lifts nothing if the
 * documents contradict each other, because then there is no verdict.
 */

import { platformOf } from '../../certificate/identity.ts';
import type { FactName } from '../../model/certificate.ts';
import { defined } from '../../model/defined.ts';
import type { Platform } from '../../model/run-request.ts';
import type { Finding, RequirementResult, WaiverRecord } from '../../model/verdict.ts';
import { DAY_MS, dayOf, endOf, lastDay } from '../../text/calendar-day.ts';
import { DEFAULT_WAIVER_DAYS, type MergedPolicy } from '../file/policy-chain.ts';
import type { PolicyProblem } from '../file/policy-problem.ts';
import type { DeclaredWaiver, PolicyPlan, Rule, Waiver } from '../rules/rule.ts';
import type { Sources } from '../rules/sources.ts';
import { type Aliases, buildKeyOf, protectionId, readSubject } from '../rules/subjects.ts';

/** Long enough to change the app and release it. */
const WARN_DAYS = 14;

/** Whole days until it ends, counting today; 0 or less = expired. */
export function daysLeft(expires: string, now: number): number {
  const end = endOf(expires);
  return end === undefined ? Number.NEGATIVE_INFINITY : Math.ceil((end - now) / DAY_MS);
}

/** @param now milliseconds since the epoch, from which `max-waiver-days` counts; absent = not checked */
export function planWaivers(
  policy: MergedPolicy,
  aliases: Aliases,
  rules: readonly Rule[],
  now: number | undefined,
): { waivers: Waiver[]; problems: PolicyProblem[] } {
  const waivers: Waiver[] = [];
  const problems: PolicyProblem[] = [];
  const ruled = new Set(rules.map(subjectOfRule));
  for (const { value, source, place } of policy.waivers) {
    const subjects: string[] = [];
    const orphans: string[] = [];
    for (const feature of value.features) {
      const subject = subjectOfName(feature, aliases);
      if ('refusal' in subject) {
        const { message, allowed, negated } = subject.refusal;
        const write = negated ? 'the name alone, as its rule has it' : allowed;
        problems.push({ option: place, value: feature, message, allowed: write });
      } else {
        subjects.push(subject.id);
        if (!ruled.has(subject.id)) orphans.push(feature);
      }
    }
    const wrong = dateProblem(value, policy.maxWaiverDays?.value, now);
    if (wrong) problems.push({ option: place, value: value.expires, ...wrong });
    else if (subjects.length === value.features.length) waivers.push({ ...value, subjects, orphans, source });
  }
  return { waivers: waivers.sort((a, b) => (canonicalWaiver(a) < canonicalWaiver(b) ? -1 : 1)), problems };
}

/** @returns the subject that a name means, as `subjectOfRule` defines it: Diagnostic Logs are one, since they can be forbidden */
export function subjectOfName(name: string, aliases: Aliases) {
  if (buildKeyOf(name) === 'extended-logs') return { id: 'feature:diagnostic_logs' };
  const read = readSubject(name, aliases);
  return 'refusal' in read ? read : { id: protectionId(read.condition) };
}

function dateProblem(waiver: DeclaredWaiver, declared: number | undefined, now: number | undefined) {
  const end = endOf(waiver.expires);
  const most = declared ?? DEFAULT_WAIVER_DAYS;
  if (end === undefined) return { message: 'is not a calendar day', allowed: 'YYYY-MM-DD' };
  if (now === undefined || daysLeft(waiver.expires, now) <= most) return undefined;
  const bound = declared === undefined ? `the default of max-waiver-days, ${most}` : `max-waiver-days: ${most}`;
  return { message: `is further ahead of ${dayOf(now)} than ${bound}`, allowed: `${lastDay(now, most)} at the latest` };
}

/** The whole waiver in one line, for the digest. */
export function canonicalWaiver({ subjects, reason, owner, ticket, expires, scope }: Waiver): string {
  const where = Object.entries(scope).sort(([a], [b]) => (a < b ? -1 : 1));
  const about = [...new Set(subjects)].sort();
  return JSON.stringify({ subjects: about, expires, owner, reason, ticket, scope: Object.fromEntries(where) });
}

/** @returns the subject that a rule is about, if it is about exactly one */
export function subjectOfRule(rule: Rule): string | undefined {
  const { condition } = rule;
  if (condition.kind === 'forbid') return protectionId(condition.subject);
  return condition.kind === 'feature' || condition.kind === 'key' ? protectionId(condition) : undefined;
}

export interface AppliedWaivers {
  rules: Rule[];
  /** All waivers of the policy; `active` means "may lift a rule" until `settleWaivers` has seen which rules needed it. */
  records: WaiverRecord[];
  /** Expired ones that would have applied, and those that no rule is about. */
  findings: Finding[];
}

/** @param now undefined = the day is unknown, so no waiver applies */
export function applyWaivers(plan: PolicyPlan, sources: Sources, now: number | undefined): AppliedWaivers {
  const { waivers = [], maxWaiverDays = DEFAULT_WAIVER_DAYS } = plan;
  const states = waivers.map((waiver) => {
    const mismatch = scopeMismatch(waiver, sources, plan.platform);
    const state = mismatch === undefined ? stateOf(waiver, maxWaiverDays, now) : ('out-of-scope' as const);
    return { waiver, state, mismatch };
  });
  const having = (state: WaiverRecord['state']) =>
    states.filter((one) => one.state === state).map(({ waiver }) => waiver);
  const active = having('active');
  const expired = having('expired');
  const elsewhere = states.filter(({ state }) => state === 'out-of-scope');
  const rules = plan.rules.map((rule) => {
    const subject = subjectOfRule(rule);
    if (subject === undefined) return rule;
    const found = active.find((waiver) => waiver.subjects.includes(subject));
    if (found !== undefined) return { ...rule, waivedBy: waiverSentence(found) };
    const ended = expired.find((waiver) => waiver.subjects.includes(subject));
    if (ended !== undefined) return { ...rule, waiverNote: endedSentence(ended) };
    const other = elsewhere.find(({ waiver }) => waiver.subjects.includes(subject));
    return other === undefined ? rule : { ...rule, waiverNote: elsewhereSentence(other.waiver, other.mismatch) };
  });
  return {
    rules,
    records: states.map(({ waiver, state, mismatch }) => recordOf(waiver, state, mismatch)),
    findings: states.flatMap(({ waiver, state }) => planFindings(waiver, state)),
  };
}

/** Whether a waiver may lift it today; the scope of a waiver is known only from the certificate, so it does not count here. */
export function mayBeWaived(rule: Rule, plan: Pick<PolicyPlan, 'waivers' | 'maxWaiverDays'>, now: number): boolean {
  const { waivers = [], maxWaiverDays = DEFAULT_WAIVER_DAYS } = plan;
  const subject = subjectOfRule(rule);
  if (subject === undefined) return false;
  return waivers.some((one) => one.subjects.includes(subject) && stateOf(one, maxWaiverDays, now) === 'active');
}

/** What can be said about a waiver before anything is judged. */
export function stateOf(waiver: Waiver, maxWaiverDays: number, now: number | undefined): WaiverRecord['state'] {
  const left = now === undefined ? Number.NEGATIVE_INFINITY : daysLeft(waiver.expires, now);
  if (left <= 0) return 'expired';
  if (waiver.orphans.length === waiver.features.length) return 'orphan';
  // The plan refuses one that reaches too far; the same limit applies to a plan made on another day.
  return left <= maxWaiverDays ? 'active' : 'unused';
}

function recordOf(
  { features, owner, reason, ticket, expires, source }: Waiver,
  state: WaiverRecord['state'],
  mismatch: string | undefined,
): WaiverRecord {
  return { features, owner, reason, expires, source, state, ...defined({ ticket, mismatch }) };
}

/** Expired, or about something that no rule asks for. */
export function planFindings(waiver: Waiver, state: WaiverRecord['state']): Finding[] {
  const { features, orphans, source, expires, owner } = waiver;
  const feature = features.join(', ');
  if (state === 'out-of-scope') return [];
  if (state === 'expired') {
    return [
      {
        code: 'waiver.expired',
        level: 'warning',
        feature,
        message: `The waiver for ${feature} (${source}) expired on ${expires} and lifts nothing`,
        hint: `Remove it, or ask ${owner} for a new decision.`,
      },
    ];
  }
  if (orphans.length === 0) return [];
  return [
    {
      code: 'waiver.orphan',
      level: 'warning',
      feature: orphans.join(', '),
      message: `The waiver for ${feature} (${source}) is about ${orphans.join(', ')}, and no rule asks for that by itself`,
      hint: 'Take the name out of the waiver, or write it as the rule does. A waiver never lifts a group.',
    },
  ];
}

export function waiverSentence({
  owner,
  expires,
  reason,
  ticket,
  source,
}: Pick<WaiverRecord, 'owner' | 'expires' | 'reason' | 'ticket' | 'source'>): string {
  return `${owner} until ${expires}: ${reason}${ticket === undefined ? '' : ` (${ticket})`} [${source}]`;
}

/** Appended to why a rule is not met, so that the reader learns at once why the same build was green yesterday. */
function endedSentence({ owner, expires, source }: Waiver): string {
  return `the waiver of ${owner} [${source}] ended on ${expires}`;
}

function elsewhereSentence({ owner, source }: Waiver, mismatch: string | undefined): string {
  return `the waiver of ${owner} [${source}] is not for this build (${mismatch})`;
}

/**
 * Every value that a document states must match the scope, and at least one document must state it.
 * @returns what differs: `bundle-id com.example.app, not com.example.qa.*`; undefined if it is in scope
 */
function scopeMismatch({ scope }: Waiver, sources: Sources, platform: Platform | undefined): string | undefined {
  const stated = (name: FactName) => {
    const facts = sources.readable.flatMap((document) => document.facts[name] ?? []);
    // Where only values are stated that are not understood, nothing is.
    return facts.every(({ unread }) => unread !== undefined) ? [] : facts.map(({ value }) => value.trim());
  };
  const differs = (key: string, wanted: string | undefined, values: string[], holds: (value: string) => boolean) => {
    if (wanted === undefined || (values.length > 0 && values.every(holds))) return [];
    return [`${key} ${[...new Set(values)].join(', ') || 'that no certificate states'}, not ${wanted}`];
  };
  const { bundleId, fusionSetId, platform: only } = scope;
  const platforms = [...stated('platform'), ...stated('app_type')].map(platformOf).filter((one) => one !== undefined);
  const set = fusionSetId?.trim().toLowerCase();
  const parts = [
    ...differs('bundle-id', bundleId, stated('bundle_id'), globOf(bundleId ?? '')),
    ...differs('fusion-set-id', fusionSetId, stated('fusion_set_id'), (value) => value.toLowerCase() === set),
    ...differs('platform', only, platform === undefined ? platforms : [platform, ...platforms], (one) => one === only),
  ];
  return parts.length === 0 ? undefined : parts.join('; ');
}

/** `*` stands for any characters, every other character for itself. Compared piece by piece, so that no untrusted pattern is run. */
function globOf(written: string): (value: string) => boolean {
  const [head = '', ...pieces] = written.trim().split('*');
  const tail = pieces.pop();
  if (tail === undefined) return (value) => value === head;
  return (value) => {
    if (!value.startsWith(head) || !value.endsWith(tail)) return false;
    let from = head.length;
    for (const piece of pieces) {
      const at = value.indexOf(piece, from);
      if (at === -1) return false;
      from = at + piece.length;
    }
    return from <= value.length - tail.length;
  };
}

/** The records and their findings once every rule is judged: which were needed, which end soon. */
export function settleWaivers(
  records: readonly WaiverRecord[],
  requirements: readonly RequirementResult[],
  now: number | undefined,
): { records: WaiverRecord[]; findings: Finding[] } {
  const settled = records.map((record): WaiverRecord => {
    const sentence = waiverSentence(record);
    const used = requirements.some((one) => one.outcome === 'waived' && one.waivedBy === sentence);
    return record.state === 'active' && !used ? { ...record, state: 'unused' } : record;
  });
  return { records: settled, findings: settled.flatMap((record) => recordFindings(record, now)) };
}

function recordFindings(record: WaiverRecord, now: number | undefined): Finding[] {
  const { features, owner, source, expires, state } = record;
  const feature = features.join(', ');
  if (state === 'unused') {
    return [
      {
        code: 'waiver.unused',
        level: 'warning',
        feature,
        message: `The waiver for ${feature} (${source}) lifts nothing here: no rule about it alone fails`,
        hint: 'Remove it, so that it does not hide a failure later.',
      },
    ];
  }
  const days = now === undefined ? 0 : daysLeft(expires, now);
  if (state !== 'active' || days > WARN_DAYS) return [];
  return [
    {
      code: 'waiver.expires-soon',
      level: 'warning',
      feature,
      message: `The waiver for ${feature} (${source}) ends in ${days === 1 ? '1 day' : `${days} days`}, after ${expires}; then its rule fails`,
      hint: `${owner}: fix the app, or decide again before that day.`,
      waivedBy: waiverSentence(record),
    },
  ];
}
