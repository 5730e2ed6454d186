/**
 * Turns what the user wrote into rules: resolves names with the catalogue, unifies spellings and removes duplicates. Rules 1 and 6 of the
 * verdict.
 */
import { createHash } from 'node:crypto';
import { originOf } from '../../api/origin.ts';
import { defined } from '../../model/defined.ts';
import type { UsageProblem } from '../../model/errors.ts';
import type { GateMode, Platform, RequiredFeature } from '../../model/run-request.ts';
import type { Finding, RuleReference } from '../../model/verdict.ts';
import { parseServerUrl } from '../../options/parse-url.ts';
import { normaliseName } from '../../text/normalise.ts';
import { formatDuration } from '../../text/parse-duration.ts';
import { ACCEPTED, type MergedPolicy, weakestEvidence } from '../file/policy-chain.ts';
import { canonicalWaiver, planWaivers } from '../waivers/waivers.ts';
import { asksForProtection, subjectsOf } from './condition.ts';
import { rulesOfPolicy } from './policy-rules.ts';
import type { Accept, Condition, PolicyPlan, Rule, SubjectCondition } from './rule.ts';
import { type Aliases, protectionId, readAliases, readSubject, subjectId } from './subjects.ts';

export interface PlanInput {
  required: RequiredFeature[];
  gate: GateMode;
  platform?: Platform | undefined;
  /** How `required-features` is spelt on this system, for messages; defaults to the command line's spelling. */
  option?: string;
  /** The policy file merged with everything that it extends. */
  policy?: MergedPolicy | undefined;
  /** Origin of the service that this run uses; absent if it uses none. */
  server?: string | undefined;
  /** Milliseconds since the epoch, to find waivers that reach too far ahead. */
  now?: number | undefined;
}

export interface PlanResult {
  plan: PolicyPlan;
  /** All problems at once; exit 2. */
  problems: UsageProblem[];
  notices: string[];
}

const EXAMPLE = 'Root Detection, Anti-Debugging';

/** The line to paste for a platform that a policy has no rules for, with names that may be required there. */
export function exampleFor(platform: Platform): string {
  return `${platform}: { require: [${platform === 'ios' ? 'Jailbreak Detection, Anti-Debugging' : EXAMPLE}] }`;
}

/**
 * Rule 1, for a plan that is judged anyway: zero rules never pass. Where only the certificate tells the platform, this is when it turns out
 * that every rule is for the other one.
 * @param here the rules that apply to the certificate
 */
export function nothingRequired({ rules, path = 'the policy' }: PolicyPlan, here: readonly Rule[]): Finding[] {
  if (here.some(isProtective)) return [];
  const elsewhere = rules.find((rule) => isProtective(rule) && rule.platform !== undefined);
  const finding = (message: string, hint: string): Finding[] => [
    { code: 'usage.invalid', level: 'error', message, hint },
  ];
  if (elsewhere?.platform !== undefined) {
    const { platform, source } = elsewhere;
    const other = platform === 'android' ? 'ios' : 'android';
    return finding(
      `No protection is required for ${other}, so nothing can be proven: what is required is under \`${platform}\` (${source})`,
      `Add to ${path} what builds for ${other} must prove: \`${exampleFor(other)}\``,
    );
  }
  return finding(
    'Nothing is required, so nothing can be proven',
    `Name at least one protection, e.g. \`--required-features "${EXAMPLE}"\`, or turn off the gate with \`--gate disabled\`.`,
  );
}

