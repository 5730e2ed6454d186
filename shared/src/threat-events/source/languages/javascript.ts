/** JavaScript, JSX, TypeScript and TSX: their grammars use the same names. */
import { childOf, childrenOf, fieldOf, type SyntaxNode, textOf } from '../node.ts';
import type { Declared, LanguageReader, Shape } from '../shape.ts';
import { literalText, onlyResult, positional } from './syntax.ts';

const FUNCTIONS = [
  'function_declaration',
  'generator_function_declaration',
  'function_expression',
  'function',
  'arrow_function',
  'method_definition',
];

function shape(node: SyntaxNode): Shape | undefined {
  const [first] = node.children;
  switch (node.type) {
    case 'string':
    case 'template_string':
      return literalText(node, 'string_fragment');
    case 'identifier':
    case 'shorthand_property_identifier':
      return { is: 'name', name: textOf(node) };
    case 'this':
    case 'super':
      return { is: 'self' };
    case 'null':
    case 'undefined':
      return { is: 'null' };
    case 'member_expression': {
      const [of, name] = [fieldOf(node, 'object'), fieldOf(node, 'property')];
      return of && name && { is: 'member', of, name: textOf(name) };
    }
    case 'subscript_expression': {
      const [of, index] = [fieldOf(node, 'object'), fieldOf(node, 'index')];
      return of && index && { is: 'item', of, index };
    }
    case 'parenthesized_expression':
    case 'as_expression':
    case 'satisfies_expression':
    case 'non_null_expression':
    case 'await_expression':
      return first && { is: 'same', of: first };
    case 'type_assertion': {
      const of = node.children.at(-1);
      return of && { is: 'same', of };
    }
    case 'spread_element':
      return first && { is: 'spread', of: first };
    case 'array':
      return { is: 'list', items: node.children };
    case 'object':
      return { is: 'map', entries: node.children.flatMap(entry) };
    case 'call_expression': {
      const callee = unwrapped(fieldOf(node, 'function'));
      const args = positional(fieldOf(node, 'arguments'));
      if (callee?.type === 'identifier') return { is: 'call', name: textOf(callee), args };
      if (callee?.type === 'import') return { is: 'call', name: 'import', args };
      const called = callee && shape(callee);
      return called?.is === 'member' && called.of ? { is: 'call', name: called.name, of: called.of, args } : undefined;
    }
    case 'new_expression': {
      const name = fieldOf(node, 'constructor');
      const own = name?.type === 'member_expression' ? fieldOf(name, 'property') : name;
      return own && { is: 'call', name: textOf(own), args: positional(fieldOf(node, 'arguments')) };
    }
    case 'arrow_function':
    case 'function_expression':
    case 'function': {
      const [single, list, body] = ['parameter', 'parameters', 'body'].map((field) => fieldOf(node, field));
      return body && { is: 'lambda', params: single ? [single] : (list?.children ?? []), body };
    }
    default:
      return undefined;
  }
}

function unwrapped(node: SyntaxNode | undefined): SyntaxNode | undefined {
  return node?.type === 'non_null_expression' ? node.children[0] : node;
}

function entry(node: SyntaxNode): Array<{ key?: string; keyNode?: SyntaxNode; value?: SyntaxNode }> {
  if (node.type === 'shorthand_property_identifier') return [{ key: textOf(node), value: node }];
  if (node.type === 'method_definition') {
    const name = fieldOf(node, 'name');
    return name ? [{ ...keyOf(name) }] : [];
  }
  // A spread brings entries that are not seen here.
  if (node.type === 'spread_element') return [{ value: node }];
  const [key, value] = [fieldOf(node, 'key'), fieldOf(node, 'value')];
  return key ? [{ ...keyOf(key), ...(value ? { value } : {}) }] : [];
}

function keyOf(node: SyntaxNode): { key?: string; keyNode?: SyntaxNode } {
  if (node.type === 'property_identifier') return { key: textOf(node) };
  const keyNode = node.type === 'computed_property_name' ? node.children[0] : node;
  return keyNode ? { keyNode } : {};
}

