import type { ApiCall, CallContext } from './call.ts';
import { readJson, requiredId } from './read-body.ts';
import type { Transport } from './transport.ts';

/**
 * Copies a Fusion Set to another team. The caller must be a member of both.
 * @param targetTeamId the team that gets the copy; here `team_id` means this team, not the client's
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
    operation: 'releaseFusionSet',
    ids: { fusionSetId },
    query: { team_id: targetTeamId },
  };
  return transport.send(call, context, async (response) => {
    const json = await readJson(response);
    return requiredId(response, json.new_fusion_set_id, 'new_fusion_set_id', json);
  });
}
