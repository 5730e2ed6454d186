import { childOf, childrenOf, fieldOf, type SyntaxNode, textOf } from '../node.ts';
import type { Argument, Declared, LanguageReader, Shape } from '../shape.ts';
import { onlyResult } from './syntax.ts';

function shape(node: SyntaxNode): Shape | undefined {
  const [first, second] = node.children;
  switch (node.type) {
    case 'string_literal':
      return literal(node);
    case 'identifier':
    case 'type_identifier':
      return { is: 'name', name: textOf(node) };
    case 'this':
    case 'super':
      return { is: 'self' };
    case 'null_literal':
      return { is: 'null' };
    case MEMBER:
      return first && second && { is: 'member', of: first, name: textOf(second) };
    case ITEM:
      return first && second && { is: 'item', of: first, index: second };
    case SAME:
    case 'parenthesized_expression':
    case 'type_cast_expression':
    case 'argument':
      return first && { is: 'same', of: first };
    case 'spread_element':
      return first && { is: 'spread', of: first };
    case 'list_literal':
      return { is: 'list', items: node.children.filter(({ type }) => !OF_TYPE.has(type)) };
    case 'set_or_map_literal': {
      const parts = node.children.filter(({ type }) => !OF_TYPE.has(type));
      if (!parts.some(({ type }) => type === 'pair')) return { is: 'list', items: parts };
      return { is: 'map', entries: parts.map(pairEntry) };
    }
    case 'const_object_expression':
    case 'new_expression': {
      const name = childOf(node, 'type_identifier', 'identifier');
      return name && { is: 'call', name: textOf(name), args: argumentsOf(childOf(node, 'arguments')) };
    }
    case CALL: {
      const args = argumentsOf(second);
      const named = first && shape(first);
      const called = named?.is === 'same' ? shape(named.of) : named;
      if (called?.is === 'name') return { is: 'call', name: called.name, args };
      return called?.is === 'member' && called.of ? { is: 'call', name: called.name, of: called.of, args } : undefined;
    }
    case 'function_expression': {
      const body = fieldOf(node, 'body')?.children.at(-1);
      return body && { is: 'lambda', params: fieldOf(node, 'parameters')?.children ?? [], body };
    }
    default:
      return undefined;
  }
}

const OF_TYPE = new Set(['const_builtin', 'type_arguments', 'comment']);

/** The grammar keeps the quotes in the node. */
function literal(node: SyntaxNode): Shape | undefined {
  const text = textOf(node);
  const quote = text[0] ?? '';
  const value = text.slice(1, -1);
  const isPlain =
    node.children.length === 0 && (quote === "'" || quote === '"') && !value.includes(quote) && !value.includes('\\');
  return isPlain ? { is: 'text', value } : undefined;
}

function pairEntry(node: SyntaxNode): { keyNode?: SyntaxNode; value?: SyntaxNode } {
  if (node.type !== 'pair') return { value: node };
  const [keyNode, value] = [fieldOf(node, 'key'), fieldOf(node, 'value')];
  return { ...(keyNode ? { keyNode } : {}), ...(value ? { value } : {}) };
}

function argumentsOf(list: SyntaxNode | undefined): Argument[] {
  return childrenOf(list, 'argument', 'named_argument').flatMap(({ type, children }) => {
    const label = type === 'named_argument' ? children[0]?.children[0] : undefined;
    const node = children.at(-1);
    return node ? [{ node, ...(label ? { label: textOf(label) } : {}) }] : [];
  });
}

const MEMBER = 'dart_member';
const ITEM = 'dart_item';
const SAME = 'dart_same';
const CALL = 'dart_call';
const FUNCTION = 'dart_function';

function made(type: string, children: SyntaxNode[], like: SyntaxNode): SyntaxNode {
  const last = children.at(-1) ?? like;
  const node: SyntaxNode = { ...like, type, end: last.end, children };
  for (const child of children) child.parent = node;
  return node;
}

