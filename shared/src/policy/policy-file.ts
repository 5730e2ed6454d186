/** One policy file: its text against the definition. Every problem carries line and column. */

import { byPlace, type Issue, type KnownKeys, keysOf, nameOf, type Problem, problemsOf } from './policy-issues.ts';
import type { PolicyDocument } from './policy-schema.ts';
import type { Place, PolicyPath, YamlSource } from './policy-yaml.ts';
import { readYaml } from './policy-yaml.ts';

/** A file that is a policy by its form. What it says is checked later. */
export interface PolicyFile {
  /** As messages name it: relative to the working directory, with `/`. */
  label: string;
  document: PolicyDocument;
  placeOf(path: PolicyPath): Place;
  placeOfKey(path: PolicyPath, key: string): Place;
}

/** A problem of a policy, ready for the one list of problems: `option` is `file:line:column`. */
export interface PolicyProblem {
  option: string;
  value?: string;
  message: string;
  allowed?: string;
}

export type PolicyReading = { ok: true; file: PolicyFile } | { ok: false; problems: PolicyProblem[] };

export function policyProblem(
  label: string,
  at: Place,
  message: string,
  more: { value?: string; allowed?: string } = {},
): PolicyProblem {
  return { option: `${label}:${at.line}:${at.column}`, message, ...more };
}

const MOST_PROBLEMS = 20;

/** Never throws for what the text holds. */
export async function readPolicyText(text: string, label: string): Promise<PolicyReading> {
  const yaml = await readYaml(text.replace(/^\uFEFF/u, ''));
  if (!yaml.ok) {
    return {
      ok: false,
      problems: yaml.problems.map(({ at, message, allowed }) =>
        policyProblem(label, at, message, allowed === undefined ? {} : { allowed }),
      ),
    };
  }
  const [{ policySchema }, { safeParse }] = await Promise.all([import('./policy-schema.ts'), import('zod/mini')]);
  const { source } = yaml;
  const parsed = safeParse(policySchema, source.value);
  const problems = parsed.success
    ? entryProblems(parsed.data, source)
    : problemsOf(parsed.error.issues as Issue[], source, await knownKeys());
  if (parsed.success && problems.length === 0) {
    return { ok: true, file: { label, document: parsed.data, placeOf: source.placeOf, placeOfKey: source.placeOfKey } };
  }
  return {
    ok: false,
    problems: [...problems]
      .sort(byPlace)
      .slice(0, MOST_PROBLEMS)
      .map(({ at, message, allowed, value }) =>
        policyProblem(label, at, message, {
          ...(value === undefined ? {} : { value }),
          ...(allowed === undefined ? {} : { allowed }),
        }),
      ),
  };
}

let keys: KnownKeys | undefined;

/** Made once: the same for every file. */
async function knownKeys(): Promise<KnownKeys> {
  keys ??= keysOf((await import('./policy-json-schema.ts')).policyJsonSchema());
  return keys;
}

const KINDS = ['feature', 'key', 'any-of', 'all-of'] as const;

/** What the schema cannot say: an entry is one thing. */
function entryProblems(document: PolicyDocument, source: YamlSource): Problem[] {
  const problems: Problem[] = [];
  const check = (entry: unknown, path: PolicyPath) => {
    if (typeof entry !== 'object' || entry === null) return;
    const map = entry as Record<string, unknown>;
    const kinds = KINDS.filter((kind) => map[kind] !== undefined);
    if (kinds.length !== 1) {
      const message =
        kinds.length === 0 ? `${nameOf(path)} names nothing` : `${nameOf(path)} has ${kinds.join(' and ')}`;
      problems.push({ at: source.placeOf(path), message, allowed: `one of ${KINDS.join(', ')}` });
    } else if (map['threat-events'] !== undefined && (kinds[0] === 'any-of' || kinds[0] === 'all-of')) {
      const message = `${nameOf(path)} has threat-events, which a group has not`;
      problems.push({
        at: source.placeOfKey(path, 'threat-events'),
        message,
        allowed: 'threat-events at the protections inside',
      });
    }
    for (const kind of ['any-of', 'all-of']) {
      const members = Array.isArray(map[kind]) ? map[kind] : [];
      for (const [index, one] of members.entries()) check(one, [...path, kind, index]);
    }
  };
  const sections: Array<[PolicyPath, Pick<PolicyDocument, 'require' | 'forbid'>]> = [
    [[], document],
    [['android'], document.android ?? {}],
    [['ios'], document.ios ?? {}],
  ];
  for (const [at, section] of sections) {
    for (const key of ['require', 'forbid'] as const) {
      for (const [index, entry] of (section[key] ?? []).entries()) check(entry, [...at, key, index]);
    }
  }
  return problems;
}
