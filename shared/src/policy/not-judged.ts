import type { PolicyPlan } from './rule.ts';
import type { Verdict } from './verdict.ts';

/** Every requirement, unproven: for a verdict of what was never judged. */
export function notJudged(plan: PolicyPlan, message: string): Verdict['requirements'] {
  return plan.rules.map(({ id, condition, requirement, reference = {}, severity, source }) => ({
    id,
    rule: condition.kind,
    requirement,
    feature:
      condition.kind === 'feature'
        ? { name: condition.name, ...(condition.key === undefined ? {} : { key: condition.key }) }
        : null,
    reference,
    severity,
    outcome: 'not-evaluated',
    evidence: [],
    lookedFor: [],
    source,
    message,
  }));
}
