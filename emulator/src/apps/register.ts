import { v1 as uuid } from 'uuid';
import type { RequestContext } from '../http/context.ts';
import { scaled } from '../services.ts';
import type { StoredApp, StoredUpload } from '../state/model.ts';
import { appKind, readIdentity } from './identity.ts';
import { readZipEnd } from './zip-end.ts';

/** Registers uploaded bytes as an app; the analysis continues after it returns. An upload that is not an app gets a `refusal`. */
export async function registerApp(context: RequestContext, upload: StoredUpload, fileName: string): Promise<StoredApp> {
  const { services } = context;
  const { sha256, size } = upload.content ?? { sha256: '', size: 0 };
  const registeredAt = context.now();
  const queuedUntil = registeredAt + scaled(services, 'queuedMs');
  const app: StoredApp = {
    id: uuid(),
    teamId: context.teamId,
    fileId: upload.fileId,
    fileName,
    sha256,
    size,
    registeredAt,
    queuedUntil,
    analysedAt: queuedUntil + scaled(services, 'uploadMs'),
  };
  const path = services.store.uploadPath(upload.fileId);
  const kind = appKind(fileName);
  const zipEnd = kind === undefined ? undefined : await readZipEnd(path);
  if (kind === undefined || zipEnd === undefined) app.refusal = 'Unsupported file';
  else app.identity = await readIdentity(path, fileName, kind);
  upload.appId = app.id;
  context.state.apps.push(app);
  return app;
}
