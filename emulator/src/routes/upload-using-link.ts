import { sleep } from '@fusegate/shared/model/clock';
import { registerApp } from '../apps/register.ts';
import type { RequestContext, Route } from '../http/context.ts';
import { baseName } from '../http/form.ts';
import { jsonReply, Refusal } from '../http/reply.ts';
import { reportUnknownParts } from '../http/unknown-parts.ts';
import type { StoredApp, StoredUpload } from '../state/model.ts';

/**
 * POST /upload-using-link: registers uploaded bytes as an app (appdome-api.md §3.1c). With `async=true` (any case) it answers at once,
 * otherwise after the analysis. How the synchronous call refuses a file is unknown: ours answers 400 (inferred).
 */
export const uploadUsingLinkRoute: Route = {
  method: 'POST',
  path: '/api/v1/upload-using-link',
  area: 'api',
  query: ['team_id', 'async'],
  async handle(context) {
    const form = await context.form();
    reportUnknownParts(context, form, { fields: ['file_app_id', 'file_name', 'notification_override'], files: [] });
    const fileName = baseName(form.fields.get('file_name') ?? '');
    const upload = context.state.uploads.find(
      ({ fileId, teamId }) => fileId === form.fields.get('file_app_id') && teamId === context.teamId,
    );
    if (fileName === '' || upload === undefined) throw new Refusal(400, 'Invalid request payload input');
    if (upload.content === undefined) throw new Refusal(404, 'The file was not uploaded');
    const app = registered(context, upload) ?? (await registerApp(context, upload, fileName));
    await context.services.store.save();
    if (context.query.get('async')?.toLowerCase() !== 'true') {
      await sleep(context.services.clock, Math.max(0, app.analysedAt - context.now()), context.services.closing);
      if (app.refusal !== undefined) throw new Refusal(400, app.refusal);
    }
    return jsonReply({ id: app.id });
  },
};

/** Registering the same file twice gives one app: a client repeats this call if its answer was lost (inferred). */
function registered(context: RequestContext, upload: StoredUpload): StoredApp | undefined {
  return context.state.apps.find(({ id, sha256 }) => id === upload.appId && sha256 === upload.content?.sha256);
}
