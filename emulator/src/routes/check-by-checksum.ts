import type { Route } from '../http/context.ts';
import { readJson } from '../http/form.ts';
import { jsonReply, Refusal } from '../http/reply.ts';
import { uploadWord } from '../state/timeline.ts';

/** POST /apps/check-by-checksum: whether the team already has these bytes (appdome-api.md §3.3). */
export const checkByChecksumRoute: Route = {
  method: 'POST',
  path: '/api/v1/apps/check-by-checksum',
  area: 'api',
  query: ['team_id'],
  async handle(context) {
    if (context.state.settings.checksumLookup === 'absent') throw new Refusal(404, 'Not Found');
    const body = await readJson(context.request);
    const checksum = typeof body === 'object' && body !== null && 'checksum' in body ? body.checksum : undefined;
    if (typeof checksum !== 'string' || !/^[0-9a-f]{64}$/.test(checksum)) {
      throw new Refusal(400, 'Invalid request payload input');
    }
    context.record.fields.checksum = checksum;
    const app = context.state.apps.findLast(({ sha256, teamId }) => sha256 === checksum && teamId === context.teamId);
    const usable = app !== undefined && uploadWord(app, context.now()) === 'completed';
    return jsonReply(usable ? { exists: true, app_id: app.id } : { exists: false });
  },
};
