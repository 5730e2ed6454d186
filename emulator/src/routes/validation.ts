import { rm } from 'node:fs/promises';
import { v1 as uuid } from 'uuid';
import { certificateModel } from '../builds/certificate-model.ts';
import type { RequestContext } from '../http/context.ts';
import { baseName } from '../http/form.ts';
import { INVALID_PAYLOAD, jsonReply, Refusal, type Reply } from '../http/reply.ts';
import { scaled } from '../services.ts';
import { validationWord } from '../state/timeline.ts';
import { judgeApp } from '../validation/judge.ts';

/** POST /validation/upload (appdome-api.md §3.17): an app to validate. It has no team. The file is judged at once and not kept. */
export async function validationUpload(context: RequestContext): Promise<Reply> {
  const { services } = context;
  const id = uuid();
  const path = services.store.uploadPath(id);
  try {
    const form = await context.form({ file: path });
    context.reportUnknownParts(form, { fields: [], files: ['file'] });
    const file = form.files.find(({ field }) => field === 'file');
    if (file === undefined) throw new Refusal(400, INVALID_PAYLOAD);
    const { sha256, size } = file;
    const judgement = await judgeApp(services, path, sha256);
    const pendingUntil = context.now() + scaled(services, 'validationPendingMs');
    const endsAt = pendingUntil + scaled(services, 'validationMs');
    const fileName = baseName(file.fileName);
    context.state.validations.push({ id, fileName, sha256, size, pendingUntil, endsAt, ...judgement });
  } finally {
    await rm(path, { force: true });
  }
  return jsonReply({ id });
}

/**
 * GET /validation/{id}/status (§3.17). `message` is inside a list (inferred: clients search it at any depth). What else the service says
 * about a file that it did not build is unknown: ours says nothing.
 */
export function validationStatus(context: RequestContext): Reply {
  const validation = context.state.validations.find(({ id }) => id === context.param('validationId'));
  if (validation === undefined) {
    context.violation('unknown-validation', `Nobody uploaded ${context.param('validationId')} for validation.`);
    throw new Refusal(404, 'Validation not found');
  }
  const state = validationWord(validation, context.now());
  if (state !== 'completed') return jsonReply({ validation_state: state, messages: [] });
  const messages = [{ message: validation.message }];
  return jsonReply({ validation_state: state, messages, ...factsOf(context, validation.buildId) });
}

function factsOf({ state }: RequestContext, buildId: string | undefined): Record<string, string> {
  const task = state.tasks.find(({ id }) => id === buildId);
  const app = state.apps.find(({ id }) => id === task?.appId);
  if (task === undefined || app === undefined) return {};
  const model = certificateModel(task, app);
  const { name, bundleId, version, buildNumber } = model.context?.app ?? model.app;
  return {
    build_id: task.id,
    app_type: model.appType,
    app_name: name,
    app_pack_id: bundleId,
    app_version: version,
    app_build_number: buildNumber,
    app_id: app.id,
  };
}
