import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { strToU8, zipSync } from 'fflate';
import { v1 as uuid } from 'uuid';
import { libraryApp } from '../apps/library.ts';
import { registerApp } from '../apps/register.ts';
import { newBuild, startStage } from '../builds/build.ts';
import type { RequestContext, Route } from '../http/context.ts';
import { readJson } from '../http/form.ts';
import { jsonReply, Refusal } from '../http/reply.ts';
import { maskJson } from '../record/masking.ts';
import type { StoredApp } from '../state/model.ts';

/** Provisioning profiles come inside the JSON, as base64. */
const MAX_BODY = 8 * 1024 * 1024;
const INVALID = 'Invalid request payload input';

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
export const pwappLoadRoute: Route = {
  method: 'POST',
  path: '/api/v1/pwappload',
  area: 'api',
  query: ['team_id'],
  async handle(context) {
    const body = await readJson(context.request, MAX_BODY);
    if (!isObject(body)) throw new Refusal(400, INVALID);
    const { provisioning_profile: _, ...shown } = isObject(body.overrides) ? body.overrides : {};
    Object.assign(context.record.fields, maskJson({ ...body, overrides: shown }));
    const request = checked(body);
    const entries = [];
    for (const type of request.types) {
      const app = await makeApp(context, request, type);
      const taskId = context.state.settings.shortFlow ? await buildAtOnce(context, app, request) : undefined;
      entries.push({ app: libraryApp(app), ...(taskId === undefined ? {} : { taskId: { task_id: taskId } }) });
    }
    await context.services.store.save();
    return jsonReply(entries);
  },
};

/** @throws Refusal 400 */
function checked(body: Record<string, unknown>): PwaRequest {
  const { pwa_address: address, pwa_platform: platform, pwa_app_name: name, overrides = {} } = body;
  if (typeof address !== 'string' || !URL.canParse(address) || !/^https?:/i.test(address)) {
    throw new Refusal(400, INVALID);
  }
  if (platform !== 'aab' && platform !== 'ipa' && platform !== 'both') throw new Refusal(400, INVALID);
  if ((name !== undefined && typeof name !== 'string') || !isObject(overrides)) throw new Refusal(400, INVALID);
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

async function buildAtOnce(context: RequestContext, app: StoredApp, { overrides }: PwaRequest): Promise<string> {
  const playground = context.state.fusionSets.find((set) => set.playground === true);
  if (playground === undefined) throw new Refusal(400, 'Invalid fusion set ID');
  const task = newBuild(context, app, playground);
  context.state.tasks.push(task);
  const { provisioning_profile: _, ...kept } = overrides;
  await startStage(context, task, app, {
    action: 'fuse',
    duration: 'fuseMs',
    overrides: maskJson(kept) as Record<string, unknown>,
    files: [],
    failure: undefined,
  });
  return task.id;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
