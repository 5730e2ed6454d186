/** Which frameworks and extensions of an iOS app are its own: those whose bundle id starts as the app's does. */

import { readPropertyList } from '../../../credentials/property-list.ts';
import type { Zip } from '../../../files/zip-members.ts';
import { isOfOwner, type KnownOwners, type Owner, organisationOf } from '../owners.ts';

export const BUNDLES = /^(Payload\/[^/]+\.app\/)(?:(?:Frameworks|PlugIns)\/[^/]+\.(?:framework|appex)\/)?Info\.plist$/;
const APP_LIST = /^Payload\/[^/]+\.app\/Info\.plist$/;
const MAX_BYTES = 1024 * 1024;
const MAX_BUNDLES = 500;
/** What compilers of other languages make of the app's own code. */
const OWN_FRAMEWORKS = /\/Frameworks\/App\.framework\//;

export interface Bundles {
  /** Whose a file is, by the bundle that it lies in. */
  ownerOf(file: string): Owner;
  /** Of the app; none where its list cannot be read. */
  ids: string[];
  executable?: string;
}

export async function bundleOwners(zip: Zip, known: KnownOwners): Promise<Bundles> {
  const ids = new Map<string, string>();
  let executable: string | undefined;
  const lists = zip.members.filter(({ name }) => BUNDLES.test(name)).slice(0, MAX_BUNDLES);
  for (const { name } of lists) {
    const list = await zip.read(name, MAX_BYTES).then(readPropertyList, () => undefined);
    const id = list?.state === 'read' ? list.value['CFBundleIdentifier'] : undefined;
    ids.set(name.slice(0, -'Info.plist'.length), typeof id === 'string' ? id : '');
    const program = list?.state === 'read' ? list.value['CFBundleExecutable'] : undefined;
    if (APP_LIST.test(name) && typeof program === 'string') executable = program;
  }
  const [, appId = ''] = [...ids].find(([folder]) => APP_LIST.test(`${folder}Info.plist`)) ?? [];
  const own = [...(known.own ?? []), organisationOf(appId) || appId].filter((each) => each !== '');
  const ownerOf = (file: string): Owner => {
    const inside = /^(Payload\/[^/]+\.app\/(?:Frameworks|PlugIns)\/)([^/]+\.(?:framework|appex)\/)?/.exec(file);
    if (inside === null || OWN_FRAMEWORKS.test(file)) return 'own';
    const [folder, , bundle] = inside;
    const id = ids.get(folder) ?? '';
    if (isOfOwner(id, known.foreign ?? [])) return 'foreign';
    if (isOfOwner(id, own)) return 'own';
    // Libraries without a bundle are the compiler's.
    return bundle !== undefined && (id === '' || appId === '') ? 'unclear' : 'foreign';
  };
  return { ownerOf, ids: appId === '' ? [] : [appId], ...(executable === undefined ? {} : { executable }) };
}
