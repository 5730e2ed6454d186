import { childOf, childrenOf, fieldOf, type SyntaxNode, textOf } from '../node.ts';
import type { Argument, Declared, LanguageReader, Shape } from '../shape.ts';
import { onlyResult } from './syntax.ts';

function shape(node: SyntaxNode): Shape | undefined {
  const [first] = node.children;
  switch (node.type) {
    case 'string_literal':
      return plainText(textOf(node).slice(1, -1));
    case 'verbatim_string_literal':
      return plainText(textOf(node).slice(2, -1));
    case 'identifier':
      return { is: 'name', name: textOf(node) };
    case 'generic_name':
      return first && { is: 'name', name: textOf(first) };
    case 'this_expression':
    case 'base_expression':
      return { is: 'self' };
    case 'null_literal':
    case 'default_expression':
      return { is: 'null' };
    case 'member_access_expression': {
      const [of, name] = [fieldOf(node, 'expression'), fieldOf(node, 'name')];
      return of && name && { is: 'member', of, name: textOf(name) };
    }
    case 'conditional_access_expression': {
      const [of, name] = [fieldOf(node, 'condition'), fieldOf(childOf(node, 'member_binding_expression'), 'name')];
      return of && name && { is: 'member', of, name: textOf(name) };
    }
    case 'element_access_expression': {
      const of = fieldOf(node, 'expression');
      const index = childOf(fieldOf(node, 'subscript'), 'argument')?.children[0];
      return of && index && { is: 'item', of, index };
    }
    case 'parenthesized_expression':
    case 'await_expression':
      return first && { is: 'same', of: first };
    case 'postfix_unary_expression':
      return first && textOf(node).endsWith('!') ? { is: 'same', of: first } : undefined;
    case 'cast_expression': {
      const of = fieldOf(node, 'value');
      return of && { is: 'same', of };
    }
    case 'as_expression':
    case 'binary_expression': {
      const left = fieldOf(node, 'left');
      return left && node.type === 'as_expression' ? { is: 'same', of: left } : undefined;
    }
    case 'initializer_expression':
      return initializer(node);
    case 'implicit_array_creation_expression':
    case 'array_creation_expression': {
      const of = childOf(node, 'initializer_expression');
      return of && { is: 'same', of };
    }
    // A collection expression, `["a", "b"]`, which this grammar does not know by name.
    case 'element_binding_expression': {
      const list = childOf(node, 'bracketed_argument_list');
      return { is: 'list', items: childrenOf(list, 'argument').flatMap(({ children }) => children.slice(-1)) };
    }
    case 'implicit_object_creation_expression':
    case 'object_creation_expression':
      return creation(node);
    case 'invocation_expression': {
      const callee = fieldOf(node, 'function');
      const args = argumentsOf(fieldOf(node, 'arguments'));
      const called = callee && shape(callee);
      if (called?.is === 'name') return { is: 'call', name: called.name, args };
      return called?.is === 'member' && called.of ? { is: 'call', name: called.name, of: called.of, args } : undefined;
    }
    case 'lambda_expression':
    case 'anonymous_method_expression': {
      const body = fieldOf(node, 'body') ?? childOf(node, 'block');
      const list = fieldOf(node, 'parameters')?.children;
      return body && { is: 'lambda', params: list ?? node.children.filter((one) => one !== body), body };
    }
    case 'type_of_expression':
      return first && { is: 'same', of: first };
    default:
      return undefined;
  }
}

function plainText(value: string): Shape | undefined {
  return value.includes('\\') || value.includes('"') ? undefined : { is: 'text', value };
}

function creation(node: SyntaxNode): Shape | undefined {
  const type = fieldOf(node, 'type');
  const own = type?.type === 'qualified_name' ? type.children.at(-1) : type;
  const filled = fieldOf(node, 'initializer') ?? childOf(node, 'initializer_expression');
  if (filled && filled.children.length > 0) return { is: 'same', of: filled };
  const name = own && shape(own);
  const args = argumentsOf(fieldOf(node, 'arguments') ?? childOf(node, 'argument_list'));
  // `new("…")` takes its type from where it stands.
  return { is: 'call', name: name?.is === 'name' ? name.name : 'new', args };
}

function initializer(node: SyntaxNode): Shape {
  const entries = node.children.flatMap((one) => {
    if (one.type === 'initializer_expression') {
      const [keyNode, value] = one.children;
      return keyNode ? [{ keyNode, ...(value ? { value } : {}) }] : [];
    }
    if (one.type !== 'assignment_expression') return [];
    const [left, value] = [fieldOf(one, 'left'), fieldOf(one, 'right')];
    const keyNode = childOf(childOf(left, 'bracketed_argument_list'), 'argument')?.children[0] ?? left;
    return keyNode ? [{ keyNode, ...(value ? { value } : {}) }] : [];
  });
  return entries.length > 0 ? { is: 'map', entries } : { is: 'list', items: node.children };
}

