import { childOf, childrenOf, fieldOf, type SyntaxNode, textOf } from '../node.ts';
import type { Argument, Declared, LanguageReader, Shape } from '../shape.ts';
import { literalText, onlyResult } from './syntax.ts';

function shape(node: SyntaxNode): Shape | undefined {
  const [first] = node.children;
  switch (node.type) {
    case 'line_string_literal':
      return literalText(node, 'line_str_text');
    case 'simple_identifier':
      return { is: 'name', name: textOf(node) };
    case 'self_expression':
    case 'super_expression':
      return { is: 'self' };
    case 'navigation_expression': {
      const [of, name] = [fieldOf(node, 'target'), fieldOf(fieldOf(node, 'suffix'), 'suffix')];
      if (of === undefined || name === undefined) return undefined;
      // `E.a.self` and `x.self` are `E.a` and `x`.
      return textOf(name) === 'self' ? { is: 'same', of } : { is: 'member', of, name: textOf(name) };
    }
    case 'prefix_expression': {
      const target = fieldOf(node, 'target');
      return target && textOf(node).startsWith('.') ? { is: 'member', name: textOf(target) } : undefined;
    }
    case 'tuple_expression': {
      const of = fieldOf(node, 'value');
      return of && node.children.length === 1 ? { is: 'same', of } : undefined;
    }
    case 'as_expression':
      return first && { is: 'same', of: first };
    case 'postfix_expression': {
      const of = fieldOf(node, 'target');
      return of && textOf(node).endsWith('!') ? { is: 'same', of } : undefined;
    }
    // The grammar has no node for `nil`.
    case 'value_argument':
      return fieldOf(node, 'value') === undefined && /(?:^|:\s*)nil$/u.test(textOf(node)) ? { is: 'null' } : undefined;
    case 'array_literal':
      return { is: 'list', items: node.children };
    case 'dictionary_literal': {
      const [keys, values] = ['key', 'value'].map((field) => node.children.filter((one) => one.field === field));
      const entries = (keys ?? []).map((keyNode, index) => {
        const value = values?.[index];
        return { keyNode, ...(value ? { value } : {}) };
      });
      return { is: 'map', entries };
    }
    case 'lambda_literal': {
      const list = childOf(fieldOf(node, 'type'), 'lambda_function_type_parameters');
      return { is: 'lambda', params: list?.children ?? [], body: childOf(node, 'statements') ?? node };
    }
    case 'call_expression':
      return callShape(node);
    default:
      return undefined;
  }
}

function callShape(node: SyntaxNode): Shape | undefined {
  const [callee, suffix] = node.children;
  if (callee === undefined || suffix?.type !== 'call_suffix') return undefined;
  if (isCalledAgain(node)) return undefined;
  if (isCalledAgain(callee)) {
    const [inner, closure] = [callSuffix(callee.children[0], callee.children[1]), childOf(suffix, 'lambda_literal')];
    return inner?.is === 'call' && closure ? { ...inner, lambda: closure } : inner;
  }
  return callSuffix(callee, suffix);
}

/** In `let x = call(…) { … }` the grammar takes the closure for a second call. Swift has one. */
function isCalledAgain(node: SyntaxNode): boolean {
  const [own, outer] = [node.children[1], node.parent?.children[1]];
  return (
    node.type === 'call_expression' &&
    node.parent?.type === 'call_expression' &&
    node.parent.children[0] === node &&
    own?.children.length === 1 &&
    own.children[0]?.type === 'value_arguments' &&
    !textOf(own).startsWith('[') &&
    outer?.children.length === 1 &&
    outer.children[0]?.type === 'lambda_literal'
  );
}

function callSuffix(callee: SyntaxNode | undefined, suffix: SyntaxNode | undefined): Shape | undefined {
  if (callee === undefined || suffix === undefined) return undefined;
  const list = childOf(suffix, 'value_arguments');
  const args = childrenOf(list, 'value_argument').map(argument);
  const [only] = args;
  if (list && textOf(list).startsWith('[')) return only && { is: 'item', of: callee, index: only.node };
  const lambda = childOf(suffix, 'lambda_literal');
  const more = lambda ? { lambda } : {};
  const called = shape(callee);
  if (called?.is === 'name') return { is: 'call', name: called.name, args, ...more };
  if (called?.is === 'member')
    return { is: 'call', name: called.name, args, ...(called.of ? { of: called.of } : {}), ...more };
  return undefined;
}

function argument(node: SyntaxNode): Argument {
  const label = childOf(fieldOf(node, 'name'), 'simple_identifier');
  return { node: fieldOf(node, 'value') ?? node, ...(label ? { label: textOf(label) } : {}) };
}

