import type { RequestContext } from '../http/context.ts';
import { jsonReply, type Reply } from '../http/reply.ts';
import type { StoredApp } from '../state/model.ts';
import { uploadWord } from '../state/timeline.ts';

/** GET /my-library-apps: the apps of the team (appdome-api.md §3.5). */
export function myLibraryApps(context: RequestContext): Reply {
  const apps = context.state.apps.filter(
    (app) => app.teamId === context.teamId && uploadWord(app, context.now()) === 'completed',
  );
  return jsonReply({ apps: apps.map(libraryApp) });
}

/** An app as the library lists it: the keys of §3.5, as mocked in the vendor's tests; the values are ours. */
export function libraryApp(app: StoredApp): Record<string, unknown> {
  const { identity } = app;
  return {
    id: app.id,
    type: 'original',
    creation_time: new Date(app.registeredAt).toISOString(),
    pack_name: app.fileName,
    pack_size: app.size,
    pack_type: identity?.type,
    pack_bundle_identifier: identity?.bundleId,
    pack_bundle_version: identity?.version,
    pack_bundle_display_name: identity?.name,
    pack_bundle_build_number: identity?.buildNumber,
    pack_app_store_description: '',
    status: 'active',
    is_pwapp: app.pwaUrl !== undefined,
    metadata: { app_fused: false, PWA: app.pwaUrl && { PWA_URL: app.pwaUrl } },
  };
}
