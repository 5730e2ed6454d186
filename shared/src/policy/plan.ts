/** What the user wrote to rules: names resolved by the catalogue, duplicates and spellings brought to one. Rules 1 and 3. */
import { createHash } from 'node:crypto';
import type { UsageProblem } from '../errors.ts';
import type { GateMode, Platform, RequiredFeature } from '../options/run-request.ts';
import type { MergedPolicy } from './policy-chain.ts';
import { rulesOfPolicy } from './policy-rules.ts';
import type { PolicyPlan, Rule } from './rule.ts';
import { type Aliases, protectionId, readAliases, readSubject, subjectId } from './subjects.ts';
import type { Finding } from './verdict.ts';
import { canonicalWaiver, planWaivers } from './waivers.ts';

export interface PlanInput {
  required: RequiredFeature[];
  gate: GateMode;
  platform?: Platform | undefined;
  /** How `required-features` is spelt on this system, for messages; default as on the command line. */
  option?: string;
  /** The policy file with everything that it extends. */
  policy?: MergedPolicy | undefined;
  /** Origin of the service that this run asks; absent where none is asked. */
  server?: string | undefined;
  /** Milliseconds since the epoch, for waivers that reach too far ahead. */
  now?: number | undefined;
}

export interface PlanResult {
  plan: PolicyPlan;
  /** Exit 2, all at once. */
  problems: UsageProblem[];
  notices: string[];
}

const EXAMPLE = 'Root Detection, Anti-Debugging';

/** Rule 1, for whoever judges a plan all the same: zero rules never pass. */
export const NOTHING_REQUIRED: Finding = {
  code: 'usage.invalid',
  level: 'error',
  message: 'Nothing is required, so nothing can be proven',
  hint: `Name at least one protection, e.g. \`--required-features "${EXAMPLE}"\`, or switch the gate off with \`--gate disabled\`.`,
};