/** Resolves what is required. Pure. A plan that asks for no protection is a problem under `gate: enforce`, otherwise a notice. */
export function planPolicy(input: PlanInput): PlanResult {
  const { required, gate, option = '--required-features', policy } = input;
  const platform = input.platform ?? policy?.platform?.value;
  const problems: UsageProblem[] = [];
  const notices: string[] = [];
  const { aliases, problems: aliasProblems } = readAliases(policy?.aliases ?? []);
  problems.push(...aliasProblems);
  const rules: Rule[] = [];
  for (const feature of required) {
    const made = ruleOf(feature, aliases, platform);
    if ('problem' in made) problems.push(made.problem);
    else {
      rules.push(made.rule);
      if (made.notice) notices.push(made.notice);
    }
  }
  if (policy) {
    const made = rulesOfPolicy(policy, aliases, platform);
    rules.push(...made.rules);
    problems.push(...made.problems);
    notices.push(...made.notices);
  }
  const plan: PolicyPlan = { rules: [], resolved: {} };
  const distinct = oneOfEach(rules);
  if (policy) {
    const { waivers, problems: waiverProblems } = planWaivers(policy, aliases, distinct, input.now);
    problems.push(
      ...waiverProblems,
      ...serverProblem(policy, input.server),
      ...platformProblem(policy, input.platform),
    );
    addSettings(plan, policy, aliases);
    if (waivers.length > 0) plan.waivers = waivers;
  }
  problems.push(...contradictions(distinct));
  plan.resolved = resolvedForm(distinct, plan, aliases, policy);
  plan.rules = distinct.filter((rule) => platform === undefined || (rule.platform ?? platform) === platform);
  if (platform) plan.platform = platform;
  // Without the app its platform is not known yet; the plan trusts the policy, and the certificate must confirm it.
  if (policy?.platform && input.platform === undefined) {
    plan.platformSource = policy.platform.source;
    plan.rules.push(platformRule(policy.platform));
  }

  if (!plan.rules.some(isProtective) && problems.length === 0 && gate !== 'disabled') {
    const why = whyNothing(plan.rules, distinct, platform);
    const elsewhere = platform !== undefined && distinct.some(isProtective);
    if (gate === 'enforce') {
      problems.push({
        option: policy?.path ?? option,
        message: `${why}, and such a gate cannot pass`,
        allowed: elsewhere ? exampleFor(platform) : policy ? `require: [${EXAMPLE}]` : `${option} "${EXAMPLE}"`,
      });
    } else {
      const where = policy ? `${policy.path} or ${option}` : `${option} is empty`;
      notices.push(`${capital(why)} (${where}), so the verdict cannot be pass. For example: ${option} "${EXAMPLE}"`);
    }
  }
  return { plan, problems, notices: [...new Set(notices)] };
}

/** Whether its failure stops the pipeline because a protection is not proven. */
export function isProtective({ severity, condition }: Rule): boolean {
  return severity === 'error' && asksForProtection(condition);
}

/** Rule 1 in fitting words: what is required, and why it asks for no protection. */
function whyNothing(here: readonly Rule[], everywhere: readonly Rule[], platform: Platform | undefined): string {
  const elsewhere = everywhere.find((rule) => isProtective(rule) && !here.includes(rule));
  if (elsewhere)
    return `no protection is required for ${platform}: what is required is under \`${elsewhere.platform}\``;
  if (here.length === 0) return 'nothing is required';
  const enforced = here.filter((rule) => rule.severity === 'error');
  if (enforced.length === 0) return 'nothing is required that could fail: every rule is a warning';
  const kinds = [...new Set(enforced.flatMap(({ condition }) => kindWords(condition)))];
  const components = [...new Set(enforced.flatMap(({ condition }) => componentsOf(condition)))];
  const named =
    components.length === 0
      ? []
      : [
          `${components.join(', ')} (${components.length === 1 ? 'a component, which only supports' : 'components, which only support'} protections)`,
        ];
  return `no protection is required, only ${[...named, ...kinds].join(' and ')}`;
}

function kindWords(condition: Condition): string[] {
  switch (condition.kind) {
    case 'forbid':
      return ['what must not be there (forbid)'];
    case 'listener':
      return ['listeners (missing-threat-event-listeners)'];
    case 'app-listens':
      return ['listeners (threat-event-listeners)'];
    case 'build':
    case 'signature-validity':
      return ['conditions on the build (build)'];
    case 'feature':
    case 'key':
      return [];
    default:
      return condition.of.flatMap(kindWords);
  }
}

