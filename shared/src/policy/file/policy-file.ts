/** One policy file: checks its text against the definition. Every problem has a line and column. */

import { defined } from '../../model/defined.ts';
import { isJsonObject } from '../../model/json-object.ts';
import { withoutByteOrderMark } from '../../text/white-space.ts';
import {
  byPlace,
  type Issue,
  type KnownKeys,
  keysOf,
  nameOf,
  type PathProblem,
  problemsOf,
  valueAt,
} from './policy-issues.ts';
import { type PolicyProblem, policyProblem } from './policy-problem.ts';
import type { PolicyDocument } from './policy-schema.ts';
import type { PolicyPath, TextPosition, YamlSource } from './policy-yaml.ts';
import { readYaml } from './policy-yaml.ts';

/** A file with the form of a policy. Its contents are checked later. */
export interface PolicyFile {
  /** As messages name it: relative to the working directory, with `/`. */
  label: string;
  document: PolicyDocument;
  placeOf(path: PolicyPath): TextPosition;
  placeOfKey(path: PolicyPath, key: string): TextPosition;
}

/** `partial` is the policy without the entries that have the wrong form. It is for finding problems of other kinds, never for a verdict. */
export type PolicyReading =
  | { ok: true; file: PolicyFile }
  | { ok: false; problems: PolicyProblem[]; partial?: PolicyFile };

const MOST_PROBLEMS = 20;

/** Never throws for bad content. */
export async function readPolicyText(text: string, label: string): Promise<PolicyReading> {
  const yaml = await readYaml(withoutByteOrderMark(text));
  if (!yaml.ok) {
    return {
      ok: false,
      problems: yaml.problems.map(({ at, message, allowed }) =>
        policyProblem(label, at, message, defined({ allowed })),
      ),
    };
  }
  const { source } = yaml;
  const check = await policyForm(source);
  const { problems, document } = check(source.value);
  const file = (of: PolicyDocument, original: (path: PolicyPath) => PolicyPath): PolicyFile => ({
    label,
    document: of,
    placeOf: (path) => source.placeOf(original(path)),
    placeOfKey: (path, key) => source.placeOfKey(original(path), key),
  });
  if (document) return { ok: true, file: file(document, (path) => path) };
  const left = withoutProblems(source.value, check);
  return {
    ok: false,
    problems: [...problems]
      .sort(byPlace)
      .slice(0, MOST_PROBLEMS)
      .map(({ at, message, allowed, value }) => policyProblem(label, at, message, defined({ value, allowed }))),
    ...defined({ partial: left && file(left.document, left.original) }),
  };
}

type FormCheck = (value: unknown) => { problems: PathProblem[]; document?: PolicyDocument };

/** Checks against the schema, and what the schema cannot express. The document is only there if nothing is wrong. */
async function policyForm(source: YamlSource): Promise<FormCheck> {
  const [{ policySchema }, { safeParse }, known] = await Promise.all([
    import('./policy-schema.ts'),
    import('zod/mini'),
    knownKeys(),
  ]);
  return (value) => {
    const parsed = safeParse(policySchema, value);
    const problems = [
      ...(parsed.success ? [] : problemsOf(parsed.error.issues as Issue[], source, known)),
      ...entryProblems(value, source),
    ];
    return parsed.success && problems.length === 0 ? { problems, document: parsed.data } : { problems };
  };
}

let keys: KnownKeys | undefined;

/** Made once, since it is the same for every file. */
async function knownKeys(): Promise<KnownKeys> {
  keys ??= keysOf((await import('./policy-json-schema.ts')).policyJsonSchema());
  return keys;
}

/** More rounds than a document has levels: each removes what the previous one found, or what is around it. */
const MOST_ROUNDS = 16;

/**
 * Repeatedly removes entries that have a problem, so that unknown names are reported together with unknown keys. Positions remain those in
 * the text.
 */
function withoutProblems(value: unknown, check: FormCheck) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  let left: unknown = value;
  let original = (path: PolicyPath): PolicyPath => path;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const { problems, document } = check(left);
    if (document) return { document, original };
    const out = new Set(problems.map(({ path }) => JSON.stringify(faultyPart(path, left))));
    const pruned = prune(left, [], out);
    const before = original;
    // Without its version a document has no form at all, and there is only one version.
    left = { ...(pruned.value as object), version: 1 };
    original = (path) => before(pruned.original(path));
  }
  return undefined;
}

/** Replaces what is wrong in a waiver, so that the rest of it is still checked. */
const FILLERS: Record<string, unknown> = {
  features: ['key: not looked at'],
  reason: 'not looked at here',
  owner: 'not looked at',
  expires: '2000-01-01',
  ticket: 'none',
  scope: {},
};
/** The default in its place would find fault with waivers that it may well allow. */
const MOST_WAIVER_DAYS = 3660;

function fillerOf(path: PolicyPath): unknown {
  const [section, , key, ...rest] = path;
  if (path.length === 1) return section === 'max-waiver-days' ? MOST_WAIVER_DAYS : undefined;
  if (section !== 'waivers' || typeof key !== 'string' || !Object.hasOwn(FILLERS, key)) return undefined;
  // The other names of the list are still checked.
  return key === 'features' && rest.length > 0 ? undefined : FILLERS[key];
}

