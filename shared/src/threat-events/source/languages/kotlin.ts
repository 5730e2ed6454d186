import { childOf, childrenOf, type SyntaxNode, textOf } from '../node.ts';
import type { Argument, Declared, LanguageReader, Shape } from '../shape.ts';
import { literalText, onlyResult } from './syntax.ts';

function shape(node: SyntaxNode): Shape | undefined {
  const [first, second] = node.children;
  switch (node.type) {
    case 'string_literal':
      return literalText(node, 'string_content');
    case 'simple_identifier':
    case 'type_identifier':
      return { is: 'name', name: textOf(node) };
    case 'this_expression':
    case 'super_expression':
      return { is: 'self' };
    case 'null_literal':
      return { is: 'null' };
    case 'value_argument':
      return node.children.length === 0 && textOf(node) === 'null' ? { is: 'null' } : undefined;
    case 'directly_assignable_expression': {
      if (first === undefined || second === undefined) return first && { is: 'same', of: first };
      const name = childOf(second, 'simple_identifier');
      const index = second.type === 'indexing_suffix' ? second.children[0] : undefined;
      return index ? { is: 'item', of: first, index } : name && { is: 'member', of: first, name: textOf(name) };
    }
    case 'navigation_expression': {
      const name = childOf(second, 'simple_identifier');
      return first && name && { is: 'member', of: first, name: textOf(name) };
    }
    case 'indexing_expression': {
      const index = second?.children[0];
      return first && index && { is: 'item', of: first, index };
    }
    case 'parenthesized_expression':
    case 'as_expression':
      return first && { is: 'same', of: first };
    case 'postfix_expression':
      return first && textOf(node).endsWith('!!') ? { is: 'same', of: first } : undefined;
    case 'spread_expression':
      return first && { is: 'spread', of: first };
    case 'infix_expression': {
      const [key, word, value] = node.children;
      if (key === undefined || word === undefined || textOf(word) !== 'to') return undefined;
      return { is: 'map', entries: [{ keyNode: key, ...(value ? { value } : {}) }] };
    }
    case 'lambda_literal': {
      const params = childOf(node, 'lambda_parameters')?.children ?? [];
      return { is: 'lambda', params, body: childOf(node, 'statements') ?? node };
    }
    case 'callable_reference':
      return first && { is: 'method', of: first, name: second ? textOf(second) : '' };
    case 'call_expression':
      return callShape(node);
    default:
      return undefined;
  }
}

function callShape(node: SyntaxNode): Shape | undefined {
  const [callee, suffix] = node.children;
  if (callee === undefined || suffix?.type !== 'call_suffix') return undefined;
  const lambda = childOf(childOf(suffix, 'annotated_lambda') ?? suffix, 'lambda_literal');
  const args = childrenOf(childOf(suffix, 'value_arguments'), 'value_argument').map(argument);
  const more = lambda ? { lambda } : {};
  const inner = callee.type === 'call_expression' ? shape(callee) : undefined;
  // `with(filter) { … }` is a call of a call.
  if (inner?.is === 'call' && lambda && args.length === 0) return { ...inner, lambda };
  const called = shape(callee);
  if (called?.is === 'name') return { is: 'call', name: called.name, args, ...more };
  if (called?.is === 'member' && called.of) return { is: 'call', name: called.name, of: called.of, args, ...more };
  return undefined;
}

function argument(node: SyntaxNode): Argument {
  const [first, second] = node.children;
  if (first && second) return { label: textOf(first), node: second };
  return { node: first ?? node };
}

