/** What a condition asks for, without any document. */
import type { Condition, SubjectCondition } from './rule.ts';

/** @returns every name that a condition mentions */
export function subjectsOf(condition: Condition): SubjectCondition[] {
  switch (condition.kind) {
    case 'feature':
    case 'key':
      return [condition];
    case 'any-of':
    case 'all-of':
    case 'at-least':
      return condition.of.flatMap(subjectsOf);
    case 'forbid':
      return [condition.subject];
    case 'listener':
    case 'app-listens':
    case 'build':
    case 'signature-validity':
      return [];
  }
}

/**
 * Whether a condition can hold only if a protection is there: rule 1 of the verdict. A condition that a component, a build fact or the
 * absence of something satisfies asks for none.
 */
export function asksForProtection(condition: Condition): boolean {
  switch (condition.kind) {
    case 'feature':
    case 'key':
      return condition.component !== true;
    case 'all-of':
      return condition.of.some(asksForProtection);
    case 'any-of':
      return condition.of.length > 0 && condition.of.every(asksForProtection);
    case 'at-least':
      return condition.of.filter((one) => !asksForProtection(one)).length < condition.count;
    case 'forbid':
    case 'listener':
    case 'app-listens':
    case 'build':
    case 'signature-validity':
      return false;
  }
}

/** @returns the printed names that would have settled it */
export function lookedFor(condition: Condition): string[] {
  const names = subjectsOf(condition).flatMap((one) => (one.kind === 'key' ? [one.printed] : one.proofs));
  return [...new Set(names)];
}
