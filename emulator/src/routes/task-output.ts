import type { Composed } from '../apps/protected-app.ts';
import { completedBuild, notReady } from '../builds/find.ts';
import { hasMapping, mainOutput, mappingZip, secondOutput } from '../builds/outputs.ts';
import type { RequestContext } from '../http/context.ts';
import { bytesReply, Refusal, type Reply } from '../http/reply.ts';
import { signingStage } from '../state/timeline.ts';

/** GET /tasks/{id}/output (appdome-api.md §3.14): the app, the universal APK of an .aab, or the mapping files. */
export async function taskOutput(context: RequestContext): Promise<Reply> {
  const file = await outputFile(context, context.query.get('action') ?? '');
  if (!context.state.settings.redirectOutputs) return bytesReply(file.content, 'application/octet-stream', file.name);
  const target = new URL(context.url.pathname.replace('/api/v1/tasks', '/s3/tasks'), context.services.storageOrigin);
  target.search = context.url.search;
  return { status: 302, headers: { Location: target.href }, body: Buffer.alloc(0) };
}

/** @throws Refusal if that output does not exist */
export async function outputFile(
  context: RequestContext,
  action: string,
): Promise<{ content: Composed; name: string }> {
  const { task, app } = completedBuild(context);
  const { store } = context.services;
  const base = app.fileName.replace(/\.[^.]+$/, '');
  const signing = signingStage(task)?.action;
  switch (action) {
    case '':
      return {
        content: await mainOutput(store, task, app),
        name: signing === 'sign_script' ? `${base}.sh` : app.fileName,
      };
    case 'sign_second_output':
      // Only for an .aab that was signed or sealed (§8.1.9); the status for anything else is inferred.
      if (app.identity?.type !== 'aab' || (signing !== 'sign' && signing !== 'seal'))
        notReady(context, 'No such output');
      return { content: await secondOutput(store, task, app), name: `${base}-universal.apk` };
    case 'deobfuscation_script':
      if (!hasMapping(task)) throw new Refusal(404, 'No mapping files');
      return { content: mappingZip(task, app), name: 'deobfuscation_scripts.zip' };
    default:
      throw new Refusal(400, 'Invalid request query input');
  }
}
