/** Observers of the notification centre, in Swift, Objective-C and C#. Reference: Threat-Events §2. */
import type { Evidence } from './items.ts';
import { isOfPreview } from './languages/swift.ts';
import { ancestorOf, isInside, type SyntaxNode } from './node.ts';
import { isDefaultCentre } from './notification-centre.ts';
import { deafness } from './observers.ts';
import type { Call } from './program.ts';
import { subscriptionsTo } from './publishers.ts';
import { half, isNothing, register, type Search, vanity } from './registrations.ts';

export function findObservers(search: Search): void {
  const { program } = search;
  for (const { node, call } of program.calls) {
    const made = observation(search, call);
    if (made === undefined || call.of === undefined) continue;
    const names = search.values.evidence(made.name);
    const why = missing(search, call, made);
    if (why) half(search, node, names, why);
    else if (isOfPreview(node)) half(search, node, names, PREVIEW);
    else if (made.isPublisher) findSubscriptions(search, node, names);
    else register(search, node, names);
  }
}

const PREVIEW = 'only a preview of Xcode runs it';

/** A publisher registers while something subscribes: SwiftUI's `.onReceive`, `.sink` and `.assign`, whose result is kept, or a `for await`. */
function findSubscriptions(search: Search, publisher: SyntaxNode, names: readonly Evidence[] | undefined): void {
  const { found, why } = subscriptionsTo(search, publisher);
  if (found.length === 0) half(search, publisher, names, why);
  for (const { node, condition } of found) {
    const isHere = isInside(publisher, node);
    const task = taskAround(search, node);
    const vain = isOfPreview(node) ? PREVIEW : (vanity(search, node) ?? (task && vanity(search, task)));
    // A name comes by the publisher to where something subscribes.
    const arriving = names?.map((one) => ({
      ...one,
      via: isHere ? one.via : [...one.via, publisher],
      ...(condition ? { condition } : {}),
    }));
    if (vain) half(search, publisher, names, vain);
    else register(search, isHere ? publisher : node, arriving);
  }
}

/** The `Task { … }` whose closure a loop stands in. */
function taskAround({ program }: Search, node: SyntaxNode): SyntaxNode | undefined {
  if (node.type !== 'for_statement') return undefined;
  const closure = ancestorOf(node, 'lambda_literal');
  const user = closure && program.userOf(closure);
  return user?.call.name === 'Task' || user?.call.name === 'detached' ? user.node : undefined;
}

/** Why a call does not register; undefined if it does. */
function missing(search: Search, call: Call, made: Observation): string | undefined {
  const of = made.centre ?? call.of;
  if (of === undefined || !isDefaultCentre(search, of))
    return 'the notification center that it is registered with could not be traced to the default one';
  if (made.sender && !isNothing(search, made.sender)) return 'it only gets what one object posts: object is not nil';
  if (made.isPublisher) return undefined;
  if (made.heard === undefined || isNothing(search, made.heard)) return 'the call has no observer or block';
  return made.selector && deafness(search, made.heard, made.selector);
}

/** What a call that registers gets. */
interface Observation {
  name: SyntaxNode;
  /** The `object`. */
  sender: SyntaxNode | undefined;
  /** The observer, or the block. */
  heard: SyntaxNode | undefined;
  /** Of a method of the observer. */
  selector?: SyntaxNode | undefined;
  /** What gets the notifications subscribes to the result. */
  isPublisher?: true;
  /** Where it is not what the call is made on. */
  centre?: SyntaxNode | undefined;
}

/** @returns undefined if the call registers nothing */
function observation({ program, values }: Search, call: Call): Observation | undefined {
  const labelled = (...labels: string[]) =>
    call.args.find((one) => one.label !== undefined && labels.includes(one.label))?.node;
  const [first, second, third, fourth] = call.args.map((one) => one.node);
  const sender = labelled('object');
  const of = (name: SyntaxNode | undefined, heard: SyntaxNode | undefined, from = sender, selector?: SyntaxNode) =>
    name && { name, heard, sender: from, selector };
  switch (call.name) {
    // Swift: forName or name. Objective-C: `addObserver:selector:name:object:`.
    case 'addObserver': {
      const name = labelled('forName');
      return name
        ? of(name, labelled('using') ?? call.lambda)
        : of(labelled('name'), first, sender, labelled('selector'));
    }
    case 'addObserverForName':
      return of(first, labelled('usingBlock'));
    case 'publisher':
    case 'notifications': {
      const name = labelled(call.name === 'publisher' ? 'for' : 'named');
      return name && { name, sender, heard: undefined, isPublisher: true };
    }
    // RxSwift: `NotificationCenter.default.rx.notification(name)`.
    case 'notification': {
      const owner = call.of && program.bareShape(call.of);
      if (owner?.is !== 'member' || owner.name !== 'rx' || owner.of === undefined) return undefined;
      return first && { name: first, sender: sender ?? second, heard: undefined, isPublisher: true, centre: owner.of };
    }
    // C#: the name comes first, or third with an observer and a selector before it.
    case 'AddObserver': {
      if (labelled('aName'))
        return of(labelled('aName'), labelled('notify', 'observer'), labelled('fromObject', 'anObject'));
      if (call.args.length < 4) return of(first, second, third);
      const isFirst = first !== undefined && values.names(first) !== undefined;
      return isFirst ? of(first, fourth, second) : of(third, first, fourth, second);
    }
    default:
      return undefined;
  }
}