function declared(node: SyntaxNode): Declared[] {
  const name = fieldOf(node, 'name');
  switch (node.type) {
    case 'variable_declarator': {
      const value = fieldOf(node, 'value');
      if (name?.type === 'identifier') {
        const required = value && requiredModule(value);
        if (required) return [{ as: 'import', name: textOf(name), imported: '*', from: required }];
        return [{ as: 'value', name: textOf(name), ...(value ? { value } : {}) }];
      }
      return name?.type === 'object_pattern' && value ? taken(name, value) : name ? others(name) : [];
    }
    case 'for_in_statement': {
      const [left, of] = [fieldOf(node, 'left'), fieldOf(node, 'right')];
      if (left === undefined || of === undefined) return [];
      const isIn = fieldOf(node, 'operator') ? false : node.file.text.slice(left.end, of.start).trim() === 'in';
      if (left.type === 'identifier') return [{ as: 'each', name: textOf(left), of, ...(isIn ? { part: 'key' } : {}) }];
      if (left.type === 'object_pattern')
        return membersOf(left, (own, member) => ({
          as: 'each',
          name: own,
          of,
          member,
          ...(isIn ? { part: 'key' } : {}),
        }));
      return left.type === 'array_pattern' ? pair(left, of) : others(left);
    }
    case 'required_parameter':
    case 'optional_parameter': {
      const pattern = fieldOf(node, 'pattern');
      const [list, of] = [node.parent, node.parent?.parent];
      if (pattern === undefined || list === undefined || of === undefined) return [];
      return parameter(pattern, list.children.indexOf(node), of);
    }
    case 'identifier':
    case 'array_pattern':
    case 'object_pattern':
    case 'rest_pattern':
    case 'assignment_pattern': {
      const { parent } = node;
      if (parent?.type === 'formal_parameters' && parent.parent)
        return parameter(node, parent.children.indexOf(node), parent.parent);
      if (parent?.type === 'arrow_function' && node.field === 'parameter') return parameter(node, 0, parent);
      return parent?.type === 'catch_clause' ? others(node) : [];
    }
    case 'function_declaration':
    case 'generator_function_declaration':
    case 'method_definition': {
      const body = fieldOf(node, 'body');
      const parameters = fieldOf(node, 'parameters')?.children.length ?? 0;
      return name && body ? [{ as: 'function', name: textOf(name), body, parameters }] : [];
    }
    case 'class_declaration': {
      const body = fieldOf(node, 'body');
      return name && body ? [{ as: 'type', name: textOf(name), body }] : [];
    }
    case 'enum_declaration': {
      const body = fieldOf(node, 'body');
      return name && body ? [{ as: 'type', name: textOf(name), body, isEnum: true }] : [];
    }
    case 'enum_assignment': {
      const value = fieldOf(node, 'value');
      return name ? [{ as: 'constant', name: textOf(name), args: value ? [{ node: value }] : [] }] : [];
    }
    case 'property_identifier':
      return node.parent?.type === 'enum_body' ? [{ as: 'constant', name: textOf(node), args: [] }] : [];
    case 'public_field_definition':
    case 'field_definition': {
      const own = name ?? fieldOf(node, 'property');
      const value = fieldOf(node, 'value');
      return own ? [{ as: 'value', name: textOf(own), ...(value ? { value } : {}) }] : [];
    }
    case 'import_statement':
      return imports(node);
    default:
      return [];
  }
}

function parameter(pattern: SyntaxNode, index: number, of: SyntaxNode): Declared[] {
  if (pattern.type === 'identifier') return [{ as: 'parameter', name: textOf(pattern), index, of }];
  if (pattern.type === 'array_pattern')
    return pattern.children.flatMap((one, at): Declared[] =>
      one.type === 'identifier' && at < 2
        ? [{ as: 'parameter', name: textOf(one), index, of, label: at === 0 ? '[0]' : '[1]' }]
        : others(one),
    );
  if (pattern.type === 'object_pattern')
    return membersOf(pattern, (name, member) => ({ as: 'parameter', name, index, of, member }));
  return others(pattern);
}