/** `events` of `import 'events.dart' as events;`, for files of the tree and for Flutter itself. */
function prefixesOf(nodes: readonly SyntaxNode[]): Set<string> {
  const found = new Set<string>();
  for (const node of nodes) {
    const name = node.type === 'import_specification' ? childOf(node, 'identifier') : undefined;
    const isKnown = /^import\s+['"](?:package:flutter\/|(?![\w+.-]*:))/u.test(textOf(node.parent ?? node));
    if (name && isKnown) found.add(textOf(name));
  }
  return found;
}

/** The grammar lists `a.b(c)` as `a`, `.b`, `(c)`, side by side: here they become one inside the other. */
function folded(parent: SyntaxNode, prefixes: ReadonlySet<string>, add: (node: SyntaxNode) => void): void {
  const children: SyntaxNode[] = [];
  for (const child of parent.children) {
    const before = children.at(-1);
    if (child.type !== 'selector' || before === undefined) {
      children.push(child);
      continue;
    }
    const [inner] = child.children;
    const named = childOf(inner, 'identifier');
    const index = childOf(inner, 'index_selector')?.children[0];
    const list = childOf(inner, 'arguments');
    const after =
      inner === undefined
        ? made(SAME, [before], before)
        : named && before.type === 'identifier' && prefixes.has(textOf(before))
          ? made(SAME, [named], before)
          : named
            ? made(MEMBER, [before, named], before)
            : index
              ? made(ITEM, [before, index], before)
              : list
                ? made(CALL, [before, list], before)
                : made('dart_unknown', [before, child], before);
    after.parent = parent;
    children[children.length - 1] = after;
    add(after);
  }
  parent.children = children;
}

/** A function's signature and its body stand side by side; its parameters belong to both. */
function functionsOf(parent: SyntaxNode, add: (node: SyntaxNode) => void): void {
  const children: SyntaxNode[] = [];
  for (const child of parent.children) {
    const before = children.at(-1);
    if (child.type === 'function_body' && before && ['function_signature', 'method_signature'].includes(before.type)) {
      const whole = made(FUNCTION, [before, child], before);
      whole.parent = parent;
      children[children.length - 1] = whole;
      add(whole);
    } else children.push(child);
  }
  parent.children = children;
}

function prepare(nodes: SyntaxNode[]): void {
  const added: SyntaxNode[] = [];
  const prefixes = prefixesOf(nodes);
  for (const node of nodes) {
    if (node.children.some(({ type }) => type === 'selector')) folded(node, prefixes, (one) => added.push(one));
    if (node.children.some(({ type }) => type === 'function_body')) functionsOf(node, (one) => added.push(one));
  }
  // Not one call with them all as arguments: a large file would exhaust the stack.
  for (const node of added) nodes.push(node);
}

function signatureOf(node: SyntaxNode): SyntaxNode | undefined {
  const [first] = node.children;
  return first?.type === 'method_signature' ? first.children.at(-1) : first;
}

function declared(node: SyntaxNode): Declared[] {
  const name = fieldOf(node, 'name');
  switch (node.type) {
    case 'initialized_variable_definition': {
      return name ? [typedValue(node, name, isCascade(node) ? undefined : fieldOf(node, 'value'))] : [];
    }
    case 'static_final_declaration':
    case 'initialized_identifier': {
      const [own, value] = node.children;
      return own ? [typedValue(node.parent?.parent ?? node, own, isCascade(node) ? undefined : value)] : [];
    }
    case 'for_loop_parts': {
      const of = fieldOf(node, 'value');
      return name && of
        ? [isCascade(node) ? { as: 'other', name: textOf(name) } : { as: 'each', name: textOf(name), of }]
        : [];
    }
    case 'formal_parameter': {
      const own = name ?? childOf(node, 'identifier') ?? childOf(childOf(node, 'constructor_param'), 'identifier');
      const list = node.parent?.type === 'optional_formal_parameters' ? node.parent.parent : node.parent;
      const of = list && functionAround(list);
      if (own === undefined || list === undefined || of === undefined) return [];
      const isNamed = list !== node.parent;
      const index = isNamed ? -1 : childrenOf(list, 'formal_parameter').indexOf(node);
      const type = childOf(node, 'type_identifier');
      const more = { ...(isNamed ? { label: textOf(own) } : {}), ...(type ? { type: textOf(type) } : {}) };
      return [{ as: 'parameter', name: textOf(own), index, of, ...more }];
    }
    case FUNCTION:
    case 'lambda_expression': {
      const signature = signatureOf(node);
      const own = fieldOf(signature, 'name');
      const body = childOf(node, 'function_body')?.children.at(-1);
      if (own === undefined || body === undefined) return [];
      if (signature?.type === 'getter_signature') {
        const value = DART.result(body);
        return [{ as: 'value', name: textOf(own), ...(value ? { value } : {}) }];
      }
      const parameters = childrenOf(childOf(signature, 'formal_parameter_list'), 'formal_parameter').length;
      return [{ as: 'function', name: textOf(own), body, parameters }];
    }
    case 'class_definition':
    case 'enum_declaration': {
      const body = fieldOf(node, 'body');
      const isEnum = node.type === 'enum_declaration';
      return name && body ? [{ as: 'type', name: textOf(name), body, ...(isEnum ? { isEnum } : {}) }] : [];
    }
    case 'enum_constant': {
      const args = argumentsOf(childOf(childOf(node, 'argument_part'), 'arguments'));
      return name ? [{ as: 'constant', name: textOf(name), args }] : [];
    }
    case 'catch_parameters':
      return node.children.map((own) => ({ as: 'other', name: textOf(own) }));
    default:
      return [];
  }
}

/** `value..change()`: the value is not what is written first. */
function isCascade(node: SyntaxNode): boolean {
  return childOf(node, 'cascade_section') !== undefined;
}

function typedValue(around: SyntaxNode, name: SyntaxNode, value: SyntaxNode | undefined): Declared {
  const type = childOf(around, 'type_identifier');
  return {
    as: 'value',
    name: textOf(name),
    ...(value ? { value } : {}),
    ...(type ? { type: textOf(type) } : {}),
  };
}

function functionAround(list: SyntaxNode): SyntaxNode | undefined {
  let found = list.parent;
  while (found && ![FUNCTION, 'function_expression', 'lambda_expression', 'declaration'].includes(found.type))
    found = found.parent;
  return found;
}

/** The grammar takes the types of `StreamBuilder<int>(…)` for comparisons. Dart itself reads them as types, because of the parenthesis after them. */
const TYPE_ARGUMENTS =
  /(?<=\b[A-Za-z_]\w{0,99})<[\w\s,.?]{0,200}(?:<[\w\s,.?]{0,200}(?:<[\w\s,.?]{0,200}>[\w\s,.?]{0,200}){0,4}>[\w\s,.?]{0,200}){0,4}>(?=(?:\.\w+)?\()/gu;

export const DART: LanguageReader = {
  readable: (text) => text.replaceAll(TYPE_ARGUMENTS, (types) => types.replaceAll(/[^\n]/gu, ' ')),
  scopes: new Set([
    'program',
    'class_body',
    'enum_body',
    'extension_body',
    FUNCTION,
    'lambda_expression',
    'function_expression',
    'block',
    'for_statement',
    'for_element',
    'catch_clause',
    'try_statement',
  ]),
  texts: new Set(['string_literal']),
  comments: new Set(['comment', 'documentation_comment']),
  conditions: new Set([
    'if_statement',
    'switch_statement',
    'conditional_expression',
    'if_element',
    'logical_and_expression',
    'logical_or_expression',
    'if_null_expression',
  ]),
  shape,
  declared,
  assignment(node) {
    if (node.type !== 'assignment_expression') return undefined;
    const [target, value] = [fieldOf(node, 'left'), fieldOf(node, 'right')];
    return target && value && { target: target.children.length === 1 ? (target.children[0] ?? target) : target, value };
  },
  result: (body) =>
    onlyResult(body, {
      blocks: ['block'],
      returns: ['return_statement'],
      functions: [FUNCTION, 'function_expression', 'lambda_expression'],
    }),
  implicit: undefined,
  prepare,
};
