import type { RequirementResult } from '../../model/verdict.ts';
import { lookedFor, type RuleJudgement } from './requirement.ts';
import type { PolicyPlan, Rule } from './rule.ts';

/** Every requirement, unproven: for a verdict of what was never judged. */
export function notJudged(plan: PolicyPlan, message: string): RequirementResult[] {
  return plan.rules.map((rule) => resultOf(rule, { outcome: 'not-evaluated', message, evidence: [] }));
}

/** A rule as results show it; the same fields in every outcome. */
export function resultOf(
  rule: Rule,
  judgement: Pick<RuleJudgement, 'outcome' | 'message' | 'evidence' | 'hint'>,
): RequirementResult {
  const { id, condition, requirement, reference = {}, severity, source, waivedBy } = rule;
  return {
    id,
    rule: condition.kind,
    requirement,
    feature:
      condition.kind === 'feature'
        ? { name: condition.name, ...(condition.key === undefined ? {} : { key: condition.key }) }
        : null,
    reference,
    severity,
    outcome: judgement.outcome,
    evidence: judgement.evidence,
    lookedFor: lookedFor(condition),
    source,
    message: judgement.message,
    ...(judgement.hint === undefined ? {} : { hint: judgement.hint }),
    ...(judgement.outcome === 'waived' && waivedBy !== undefined ? { waivedBy } : {}),
  };
}