/** What to leave out for a problem: the value or the unknown key itself, so that all around it is still checked. */
function faultyPart(path: PolicyPath, document: unknown): PolicyPath {
  if (fillerOf(path) !== undefined) return path.slice(0, 3);
  // A key that is missing cannot be left out; what it belongs to can.
  for (let length = path.length; length > 1; length--) {
    const part = path.slice(0, length);
    if (valueAt(document, part) !== undefined) return part;
  }
  return path.slice(0, 1);
}

function prune(
  value: unknown,
  at: PolicyPath,
  out: ReadonlySet<string>,
): { value: unknown; original: (path: PolicyPath) => PolicyPath } {
  if (typeof value !== 'object' || value === null) return { value, original: (path) => path };
  const kept = Object.entries(value).filter(([key]) => {
    const part = Array.isArray(value) ? Number(key) : key;
    return !out.has(JSON.stringify([...at, part]));
  });
  const parts = kept.map(([key, one]) => {
    const part = Array.isArray(value) ? Number(key) : key;
    return { part, ...prune(one, [...at, part], out) };
  });
  const original = (path: PolicyPath): PolicyPath => {
    const [first, ...rest] = path;
    if (first === undefined) return path;
    const found = Array.isArray(value) ? parts[Number(first)] : parts.find(({ part }) => part === first);
    return found ? [found.part, ...found.original(rest)] : path;
  };
  const fillers = ['max-waiver-days', ...Object.keys(FILLERS)].flatMap((key) => {
    const path = [...at, key];
    const filler = fillerOf(path);
    return filler !== undefined && out.has(JSON.stringify(path)) ? [[key, filler] as const] : [];
  });
  const whole = Array.isArray(value)
    ? parts.map((one) => one.value)
    : Object.fromEntries([...parts.map((one) => [one.part, one.value] as const), ...fillers]);
  return { value: whole, original };
}

const KINDS = ['feature', 'key', 'any-of', 'all-of', 'at-least'] as const;
const GROUPS = ['any-of', 'all-of', 'of'] as const;
const ENTRY_KEYS = new Set<string>([...KINDS, 'of', 'threat-events', 'severity', 'id', 'reason', 'link']);

/** What the schema cannot express: an entry is exactly one thing. Takes any value, since it also sees what the schema has refused. */
function entryProblems(document: unknown, source: YamlSource): PathProblem[] {
  const problems: PathProblem[] = [];
  const check = (entry: unknown, path: PolicyPath) => {
    const map = mapOf(entry);
    if (!map) return;
    const add = (message: string, allowed: string, at = source.placeOf(path)) =>
      problems.push({ at, message: `${nameOf(path)} ${message}`, allowed, path });
    const kinds = KINDS.filter((kind) => map[kind] !== undefined);
    const count = map['at-least'];
    if (kinds.length !== 1) {
      // After a misspelt key, which is already reported, this adds nothing.
      if (kinds.length > 0 || Object.keys(map).every((one) => ENTRY_KEYS.has(one)))
        add(kinds.length === 0 ? 'names nothing' : `has ${kinds.join(' and ')}`, `one of ${KINDS.join(', ')}`);
    } else if (map['threat-events'] !== undefined && kinds[0] !== 'feature' && kinds[0] !== 'key') {
      const at = source.placeOfKey(path, 'threat-events');
      add('is a group, and threat-events belongs to a protection', 'threat-events at the protections inside', at);
    } else if ((count === undefined) !== (map.of === undefined)) {
      add(count === undefined ? 'has of without at-least' : 'has at-least without of', 'at-least: 2, of: [ … ]');
    } else if (typeof count === 'number' && Array.isArray(map.of) && count > map.of.length) {
      const at = source.placeOfKey(path, 'at-least');
      const most = map.of.length;
      const allowed = most === 1 ? 'at-least: 1, or more protections in the list' : `at-least: ${most} or fewer`;
      if (most > 0) add(`asks for at least ${count} and lists ${most}, so that it can never be met`, allowed, at);
    }
    for (const kind of GROUPS) for (const [index, one] of listOf(map[kind])) check(one, [...path, kind, index]);
  };
  const root = mapOf(document) ?? {};
  for (const at of [[], ['android'], ['ios']]) {
    const section = at[0] === undefined ? root : (mapOf(root[at[0]]) ?? {});
    for (const key of ['require', 'forbid'] as const) {
      for (const [index, entry] of listOf(section[key])) check(entry, [...at, key, index]);
    }
  }
  for (const [index, waiver] of listOf(root.waivers)) {
    const map = mapOf(waiver);
    const path = ['waivers', index];
    if (map && (map.feature === undefined) === (map.features === undefined)) {
      const [key, wrong] =
        map.feature === undefined ? ['features', 'names no protection'] : ['feature', 'has feature and features'];
      problems.push({
        at: source.placeOf(path),
        message: `${nameOf(path)} ${wrong}`,
        allowed: 'feature: NAME, or features: [NAME, NAME]',
        path: [...path, key],
      });
    }
  }
  return problems;
}

function mapOf(value: unknown): Record<string, unknown> | undefined {
  return isJsonObject(value) ? value : undefined;
}

function listOf(value: unknown): Array<[number, unknown]> {
  return Array.isArray(value) ? [...value.entries()] : [];
}
