/** Puts what the policy definition finds wrong into words, with a position: zod's issues are for programmers. */
import { defined } from '../../model/defined.ts';
import { nearestNames } from '../../text/nearest-name.ts';
import { shortLine } from '../../text/untrusted-text.ts';
import type { PolicyPath, TextPosition, YamlProblem, YamlSource } from './policy-yaml.ts';

export type Problem = YamlProblem & { value?: string };
/** With the path of the faulty node. */
export type PathProblem = Problem & { path: PolicyPath };

export function byPlace(a: Problem, b: Problem): number {
  return a.at.line - b.at.line || a.at.column - b.at.column;
}

/** The parts of zod's issues that we use. */
export interface Issue {
  code: string;
  path: PolicyPath;
  keys?: string[];
  values?: unknown[];
  expected?: string;
  /** For a form: what is wrong and, after the arrow, what to write (`policy-schema.ts`). */
  message?: string;
  origin?: string;
  minimum?: number;
  maximum?: number;
  errors?: Issue[][];
}

/** The keys that the definition has at a path of a document. */
export type KnownKeys = (path: PolicyPath) => string[];

/** @param whole what the document is, for messages */
export function problemsOf(issues: Issue[], source: YamlSource, known: KnownKeys, whole = 'a policy'): PathProblem[] {
  return issues
    .flatMap((issue) => leaves(issue))
    .flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? (issue.keys ?? []).map((key) => ({
            ...unknownKey(key, issue.path, source, known(issue.path), whole),
            path: [...issue.path, key],
          }))
        : { ...problemOfIssue(issue, source), path: issue.path },
    );
}

interface SchemaNode {
  $ref?: string;
  $defs?: Record<string, SchemaNode>;
  properties?: Record<string, SchemaNode>;
  additionalProperties?: SchemaNode | boolean;
  items?: SchemaNode;
  anyOf?: SchemaNode[];
}

/** Read from the JSON Schema, which says the same as the definition but can be walked. */
export function keysOf(schema: SchemaNode): KnownKeys {
  const branchesOf = (node: SchemaNode): SchemaNode[] => {
    const named = node.$ref === undefined ? undefined : schema.$defs?.[node.$ref.replace('#/$defs/', '')];
    return named ? branchesOf(named) : (node.anyOf?.flatMap(branchesOf) ?? [node]);
  };
  const step = (node: SchemaNode, part: string | number): SchemaNode[] =>
    branchesOf(node).flatMap((branch) => {
      if (typeof part === 'number') return branch.items ?? [];
      const named = branch.properties?.[part];
      if (named) return named;
      return typeof branch.additionalProperties === 'object' ? branch.additionalProperties : [];
    });
  return (path) => {
    let nodes: SchemaNode[] = [schema];
    for (const part of path) nodes = nodes.flatMap((node) => step(node, part));
    return nodes.flatMap(branchesOf).flatMap((branch) => Object.keys(branch.properties ?? {}));
  };
}

/** A union fails with the problems of every branch; the branch that fits the value's kind is the intended one. */
function leaves(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const branches = issue.errors ?? [];
  const meant = branches.find((branch) => !branch.some((one) => one.code === 'invalid_type' && one.path.length === 0));
  const rooted = (one: Issue): Issue => ({ ...one, path: [...issue.path, ...one.path] });
  if (meant) return meant.map(rooted).flatMap(leaves);
  const kinds = branches.flatMap((branch) => branch.flatMap((one) => one.expected ?? []));
  const message = branches.flat().find((one) => formOf(one) !== undefined)?.message;
  const expected = [...new Set(kinds)].join(' or ');
  return [{ code: 'invalid_type', path: issue.path, expected, ...defined({ message }) }];
}

/** What the definition itself says is wrong, and what to write instead. */
function formOf({ message = '' }: Issue): { message: string; allowed: string } | undefined {
  const [wrong, ...allowed] = message.split(' -> ');
  return wrong === undefined || allowed.length === 0 ? undefined : { message: wrong, allowed: allowed.join(' -> ') };
}

