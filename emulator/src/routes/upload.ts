import { sleep } from '@fusegate/shared/model/clock';
import { v1 as uuid } from 'uuid';
import { registerApp } from '../apps/register.ts';
import type { Route } from '../http/context.ts';
import { baseName } from '../http/form.ts';
import { jsonReply, Refusal } from '../http/reply.ts';
import { reportUnknownParts } from '../http/unknown-parts.ts';

/** POST /upload: the file itself, in one request (appdome-api.md §3.2). Answers after the analysis: no client polls afterwards. */
export const directUploadRoute: Route = {
  method: 'POST',
  path: '/api/v1/upload',
  area: 'api',
  query: ['team_id'],
  async handle(context) {
    const { services, state } = context;
    const fileId = uuid();
    const form = await context.form({ file: services.store.uploadPath(fileId) });
    reportUnknownParts(context, form, { fields: ['notification_override'], files: ['file'] });
    const file = form.files.find(({ field }) => field === 'file');
    const fileName = baseName(file?.fileName ?? '');
    if (file === undefined || fileName === '') throw new Refusal(400, 'Invalid request payload input');
    const content = { sha256: file.sha256, size: file.size };
    // An internal link, so that the app's bytes are where those of every other app are.
    const upload = { fileId, teamId: context.teamId, signature: uuid(), createdAt: context.now(), content };
    state.uploads.push(upload);
    const app = await registerApp(context, upload, fileName);
    await services.store.save();
    await sleep(services.clock, Math.max(0, app.analysedAt - context.now()), services.closing);
    if (app.refusal !== undefined) throw new Refusal(400, app.refusal);
    return jsonReply({ id: app.id });
  },
};
