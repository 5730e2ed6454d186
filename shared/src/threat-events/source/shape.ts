/** What the languages have in common, as far as names of events travel through it. A language turns its syntax into these words. */
import type { SyntaxNode } from './node.ts';

export interface Argument {
  label?: string;
  node: SyntaxNode;
}

/** One expression, one level deep. Whatever is not understood has no shape, and nothing is concluded from it. */
export type Shape =
  | { is: 'text'; value: string }
  | { is: 'name'; name: string }
  /** `this`, `self`. */
  | { is: 'self' }
  | { is: 'null' }
  /** Without `of`: Swift's `.name`. */
  | { is: 'member'; of?: SyntaxNode; name: string }
  | { is: 'item'; of: SyntaxNode; index: SyntaxNode }
  | { is: 'list'; items: SyntaxNode[] }
  | { is: 'map'; entries: Array<{ key?: string; keyNode?: SyntaxNode; value?: SyntaxNode }> }
  | { is: 'spread'; of: SyntaxNode }
  /** `new Name(…)` too. `lambda`: after the parentheses. */
  | { is: 'call'; name: string; of?: SyntaxNode; args: Argument[]; lambda?: SyntaxNode }
  /** `filter::addAction`. */
  | { is: 'method'; of: SyntaxNode; name: string }
  | { is: 'lambda'; params: SyntaxNode[]; body: SyntaxNode }
  /** Parentheses, casts and the like: the value of `of`. */
  | { is: 'same'; of: SyntaxNode };

/** What a piece of syntax brings into scope. */
export type Declared =
  /** `type`: as written. */
  | { as: 'value'; name: string; value?: SyntaxNode; type?: string }
  /** Each element of `of`. `part`: of a pair. `member`: only this one of it, here and of a parameter. */
  | { as: 'each'; name: string; of: SyntaxNode; part?: 'key' | 'value'; member?: string }
  /** Of the function or lambda `of`. */
  | { as: 'parameter'; name: string; index: number; label?: string; of: SyntaxNode; type?: string; member?: string }
  /** `const { member } = of`. */
  | { as: 'taken'; name: string; of: SyntaxNode; member: string }
  | { as: 'function'; name: string; body: SyntaxNode; parameters: number }
  | { as: 'type'; name: string; body: SyntaxNode; isEnum?: boolean; fields?: string[] }
  /** A constant of an enum. `args`: given to its constructor, or its raw value. */
  | { as: 'constant'; name: string; args: Argument[] }
  /** A name from another file. `imported`: `*` = all of it, under this name; undefined = all of its names. `from`: a path, or a type. */
  | { as: 'import'; name: string; imported: string | undefined; from?: string }
  /** Bound, and nothing is known of its value. */
  | { as: 'other'; name: string; type?: string };

export interface Assignment {
  target: SyntaxNode;
  value: SyntaxNode;
}

export interface LanguageReader {
  /** Nodes that hold names of their own. */
  scopes: ReadonlySet<string>;
  /** Leaves that hold text of string literals, for mentions; other leaves count when they are exactly the name. */
  texts: ReadonlySet<string>;
  comments: ReadonlySet<string>;
  /** Conditions: what is in them may not run. */
  conditions: ReadonlySet<string>;
  shape(node: SyntaxNode): Shape | undefined;
  declared(node: SyntaxNode): Declared[];
  assignment(node: SyntaxNode): Assignment | undefined;
  /** The last expression of a lambda, or what a function returns; undefined if there are several. */
  result(body: SyntaxNode): SyntaxNode | undefined;
  /** Names of a parameter that is not written: `it`, `$0`. */
  implicit: string | undefined;
  /** Has `#if`: some builds have only a part of a file. */
  preprocessed?: true;
  /** Text of the same length that the grammar understands better. */
  readable?(text: string): string;
  /** For grammars whose syntax needs another form first. */
  prepare?(nodes: SyntaxNode[]): void;
}
