import { childOf, fieldOf, type SyntaxNode, textOf } from '../node.ts';
import type { Declared, LanguageReader, Shape } from '../shape.ts';
import { literalText, onlyResult, positional } from './syntax.ts';

function shape(node: SyntaxNode): Shape | undefined {
  switch (node.type) {
    case 'string_literal':
      return literalText(node, 'string_fragment');
    case 'identifier':
    case 'type_identifier':
      return { is: 'name', name: textOf(node) };
    case 'this':
    case 'super':
      return { is: 'self' };
    case 'null_literal':
      return { is: 'null' };
    case 'field_access': {
      const [of, name] = [fieldOf(node, 'object'), fieldOf(node, 'field')];
      if (name?.type === 'this') return { is: 'self' };
      return of && name && { is: 'member', of, name: textOf(name) };
    }
    case 'array_access': {
      const [of, index] = [fieldOf(node, 'array'), fieldOf(node, 'index')];
      return of && index && { is: 'item', of, index };
    }
    case 'array_initializer':
      return { is: 'list', items: node.children };
    case 'array_creation_expression': {
      const of = fieldOf(node, 'value');
      return of && { is: 'same', of };
    }
    case 'parenthesized_expression': {
      const [of] = node.children;
      return of && { is: 'same', of };
    }
    case 'cast_expression': {
      const of = fieldOf(node, 'value');
      return of && { is: 'same', of };
    }
    case 'method_invocation':
    case 'object_creation_expression': {
      const name = fieldOf(node, 'name') ?? typeName(fieldOf(node, 'type'));
      const of = fieldOf(node, 'object');
      return (
        name && { is: 'call', name: textOf(name), args: positional(fieldOf(node, 'arguments')), ...(of ? { of } : {}) }
      );
    }
    case 'method_reference': {
      const [of, name] = node.children;
      return of && { is: 'method', of, name: name ? textOf(name) : 'new' };
    }
    case 'lambda_expression': {
      const [params, body] = [fieldOf(node, 'parameters'), fieldOf(node, 'body')];
      const names = params?.type === 'identifier' ? [params] : (params?.children ?? []);
      return body && { is: 'lambda', params: names, body };
    }
    default:
      return undefined;
  }
}

function typeName(type: SyntaxNode | undefined): SyntaxNode | undefined {
  if (type?.type === 'generic_type') return typeName(type.children[0]);
  return type?.type === 'scoped_type_identifier' ? type.children.at(-1) : type;
}

function declared(node: SyntaxNode): Declared[] {
  const name = fieldOf(node, 'name');
  switch (node.type) {
    case 'variable_declarator': {
      if (name === undefined || node.parent?.type === 'spread_parameter') return [];
      const type = fieldOf(node.parent, 'type');
      const value = fieldOf(node, 'value');
      return [
        { as: 'value', name: textOf(name), ...(value ? { value } : {}), ...(type ? { type: textOf(type) } : {}) },
      ];
    }
    case 'enhanced_for_statement': {
      const of = fieldOf(node, 'value');
      return name && of ? [{ as: 'each', name: textOf(name), of }] : [];
    }
    case 'formal_parameter':
    case 'spread_parameter': {
      const own = name ?? fieldOf(childOf(node, 'variable_declarator'), 'name');
      const type = fieldOf(node, 'type');
      return own ? parameter(node, own, type) : [];
    }
    case 'identifier': {
      const parent = node.parent;
      if (parent?.type === 'lambda_expression' && node.field === 'parameters')
        return [{ as: 'parameter', name: textOf(node), index: 0, of: parent }];
      if (parent?.type === 'inferred_parameters' && parent.parent)
        return [{ as: 'parameter', name: textOf(node), index: parent.children.indexOf(node), of: parent.parent }];
      return [];
    }
    case 'method_declaration':
    case 'constructor_declaration': {
      const body = fieldOf(node, 'body');
      const parameters = fieldOf(node, 'parameters')?.children.length ?? 0;
      return name && body ? [{ as: 'function', name: textOf(name), body, parameters }] : [];
    }
    case 'class_declaration':
    case 'interface_declaration':
    case 'record_declaration':
    case 'enum_declaration': {
      const body = fieldOf(node, 'body');
      return name && body
        ? [{ as: 'type', name: textOf(name), body, ...(node.type === 'enum_declaration' ? { isEnum: true } : {}) }]
        : [];
    }
    case 'enum_constant':
      return name ? [{ as: 'constant', name: textOf(name), args: positional(fieldOf(node, 'arguments')) }] : [];
    case 'catch_formal_parameter':
    case 'resource':
      return name ? [{ as: 'other', name: textOf(name) }] : [];
    case 'import_declaration': {
      const path = childOf(node, 'scoped_identifier', 'identifier');
      if (path === undefined || !textOf(node).startsWith('import static')) return [];
      const all = childOf(node, 'asterisk') !== undefined;
      const [imported = '', from] = textOf(path).split('.').reverse();
      return all
        ? [{ as: 'import', name: '*', imported: undefined, from: imported }]
        : [{ as: 'import', name: imported, imported, ...(from ? { from } : {}) }];
    }
    default:
      return [];
  }
}

function parameter(node: SyntaxNode, name: SyntaxNode, type: SyntaxNode | undefined): Declared[] {
  const of = node.parent?.parent;
  if (of === undefined || node.parent === undefined) return [];
  const index = node.parent.children.indexOf(node);
  return [{ as: 'parameter', name: textOf(name), index, of, ...(type ? { type: textOf(type) } : {}) }];
}

const FUNCTIONS = ['method_declaration', 'lambda_expression', 'constructor_declaration'];

export const JAVA: LanguageReader = {
  scopes: new Set([
    'program',
    'class_body',
    'interface_body',
    'enum_body',
    'method_declaration',
    'constructor_declaration',
    'lambda_expression',
    'block',
    'constructor_body',
    'for_statement',
    'enhanced_for_statement',
    'catch_clause',
    'try_with_resources_statement',
    'switch_block',
  ]),
  texts: new Set(['string_fragment']),
  comments: new Set(['line_comment', 'block_comment']),
  conditions: new Set(['if_statement', 'switch_expression', 'ternary_expression', 'binary_expression']),
  shape,
  declared,
  assignment(node) {
    if (node.type !== 'assignment_expression') return undefined;
    const [target, value] = [fieldOf(node, 'left'), fieldOf(node, 'right')];
    return target && value && { target, value };
  },
  result: (body) => onlyResult(body, { blocks: ['block'], returns: ['return_statement'], functions: FUNCTIONS }),
  implicit: undefined,
};
