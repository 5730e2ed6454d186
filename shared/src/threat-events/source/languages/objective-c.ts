import { childOf, childrenOf, fieldOf, type SyntaxNode, textOf } from '../node.ts';
import type { Argument, Declared, LanguageReader, Shape } from '../shape.ts';
import { literalText, onlyResult, positional } from './syntax.ts';

function shape(node: SyntaxNode): Shape | undefined {
  switch (node.type) {
    case 'string_literal':
      return literalText(node, 'string_content');
    case 'preproc_arg':
      return macroText(textOf(node).trim());
    case 'identifier': {
      const name = textOf(node);
      if (name === 'self' || name === 'super') return { is: 'self' };
      return name === 'nil' || name === 'NULL' ? { is: 'null' } : { is: 'name', name };
    }
    case 'null':
      return { is: 'null' };
    case 'field_expression': {
      const [of, name] = [fieldOf(node, 'argument'), fieldOf(node, 'field')];
      return of && name && { is: 'member', of, name: textOf(name) };
    }
    case 'subscript_expression': {
      const [of, index] = [fieldOf(node, 'argument'), fieldOf(node, 'index')];
      return of && index && { is: 'item', of, index };
    }
    case 'parenthesized_expression':
    case 'at_expression': {
      const [of] = node.children;
      return of && { is: 'same', of };
    }
    case 'cast_expression': {
      const of = fieldOf(node, 'value');
      return of && { is: 'same', of };
    }
    case 'array_literal':
    case 'initializer_list':
      return { is: 'list', items: node.children };
    case 'dictionary_literal': {
      const entries = childrenOf(node, 'dictionary_pair').flatMap(({ children: [keyNode, value] }) =>
        keyNode ? [{ keyNode, ...(value ? { value } : {}) }] : [],
      );
      return { is: 'map', entries };
    }
    case 'block_literal': {
      const body = childOf(node, 'compound_statement');
      return body && { is: 'lambda', params: childOf(node, 'parameter_list')?.children ?? [], body };
    }
    case 'call_expression': {
      const callee = fieldOf(node, 'function');
      if (callee?.type !== 'identifier') return undefined;
      return { is: 'call', name: textOf(callee), args: positional(fieldOf(node, 'arguments')) };
    }
    case 'message_expression':
      return message(node);
    default:
      return undefined;
  }
}

