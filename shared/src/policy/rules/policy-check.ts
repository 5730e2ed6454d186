/** `fusegate policy check`: what the gate will find in a policy with any certificate. */
import { isKnownHeading, isKnownMode, ROW_LABELS } from '../../certificate/known-wording.ts';
import { type Platform, platformName } from '../../model/run-request.ts';
import { DEFAULT_WAIVER_DAYS, type MergedPolicy } from '../file/policy-chain.ts';
import { planFindings, stateOf, subjectOfRule } from '../waivers/waivers.ts';
import { subjectsOf } from './condition.ts';
import { exampleFor, isProtective, surelyRequired } from './plan.ts';
import { compareVersions } from './policy-rules.ts';
import type { Condition, PolicyPlan, Rule, Waiver } from './rule.ts';
import { protectionId } from './subjects.ts';

export interface PolicyRemark {
  /**
   * `error`: the policy cannot be used like this, by every platform that it has rules for. `warning`: something is probably not what its
   * author meant. `note`: good to know before the first build.
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
    ...ofOnePlatform(plan),
  ];
}

const PLATFORMS: readonly Platform[] = ['android', 'ios'];

/** The platforms that the policy does not rule out. */
function platformsOf({ platform }: PolicyPlan): readonly Platform[] {
  return platform === undefined ? PLATFORMS : [platform];
}

/** The gate refuses apps for the other platform; their teams should not have to learn that from a build. */
function onePlatform(policy: MergedPolicy, plan: PolicyPlan): PolicyRemark[] {
  const protective = plan.rules.filter(isProtective);
  const [first] = protective;
  const { platform } = first ?? {};
  if (policy.platform || platform === undefined || protective.some((rule) => rule.platform !== platform)) return [];
  const other = platform === 'android' ? 'ios' : 'android';
  const message =
    `no protection is required for ${other}: a run for an app of that platform ends with exit 2, and where only the certificate` +
    ` tells the platform, with exit 8. Add \`${exampleFor(other)}\`, or \`platform: ${platform}\` if this is meant`;
  return [{ level: 'warning', source: first?.source ?? policy.path, message }];
}

/** A run for an app of the other platform refuses these names (exit 2); without the app, its certificate fails. */
function ofOnePlatform(plan: PolicyPlan): PolicyRemark[] {
  return platformsOf(plan).flatMap((platform) => {
    const rules = plan.rules.filter((rule) => rule.platform === undefined && refusedOn(rule, platform).length > 0);
    const [first] = rules;
    if (first === undefined) return [];
    const names = [...new Set(rules.flatMap((rule) => refusedOn(rule, platform)))].join(', ');
    const other = platform === 'android' ? 'ios' : 'android';
    const message = `${names}: known for ${platformName(other)} alone, so that a run for an ${platformName(platform)} app ends with exit 2. Write such names under \`${other}:\`, or \`platform: ${other}\` if the policy is for it alone`;
    return [{ level: 'note' as const, source: first.source, message }];
  });
}

function refusedOn({ condition }: Rule, platform: Platform): string[] {
  return subjectsOf(condition).flatMap((one) =>
    one.kind === 'feature' && one.onlyOn && !one.onlyOn.platforms.includes(platform) && !one.aliased?.length
      ? [one.name]
      : [],
  );
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
      .map((other) => {
        const platform = rule.platform ?? other.platform;
        const build = platform === undefined ? 'build' : `build for ${platform}`;
        const message = `${rule.requirement} cannot hold together with ${other.requirement} (${other.source}): no ${build} can pass`;
        return { level: 'error' as const, source: rule.source, message };
      }),
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
  const active = states.filter(({ state }) => state === 'active').map(({ waiver }) => waiver);
  return [...allWaived(plan, active), ...found];
}

/** A waiver lifts only what fails: a build that has one of the waived protections still has something to prove. */
function allWaived(plan: PolicyPlan, active: readonly Waiver[]): PolicyRemark[] {
  const platforms = platformsOf(plan);
  const found = new Map<string, { remark: Omit<PolicyRemark, 'message'>; names: string; on: Platform[] }>();
  for (const platform of platforms) {
    const rules = plan.rules.filter((rule) => isProtective(rule) && (rule.platform ?? platform) === platform);
    const lifting = rules.map((rule) => {
      const subject = subjectOfRule(rule);
      return active.filter(
        ({ subjects, scope }) =>
          subject !== undefined && subjects.includes(subject) && (scope.platform ?? platform) === platform,
      );
    });
    if (rules.length === 0 || lifting.some((list) => list.length === 0)) continue;
    const everywhere = lifting.every((list) => list.some(({ scope }) => !scope.bundleId && !scope.fusionSetId));
    const names = rules.map(({ requirement }) => requirement).join(', ');
    const remark = {
      level: everywhere ? ('error' as const) : ('warning' as const),
      source: lifting.flat()[0]?.source ?? '',
    };
    const id = JSON.stringify([remark.level, names]);
    found.set(id, { remark, names, on: [...(found.get(id)?.on ?? []), platform] });
  }
  return [...found.values()].map(({ remark, names, on }) => {
    const where = on.length === platforms.length ? '' : ` for ${on.join(' and ')}`;
    const scopes = remark.level === 'error' ? '' : ' where the scopes hold';
    const message = `Every rule that asks for a protection${where} is waived${scopes} (${names}): for a build that has none of these nothing is left to prove, and it ends with exit 8`;
    return { ...remark, message };
  });
}

/**
 * Known wording need not be accepted: it is there by mistake, or for an older version of Fusegate. A title may be, and so may the warning
 * about listeners: with nothing below it, it is not understood.
 */
function acceptRemarks(policy: MergedPolicy): PolicyRemark[] {
  const known: Partial<Record<string, (text: string) => boolean>> = {
    headings: isKnownHeading,
    labels: (text) => ROW_LABELS.has(text),
    modes: isKnownMode,
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