function componentsOf(condition: Condition): string[] {
  return subjectsOf(condition).flatMap((one) =>
    condition.kind !== 'forbid' && one.component ? [one.kind === 'key' ? one.printed : one.name] : [],
  );
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

type Made = { rule: Rule; notice?: string } | { problem: UsageProblem };

function ruleOf(feature: RequiredFeature, aliases: Aliases, platform: Platform | undefined): Made {
  const source = sourceOf(feature);
  const read = readSubject(feature.name, aliases, platform);
  if ('refusal' in read) return { problem: { option: source, value: feature.name, ...read.refusal } };
  const { condition, notice } = read;
  const rule: Rule = {
    requirement: feature.name.trim(),
    severity: 'error',
    source,
    id: subjectId(condition),
    condition,
  };
  return notice === undefined ? { rule } : { rule, notice };
}

function sourceOf({ origin }: RequiredFeature): string {
  return 'option' in origin ? origin.option : `${origin.file}:${origin.line}`;
}

function addSettings(plan: PolicyPlan, policy: MergedPolicy, aliases: Aliases): void {
  plan.path = policy.path;
  if (policy.gate) plan.gate = policy.gate.value;
  const server = policy.server && originOf(policy.server.value);
  if (server !== undefined) plan.server = server;
  if (policy.maxCertificateAge) plan.maxCertificateAgeMs = policy.maxCertificateAge.value;
  if (policy.missingListeners) plan.missingListeners = policy.missingListeners.value;
  const weakest = weakestEvidence(policy);
  if (weakest) plan.evidence = weakest.value;
  if (policy.maxWaiverDays) plan.maxWaiverDays = policy.maxWaiverDays.value;
  const accept = acceptOf(policy);
  if (accept) plan.accept = accept;
  if (aliases.size > 0)
    plan.aliases = Object.fromEntries([...aliases.values()].map(({ name, printed }) => [name, [...new Set(printed)]]));
}

/** Everything that a policy accepts; undefined if it accepts nothing. */
export function acceptOf({ accept }: MergedPolicy): Accept | undefined {
  if (accept.length === 0) return undefined;
  const of = (kind: keyof Accept) =>
    [...new Set(accept.filter(({ value }) => value.kind === kind).map(({ value }) => value.text))].sort();
  return Object.fromEntries(ACCEPTED.map((kind) => [kind, of(kind)])) as Accept;
}

function platformProblem({ platform }: MergedPolicy, of: Platform | undefined): UsageProblem[] {
  if (!platform || of === undefined || of === platform.value) return [];
  return [
    {
      option: platform.place,
      value: platform.value,
      message: `is the only platform of this policy, and this run is for ${of}`,
      allowed: `an app for ${platform.value}, or a policy for ${of}`,
    },
  ];
}

function platformRule({ value, source }: NonNullable<MergedPolicy['platform']>): Rule {
  return {
    id: `build:platform=${value}`,
    requirement: `platform: ${value}`,
    severity: 'error',
    source,
    condition: { kind: 'build', fact: 'platform', operator: '=', value },
  };
}

/** The policy pins the service (design, rule 16); without a service there is nothing to check. */
function serverProblem(policy: MergedPolicy, server: string | undefined): UsageProblem[] {
  if (!policy.server) return [];
  const { place, value } = policy.server;
  const pinned = originOf(value);
  const wrong = originProblem(value);
  if (wrong !== undefined)
    return [{ option: place, value, message: wrong, allowed: `https://${pinned ? new URL(pinned).host : 'HOST'}` }];
  if (server === undefined || originOf(server) === pinned) return [];
  return [
    {
      option: place,
      value,
      message: `is the only service that this policy allows, but this run uses ${originOf(server) ?? server}`,
      allowed: 'server-url as the policy says',
    },
  ];
}

/** Must be a valid `server-url` with nothing after the host: a path would pin less than it seems to. */
function originProblem(text: string): string | undefined {
  const read = parseServerUrl(text.trim());
  if (!read.ok) return read.message;
  return new URL(text.trim()).pathname === '/' ? undefined : 'has a path, and the policy pins a host';
}

const SEVERITY_RANK = { warning: 0, error: 1 } as const;

/**
 * Each id once, with the stricter of two severities. Drops rules that another rule covers more strictly, unless they have a reference of
 * their own that reports must show. Sorted by id.
 */
function oneOfEach(rules: readonly Rule[]): Rule[] {
  const byId = new Map<string, Rule>();
  for (const rule of rules) {
    const before = byId.get(rule.id);
    const stricter = before && SEVERITY_RANK[rule.severity] <= SEVERITY_RANK[before.severity] ? before : rule;
    const reference = joinedReference(before?.reference, rule.reference);
    byId.set(rule.id, reference ? { ...stricter, reference } : stricter);
  }
  const distinct = [...byId.values()];
  return distinct
    .filter((rule) => rule.reference || !distinct.some((other) => other !== rule && covers(other, rule)))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Two files may ask for the same thing under different ids: reports show both. */
function joinedReference(a: RuleReference | undefined, b: RuleReference | undefined): RuleReference | undefined {
  if (!a || !b) return a ?? b;
  const both = (one: string | undefined, other: string | undefined, by: string) =>
    one === undefined || other === undefined || one === other ? (one ?? other) : `${one}${by}${other}`;
  const id = both(a.id, b.id, ', ');
  const reason = both(a.reason, b.reason, '; ');
  const link = a.link ?? b.link;
  return defined({ id, reason, link });
}

/**
 * Whether `rule` cannot fail if `other` holds: the same protection, where `other` is at least as severe, at least as wide, and asks for a
 * mode besides.
 */
function covers(other: Rule, rule: Rule): boolean {
  if (SEVERITY_RANK[other.severity] < SEVERITY_RANK[rule.severity]) return false;
  if (other.platform !== undefined && other.platform !== rule.platform) return false;
  const [base, otherBase] = [rule, other].map(({ id, platform }) =>
    platform === undefined ? id : id.slice(0, -platform.length - 1),
  );
  if (base === otherBase) return true;
  const [a, b] = [rule.condition, other.condition];
  if (a.kind !== 'feature' && a.kind !== 'key') return false;
  if ((b.kind !== 'feature' && b.kind !== 'key') || protectionId(a) !== protectionId(b)) return false;
  return a.threatEvents === undefined || (a.threatEvents === 'any' && b.threatEvents !== undefined);
}

/** If a protection is both required and forbidden, no app could pass, so it is a mistake. */
function contradictions(rules: readonly Rule[]): UsageProblem[] {
  return rules.flatMap((rule) => {
    const { condition } = rule;
    if (condition.kind !== 'forbid' || rule.severity !== 'error') return [];
    const forbidden = new Set(namesOf(condition.subject));
    const required = rules.find(
      (other) =>
        other.severity === 'error' &&
        (other.platform === undefined || rule.platform === undefined || other.platform === rule.platform) &&
        surelyRequired(other.condition).some((one) => namesOf(one).every((name) => forbidden.has(name))),
    );
    if (!required) return [];
    return [
      {
        option: rule.source,
        value: rule.requirement,
        message: `is required too (${required.source})`,
        allowed: 'one of the two',
      },
    ];
  });
}

/** The names that prove it, however it was written. */
function namesOf(subject: SubjectCondition): string[] {
  return subject.kind === 'key' ? [normaliseName(subject.printed)] : subject.proofs;
}

/** What every app that meets the condition must contain. */
export function surelyRequired(condition: Condition): SubjectCondition[] {
  switch (condition.kind) {
    case 'feature':
    case 'key':
      return [condition];
    case 'all-of':
      return condition.of.flatMap(surelyRequired);
    case 'any-of':
      return condition.of.length === 1 ? condition.of.flatMap(surelyRequired) : [];
    case 'at-least':
      return condition.count === condition.of.length ? condition.of.flatMap(surelyRequired) : [];
    default:
      return [];
  }
}

/**
 * Section to sorted entries, without the user's spelling and order. Contains everything that can change a verdict, for both platforms, so
 * that one policy has one digest. Empty sections are left out, except `require`.
 */
function resolvedForm(
  rules: readonly Rule[],
  plan: PolicyPlan,
  aliases: Aliases,
  policy: MergedPolicy | undefined,
): Record<string, string[]> {
  const sections: Record<string, string[]> = { require: [] };
  const add = (section: string, entry: string) => {
    sections[section] = [...(sections[section] ?? []), entry];
  };
  for (const rule of rules) {
    const { condition, id, reference } = rule;
    const kind = sectionOf(condition);
    const base = rule.platform === undefined ? id : id.slice(0, -rule.platform.length - 1);
    const entry = plainEntry(condition) ?? base;
    add(
      rule.platform === undefined ? kind : `${rule.platform}.${kind}`,
      rule.severity === 'error' ? entry : `${entry} (warning)`,
    );
    if (reference) add('references', JSON.stringify({ rule: id, ...reference }));
  }
  for (const [id, { printed }] of aliases) add('aliases', JSON.stringify({ [id]: [...new Set(printed)].sort() }));
  for (const waiver of plan.waivers ?? []) add('waivers', canonicalWaiver(waiver));
  if (policy?.server) add('server', originOf(policy.server.value) ?? policy.server.value);
  if (plan.evidence !== undefined) add('evidence', plan.evidence);
  if (plan.gate !== undefined) add('gate', plan.gate);
  if (policy?.platform) add('platform', policy.platform.value);
  if (plan.maxCertificateAgeMs !== undefined) add('max-certificate-age', formatDuration(plan.maxCertificateAgeMs));
  for (const kind of ACCEPTED) for (const text of plan.accept?.[kind] ?? []) add(`accept.${kind}`, text);
  if (plan.missingListeners !== undefined) add('missing-threat-event-listeners', plan.missingListeners);
  if (policy?.appListeners) add('threat-event-listeners', policy.appListeners.value);
  if (plan.maxWaiverDays !== undefined) add('max-waiver-days', String(plan.maxWaiverDays));
  return Object.fromEntries(Object.entries(sections).map(([section, entries]) => [section, entries.sort()]));
}

function sectionOf(condition: Condition): string {
  if (condition.kind === 'forbid') return 'forbid';
  const facts = condition.kind === 'any-of' ? condition.of : [condition];
  return facts.every(({ kind }) => kind === 'build' || kind === 'signature-validity') ? 'build' : 'require';
}

/** As people write it, unless that could be mistaken for something else in the resolved form. */
function plainEntry(condition: Condition): string | undefined {
  if ((condition.kind !== 'feature' && condition.kind !== 'key') || condition.threatEvents !== undefined)
    return undefined;
  const name = condition.kind === 'key' ? condition.printed : condition.name;
  if (/[(:@,]/u.test(name) || name === 'listener') return undefined;
  return condition.kind === 'key' ? `key: ${name}` : name;
}

/**
 * SHA-256, lower-case hex, of the resolved policy as canonical JSON. For an object of string lists, RFC 8785 only requires sorted keys and
 * no white space, so no library is needed.
 */
export function policySha256(plan: PolicyPlan): string {
  const sections = Object.entries(plan.resolved).sort(([a], [b]) => (a < b ? -1 : 1));
  const canonical = JSON.stringify(Object.fromEntries(sections));
  return createHash('sha256').update(canonical, 'utf8').digest('hex');
}
