/** Which names a registration call of a language is tied to. */

import { endOf } from './ended.ts';
import type { Evidence } from './items.ts';
import { isInside, type SyntaxNode } from './node.ts';
import { isOfPlatform } from './platform-types.ts';
import { type Declaration, is, type Program } from './program.ts';
import { isNeverReached } from './reached.ts';
import { isNull } from './release.ts';
import type { Values } from './values.ts';

/** `via`: where the name came from, see Evidence. */
export interface Registration extends Evidence {
  node: SyntaxNode;
}

/** A call that registers something, or does half of what it takes. */
export interface HalfRegistration {
  name: string;
  node: SyntaxNode;
  /** Why it is not a registration. */
  why: string;
}

export interface Registrations {
  whole: Registration[];
  half: HalfRegistration[];
  /** Registration calls whose name could not be traced. */
  untraced: SyntaxNode[];
}

export interface Search {
  program: Program;
  values: Values;
  found: Registrations;
  /** The names that the search is for: no other is kept. */
  wanted: ReadonlySet<string>;
}

export function register(search: Search, node: SyntaxNode, names: readonly Evidence[] | undefined): void {
  const why = vanity(search, node);
  if (names === undefined) search.found.untraced.push(node);
  else if (why) half(search, node, names, why);
  else for (const one of arriving(search, node, names)) search.found.whole.push(one);
}

/** Those wanted names that a release build brings to a call. The others are half of a registration. */
export function arriving(search: Search, node: SyntaxNode, names: readonly Evidence[]): Registration[] {
  const { program, values } = search;
  return names.flatMap((one) => {
    if (!search.wanted.has(one.name)) return [];
    const never = one.via.find((place) => isNeverReached(program, values.meanings, place));
    if (never === undefined && !isSwitchedOff(search, node, one)) return [{ ...one, node }];
    const line = never?.line ?? one.via[0]?.line;
    half(search, node, [one], `a release build never comes to where it gets the name, line ${line}`);
    return [];
  });
}

/** `listen("RootedDevice", false)`: whether what a call gives with the name never lets the function come to the registration. */
function isSwitchedOff({ program, values }: Search, node: SyntaxNode, { via }: Evidence): boolean {
  const bindings = new Map<Declaration, SyntaxNode>();
  for (const place of via) {
    const user = program.userOf(program.bare(place));
    for (const argument of user?.call.args ?? []) {
      const parameter = user && values.calls.parameterOf(user.node, user.call, argument);
      if (!is(parameter, 'parameter') || !isInside(node, parameter.what.of)) continue;
      // One that is set, or that calls further in give as well, has no certain value.
      if (bindings.has(parameter) || program.assignedTo(parameter).length > 0) return false;
      bindings.set(parameter, argument.node);
    }
  }
  return bindings.size > 0 && isNeverReached(program, values.meanings.with(bindings), node);
}

/** Why a call that registers is in vain; undefined if it is not. */
export function vanity(search: Search, node: SyntaxNode): string | undefined {
  const { program, values } = search;
  if (isNeverReached(program, values.meanings, node)) return 'a release build never comes to this call';
  const call = program.shape(node);
  const end = call?.is === 'call' ? endOf(search, node, call) : undefined;
  return end && `the same function calls ${end.name} for it in line ${end.line}, which may end it`;
}

export function half(search: Search, node: SyntaxNode, names: readonly Evidence[] | undefined, why: string): void {
  for (const { name } of names ?? []) if (search.wanted.has(name)) search.found.half.push({ name, node, why });
}

/** The name at the beginning of `a.b().c`. */
export function rootName({ program, values }: Search, node: SyntaxNode | undefined): string | undefined {
  let found = node;
  for (let depth = 0; found && depth < 32; depth++) {
    const shape = program.bareShape(found);
    if ((shape?.is === 'call' || shape?.is === 'member') && shape.of) found = shape.of;
    else if (shape?.is === 'name') {
      const declared = values.meanings.declarations(shape.name, found);
      const [only] = declared;
      const value = declared.length === 1 && only ? values.meanings.onlyValue(only) : undefined;
      if (value === undefined) {
        const type = only && 'type' in only.what ? only.what.type : undefined;
        return type ?? shape.name;
      }
      found = value;
    } else return shape?.is === 'call' ? shape.name : undefined;
  }
  return undefined;
}

/** The value behind a variable that has only one; else the expression itself. */
export function behind({ program, values }: Search, node: SyntaxNode): SyntaxNode {
  let found = program.bare(node);
  for (let depth = 0; depth < 32; depth++) {
    const declared = values.meanings.namedBy(found);
    const [only] = declared ?? [];
    const value = declared?.length === 1 && only ? values.meanings.onlyValue(only) : undefined;
    if (value === undefined) return found;
    found = program.bare(value);
  }
  return found;
}

/** Whether a type of the platform is meant, and not one of the tree's own or of a library that has its name. */
export function isPlatformType({ program }: Search, name: string, at: SyntaxNode): boolean {
  return program.typesNamed(name).length === 0 && isOfPlatform(at.file, name);
}

/** Whether a call gets nothing for this argument: null, or a variable that is never set to anything else. */
export function isNothing(search: Search, node: SyntaxNode, seen = new Set<SyntaxNode>()): boolean {
  const { program, values } = search;
  const found = behind(search, node);
  if (seen.has(found) || seen.size > 100) return false;
  seen.add(found);
  const shape = program.shape(found);
  if (isNull(program, values.meanings, found)) return true;
  if (shape?.is === 'call') {
    const result = values.calls.resultOf(found, shape);
    return result !== undefined && isNothing(search, result, seen);
  }
  return (values.meanings.namedBy(found) ?? []).some((one) => {
    if (is(one, 'parameter'))
      return (values.calls.argumentsFor(one.what) ?? []).some(
        (given) => !given.each && isNothing(search, given.node, seen),
      );
    return is(one, 'value') && one.what.value === undefined && program.assignedTo(one).length === 0;
  });
}
