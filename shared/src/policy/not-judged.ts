import type { PolicyPlan } from './rule.ts';
import type { Verdict } from './verdict.ts';

/** Every requirement, unproven: for a verdict of what was never judged. */
export function notJudged(plan: PolicyPlan, message: string): Verdict['requirements'] {
  return plan.rules.map((rule) => ({
    id: rule.id,
    rule: rule.condition.kind,
    requirement: rule.requirement,
    severity: rule.severity,
    outcome: 'not-evaluated',
    evidence: [],
    lookedFor: [],
    source: rule.source,
    message,
  }));
}