function pair(pattern: SyntaxNode, of: SyntaxNode): Declared[] {
  return pattern.children.flatMap((one, index): Declared[] =>
    one.type === 'identifier' && index < 2
      ? [{ as: 'each', name: textOf(one), of, part: index === 0 ? 'key' : 'value' }]
      : others(one),
  );
}

/** `const { A: b } = value`: each name is a member of the value. */
function taken(pattern: SyntaxNode, value: SyntaxNode): Declared[] {
  const from = requiredModule(value);
  return membersOf(pattern, (name, member) =>
    from ? { as: 'import', name, imported: member, from } : { as: 'taken', name, of: value, member },
  );
}

/** `{ key: own, key }`. A pattern with anything else in it says nothing about that. */
function membersOf(pattern: SyntaxNode, bind: (own: string, member: string) => Declared): Declared[] {
  return pattern.children.flatMap((one): Declared[] => {
    const [key, own] = one.type === 'pair_pattern' ? [fieldOf(one, 'key'), fieldOf(one, 'value')] : [one, one];
    const isPlain = one.type === 'shorthand_property_identifier_pattern' || own?.type === 'identifier';
    return key && own && isPlain ? [bind(textOf(own), textOf(key))] : others(one);
  });
}

function requiredModule(value: SyntaxNode): string | undefined {
  const made = shape(value);
  const [path] = made?.is === 'call' && made.name === 'require' && !made.of ? made.args : [];
  const literal = path && shape(path.node);
  return literal?.is === 'text' ? literal.value : undefined;
}

function others(pattern: SyntaxNode): Declared[] {
  const found: Declared[] = [];
  const queue = [pattern];
  for (let node = queue.pop(); node && found.length < 100; node = queue.pop()) {
    if (node.type === 'identifier' || node.type === 'shorthand_property_identifier_pattern')
      found.push({ as: 'other', name: textOf(node) });
    else if (node.type.endsWith('pattern')) queue.push(...node.children);
  }
  return found;
}

function imports(node: SyntaxNode): Declared[] {
  const source = fieldOf(node, 'source');
  const path = source && shape(source);
  const from = path?.is === 'text' ? path.value : '';
  const clause = childOf(node, 'import_clause');
  const named = childrenOf(childOf(clause, 'named_imports'), 'import_specifier').flatMap((one): Declared[] => {
    const [name, alias] = [fieldOf(one, 'name'), fieldOf(one, 'alias')];
    return name ? [{ as: 'import', name: textOf(alias ?? name), imported: textOf(name), from }] : [];
  });
  const whole = childOf(childOf(clause, 'namespace_import'), 'identifier');
  const standard = childOf(clause, 'identifier');
  return [
    ...named,
    ...(whole ? [{ as: 'import' as const, name: textOf(whole), imported: '*', from }] : []),
    ...(standard ? [{ as: 'import' as const, name: textOf(standard), imported: 'default', from }] : []),
  ];
}

export const JAVASCRIPT: LanguageReader = {
  scopes: new Set([
    ...FUNCTIONS,
    'program',
    'class_body',
    'enum_body',
    'statement_block',
    'for_statement',
    'for_in_statement',
    'catch_clause',
  ]),
  texts: new Set(['string_fragment']),
  comments: new Set(['comment', 'html_comment']),
  conditions: new Set(['if_statement', 'switch_statement', 'ternary_expression', 'binary_expression']),
  shape,
  declared,
  assignment(node) {
    if (node.type !== 'assignment_expression') return undefined;
    const [target, value] = [fieldOf(node, 'left'), fieldOf(node, 'right')];
    return target && value && { target, value };
  },
  result: (body) =>
    onlyResult(body, { blocks: ['statement_block'], returns: ['return_statement'], functions: FUNCTIONS }),
  implicit: undefined,
};
