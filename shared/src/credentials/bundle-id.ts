/** The bundle ids that the protected app and its extensions will have, if they can be known before the build. */
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
  const [only, ...more] = await bundleIdsIn(file, INFO_PLIST);
  return more.length > 0 ? undefined : only?.id;
}

/** Apps inside the app that are signed with a profile of their own; frameworks need none. */
const EXTENSION_PLIST = /^Payload\/[^/]+\.app\/(?:PlugIns|Extensions)\/[^/]+\.appex\/Info\.plist$/;

/**
 * @returns the extensions whose bundle id is known: none where the service is to change it, since theirs change with it; never throws
 */
export async function expectedExtensions({
  app,
  context,
}: Pick<RunRequest, 'app' | 'context'>): Promise<Array<{ name: string; id: string }>> {
  if (app?.kind !== 'ipa' || context?.overrides?.[OVERRIDE] !== undefined || context?.bundleId !== undefined) return [];
  const found = await bundleIdsIn(app.path, EXTENSION_PLIST);
  return found.flatMap(({ member, id }) => {
    const name = member.split('/').at(-2);
    return id === undefined || name === undefined ? [] : [{ name, id }];
  });
}

async function bundleIdsIn(file: string, wanted: RegExp): Promise<Array<{ member: string; id: string | undefined }>> {
  const { openZip } = await import('../files/zip-members.ts');
  const zip = await openZip(file, (name) => wanted.test(name)).catch(() => undefined);
  if (zip === undefined) return [];
  try {
    const found: Array<{ member: string; id: string | undefined }> = [];
    for (const { name } of zip.members) {
      const list = await readPropertyList(await zip.read(name, MAX_BYTES));
      const id = list.state === 'read' ? list.value.CFBundleIdentifier : undefined;
      found.push({ member: name, id: typeof id === 'string' && id !== '' ? id : undefined });
    }
    return found;
  } catch {
    return [];
  } finally {
    zip.close();
  }
}
