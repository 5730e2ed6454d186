import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { strToU8, zipSync } from 'fflate';
import { v1 as uuid } from 'uuid';
import { registerApp } from '../apps/register.ts';
import { newBuild, startStage } from '../builds/build.ts';
import type { RequestContext } from '../http/context.ts';
import { readJson } from '../http/form.ts';
import { INVALID_PAYLOAD, jsonReply, Refusal, type Reply } from '../http/reply.ts';
import { isObject } from '../json.ts';
import { maskJson } from '../record/masking.ts';
import type { StoredApp } from '../state/model.ts';
import { libraryApp } from './my-library-apps.ts';

/** Provisioning profiles come inside the JSON, as base64. */
const MAX_BODY = 8 * 1024 * 1024;

interface PwaRequest {
  address: URL;
  types: Array<'aab' | 'ipa'>;
  name: string | undefined;
  overrides: Record<string, unknown>;
}

/**
 * POST /pwappload: makes an app from a web address (appdome-api.md §3.4). The address is not fetched: the app is a ZIP that names it. With
 * `settings.shortFlow` each app is built at once with the playground set, as some licences do.
 */
export async function pwappLoad(context: RequestContext): Promise<Reply> {
  const body = await readJson(context.request, MAX_BODY);
  if (!isObject(body)) throw new Refusal(400, INVALID_PAYLOAD);
  const { provisioning_profile: _, ...shown } = isObject(body.overrides) ? body.overrides : {};
  Object.assign(context.record.fields, maskJson({ ...body, overrides: shown }));
  const request = checked(body);
  const entries = [];
  for (const type of request.types) {
    const app = await makeApp(context, request, type);
    const taskId = context.state.settings.shortFlow ? buildAtOnce(context, app, request) : undefined;
    entries.push({ app: libraryApp(app), taskId: taskId && { task_id: taskId } });
  }
  return jsonReply(entries);
}

/** @throws Refusal 400 */
function checked(body: Record<string, unknown>): PwaRequest {
  const { pwa_address: address, pwa_platform: platform, pwa_app_name: name, overrides = {} } = body;
  if (typeof address !== 'string' || !URL.canParse(address) || !/^https?:/i.test(address)) {
    throw new Refusal(400, INVALID_PAYLOAD);
  }
  if (platform !== 'aab' && platform !== 'ipa' && platform !== 'both') throw new Refusal(400, INVALID_PAYLOAD);
  if ((name !== undefined && typeof name !== 'string') || !isObject(overrides)) throw new Refusal(400, INVALID_PAYLOAD);
  const types: PwaRequest['types'] = platform === 'both' ? ['aab', 'ipa'] : [platform];
  if (types.includes('ipa') && !hasProfiles(overrides.provisioning_profile)) {
    throw new Refusal(400, 'provisioning_profile is required');
  }
  return { address: new URL(address), types, name, overrides };
}

function hasProfiles(list: unknown): boolean {
  return (
    Array.isArray(list) &&
    list.length > 0 &&
    list.every((entry) => isObject(entry) && typeof entry.filename === 'string' && typeof entry.content === 'string')
  );
}

async function makeApp(
  context: RequestContext,
  { address, name }: PwaRequest,
  type: 'aab' | 'ipa',
): Promise<StoredApp> {
  const fileId = uuid();
  const fileName = `${(name ?? address.hostname).replace(/[/\\]/g, '_')}.${type}`;
  const bytes = zipSync({ 'rehearsal-pwa.txt': strToU8(`Synthetic app of ${address.href}\n`) });
  await writeFile(context.services.store.uploadPath(fileId), bytes, { mode: 0o600 });
  const content = { sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length };
  const upload = { fileId, teamId: context.teamId, signature: uuid(), createdAt: context.now(), content };
  context.state.uploads.push(upload);
  const app = await registerApp(context, upload, fileName);
  app.pwaUrl = address.href;
  // The answer says "active": there is nothing left to analyse.
  app.queuedUntil = app.registeredAt;
  app.analysedAt = app.registeredAt;
  return app;
}

function buildAtOnce(context: RequestContext, app: StoredApp, { overrides }: PwaRequest): string {
  const playground = context.state.fusionSets.find((set) => set.playground === true);
  if (playground === undefined) throw new Refusal(400, 'Invalid fusion set ID');
  const task = newBuild(context, app, playground);
  context.state.tasks.push(task);
  const { provisioning_profile: _, ...kept } = overrides;
  startStage(context, task, app, { action: 'fuse', overrides: kept, files: [] });
  return task.id;
}
