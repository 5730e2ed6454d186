/** `fusegate policy check`: what the gate will find in a policy, whatever the certificate says. */
import {
  BLOCK_TITLE,
  INTELLIGENCE_TITLE,
  isKnownHeading,
  isKnownMode,
  LISTENER_WARNING,
  OTHER_TITLE,
  ROW_LABELS,
} from '../../certificate/known-wording.ts';
import { DEFAULT_WAIVER_DAYS, type MergedPolicy } from '../file/policy-chain.ts';
import { planFindings, stateOf, subjectOfRule } from '../waivers/waivers.ts';
import { isProtective, surelyRequired } from './plan.ts';
import { compareVersions } from './policy-rules.ts';
import { subjectsOf } from './requirement.ts';
import type { Condition, PolicyPlan, Rule } from './rule.ts';
import { protectionId } from './subjects.ts';

export interface PolicyRemark {
  /**
   * `error`: no build can pass. `warning`: something is probably not what its author meant. `note`: good to know before the first build.
   */
  level: 'error' | 'warning' | 'note';
  /** `file:line`. */
  source: string;
  message: string;
}

/**
 * Pure. Errors in syntax and names are reported earlier: this is about a policy that can be planned.
 * @param now milliseconds since the epoch
 */
export function checkPolicy(policy: MergedPolicy, plan: PolicyPlan, now: number): PolicyRemark[] {
  return [
    ...impossible(plan.rules),
    ...onePlatform(policy, plan),
    ...waiverRemarks(plan, now),
    ...acceptRemarks(policy),
    ...unseen(plan.rules),
  ];
}

/** Apps for the other platform end with exit 2; their teams should not have to learn that from a build. */
function onePlatform(policy: MergedPolicy, plan: PolicyPlan): PolicyRemark[] {
  const protective = plan.rules.filter(isProtective);
  const [first] = protective;
  const { platform } = first ?? {};
  if (policy.platform || platform === undefined || protective.some((rule) => rule.platform !== platform)) return [];
  const other = platform === 'android' ? 'ios' : 'android';
  const message = `no protection is required for ${other}: an app for it ends with exit 2. \`platform: ${platform}\` says that this is meant`;
  return [{ level: 'warning', source: first?.source ?? policy.path, message }];
}

function meet(a: Rule, b: Rule): boolean {
  return a.platform === undefined || b.platform === undefined || a.platform === b.platform;
}

/** Two rules that cannot both hold. */
function impossible(rules: readonly Rule[]): PolicyRemark[] {
  const enforced = rules.filter(({ severity }) => severity === 'error');
  return enforced.flatMap((rule, index) =>
    enforced
      .slice(0, index)
      .filter((other) => meet(rule, other) && exclude(rule.condition, other.condition))
      .map((other) => ({
        level: 'error' as const,
        source: rule.source,
        message: `${rule.requirement} cannot hold together with ${other.requirement} (${other.source}): no build can pass`,
      })),
  );
}

function exclude(a: Condition, b: Condition): boolean {
  const modes = (condition: Condition) =>
    surelyRequired(condition).filter(({ threatEvents }) => isOneMode(threatEvents));
  const twoModes = modes(a).some((one) =>
    modes(b).some((other) => protectionId(one) === protectionId(other) && one.threatEvents !== other.threatEvents),
  );
  return twoModes || factsExclude(a, b) || logsExclude(a, b) || logsExclude(b, a);
}

function isOneMode(mode: string | undefined): boolean {
  return mode !== undefined && mode !== 'any';
}

type BuildCondition = Extract<Condition, { kind: 'build' }>;

/** The values that a condition allows, if it names them. */
function valuesOf(condition: Condition): { fact: string; values: string[] } | undefined {
  const of = condition.kind === 'any-of' ? condition.of : [condition];
  const equal = of.filter((one): one is BuildCondition => one.kind === 'build' && one.operator === '=');
  const [first] = equal;
  return first && equal.length === of.length
    ? { fact: first.fact, values: equal.map(({ value }) => value.trim().toLowerCase()) }
    : undefined;
}

function factsExclude(a: Condition, b: Condition): boolean {
  const [one, other] = [valuesOf(a), valuesOf(b)];
  if (one && other) return one.fact === other.fact && !one.values.some((value) => other.values.includes(value));
  const [values, compared] = one ? [one, b] : [other, a];
  if (values && compared.kind === 'build')
    return compared.fact === values.fact && values.values.every((value) => holds(value, compared) === false);
  return a.kind === 'build' && b.kind === 'build' && a.fact === b.fact && rangesExclude(a, b);
}

