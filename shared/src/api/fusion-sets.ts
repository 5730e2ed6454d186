/** Fusion Sets: copying one to another team, and looking at what is in them. */
import { type ApiCall, type CallContext, segment } from './call.ts';
import { jsonBody } from './json-body.ts';
import { readAnyJson, readJson, requiredId } from './read-body.ts';
import type { Transport } from './transport.ts';

/**
 * Copies a Fusion Set to another team. The caller must be a member of both.
 * @param targetTeamId the team that gets the copy; `team_id` means that here, and not the team of the client
 * @returns the id of the copy (`new_fusion_set_id`)
 * @throws FusegateError service.refused, auth.*, api.*, network.*; see `answerWasLost`: a copy may have been made
 * @see appdome-api.md §3.19, verified
 */
export function releaseFusionSet(
  transport: Transport,
  fusionSetId: string,
  targetTeamId: string,
  context: CallContext,
): Promise<string> {
  const call: ApiCall = {
    operation: 'release-fusion-set',
    target: `release_fs/${segment(fusionSetId)}`,
    team: false,
    query: { team_id: targetTeamId },
  };
  return transport.send(call, context, async (response) => {
    const json = await readJson(response);
    return requiredId(response, json.new_fusion_set_id, 'new_fusion_set_id', json);
  });
}

/**
 * A Fusion Set as JSON. What it looks like is not documented, so it comes as it is. It says what a build made now would hold; a Fusion Set
 * can be changed, so it proves nothing about a build that exists.
 * @returns unknown shape; undefined for an empty answer
 * @throws FusegateError service.refused, api.unexpected (no JSON), auth.*, network.*
 * @see appdome-api.md §3.20, documented; the path is derived from the documentation's address (inferred)
 */
export function exportFusionSet(transport: Transport, fusionSetId: string, context: CallContext): Promise<unknown> {
  const target = `fusion-set/${segment(fusionSetId)}/export-json`;
  return transport.send({ operation: 'export-fusion-set', target }, context, readAnyJson);
}

/**
 * Compares two Fusion Sets.
 * @param query sent as it is: the names that the service expects are not documented
 * @returns unknown shape; undefined for an empty answer
 * @throws FusegateError service.refused, api.unexpected (no JSON), auth.*, network.*
 * @see appdome-api.md §3.20, documented; the path is derived from the documentation's address (inferred)
 */
export function compareFusionSets(
  transport: Transport,
  query: Record<string, string>,
  context: CallContext,
): Promise<unknown> {
  const call: ApiCall = { operation: 'compare-fusion-sets', target: 'fusion-set/compare', query };
  return transport.send(call, context, readAnyJson);
}

/**
 * The changes of Fusion Sets. How far back it goes depends on the licence, from 30 days to no end (documented).
 * @param query sent as it is: the names that the service expects are not documented
 * @returns unknown shape; undefined for an empty answer
 * @throws FusegateError service.refused, api.unexpected (no JSON), auth.*, network.*
 * @see appdome-api.md §3.20, documented; the path is derived from the documentation's address (inferred)
 */
export function fusionSetHistory(
  transport: Transport,
  query: Record<string, string>,
  context: CallContext,
): Promise<unknown> {
  const call: ApiCall = { operation: 'fusion-set-history', target: 'fusion-set/history', query };
  return transport.send(call, context, readAnyJson);
}

/**
 * Publishes the certificates of Fusion Sets to the service's over-the-air delivery.
 * @param request sent as JSON, as it is: what the service expects is not documented; undefined sends no body
 * @returns unknown shape; undefined for an empty answer
 * @throws FusegateError service.refused, api.*, auth.*, network.*; see `answerWasLost`
 * @see appdome-api.md §3.21, documented in one sentence
 */
export function publish(transport: Transport, request: unknown, context: CallContext): Promise<unknown> {
  const call: ApiCall = {
    operation: 'publish',
    target: 'publish',
    ...(request === undefined ? {} : { body: jsonBody(request) }),
  };
  return transport.send(call, context, readAnyJson);
}
