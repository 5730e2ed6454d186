/** How an app's bytes come to the service, and how it becomes an app (appdome-api.md §3.1 to §3.3). */
import { randomBytes } from 'node:crypto';
import { sleep } from '@fusegate/shared/model/clock';
import { v1 as uuid } from 'uuid';
import { registerApp } from '../apps/register.ts';
import type { RequestContext } from '../http/context.ts';
import { baseName, readJson } from '../http/form.ts';
import { INVALID_PAYLOAD, jsonReply, Refusal, type Reply } from '../http/reply.ts';
import { isObject } from '../json.ts';
import type { StoredApp, StoredUpload } from '../state/model.ts';
import { uploadWord } from '../state/timeline.ts';
import { LINK_LIFETIME } from './storage.ts';

/** GET /upload-link: a presigned link (§3.1a). The name of the expiry field is unknown; ours is `expiration`. */
export function uploadLink(context: RequestContext): Reply {
  const fileId = uuid();
  const signature = randomBytes(32).toString('hex');
  const createdAt = context.now();
  context.state.uploads.push({ fileId, teamId: context.teamId, signature, createdAt });
  const query = new URLSearchParams({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Date': new Date(createdAt).toISOString().replace(/[-:]|\.\d+/g, ''),
    'X-Amz-Expires': String(LINK_LIFETIME),
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Signature': signature,
  });
  const origin = `http://${context.request.headers.host ?? 'localhost'}`;
  return jsonReply({ url: `${origin}/s3/${fileId}?${query}`, file_id: fileId, expiration: LINK_LIFETIME });
}

/**
 * POST /upload-using-link: registers uploaded bytes as an app (§3.1c). With `async=true` (any case) it answers at once, otherwise after the
 * analysis.
 */
export async function uploadUsingLink(context: RequestContext): Promise<Reply> {
  const form = await context.form();
  context.reportUnknownParts(form, { fields: ['file_app_id', 'file_name', 'notification_override'], files: [] });
  const fileName = baseName(form.fields.get('file_name') ?? '');
  const upload = context.state.uploads.find(
    ({ fileId, teamId }) => fileId === form.fields.get('file_app_id') && teamId === context.teamId,
  );
  if (fileName === '' || upload === undefined) throw new Refusal(400, INVALID_PAYLOAD);
  if (upload.content === undefined) throw new Refusal(404, 'The file was not uploaded');
  const app = registered(context, upload) ?? (await registerApp(context, upload, fileName));
  if (context.query.get('async')?.toLowerCase() !== 'true') await analysed(context, app);
  return jsonReply({ id: app.id });
}

/** Registering the same file twice gives one app: a client repeats this call if its answer was lost (inferred). */
function registered(context: RequestContext, upload: StoredUpload): StoredApp | undefined {
  return context.state.apps.find(({ id, sha256 }) => id === upload.appId && sha256 === upload.content?.sha256);
}

/**
 * Waits until an app is analysed.
 * @throws Refusal 400 if the service does not accept it. How a synchronous call refuses a file is unknown (inferred)
 */
async function analysed({ services }: RequestContext, app: StoredApp): Promise<void> {
  await services.store.save();
  await sleep(services.clock, Math.max(0, app.analysedAt - services.clock.now()), services.closing);
  if (app.refusal !== undefined) throw new Refusal(400, app.refusal);
}

/** POST /upload: the file itself, in one request (§3.2). Answers after the analysis: no client polls afterwards. */
export async function directUpload(context: RequestContext): Promise<Reply> {
  const fileId = uuid();
  const form = await context.form({ file: context.services.store.uploadPath(fileId) });
  context.reportUnknownParts(form, { fields: ['notification_override'], files: ['file'] });
  const file = form.files.find(({ field }) => field === 'file');
  const fileName = baseName(file?.fileName ?? '');
  if (file === undefined || fileName === '') throw new Refusal(400, INVALID_PAYLOAD);
  const content = { sha256: file.sha256, size: file.size };
  // An internal link, so that the app's bytes are where those of every other app are.
  const upload = { fileId, teamId: context.teamId, signature: uuid(), createdAt: context.now(), content };
  context.state.uploads.push(upload);
  const app = await registerApp(context, upload, fileName);
  await analysed(context, app);
  return jsonReply({ id: app.id });
}

/** GET /upload/{id}/status (§3.1d). The text of a failure is under `error`. */
export function uploadStatus(context: RequestContext): Reply {
  const app = context.state.apps.find(({ id, teamId }) => id === context.param('appId') && teamId === context.teamId);
  if (app === undefined) {
    context.violation('unknown-app', `Nobody uploaded the app ${context.param('appId')} in this team.`);
    throw new Refusal(404, 'App not found');
  }
  const status = uploadWord(app, context.now());
  return jsonReply(status === 'error' ? { status, error: app.refusal } : { status });
}

/** POST /apps/check-by-checksum: whether the team already has these bytes (§3.3). */
export async function checkByChecksum(context: RequestContext): Promise<Reply> {
  if (context.state.settings.checksumLookup === 'absent') throw new Refusal(404, 'Not Found');
  const body = await readJson(context.request);
  const checksum = isObject(body) ? body.checksum : undefined;
  if (typeof checksum !== 'string' || !/^[0-9a-f]{64}$/.test(checksum)) throw new Refusal(400, INVALID_PAYLOAD);
  context.record.fields.checksum = checksum;
  const app = context.state.apps.findLast(({ sha256, teamId }) => sha256 === checksum && teamId === context.teamId);
  const usable = app !== undefined && uploadWord(app, context.now()) === 'completed';
  return jsonReply(usable ? { exists: true, app_id: app.id } : { exists: false });
}