function holds(value: string, { operator, value: bound }: BuildCondition): boolean | undefined {
  const order = compareVersions(value, bound);
  if (order === undefined) return undefined;
  return operator === '>=' ? order >= 0 : operator === '<=' ? order <= 0 : operator === '>' ? order > 0 : order < 0;
}

function rangesExclude(a: BuildCondition, b: BuildCondition): boolean {
  const [low, high] = a.operator.startsWith('>') ? [a, b] : [b, a];
  if (!low.operator.startsWith('>') || !high.operator.startsWith('<')) return false;
  const order = compareVersions(low.value, high.value);
  const strict = low.operator === '>' || high.operator === '<';
  return order !== undefined && (order > 0 || (order === 0 && strict));
}

/** Diagnostic Logs are a build fact: they may be forbidden as a protection and also required under `build`. */
function logsExclude(a: Condition, b: Condition): boolean {
  if (a.kind !== 'forbid' || a.fact === undefined) return false;
  const asked = valuesOf(b);
  return asked?.fact === a.fact && asked.values.every((value) => value === 'true' || value === '1');
}

function waiverRemarks(plan: PolicyPlan, now: number): PolicyRemark[] {
  const waivers = plan.waivers ?? [];
  const states = waivers.map((waiver) => ({
    waiver,
    state: stateOf(waiver, plan.maxWaiverDays ?? DEFAULT_WAIVER_DAYS, now),
  }));
  const found = states.flatMap(({ waiver, state }) =>
    planFindings(waiver, state).map(({ message, hint }) => ({
      level: 'warning' as const,
      source: waiver.source,
      message: `${message}. ${hint}`,
    })),
  );
  const protective = plan.rules.filter(isProtective);
  const lifting = protective.map((rule) => {
    const subject = subjectOfRule(rule);
    return states
      .filter(({ waiver, state }) => state === 'active' && subject !== undefined && waiver.subjects.includes(subject))
      .map(({ waiver }) => waiver);
  });
  if (protective.length === 0 || lifting.some((list) => list.length === 0)) return found;
  const everywhere = lifting.every((list) => list.some(({ scope }) => Object.keys(scope).length === 0));
  const all = `Every rule that asks for a protection is waived (${protective.map(({ requirement }) => requirement).join(', ')})`;
  const source = lifting.flat()[0]?.source ?? '';
  return [
    everywhere
      ? {
          level: 'error',
          source,
          message: `${all}: nothing is left to prove, so no build can pass (exit 8)`,
        }
      : { level: 'warning', source, message: `${all} where the scopes hold: such a build cannot pass (exit 8)` },
    ...found,
  ];
}

/** Known wording need not be accepted: it is there by mistake, or for an older version of Fusegate. */
function acceptRemarks(policy: MergedPolicy): PolicyRemark[] {
  const known: Partial<Record<string, (text: string) => boolean>> = {
    titles: (text) => BLOCK_TITLE.test(text) || OTHER_TITLE.test(text) || text === INTELLIGENCE_TITLE,
    headings: isKnownHeading,
    labels: (text) => ROW_LABELS.has(text),
    modes: isKnownMode,
    texts: (text) => text === LISTENER_WARNING,
  };
  return policy.accept.flatMap(({ value: { kind, text }, source }) =>
    known[kind]?.(text)
      ? [
          {
            level: 'warning' as const,
            source,
            message: `accept.${kind} "${text}" is already known wording: remove it`,
          },
        ]
      : [],
  );
}

/** Rules that may fail on every certificate, since none has been seen that would meet them. */
function unseen(rules: readonly Rule[]): PolicyRemark[] {
  return rules.flatMap(({ condition, source, requirement }) => {
    const subjects = condition.kind === 'forbid' ? [] : subjectsOf(condition);
    const mode = subjects.some(({ threatEvents }) => threatEvents === 'in-app-defense');
    const names = subjects.filter(
      (one) => one.kind === 'feature' && one.printing === 'not-seen' && !one.aliased?.length,
    );
    return [
      ...(mode
        ? [
            {
              level: 'note' as const,
              source,
              message: `${requirement}: In-App Defense has not been seen on a certificate yet, and a certificate that does not print the mode cannot pass`,
            },
          ]
        : []),
      ...names.map((one) => ({
        level: 'note' as const,
        source,
        message: `${one.kind === 'feature' ? one.name : ''}: how certificates print it has not been seen; if it is not found, \`fusegate explain\` on a certificate that has it shows the name for \`key:\` or \`aliases:\``,
      })),
    ];
  });
}
