/** What a plan requires, as names and modes: for checks that look at the app instead of a certificate. */
import { defined } from '../../model/defined.ts';
import type { Platform } from '../../model/run-request.ts';
import { subjectsOf } from './condition.ts';
import type { PolicyPlan, ThreatEventsRule } from './rule.ts';

export interface RequiredProtection {
  /** From the catalogue, or as printed. */
  name: string;
  /** It is written as `key: NAME`. */
  verbatim?: true;
  mode?: ThreatEventsRule;
  platform?: Platform;
  source: string;
}

/** @returns every protection that a rule requires, alone or in a group, with the mode that the rule names */
export function requiredProtections({ rules }: Pick<PolicyPlan, 'rules'>): RequiredProtection[] {
  return rules
    .filter(({ condition }) => condition.kind !== 'forbid')
    .flatMap(({ condition, platform, source }) =>
      subjectsOf(condition)
        .filter(({ component }) => component !== true)
        .map((subject) => ({
          ...(subject.kind === 'key' ? { name: subject.printed, verbatim: true as const } : { name: subject.name }),
          ...defined({ mode: subject.threatEvents, platform }),
          source,
        })),
    );
}
