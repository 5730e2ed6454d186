/** What the user wrote to rules: names resolved by the catalogue, duplicates and spellings brought to one. Rules 1 and 3. */
import { createHash } from 'node:crypto';
import { type NameResolution, normaliseName, resolveName } from '../catalogue/names.ts';
import type { UsageProblem } from '../errors.ts';
import type { GateMode, Platform, RequiredFeature } from '../options/run-request.ts';
import type { PolicyPlan, Rule } from './rule.ts';
import type { Finding } from './verdict.ts';

export interface PlanInput {
  required: RequiredFeature[];
  gate: GateMode;
  platform?: Platform | undefined;
  /** How `required-features` is spelt on this system, for messages; default as on the command line. */
  option?: string;
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
export function planPolicy({ required, gate, platform, option = '--required-features' }: PlanInput): PlanResult {
  const rules = new Map<string, Rule>();
  const problems: UsageProblem[] = [];
  const notices: string[] = [];
  for (const feature of required) {
    const made = ruleOf(feature, platform);
    if ('problem' in made) problems.push(made.problem);
    else if (!rules.has(made.rule.id)) {
      rules.set(made.rule.id, made.rule);
      if (made.notice) notices.push(made.notice);
    }
  }
  const sorted = [...rules.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const enforceable = sorted.some((rule) => rule.severity === 'error');
  if (!enforceable && problems.length === 0 && gate === 'enforce') {
    problems.push({
      option,
      message: 'nothing is required, and a gate with no rule cannot pass',
      allowed: `${option} "${EXAMPLE}"`,
    });
  } else if (!enforceable && problems.length === 0 && gate === 'warn') {
    notices.push(
      `Nothing is required (${option} is empty), so the verdict cannot be pass. For example: ${option} "${EXAMPLE}"`,
    );
  }
  const plan: PolicyPlan = { rules: sorted, resolved: resolvedForm(sorted) };
  if (platform) plan.platform = platform;
  return { plan, problems, notices };
}

type Made = { rule: Rule; notice?: string } | { problem: UsageProblem };

const KEY_ENTRY = /^\s*key\s*:(.*)$/isu;

function ruleOf(feature: RequiredFeature, platform: Platform | undefined): Made {
  const source = sourceOf(feature);
  const base = { requirement: feature.name.trim(), severity: 'error' as const, source };
  const verbatim = KEY_ENTRY.exec(feature.name)?.[1];
  if (verbatim !== undefined) {
    const printed = verbatim.trim();
    if (printed === '') return { problem: problem(feature, 'names nothing after key:', 'key: root_detection') };
    return { rule: { ...base, id: `key:${printed}`, condition: { kind: 'key', printed } } };
  }
  const found = resolveName(feature.name, platform);
  if (found.kind !== 'known') return { problem: nameProblem(feature, found) };
  const { name, key } = found.feature;
  const rule: Rule = {
    ...base,
    id: `feature:${normaliseName(name)}`,
    condition: {
      kind: 'feature',
      name,
      ...(key === undefined ? {} : { key }),
      proofs: unique(found.proofs),
      events: unique(found.events),
      related: unique(found.related),
    },
  };
  if (!found.platformDoubt) return { rule };
  return { rule, notice: `${name} has not been seen on ${platform} certificates; it is required all the same` };
}

function unique(names: string[]): string[] {
  return [...new Set(names.map(normaliseName).filter((name) => name !== ''))].sort();
}

function nameProblem(feature: RequiredFeature, found: Exclude<NameResolution, { kind: 'known' }>): UsageProblem {
  const verbatim = 'or `key: NAME` for a name exactly as the certificate prints it';
  switch (found.kind) {
    case 'unknown':
      if (normaliseName(feature.name) === '') return problem(feature, 'is not a name', EXAMPLE);
      return problem(feature, 'is not a known protection', `${nearest(found.suggestions)}${verbatim}`);
    case 'inferred':
      return problem(feature, found.message, `${nearest(found.suggestions)}${verbatim}`);
    case 'retired': {
      const successor = found.successor ? `${found.successor}, ` : '';
      return problem(feature, `was retired by Appdome on ${found.date}`, `${successor}${verbatim}`);
    }
  }
}

function nearest(suggestions: string[]): string {
  return suggestions.length > 0 ? `${suggestions.join(', ')}, ` : 'a name that `fusegate features` lists, ';
}

function problem(feature: RequiredFeature, message: string, allowed: string): UsageProblem {
  return { option: sourceOf(feature), value: feature.name, message, allowed };
}

function sourceOf({ origin }: RequiredFeature): string {
  return 'option' in origin ? origin.option : `${origin.file}:${origin.line}`;
}

/** Section to sorted entries; spelling and order of what the user wrote are gone. */
function resolvedForm(rules: Rule[]): Record<string, string[]> {
  const entries = rules.map(({ condition, id }) =>
    condition.kind === 'feature' ? condition.name : condition.kind === 'key' ? `key: ${condition.printed}` : id,
  );
  return { require: entries.sort() };
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