function argumentsOf(list: SyntaxNode | undefined): Argument[] {
  return childrenOf(list, 'argument').flatMap(({ children }) => {
    const label = childOf({ children } as SyntaxNode, 'name_colon')?.children[0];
    const node = children.at(-1);
    return node ? [{ node, ...(label ? { label: textOf(label) } : {}) }] : [];
  });
}

function declared(node: SyntaxNode): Declared[] {
  const name = fieldOf(node, 'name');
  switch (node.type) {
    case 'variable_declarator': {
      const own = name ?? childOf(node, 'identifier');
      const value = childOf(node, 'equals_value_clause')?.children[0];
      const type = fieldOf(node.parent, 'type');
      return own
        ? [{ as: 'value', name: textOf(own), ...(value ? { value } : {}), ...(type ? { type: textOf(type) } : {}) }]
        : [];
    }
    case 'property_declaration': {
      const raw = fieldOf(node, 'value');
      const value = raw?.type === 'arrow_expression_clause' ? raw.children[0] : raw;
      const type = fieldOf(node, 'type');
      return name
        ? [{ as: 'value', name: textOf(name), ...(value ? { value } : {}), ...(type ? { type: textOf(type) } : {}) }]
        : [];
    }
    case 'for_each_statement': {
      const [left, of] = [fieldOf(node, 'left'), fieldOf(node, 'right')];
      if (left === undefined || of === undefined) return [];
      if (left.type === 'identifier') return [{ as: 'each', name: textOf(left), of }];
      return left.children.map((one, index) => ({
        as: 'each',
        name: textOf(one),
        of,
        part: index === 0 ? 'key' : 'value',
      }));
    }
    case 'parameter': {
      const [list, of] = [node.parent, node.parent?.parent];
      if (name === undefined || list === undefined || of === undefined) return [];
      const label = textOf(name);
      const type = fieldOf(node, 'type');
      const index = childrenOf(list, 'parameter').indexOf(node);
      return [{ as: 'parameter', name: label, label, index, of, ...(type ? { type: textOf(type) } : {}) }];
    }
    case 'identifier': {
      const { parent } = node;
      if (parent?.type === 'lambda_expression' && node.field === undefined)
        return [{ as: 'parameter', name: textOf(node), index: 0, of: parent }];
      // `params string[] names` has no parameter around it.
      return parent?.type === 'parameter_list' && node.field === 'name' ? [{ as: 'other', name: textOf(node) }] : [];
    }
    case 'method_declaration':
    case 'constructor_declaration':
    case 'local_function_statement': {
      const raw = fieldOf(node, 'body');
      const body = raw?.type === 'arrow_expression_clause' ? raw.children[0] : raw;
      const parameters = childrenOf(fieldOf(node, 'parameters'), 'parameter').length;
      return name && body ? [{ as: 'function', name: textOf(name), body, parameters }] : [];
    }
    case 'class_declaration':
    case 'struct_declaration':
    case 'interface_declaration':
    case 'record_declaration':
    case 'enum_declaration': {
      const body = fieldOf(node, 'body') ?? node;
      const fields = childrenOf(fieldOf(node, 'parameters'), 'parameter').map((one) =>
        textOf(fieldOf(one, 'name') ?? one),
      );
      const isEnum = node.type === 'enum_declaration';
      return name ? [{ as: 'type', name: textOf(name), body, fields, ...(isEnum ? { isEnum } : {}) }] : [];
    }
    case 'enum_member_declaration':
      return name ? [{ as: 'constant', name: textOf(name), args: [] }] : [];
    case 'catch_declaration':
    case 'declaration_pattern':
    case 'declaration_expression':
      return name ? [{ as: 'other', name: textOf(name) }] : [];
    case 'using_directive': {
      const path = childOf(node, 'qualified_name', 'identifier');
      const isStatic = textOf(node).startsWith('using static');
      const from = path && (path.type === 'identifier' ? path : path.children.at(-1));
      return isStatic && from ? [{ as: 'import', name: '*', imported: undefined, from: textOf(from) }] : [];
    }
    default:
      return [];
  }
}

export const CSHARP: LanguageReader = {
  preprocessed: true,
  scopes: new Set([
    'compilation_unit',
    'declaration_list',
    'enum_member_declaration_list',
    'method_declaration',
    'constructor_declaration',
    'local_function_statement',
    'lambda_expression',
    'anonymous_method_expression',
    'block',
    'for_statement',
    'for_each_statement',
    'catch_clause',
    'using_statement',
    'accessor_declaration',
  ]),
  texts: new Set(['string_literal', 'verbatim_string_literal', 'raw_string_literal', 'interpolated_string_text']),
  comments: new Set(['comment']),
  conditions: new Set(['if_statement', 'switch_statement', 'conditional_expression', 'binary_expression']),
  shape,
  declared,
  assignment(node) {
    if (node.type !== 'assignment_expression') return undefined;
    const [target, value] = [fieldOf(node, 'left'), fieldOf(node, 'right')];
    return target && value && { target, value };
  },
  result: (body) =>
    onlyResult(body, {
      blocks: ['block'],
      returns: ['return_statement'],
      functions: ['method_declaration', 'local_function_statement', 'lambda_expression', 'anonymous_method_expression'],
    }),
  implicit: undefined,
};
