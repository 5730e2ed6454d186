/** What a plan requires, as names and modes: for checks that look at the app instead of a certificate. */
import { defined } from '../../model/defined.ts';
import type { Platform } from '../../model/run-request.ts';
import { subjectsOf } from './condition.ts';
import type { Condition, PolicyPlan, SubjectCondition, ThreatEventsRule } from './rule.ts';

export interface RequiredProtection {
  /** From the catalogue, or as printed. */
  name: string;
  /** It is written as `key: NAME`. */
  verbatim?: true;
  /** It must be there: a rule that can fail asks for it alone, not as one of several. */
  certain?: true;
  mode?: ThreatEventsRule;
  platform?: Platform;
  source: string;
}

/** @returns every protection that a rule requires, alone or in a group, with the mode that the rule names */
export function requiredProtections({ rules }: Pick<PolicyPlan, 'rules'>): RequiredProtection[] {
  return rules
    .filter(({ condition }) => condition.kind !== 'forbid')
    .flatMap(({ condition, platform, source, severity }) => {
      const certain = severity === 'error' ? namedFor(condition) : [];
      return subjectsOf(condition)
        .filter(({ component }) => component !== true)
        .map((subject) => ({
          ...(subject.kind === 'key' ? { name: subject.printed, verbatim: true as const } : { name: subject.name }),
          ...(certain.includes(subject) ? { certain: true as const } : {}),
          ...defined({ mode: subject.threatEvents, platform }),
          source,
        }));
    });
}

/** Those of its names that all have to be there. */
function namedFor(condition: Condition): SubjectCondition[] {
  if (condition.kind === 'all-of') return condition.of.flatMap(namedFor);
  return condition.kind === 'feature' || condition.kind === 'key' ? [condition] : [];
}
