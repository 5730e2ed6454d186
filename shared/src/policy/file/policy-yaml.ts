/**
 * Reads the text of a policy file, or of another file of ours in YAML, as plain data, with the position of every node.
 *
 * Only YAML that a reader can check by eye is allowed: one document, no aliases (so a rule is where reports point), no tags, no directives,
 * no merge keys, each key once. That also leaves nothing that could expand endlessly.
 */
import type { Document, LineCounter, Node, YAMLMap } from 'yaml';

/** More than any policy that people read. */
export const MAX_POLICY_BYTES = 256 * 1024;
/** The schema needs seven levels. */
const DEEPEST = 20;
const MOST_PROBLEMS = 5;

/** Counted from 1. */
export interface TextPosition {
  line: number;
  column: number;
}

export interface YamlProblem {
  at: TextPosition;
  message: string;
  allowed?: string;
}

export type PolicyPath = ReadonlyArray<string | number>;

export interface YamlSource {
  value: unknown;
  /** Position of the node at a path, else of the nearest one above it. */
  placeOf(path: PolicyPath): TextPosition;
  /** Position of a key in the map at a path. */
  placeOfKey(path: PolicyPath, key: string): TextPosition;
}

export type YamlReading = { ok: true; source: YamlSource } | { ok: false; problems: YamlProblem[] };

const START: TextPosition = { line: 1, column: 1 };

/** What the file is, for messages, and how large it may be. `instead`: of an alias. */
export interface YamlKind {
  what: string;
  limit: number;
  empty: string;
  instead: string;
}

const POLICY: YamlKind = {
  what: 'policy',
  limit: MAX_POLICY_BYTES,
  empty: 'version: 1, and what is required',
  instead: 'the rule written out; share rules between files with extends',
};

/** Never throws for bad content. */
export async function readYaml(text: string, kind: YamlKind = POLICY): Promise<YamlReading> {
  const { what, limit } = kind;
  if (Buffer.byteLength(text, 'utf8') > limit)
    return failed(START, `is larger than any ${what}`, `at most ${limit / 1024} KiB`);
  if (text.includes('\0')) return failed(START, 'is not text', 'YAML, UTF-8');
  const tooDeep = depthOf(text) > DEEPEST * 4;
  if (tooDeep) return failed(START, `is nested deeper than any ${what}`, `the keys of the ${what} schema`);
  const yaml = await loadYaml();
  const lines = new yaml.LineCounter();
  let document: Document;
  try {
    document = yaml.parseDocument(text, { lineCounter: lines, version: '1.2', stringKeys: true, prettyErrors: false });
  } catch (error) {
    return failed(START, `is not YAML: ${firstLine(error)}`);
  }
  const problems = document.errors.slice(0, MOST_PROBLEMS).map((error) => ({
    at: placeAt(lines, error.pos[0]),
    message: error.code === 'DUPLICATE_KEY' ? 'a key occurs twice' : `is not YAML: ${firstLine(error)}`,
    ...(error.code === 'DUPLICATE_KEY' ? { allowed: 'each key once' } : {}),
  }));
  if (problems.length === 0) problems.push(...refusals(yaml, document, lines, kind));
  if (problems.length > 0) return { ok: false, problems };
  if (document.contents === null || (yaml.isScalar(document.contents) && document.contents.value === null)) {
    return failed(START, 'is empty', kind.empty);
  }
  return { ok: true, source: sourceOf(yaml, document, lines) };
}

/** CommonJS: Node detects its named exports only if it can see them, which it cannot in a file beside a bundle. */
async function loadYaml(): Promise<Yaml> {
  const loaded: Yaml & { default?: Yaml } = await import('yaml');
  return loaded.default ?? loaded;
}

function failed(at: TextPosition, message: string, allowed?: string): YamlReading {
  return { ok: false, problems: [allowed === undefined ? { at, message } : { at, message, allowed }] };
}

/**
 * The greatest number of brackets open at once. Quoted ones count too, which only makes the limit stricter for texts that no policy
 * contains.
 */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const character of text) {
    if (character === '[' || character === '{') deepest = Math.max(deepest, ++depth);
    else if (character === ']' || character === '}') depth = Math.max(0, depth - 1);
  }
  return deepest;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}

function placeAt(lines: LineCounter, offset: number): TextPosition {
  const { line, col } = lines.linePos(offset);
  return line > 0 ? { line, column: col } : START;
}

type Yaml = typeof import('yaml');

/** What YAML allows but a file of ours may not use. */
function refusals(yaml: Yaml, document: Document, lines: LineCounter, { what, instead }: YamlKind): YamlProblem[] {
  const problems: YamlProblem[] = [];
  const refuse = (node: Node | undefined, message: string, allowed: string) => {
    if (problems.length < MOST_PROBLEMS) problems.push({ at: placeAt(lines, node?.range?.[0] ?? 0), message, allowed });
  };
  if (document.directives?.yaml.explicit) refuse(undefined, 'has a YAML directive', 'plain YAML 1.2 without %YAML');
  yaml.visit(document, (key, node, path) => {
    if (path.length > DEEPEST * 2) {
      if (yaml.isNode(node)) refuse(node, `is nested deeper than any ${what}`, `the keys of the ${what} schema`);
      return yaml.visit.BREAK;
    }
    if (yaml.isAlias(node)) refuse(node, 'is an alias', instead);
    else if (yaml.isNode(node) && node.tag !== undefined) refuse(node, 'has a tag', 'plain YAML');
    else if (key === 'key' && yaml.isScalar(node) && node.value === '<<') {
      refuse(node, 'is a merge key, which YAML 1.2 does not have', instead);
    }
    return undefined;
  });
  return problems;
}

function sourceOf(yaml: Yaml, document: Document, lines: LineCounter): YamlSource {
  const nodeAt = (path: PolicyPath): Node | undefined => {
    for (let length = path.length; length >= 0; length--) {
      const found: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
      // An empty value (`require:`) has a node of zero width; its key says more.
      if (yaml.isNode(found) && found.range) return found;
    }
    return undefined;
  };
  return {
    value: document.toJS({ maxAliasCount: 0 }),
    placeOf: (path) => placeAt(lines, nodeAt(path)?.range?.[0] ?? 0),
    placeOfKey: (path, key) => {
      const map = path.length === 0 ? document.contents : document.getIn(path, true);
      const pair = yaml.isMap(map)
        ? (map as YAMLMap<Node, Node>).items.find((item) => yaml.isScalar(item.key) && item.key.value === key)
        : undefined;
      const node = pair?.key;
      return placeAt(lines, (node ?? nodeAt(path))?.range?.[0] ?? 0);
    },
  };
}
