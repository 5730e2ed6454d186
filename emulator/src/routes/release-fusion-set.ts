import { v1 as uuid } from 'uuid';
import { findFusionSet } from '../fusion-sets/find.ts';
import type { Route } from '../http/context.ts';
import { jsonReply, Refusal } from '../http/reply.ts';

/**
 * POST /release_fs/{id}: copies a Fusion Set to the team `team_id` (appdome-api.md §3.19). The body is ignored: one client sends a JSON
 * content type without one. Sets of other teams are found too, because the copy goes from one team to another.
 */
export const releaseFusionSetRoute: Route = {
  method: 'POST',
  path: '/api/v1/release_fs/:fusionSetId',
  area: 'api',
  query: ['team_id'],
  async handle(context) {
    const id = context.param('fusionSetId').toLowerCase();
    const set = findFusionSet(context, id) ?? context.state.fusionSets.find((known) => known.id.toLowerCase() === id);
    if (set === undefined || set.playground === true) throw new Refusal(400, 'Invalid fusion set ID');
    const copy = { ...structuredClone(set), id: uuid(), teamId: context.teamId };
    context.state.fusionSets.push(copy);
    await context.services.store.save();
    return jsonReply({ new_fusion_set_id: copy.id });
  },
};
