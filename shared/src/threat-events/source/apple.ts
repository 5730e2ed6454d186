/** Observers of the notification centre, in Swift, Objective-C and C#. Reference: Threat-Events §2. */
import type { SyntaxNode } from './node.ts';
import type { Call } from './program.ts';
import { behind, half, isPlatformType, register, type Search } from './registrations.ts';

const CENTRES = new Set(['NotificationCenter', 'NSNotificationCenter']);
const DEFAULTS = new Set(['default', 'defaultCenter', 'DefaultCenter']);

export function findObservers(search: Search): void {
  const { program } = search;
  for (const { node, call } of program.calls) {
    const named = nameArgument(search, call);
    if (named === undefined || call.of === undefined) continue;
    const names = search.values.names(named);
    if (!isDefaultCentre(search, call.of))
      half(
        search,
        node,
        names,
        'the notification center that it is registered with could not be traced to the default one',
      );
    else if (call.name === 'publisher' && !isSubscribed(search, node))
      half(search, node, names, 'nothing subscribes to this publisher where it is made');
    else register(search, node, names);
  }
}

/** The argument that holds the name; undefined if the call registers nothing. */
function nameArgument({ values }: Search, call: Call): SyntaxNode | undefined {
  const labelled = (label: string) => call.args.find((one) => one.label === label)?.node;
  const [first, , third] = call.args;
  switch (call.name) {
    // Swift: forName or name. Objective-C: `addObserver:selector:name:object:`.
    case 'addObserver':
      return labelled('forName') ?? labelled('name');
    case 'addObserverForName':
      return first?.node;
    case 'publisher':
      return labelled('for');
    // C#: the name comes first, or third with an observer and a selector before it.
    case 'AddObserver': {
      if (labelled('aName')) return labelled('aName');
      const isThird = call.args.length === 4 && first && values.names(first.node) === undefined;
      return isThird ? third?.node : first?.node;
    }
    default:
      return undefined;
  }
}

/** `NotificationCenter.default`, `[NSNotificationCenter defaultCenter]`, or a variable that is set to it and to nothing else. */
function isDefaultCentre(search: Search, node: SyntaxNode): boolean {
  const { program } = search;
  const shape = program.shape(behind(search, node));
  if (shape?.is !== 'member' && shape?.is !== 'call') return false;
  if (!DEFAULTS.has(shape.name) || shape.of === undefined) return false;
  const owner = program.bareShape(shape.of);
  const name = owner?.is === 'name' || owner?.is === 'member' ? owner.name : '';
  return CENTRES.has(name) && isPlatformType(search, name, node);
}

/** `publisher(for:)` registers when something subscribes: `.sink`, `.assign`, or SwiftUI's `.onReceive`. */
function isSubscribed({ program }: Search, node: SyntaxNode): boolean {
  const receiver = program.userOf(node);
  if (receiver?.call.name === 'onReceive') return true;
  let inner = node;
  for (let around = node.parent, depth = 0; around && depth < 32; around = around.parent, depth++) {
    const shape = program.shape(around);
    if (shape?.is !== 'call' || shape.of === undefined) continue;
    if (program.bare(shape.of) !== inner) return false;
    if (shape.name === 'sink' || shape.name === 'assign') return true;
    if (program.userOf(around)?.call.name === 'onReceive') return true;
    inner = around;
  }
  return false;
}