/** The grammar leaves the text of a macro as it is. One that is a plain literal, `@"name"`, is understood. */
function macroText(text: string): Shape | undefined {
  const value = text.slice(2, -1);
  const plain = text.startsWith('@"') && text.length > 2 && text.endsWith('"') && !/["\\]/u.test(value);
  return plain ? { is: 'text', value } : undefined;
}

/** `[receiver method: a with: b]`: the first label is the name of the call. */
function message(node: SyntaxNode): Shape | undefined {
  const of = fieldOf(node, 'receiver');
  const args: Argument[] = [];
  let [name, label]: Array<string | undefined> = [];
  for (const child of node.children) {
    if (child === of) continue;
    if (child.field === 'method') {
      label = textOf(child);
      name ??= label;
    } else if (!child.type.includes('comment')) args.push({ node: child, ...(label ? { label } : {}) });
  }
  return name === undefined || of === undefined ? undefined : { is: 'call', name, of, args };
}

/** The name in `*const name`. */
function declaratorName(node: SyntaxNode | undefined): SyntaxNode | undefined {
  let found = node;
  for (let depth = 0; found && found.type !== 'identifier' && depth < 8; depth++)
    found = fieldOf(found, 'declarator') ?? childOf(found, 'identifier');
  return found?.type === 'identifier' ? found : undefined;
}

function declared(node: SyntaxNode): Declared[] {
  switch (node.type) {
    case 'declaration':
      return node.children.flatMap((child): Declared[] => {
        if (child.field !== 'declarator') return [];
        const name = declaratorName(child);
        const value = child.type === 'init_declarator' ? fieldOf(child, 'value') : undefined;
        // `extern` only says that another file has it.
        const isExtern = childrenOf(node, 'storage_class_specifier').some((one) => textOf(one) === 'extern');
        if (name === undefined || (isExtern && value === undefined)) return [];
        const type = fieldOf(node, 'type');
        return [
          { as: 'value', name: textOf(name), ...(value ? { value } : {}), ...(type ? { type: textOf(type) } : {}) },
        ];
      });
    case 'preproc_def': {
      const [name, value] = [fieldOf(node, 'name'), fieldOf(node, 'value')];
      return name ? [{ as: 'value', name: textOf(name), ...(value ? { value } : {}) }] : [];
    }
    case 'for_statement': {
      const item = childOf(node, 'pointer_declarator') ?? (fieldOf(node, 'type') && childOf(node, 'identifier'));
      const name = declaratorName(item);
      const of = item && node.children[node.children.indexOf(item) + 1];
      return name && of && fieldOf(node, 'type') ? [{ as: 'each', name: textOf(name), of }] : [];
    }
    case 'method_parameter': {
      const name = childOf(node, 'identifier');
      const [of, label] = [node.parent, node.parent?.children[(node.parent?.children.indexOf(node) ?? 0) - 1]];
      if (name === undefined || of === undefined) return [];
      const index = childrenOf(of, 'method_parameter').indexOf(node);
      const type = childOf(node, 'method_type');
      return [
        {
          as: 'parameter',
          name: textOf(name),
          index,
          of,
          ...(label?.type === 'identifier' ? { label: textOf(label) } : {}),
          ...(type ? { type: textOf(type) } : {}),
        },
      ];
    }
    case 'parameter_declaration': {
      const name = declaratorName(fieldOf(node, 'declarator'));
      const list = node.parent;
      if (name === undefined || list === undefined) return [];
      const of = list.parent?.type === 'block_literal' ? list.parent : functionOf(list);
      if (of === undefined) return [{ as: 'other', name: textOf(name) }];
      return [{ as: 'parameter', name: textOf(name), index: list.children.indexOf(node), of }];
    }
    case 'method_definition': {
      const name = childOf(node, 'identifier');
      const body = childOf(node, 'compound_statement');
      const parameters = childrenOf(node, 'method_parameter').length;
      return name && body ? [{ as: 'function', name: textOf(name), body, parameters }] : [];
    }
    case 'function_definition': {
      const name = declaratorName(fieldOf(node, 'declarator'));
      const body = fieldOf(node, 'body');
      return name && body ? [{ as: 'function', name: textOf(name), body, parameters: -1 }] : [];
    }
    case 'class_implementation': {
      const name = childOf(node, 'identifier');
      return name ? [{ as: 'type', name: textOf(name), body: node }] : [];
    }
    default:
      return [];
  }
}

function functionOf(list: SyntaxNode): SyntaxNode | undefined {
  let found: SyntaxNode | undefined = list.parent;
  while (found?.type.endsWith('declarator')) found = found.parent;
  return found?.type === 'function_definition' ? found : undefined;
}

/** Macros of Foundation that stand for nothing that matters here. They have no semicolon, so the grammar takes them for a type. */
const EMPTY_MACROS = ['NS_ASSUME_NONNULL_BEGIN', 'NS_ASSUME_NONNULL_END'];

export const OBJECTIVE_C: LanguageReader = {
  preprocessed: true,
  scopes: new Set([
    'translation_unit',
    'class_implementation',
    'method_definition',
    'function_definition',
    'block_literal',
    'compound_statement',
    'for_statement',
  ]),
  texts: new Set(['string_content']),
  comments: new Set(['comment']),
  readable: (text) => EMPTY_MACROS.reduce((left, macro) => left.replaceAll(macro, ' '.repeat(macro.length)), text),
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
      blocks: ['compound_statement'],
      returns: ['return_statement'],
      functions: ['method_definition', 'function_definition', 'block_literal'],
    }),
  implicit: undefined,
};
