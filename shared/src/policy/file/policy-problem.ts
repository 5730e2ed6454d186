import type { TextPosition } from './policy-yaml.ts';

/** A problem in a policy, ready for the common list of problems: `option` is `file:line:column`. */
export interface PolicyProblem {
  option: string;
  value?: string;
  message: string;
  allowed?: string;
}

export function policyProblem(
  label: string,
  at: TextPosition,
  message: string,
  more: { value?: string; allowed?: string } = {},
): PolicyProblem {
  return { option: `${label}:${at.line}:${at.column}`, message, ...more };
}
