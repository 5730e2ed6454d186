import { v1 as uuid } from 'uuid';
import { usableSet } from '../fusion-sets/fusion-set.ts';
import type { RequestContext } from '../http/context.ts';
import { jsonReply, Refusal, type Reply } from '../http/reply.ts';

/**
 * POST /release_fs/{id}: copies a Fusion Set to the team `team_id` (appdome-api.md §3.19). The body is ignored: one client sends a JSON
 * content type without one. Sets of other teams are found too, because the copy goes from one team to another.
 */
export function releaseFusionSet(context: RequestContext): Reply {
  const { state, teamId } = context;
  const id = context.param('fusionSetId').toLowerCase();
  const set =
    usableSet(state.fusionSets, id, teamId) ?? state.fusionSets.find((known) => known.id.toLowerCase() === id);
  if (set === undefined || set.playground === true) throw new Refusal(400, 'Invalid fusion set ID');
  const copy = { ...structuredClone(set), id: uuid(), teamId };
  state.fusionSets.push(copy);
  return jsonReply({ new_fusion_set_id: copy.id });
}