const KIND_WORD: Record<string, string> = {
  object: 'a map of keys',
  array: 'a list',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  record: 'a map of keys',
};

function kindWords(expected: string | undefined): string {
  return (expected ?? '')
    .split(' or ')
    .map((kind) => KIND_WORD[kind] ?? kind)
    .join(' or ');
}

function problemOfIssue(issue: Issue, source: YamlSource): Problem {
  const at = source.placeOf(issue.path);
  const what = nameOf(issue.path);
  const value = valueAt(source.value, issue.path);
  const written = given(value);
  const form = formOf(issue);
  if (value === undefined) return { at, message: `${what} is missing`, ...allowedWhereMissing(issue, form) };
  if (value === null) {
    const allowed = form?.allowed ?? (issue.values?.map(String).join(', ') || kindWords(issue.expected));
    return { at: keyPlace(issue.path, source), message: `${what} is empty`, allowed };
  }
  if (form !== undefined) return { at, ...written, message: `${what} ${form.message}`, allowed: form.allowed };
  switch (issue.code) {
    case 'invalid_type':
      return { at, ...written, message: `${what} has the wrong type`, allowed: kindWords(issue.expected) };
    case 'invalid_value': {
      const values = (issue.values ?? []).map(String);
      const [near] = written.value === undefined ? [] : nearestNames(written.value, values);
      const message = `${what} is not one of its values${near ? `; did you mean ${near}?` : ''}`;
      return { at, ...written, message, allowed: values.join(', ') };
    }
    case 'too_small': {
      const empty = issue.origin === 'array' || issue.origin === 'string';
      return {
        at,
        ...written,
        message: `${what} is ${empty ? 'empty' : 'too small'}`,
        allowed: `at least ${issue.minimum}`,
      };
    }
    case 'too_big': {
      const message = `${what} is too ${issue.origin === 'string' ? 'long' : 'large'}`;
      return { at, message, allowed: `at most ${issue.maximum}` };
    }
    default:
      return { at, ...written, message: `${what} is not valid` };
  }
}

function allowedWhereMissing(issue: Issue, form: { allowed: string } | undefined): { allowed?: string } {
  if (form !== undefined) return { allowed: form.allowed };
  const values = (issue.values ?? []).map(String).join(', ');
  if (values !== '') return { allowed: `${issue.path.at(-1)}: ${values}` };
  return {};
}

/** A misspelt key would be a rule that nobody enforces. */
function unknownKey(key: string, path: PolicyPath, source: YamlSource, known: string[], whole: string): Problem {
  const [near] = nearestNames(key, known);
  return {
    at: source.placeOfKey(path, key),
    ...given(key),
    message: `is not a key of ${path.length > 0 ? nameOf(path) : whole}${near ? `; did you mean ${near}?` : ''}`,
    ...(known.length > 0 ? { allowed: [...new Set(known)].join(', ') } : {}),
  };
}

function keyPlace(path: PolicyPath, source: YamlSource): TextPosition {
  const last = path.at(-1);
  return typeof last === 'string' ? source.placeOfKey(path.slice(0, -1), last) : source.placeOf(path);
}

/** `waivers[2].expires` */
export function nameOf(path: PolicyPath): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part + 1}]` : `.${part}`)).join('');
  return text === '' ? 'the policy' : text.replace(/^\./u, '');
}

/** The value at a path of a document; undefined if there is none. */
export function valueAt(value: unknown, path: PolicyPath): unknown {
  let found: unknown = value;
  for (const part of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Record<string | number, unknown>)[part];
  }
  return found;
}

function given(value: unknown): { value?: string } {
  return defined({ value: shown(value) });
}

/** A value as a message may show it. */
function shown(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  return shortLine(String(value));
}
