/** Whether an expression is the default notification centre. */
import { ancestorOf, fieldOf, type SyntaxNode, textOf } from './node.ts';
import { type Declaration, is } from './program.ts';
import { isPlatformType, type Search } from './registrations.ts';

const CENTRES = new Set(['NotificationCenter', 'NSNotificationCenter']);
const DEFAULTS = new Set(['default', 'defaultCenter', 'DefaultCenter']);
const DEEPEST = 16;

/**
 * `NotificationCenter.default`, `[NSNotificationCenter defaultCenter]`, or a variable that is set to it and to nothing else.
 * @param type as declared, for Swift's `.default`
 */
export function isDefaultCentre(search: Search, node: SyntaxNode, type?: string, depth = 0): boolean {
  const { program, values } = search;
  const bare = program.bare(node);
  if (depth > DEEPEST) return false;
  const [only, ...others] = values.meanings.namedBy(bare) ?? [];
  if (only && others.length === 0) {
    const declared = 'type' in only.what ? only.what.type : undefined;
    if (is(only, 'parameter')) return isDefaultOf(search, only, depth);
    const value = values.meanings.onlyValue(only);
    if (value) return isDefaultCentre(search, value, declared, depth + 1);
  }
  const shape = program.shape(bare);
  if ((shape?.is !== 'member' && shape?.is !== 'call') || !DEFAULTS.has(shape.name)) return false;
  const owner = shape.of && program.bareShape(shape.of);
  const written = owner?.is === 'name' || owner?.is === 'member' ? owner.name : '';
  const name = shape.of === undefined && shape.is === 'member' ? (type ?? '') : written;
  // A macro of the tree may stand for something else.
  const isMacro = program.topNamed(name).length > 0;
  return CENTRES.has(name) && !isMacro && isPlatformType(search, name, bare);
}

/** Swift's `center: NotificationCenter = .default`, for which no call of the tree gives anything else. */
function isDefaultOf(search: Search, { what, node }: Declaration<Parameter>, depth: number): boolean {
  const { program } = search;
  const given = what.of.children[what.of.children.indexOf(node) + 1];
  if (given?.field !== 'default_value' || what.label === undefined) return false;
  if (program.assignedTo({ what, node, scope: what.of }).length > 0) return false;
  if (!isDefaultCentre(search, given, what.type, depth + 1)) return false;
  const names = namesOf(what.of);
  return names.every((name) =>
    program.callsOf(name).every(({ call }) => {
      const argument = call.args.find(({ label }) => label === what.label);
      return argument === undefined || isDefaultCentre(search, argument.node, what.type, depth + 1);
    }),
  );
}

type Parameter = Extract<Declaration['what'], { as: 'parameter' }>;

/** By which a function is called. Another one of the same name counts as well. */
function namesOf(of: SyntaxNode): string[] {
  const name = fieldOf(of, 'name');
  if (of.type !== 'init_declaration') return name ? [textOf(name)] : [];
  const type = ancestorOf(of, 'class_declaration');
  const own = fieldOf(type, 'name');
  return own ? ['init', textOf(own)] : ['init'];
}