/** Resolves what is required. Pure; under `gate: enforce` a plan with no enforceable rule is a problem, else a notice. */
export function planPolicy(input: PlanInput): PlanResult {
  const { required, gate, platform, option = '--required-features', policy } = input;
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
  const plan: PolicyPlan = { rules: [], resolved: {} };
  if (policy) {
    const made = rulesOfPolicy(policy, aliases, platform);
    rules.push(...made.rules);
    problems.push(...made.problems);
    notices.push(...made.notices);
    const { waivers, problems: waiverProblems } = planWaivers(policy, aliases, input.now ?? 0);
    problems.push(...waiverProblems, ...serverProblem(policy, input.server));
    addSettings(plan, policy);
    if (waivers.length > 0) plan.waivers = waivers;
  }
  const distinct = oneOfEach(rules);
  problems.push(...contradictions(distinct));
  plan.resolved = resolvedForm(distinct, plan, aliases, policy);
  plan.rules = distinct.filter((rule) => platform === undefined || (rule.platform ?? platform) === platform);
  if (platform) plan.platform = platform;

  const enforceable = plan.rules.some((rule) => rule.severity === 'error');
  if (!enforceable && problems.length === 0 && gate !== 'disabled') {
    const where = policy ? `${policy.path} or ${option}` : option;
    const only =
      distinct.length > plan.rules.length ? ` for ${platform}` : plan.rules.length > 0 ? ' that could fail' : '';
    if (gate === 'enforce') {
      problems.push({
        option: policy?.path ?? option,
        message: `nothing is required${only}, and a gate with no rule cannot pass`,
        allowed: policy ? `require: [${EXAMPLE}]` : `${option} "${EXAMPLE}"`,
      });
    } else {
      notices.push(
        `Nothing is required${only} (${where}${policy ? '' : ' is empty'}), so the verdict cannot be pass. For example: ${option} "${EXAMPLE}"`,
      );
    }
  }
  return { plan, problems, notices: [...new Set(notices)] };
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

function addSettings(plan: PolicyPlan, policy: MergedPolicy): void {
  plan.path = policy.path;
  if (policy.missingListeners) plan.missingListeners = policy.missingListeners.value;
  if (policy.evidence) plan.evidence = policy.evidence.value;
  if (policy.maxWaiverDays) plan.maxWaiverDays = policy.maxWaiverDays.value;
}

/** The policy pins the service (design, rule 12); where no service is asked there is nothing to pin. */
function serverProblem(policy: MergedPolicy, server: string | undefined): UsageProblem[] {
  if (!policy.server) return [];
  const pinned = originOf(policy.server.value);
  const { place, value } = policy.server;
  if (pinned === undefined)
    return [{ option: place, value, message: 'is not the origin of a service', allowed: 'https://HOST' }];
  if (server === undefined || originOf(server) === pinned) return [];
  return [
    {
      option: place,
      value,
      message: `is the only service that this policy allows, and this run asks ${originOf(server) ?? server}`,
      allowed: 'server-url as the policy says',
    },
  ];
}

function originOf(text: string): string | undefined {
  try {
    const { protocol, origin, username, password } = new URL(text);
    // `https://fusion.appdome.com@evil.example` reads like one host and is another.
    if (username !== '' || password !== '') return undefined;
    return protocol === 'https:' || protocol === 'http:' ? origin : undefined;
  } catch {
    return undefined;
  }
}

const SEVERITY_RANK = { warning: 0, error: 1 } as const;

/** Each id once, the stricter severity of two; and nothing that another rule says more strictly. Sorted by id. */
function oneOfEach(rules: readonly Rule[]): Rule[] {
  const byId = new Map<string, Rule>();
  for (const rule of rules) {
    const before = byId.get(rule.id);
    if (!before || SEVERITY_RANK[rule.severity] > SEVERITY_RANK[before.severity]) byId.set(rule.id, rule);
  }
  const distinct = [...byId.values()];
  return distinct
    .filter((rule) => !distinct.some((other) => other !== rule && covers(other, rule)))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Whether `rule` cannot fail where `other` holds: the same protection, at least as severe, at least as wide, and a mode besides. */
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

/** The same protection required and forbidden: no app could pass, so somebody has mistaken something. */
function contradictions(rules: readonly Rule[]): UsageProblem[] {
  return rules.flatMap((rule) => {
    const { condition } = rule;
    if (condition.kind !== 'forbid' || rule.severity !== 'error') return [];
    const forbidden = protectionId(condition.subject);
    const required = rules.find(
      (other) =>
        other.severity === 'error' &&
        (other.condition.kind === 'feature' || other.condition.kind === 'key') &&
        protectionId(other.condition) === forbidden &&
        (other.platform === undefined || rule.platform === undefined || other.platform === rule.platform),
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

/**
 * Section to sorted entries; spelling and order of what the user wrote are gone. Everything that can change a verdict is in it, for
 * both platforms, so that one policy has one digest. Sections that hold nothing are left out, but for `require`.
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
    const { condition, id } = rule;
    const kind = condition.kind === 'forbid' || condition.kind === 'build' ? condition.kind : 'require';
    const plain = condition.kind === 'feature' && condition.threatEvents === undefined;
    const verbatim = condition.kind === 'key' && condition.threatEvents === undefined;
    const base = rule.platform === undefined ? id : id.slice(0, -rule.platform.length - 1);
    const entry = plain ? condition.name : verbatim ? `key: ${condition.printed}` : base;
    add(
      rule.platform === undefined ? kind : `${rule.platform}.${kind}`,
      rule.severity === 'error' ? entry : `${entry} (warning)`,
    );
  }
  for (const [id, { printed }] of aliases) add('aliases', JSON.stringify({ [id]: [...new Set(printed)].sort() }));
  for (const waiver of plan.waivers ?? []) add('waivers', canonicalWaiver(waiver));
  if (policy?.server) add('server', originOf(policy.server.value) ?? policy.server.value);
  if (plan.evidence !== undefined) add('evidence', plan.evidence);
  if (plan.missingListeners !== undefined) add('missing-threat-event-listeners', plan.missingListeners);
  if (plan.maxWaiverDays !== undefined) add('max-waiver-days', String(plan.maxWaiverDays));
  return Object.fromEntries(Object.entries(sections).map(([section, entries]) => [section, entries.sort()]));
}

/**
 * SHA-256, lower-case hex, of the resolved policy as canonical JSON. RFC 8785 asks for sorted keys and no white space; for an object
 * of string lists that is all it asks, so no library is needed.
 */
export function policySha256(plan: PolicyPlan): string {
  const sections = Object.entries(plan.resolved).sort(([a], [b]) => (a < b ? -1 : 1));
  const canonical = JSON.stringify(Object.fromEntries(sections));
  return createHash('sha256').update(canonical, 'utf8').digest('hex');
}
