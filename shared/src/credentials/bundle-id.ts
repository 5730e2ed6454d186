/** The bundle id that the protected app will have, if it can be known before the build. */
import type { RunRequest } from '../model/run-request.ts';
import { readPropertyList } from './property-list.ts';

/** The override of the context step that sets it (appdome-api.md §3.8). */
const OVERRIDE = 'app_customization_pack_bundle_identifier';
/** The app's own, not that of a framework or extension inside it. */
const INFO_PLIST = /^Payload\/[^/]+\.app\/Info\.plist$/;
const MAX_BYTES = 4 * 1024 * 1024;

/** @returns undefined if it is not known; never throws */
export async function expectedBundleId({
  app,
  context,
}: Pick<RunRequest, 'app' | 'context'>): Promise<string | undefined> {
  const overridden = context?.overrides?.[OVERRIDE];
  if (typeof overridden === 'string' && overridden !== '') return overridden;
  if (context?.bundleId !== undefined) return context.bundleId;
  return app?.kind === 'ipa' ? bundleIdOfIpa(app.path) : undefined;
}

async function bundleIdOfIpa(file: string): Promise<string | undefined> {
  const { openZip } = await import('../files/zip-members.ts');
  const zip = await openZip(file, (name) => INFO_PLIST.test(name)).catch(() => undefined);
  if (zip === undefined) return undefined;
  try {
    const [only, ...more] = zip.members;
    if (only === undefined || more.length > 0) return undefined;
    const list = await readPropertyList(await zip.read(only.name, MAX_BYTES));
    const id = list.state === 'read' ? list.value.CFBundleIdentifier : undefined;
    return typeof id === 'string' && id !== '' ? id : undefined;
  } catch {
    return undefined;
  } finally {
    zip.close();
  }
}
