import { rm } from 'node:fs/promises';
import { libraryApp } from '../apps/library.ts';
import type { RequestContext, Route } from '../http/context.ts';
import { readJson } from '../http/form.ts';
import { jsonReply, Refusal } from '../http/reply.ts';
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

/**
 * DELETE /my-library-apps. How it is told which apps is unknown: ours takes JSON `{"app_ids": […]}` (SYNTHETIC). Apps that builds were
 * made of lose their place in the library only, as builds still serve them (inferred).
 */
export const deleteLibraryAppsRoute: Route = {
  method: 'DELETE',
  path: '/api/v1/my-library-apps',
  area: 'api',
  query: ['team_id'],
  async handle(context) {
    const ids = await readIds(context);
    const { apps, tasks } = context.state;
    const mine = (id: string) => apps.find((app) => app.id === id && app.teamId === context.teamId);
    const unknown = ids.find((id) => mine(id) === undefined);
    if (unknown !== undefined) throw new Refusal(404, 'App not found');
    const busy = ids.find((id) => tasks.some(({ appId }) => appId === id));
    if (busy !== undefined) throw new Refusal(409, 'The app was built');
    for (const id of ids) {
      const [app] = apps.splice(
        apps.findIndex((entry) => entry.id === id),
        1,
      );
      if (app !== undefined) await rm(context.services.store.uploadPath(app.fileId), { force: true });
    }
    await context.services.store.save();
    return jsonReply({ deleted: ids.length });
  },
};

async function readIds(context: RequestContext): Promise<string[]> {
  const body = await readJson(context.request);
  const ids = typeof body === 'object' && body !== null && 'app_ids' in body ? body.app_ids : undefined;
  if (!Array.isArray(ids) || !ids.every((id) => typeof id === 'string')) {
    throw new Refusal(400, 'Invalid request payload input');
  }
  context.record.fields.app_ids = ids;
  return ids;
}