function declared(node: SyntaxNode): Declared[] {
  switch (node.type) {
    case 'property_declaration': {
      const variable = childOf(node, 'variable_declaration');
      const name = childOf(variable, 'simple_identifier');
      if (variable === undefined || name === undefined) return [];
      const type = variable.children[1];
      const value = propertyValue(node, variable);
      return [
        { as: 'value', name: textOf(name), ...(value ? { value } : {}), ...(type ? { type: textOf(type) } : {}) },
      ];
    }
    case 'multi_variable_declaration':
      return node.parent?.type === 'for_statement' ? [] : node.children.flatMap(otherName);
    case 'for_statement': {
      const [item, of] = node.children;
      if (of === undefined) return [];
      if (item?.type === 'multi_variable_declaration') return pair(item.children, of);
      const name = childOf(item, 'simple_identifier');
      return name ? [{ as: 'each', name: textOf(name), of }] : [];
    }
    case 'class_parameter': {
      const name = childOf(node, 'simple_identifier');
      const type = name && node.children[node.children.indexOf(name) + 1];
      return name ? [{ as: 'other', name: textOf(name), ...(type ? { type: textOf(type) } : {}) }] : [];
    }
    case 'parameter': {
      const [name, type] = node.children;
      const [list, of] = [node.parent, node.parent?.parent];
      if (name === undefined || list === undefined || of === undefined) return [];
      const index = childrenOf(list, 'parameter').indexOf(node);
      const label = textOf(name);
      return [{ as: 'parameter', name: label, label, index, of, ...(type ? { type: textOf(type) } : {}) }];
    }
    case 'variable_declaration': {
      const of = node.parent?.type === 'lambda_parameters' ? node.parent.parent : undefined;
      const name = childOf(node, 'simple_identifier');
      if (name === undefined || of === undefined) return [];
      return [{ as: 'parameter', name: textOf(name), index: node.parent?.children.indexOf(node) ?? 0, of }];
    }
    case 'function_declaration': {
      const name = childOf(node, 'simple_identifier');
      const body = childOf(node, 'function_body')?.children[0];
      const parameters = childrenOf(childOf(node, 'function_value_parameters'), 'parameter').length;
      return name && body ? [{ as: 'function', name: textOf(name), body, parameters }] : [];
    }
    case 'class_declaration':
    case 'object_declaration':
      return typeDeclared(node);
    case 'enum_entry': {
      const name = childOf(node, 'simple_identifier');
      const args = childrenOf(childOf(node, 'value_arguments'), 'value_argument').map(argument);
      return name ? [{ as: 'constant', name: textOf(name), args }] : [];
    }
    case 'catch_block': {
      const name = childOf(node, 'simple_identifier');
      return name ? [{ as: 'other', name: textOf(name) }] : [];
    }
    case 'import_header': {
      const path = childOf(node, 'identifier')?.children.map(textOf) ?? [];
      const alias = childOf(childOf(node, 'import_alias'), 'type_identifier');
      const all = childOf(node, 'wildcard_import') !== undefined;
      const from = path.at(all ? -1 : -2);
      const imported = path.at(-1) ?? '';
      if (all) return [{ as: 'import', name: '*', imported: undefined, ...(from ? { from } : {}) }];
      return [{ as: 'import', name: alias ? textOf(alias) : imported, imported, ...(from ? { from } : {}) }];
    }
    default:
      return [];
  }
}

/** What a property is set to, what its getter returns, or what `by lazy` makes. */
function propertyValue(node: SyntaxNode, variable: SyntaxNode): SyntaxNode | undefined {
  // A getter on a line of its own stands beside the property.
  const next = node.parent?.children[node.parent.children.indexOf(node) + 1];
  const own = childOf(node, 'getter') ?? (next?.type === 'getter' ? next : undefined);
  const getter = childOf(own, 'function_body')?.children[0];
  if (getter) return getter.type === 'statements' ? KOTLIN.result(getter) : getter;
  const delegate = childOf(node, 'property_delegate')?.children[0];
  if (delegate) {
    const made = shape(delegate);
    const lambda = made?.is === 'call' && made.name === 'lazy' && made.lambda ? shape(made.lambda) : undefined;
    return lambda?.is === 'lambda' ? KOTLIN.result(lambda.body) : undefined;
  }
  const value = node.children[node.children.indexOf(variable) + 1];
  return value && !['getter', 'setter'].includes(value.type) ? value : undefined;
}

function pair(items: readonly SyntaxNode[], of: SyntaxNode): Declared[] {
  return items.flatMap((item, index): Declared[] => {
    const name = childOf(item, 'simple_identifier');
    return name ? [{ as: 'each', name: textOf(name), of, part: index === 0 ? 'key' : 'value' }] : [];
  });
}

function otherName(item: SyntaxNode): Declared[] {
  const name = childOf(item, 'simple_identifier');
  return name ? [{ as: 'other', name: textOf(name) }] : [];
}

function typeDeclared(node: SyntaxNode): Declared[] {
  const name = childOf(node, 'type_identifier');
  if (name === undefined) return [];
  const enumBody = childOf(node, 'enum_class_body');
  const body = enumBody ?? childOf(node, 'class_body') ?? node;
  const fields = childrenOf(childOf(node, 'primary_constructor'), 'class_parameter').map((one) =>
    textOf(childOf(one, 'simple_identifier') ?? one),
  );
  return [{ as: 'type', name: textOf(name), body, fields, ...(enumBody ? { isEnum: true } : {}) }];
}

export const KOTLIN: LanguageReader = {
  scopes: new Set([
    'source_file',
    'class_body',
    'enum_class_body',
    'class_declaration',
    'function_declaration',
    'secondary_constructor',
    'anonymous_initializer',
    'lambda_literal',
    'for_statement',
    'control_structure_body',
    'catch_block',
    'getter',
    'setter',
    'when_entry',
  ]),
  texts: new Set(['string_content']),
  comments: new Set(['line_comment', 'multiline_comment']),
  conditions: new Set([
    'if_expression',
    'when_expression',
    'conjunction_expression',
    'disjunction_expression',
    'elvis_expression',
  ]),
  shape,
  declared,
  assignment(node) {
    const [target, value] = node.children;
    if (node.type !== 'assignment' || target === undefined || value === undefined) return undefined;
    return { target: target.children.length === 1 ? (target.children[0] ?? target) : target, value };
  },
  result(body) {
    if (body.type !== 'statements') return body;
    const returned = onlyResult(body, {
      blocks: ['statements'],
      returns: ['jump_expression'],
      functions: ['function_declaration', 'lambda_literal', 'getter'],
    });
    return returned ?? (body.parent?.type === 'lambda_literal' ? body.children.at(-1) : undefined);
  },
  implicit: 'it',
};
