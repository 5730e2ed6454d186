/**
 * Looking at Fusion Sets (appdome-api.md §3.20). Paths are derived from the names of documentation pages; query names and answers are
 * unknown, so every query is taken and every answer is SYNTHETIC.
 */
import { exportedFusionSet, policyOf } from '../fusion-sets/export.ts';
import { findFusionSet } from '../fusion-sets/find.ts';
import type { FusionSet } from '../fusion-sets/fusion-set.ts';
import type { RequestContext, Route } from '../http/context.ts';
import { jsonReply, Refusal } from '../http/reply.ts';

/** GET /fusion-set/{id}/export-json. */
export const exportFusionSetRoute: Route = {
  method: 'GET',
  path: '/api/v1/fusion-set/:fusionSetId/export-json',
  area: 'api',
  query: ['team_id'],
  handle(context) {
    const set = findFusionSet(context, context.param('fusionSetId'));
    if (set === undefined) throw new Refusal(404, 'Fusion set not found');
    return jsonReply(exportedFusionSet(set));
  },
};

/** GET /fusion-set/compare: of the first two sets that the query names, under whatever names. */
export const compareFusionSetsRoute: Route = {
  method: 'GET',
  path: '/api/v1/fusion-set/compare',
  area: 'api',
  query: 'any',
  handle(context) {
    const [first, second] = namedSets(context);
    if (first === undefined || second === undefined) throw new Refusal(400, 'Invalid request query input');
    const before = policyOf(first);
    const after = policyOf(second);
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    const differences = names
      .filter((name) => before[name] !== after[name])
      .map((name) => ({ name, first: before[name] ?? null, second: after[name] ?? null }));
    return jsonReply({ first: first.id, second: second.id, differences, synthetic_rehearsal: true });
  },
};

/** GET /fusion-set/history: what sets were before they were replaced, of one set when the query names one. */
export const fusionSetHistoryRoute: Route = {
  method: 'GET',
  path: '/api/v1/fusion-set/history',
  area: 'api',
  query: 'any',
  handle(context) {
    const [wanted] = namedSets(context);
    const history = context.state.fusionSetHistory
      .filter(({ fusionSetId }) => wanted === undefined || fusionSetId.toLowerCase() === wanted.id.toLowerCase())
      .map(({ replacedAt, was }) => ({ ...exportedFusionSet(was), replaced_at: new Date(replacedAt).toISOString() }));
    return jsonReply({ history, synthetic_rehearsal: true });
  },
};

function namedSets(context: RequestContext): FusionSet[] {
  return [...context.query]
    .filter(([name]) => name !== 'team_id')
    .map(([, value]) => findFusionSet(context, value))
    .filter((set) => set !== undefined);
}
