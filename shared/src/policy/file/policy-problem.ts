import type { TextPosition } from './policy-yaml.ts';

/** A problem in a policy, ready for the common list of problems: `option` is `file:line:column`. */
export interface PolicyProblem {
  option: string;
  value?: string;
  message: string;
  allowed?: string;
}

/** `policy.yml:4:3`, which editors and log viewers turn into a link. */
export function placeText(label: string, { line, column }: TextPosition): string {
  return `${label}:${line}:${column}`;
}

export function policyProblem(
  label: string,
  at: TextPosition,
  message: string,
  more: { value?: string; allowed?: string } = {},
): PolicyProblem {
  return { option: placeText(label, at), message, ...more };
}
