/** Whether a condition asks for a protection at all: rule 1 of the verdict. */
import type { Condition, Rule, SubjectCondition } from './rule.ts';

/** Whether it cannot hold unless a protection is there. Components, build facts and what must be absent are not protections. */
export function requiresProtection(condition: Condition): boolean {
  switch (condition.kind) {
    case 'feature':
    case 'key':
      return condition.component !== true;
    case 'any-of':
      return condition.of.every(requiresProtection);
    case 'all-of':
      return condition.of.some(requiresProtection);
    case 'at-least':
      return condition.count > condition.of.filter((one) => !requiresProtection(one)).length;
    case 'forbid':
    case 'listener':
    case 'build':
    case 'signature-validity':
      return false;
  }
}

/** Whether a failure of it stops the pipeline because a protection is not proven. */
export function isProtective({ severity, condition }: Rule): boolean {
  return severity === 'error' && requiresProtection(condition);
}

/** @returns every name that may have to be shown; none of what must be absent */
export function requirementsOf(condition: Condition): SubjectCondition[] {
  switch (condition.kind) {
    case 'feature':
    case 'key':
      return [condition];
    case 'any-of':
    case 'all-of':
    case 'at-least':
      return condition.of.flatMap(requirementsOf);
    default:
      return [];
  }
}
