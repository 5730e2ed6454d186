import type { RequestContext } from '../http/context.ts';
import type { FusionSet } from './fusion-set.ts';

/** The set with this id that the request's team may use, playground sets included. */
export function findFusionSet(context: RequestContext, id: string): FusionSet | undefined {
  return context.state.fusionSets.find(
    (set) =>
      set.id.toLowerCase() === id.toLowerCase() &&
      (set.teamId === undefined || set.teamId.toLowerCase() === context.teamId),
  );
}
