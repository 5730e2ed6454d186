import type { Route } from '../http/context.ts';
import { jsonReply, Refusal } from '../http/reply.ts';
import { uploadWord } from '../state/timeline.ts';

/** GET /upload/{id}/status (appdome-api.md §3.1d). The text of a failure is under `error`. */
export const uploadStatusRoute: Route = {
  method: 'GET',
  path: '/api/v1/upload/:appId/status',
  area: 'api',
  query: ['team_id'],
  handle(context) {
    const app = context.state.apps.find(({ id, teamId }) => id === context.param('appId') && teamId === context.teamId);
    if (app === undefined) {
      context.violation('unknown-app', `Nobody uploaded the app ${context.param('appId')} in this team.`);
      throw new Refusal(404, 'App not found');
    }
    const status = uploadWord(app, context.now());
    return jsonReply(status === 'error' ? { status, error: app.refusal } : { status });
  },
};