function declared(node: SyntaxNode): Declared[] {
  switch (node.type) {
    case 'property_declaration': {
      const name = fieldOf(fieldOf(node, 'name'), 'bound_identifier');
      if (name === undefined) return node.children.filter(({ field }) => field === 'name').flatMap(others);
      const computed = childOf(fieldOf(node, 'computed_value'), 'statements');
      const value = computed ? SWIFT.result(computed) : fieldOf(node, 'value');
      const type = childOf(node, 'type_annotation')?.children[0];
      return [
        { as: 'value', name: textOf(name), ...(value ? { value } : {}), ...(type ? { type: textOf(type) } : {}) },
      ];
    }
    case 'for_statement': {
      const [item, of] = [fieldOf(node, 'item'), fieldOf(node, 'collection')];
      if (of === undefined) return [];
      const name = fieldOf(item, 'bound_identifier');
      if (name) return [{ as: 'each', name: textOf(name), of }];
      return childrenOf(item, 'pattern').flatMap((one, index): Declared[] => {
        const own = childOf(one, 'simple_identifier');
        return own ? [{ as: 'each', name: textOf(own), of, part: index === 0 ? 'key' : 'value' }] : [];
      });
    }
    case 'parameter': {
      const [external, name] = [fieldOf(node, 'external_name'), fieldOf(node, 'name')];
      const of = node.parent;
      if (name === undefined || of === undefined) return [];
      const label = textOf(external ?? name);
      const type = node.children.at(-1);
      const index = childrenOf(of, 'parameter').indexOf(node);
      const labelled = label === '_' ? {} : { label };
      return [{ as: 'parameter', name: textOf(name), index, of, ...labelled, ...(type ? { type: textOf(type) } : {}) }];
    }
    case 'lambda_parameter': {
      const name = fieldOf(node, 'name');
      const of = node.parent?.parent?.parent;
      if (name === undefined || of === undefined) return [];
      return [{ as: 'parameter', name: textOf(name), index: node.parent?.children.indexOf(node) ?? 0, of }];
    }
    case 'function_declaration':
    case 'init_declaration': {
      const name = fieldOf(node, 'name');
      const body = childOf(fieldOf(node, 'body'), 'statements');
      const parameters = childrenOf(node, 'parameter').length;
      return name && body ? [{ as: 'function', name: textOf(name), body, parameters }] : [];
    }
    case 'class_declaration': {
      const [name, body] = [fieldOf(node, 'name'), fieldOf(node, 'body')];
      if (name === undefined || body === undefined) return [];
      return [{ as: 'type', name: textOf(name), body, ...(body.type === 'enum_class_body' ? { isEnum: true } : {}) }];
    }
    case 'enum_entry': {
      const raw = fieldOf(node, 'raw_value');
      const names = node.children.filter(({ field }) => field === 'name');
      return names.map((name, index) => ({
        as: 'constant',
        name: textOf(name),
        args: raw && index === names.length - 1 ? [{ node: raw }] : [],
      }));
    }
    case 'if_statement':
    case 'guard_statement':
    case 'while_statement':
      return node.children
        .filter(({ field }) => field === 'bound_identifier')
        .map((name) => ({ as: 'other', name: textOf(name) }));
    case 'catch_block':
    case 'switch_pattern':
      return others(node);
    default:
      return [];
  }
}

/** Names bound in a pattern. */
function others(pattern: SyntaxNode): Declared[] {
  return [pattern, ...pattern.children, ...pattern.children.flatMap(({ children }) => children)]
    .filter(({ type, field }) => type === 'simple_identifier' || field === 'bound_identifier')
    .map((name) => ({ as: 'other', name: textOf(name) }));
}

/** `#Preview { … }` and what conforms to PreviewProvider, which no app runs. */
export function isOfPreview(node: SyntaxNode): boolean {
  if (!node.file.path.endsWith('.swift')) return false;
  for (let around = node.parent; around; around = around.parent) {
    // The grammar has no macros: what follows the name stands on its own.
    if (/#Preview\s*$/u.test(node.file.text.slice(Math.max(0, around.start - 40), around.start))) return true;
    const supers = around.type === 'class_declaration' ? childrenOf(around, 'inheritance_specifier') : [];
    if (supers.some((one) => /^(?:SwiftUI\.)?PreviewProvider$/u.test(textOf(one)))) return true;
  }
  return false;
}

export const SWIFT: LanguageReader = {
  preprocessed: true,
  scopes: new Set([
    'source_file',
    'class_body',
    'enum_class_body',
    'protocol_body',
    'function_declaration',
    'init_declaration',
    'lambda_literal',
    'for_statement',
    'if_statement',
    'statements',
    'computed_property',
    'catch_block',
    'switch_entry',
  ]),
  texts: new Set(['line_str_text', 'multi_line_str_text', 'raw_str_part']),
  comments: new Set(['comment', 'multiline_comment']),
  conditions: new Set([
    'if_statement',
    'guard_statement',
    'switch_statement',
    'ternary_expression',
    'conjunction_expression',
    'disjunction_expression',
    'nil_coalescing_expression',
  ]),
  shape,
  declared,
  assignment(node) {
    const [target, value] = [fieldOf(node, 'target'), fieldOf(node, 'result')];
    if (node.type !== 'assignment' || target === undefined || value === undefined) return undefined;
    return { target: target.children[0] ?? target, value };
  },
  result(body) {
    if (body.type !== 'statements') return body;
    const returned = onlyResult(body, {
      blocks: ['statements'],
      returns: ['control_transfer_statement'],
      functions: ['function_declaration', 'lambda_literal', 'computed_property'],
    });
    return returned ?? (body.children.length === 1 ? body.children[0] : undefined);
  },
  implicit: '$0',
};
