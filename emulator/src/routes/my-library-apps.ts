import { libraryApp } from '../apps/library.ts';
import type { Route } from '../http/context.ts';
import { jsonReply } from '../http/reply.ts';
import { uploadWord } from '../state/timeline.ts';

/** GET /my-library-apps: the apps of the team (appdome-api.md §3.5). */
export const listLibraryAppsRoute: Route = {
  method: 'GET',
  path: '/api/v1/my-library-apps',
  area: 'api',
  query: ['team_id'],
  handle(context) {
    const apps = context.state.apps.filter(
      (app) => app.teamId === context.teamId && uploadWord(app, context.now()) === 'completed',
    );
    return jsonReply({ apps: apps.map(libraryApp) });
  },
};
