/** Code that only some builds have: what stands between `#if` and `#endif`. Which builds, the source does not say. */
import type { ParsedFile } from './node.ts';

/** From one directive to the next one of the same condition. */
export interface Branch {
  start: number;
  end: number;
  /** Of the directive that opens the condition, from 1. */
  line: number;
  parent: Branch | undefined;
  condition: Condition;
}

export interface Condition {
  branches: Branch[];
  /** It has an `#else`: one of its branches is in every build. */
  complete: boolean;
}

const DIRECTIVE =
  /^[ \t\uFEFF]*#[ \t]*(if|ifdef|ifndef|elif|elseif|elifdef|elifndef|else|endif|define|undef)\b[ \t]*(\w*)/gmu;

/**
 * @param hidden types of nodes whose text holds no directives
 * @returns every branch, in the order in which they begin
 */
export function branchesIn(file: ParsedFile, hidden: ReadonlySet<string>): Branch[] {
  const found: Branch[] = [];
  const directives = directivesIn(file, hidden);
  const guard = includeGuard(directives);
  let open: Branch | undefined;
  let [line, counted] = [1, 0];
  for (const [at, { index, 1: word = '', 0: text }] of directives.entries()) {
    for (; counted < index; counted++) if (file.text[counted] === '\n') line += 1;
    if (word === 'define' || word === 'undef') continue;
    if (guard && (at === 0 || at === directives.length - 1)) continue;
    if (word.startsWith('if')) open = branch(found, index, line, open, { branches: [], complete: false });
    else if (open) {
      open.end = index + text.length;
      const { parent, condition } = open;
      if (word === 'endif') open = parent;
      else {
        condition.complete ||= word === 'else';
        open = branch(found, index, open.line, parent, condition);
      }
    }
  }
  return found;
}

function directivesIn(file: ParsedFile, hidden: ReadonlySet<string>): RegExpExecArray[] {
  const notCode = file.nodes.filter(({ type }) => hidden.has(type)).sort((a, b) => a.start - b.start);
  let [at, end] = [0, 0];
  return [...file.text.matchAll(DIRECTIVE)].filter(({ index }) => {
    for (let node = notCode[at]; node && node.start <= index; node = notCode[++at]) end = Math.max(end, node.end);
    return index >= end;
  });
}

/** The innermost of these branches that holds a place. */
export function branchAround(branches: readonly Branch[], place: number): Branch | undefined {
  let [low, high] = [0, branches.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((branches[middle]?.start ?? 0) <= place) low = middle + 1;
    else high = middle;
  }
  let found = branches[low - 1];
  while (found && place >= found.end) found = found.parent;
  return found;
}

function branch(found: Branch[], start: number, line: number, parent: Branch | undefined, condition: Condition) {
  const made: Branch = { start, end: Number.POSITIVE_INFINITY, line, parent, condition };
  condition.branches.push(made);
  found.push(made);
  return made;
}

/** `#ifndef A` and `#define A` around a whole header: every build has it once. */
function includeGuard(directives: readonly RegExpMatchArray[]): boolean {
  const [first, second] = directives;
  if (first?.[1] !== 'ifndef' || second?.[1] !== 'define' || first[2] !== second[2]) return false;
  let depth = 0;
  return directives.every(([, word = ''], at) => {
    if (word.startsWith('if')) depth += 1;
    if (word === 'endif') depth -= 1;
    const isLast = at === directives.length - 1;
    return isLast ? depth === 0 : depth > 0 && (depth > 1 || !word.startsWith('el'));
  });
}
