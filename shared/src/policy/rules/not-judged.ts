import { defined } from '../../model/defined.ts';
import type { RequirementResult, RuleKind } from '../../model/verdict.ts';
import { lookedFor } from './condition.ts';
import type { RuleJudgement } from './requirement.ts';
import type { Condition, PolicyPlan, Rule } from './rule.ts';

/** Every requirement as unproven, for a verdict without a judgement. */
export function notJudged(plan: PolicyPlan, message: string): RequirementResult[] {
  return plan.rules.map((rule) =>
    requirementResultOf(rule, {
      outcome: 'not-evaluated',
      message,
      evidence: [],
      lookedFor: lookedFor(rule.condition),
    }),
  );
}

/** A rule as results show it, with the same fields in every outcome. */
export function requirementResultOf(
  rule: Rule,
  judgement: Pick<RuleJudgement, 'outcome' | 'message' | 'evidence' | 'lookedFor' | 'hint'>,
): RequirementResult {
  const { id, condition, requirement, reference = {}, severity, source, waivedBy } = rule;
  return {
    id,
    rule: kindOf(condition),
    ...('component' in condition && condition.component ? { component: true } : {}),
    requirement,
    feature: condition.kind === 'feature' ? { name: condition.name, ...defined({ key: condition.key }) } : null,
    reference,
    severity,
    outcome: judgement.outcome,
    evidence: judgement.evidence,
    lookedFor: judgement.lookedFor,
    source,
    message: judgement.message,
    ...defined({ hint: judgement.hint }),
    ...(judgement.outcome === 'waived' && waivedBy !== undefined ? { waivedBy } : {}),
  };
}

/** Several values of one build fact are one condition, not a group of protections. */
function kindOf(condition: Condition): RuleKind {
  const isBuild =
    condition.kind === 'any-of' && condition.of.length > 0 && condition.of.every(({ kind }) => kind === 'build');
  return isBuild ? 'build' : condition.kind;
}
