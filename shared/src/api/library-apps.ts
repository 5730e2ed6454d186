/** The apps of the account at the service. */
import { defined } from '../model/defined.ts';
import { isJsonObject } from '../model/json-object.ts';
import { type CallContext, isPlainId } from './call.ts';
import { readJson, unexpected } from './read-body.ts';
import type { Transport } from './transport.ts';

/** An app at the service. Texts are untrusted; a field is absent if the service did not send it or sent another type. */
export interface LibraryApp {
  id: string;
  /** `active` (seen). */
  status?: string;
  /** `original` (seen). */
  type?: string;
  /** File name. */
  packName?: string;
  /** `apk`, `aab`, `ipa` … */
  packType?: string;
  bundleId?: string;
  version?: string;
  buildNumber?: string;
  displayName?: string;
  /** The whole entry, as received. */
  fields: Record<string, unknown>;
}

/**
 * Lists the apps of the team.
 * @throws FusegateError api.unexpected (no `apps`), service.refused, auth.*, network.*
 * @see appdome-api.md §3.5, documented; the fields are from Appdome's tests
 */
export function libraryApps(transport: Transport, context: CallContext): Promise<LibraryApp[]> {
  return transport.send({ operation: 'libraryApps' }, context, async (response) => {
    const { apps } = await readJson(response);
    if (!Array.isArray(apps)) throw unexpected(response, 'the answer has no list of apps', { permanent: true });
    return apps.flatMap((app) => libraryApp(app) ?? []);
  });
}

/** @returns undefined for an entry without an id, or with one that could not be used in a path */
export function libraryApp(value: unknown): LibraryApp | undefined {
  if (!isJsonObject(value) || typeof value.id !== 'string' || !isPlainId(value.id)) return undefined;
  // Build numbers come as text or as numbers.
  const text = (name: string) => (['string', 'number'].includes(typeof value[name]) ? String(value[name]) : undefined);
  return {
    id: value.id,
    ...defined({
      status: text('status'),
      type: text('type'),
      packName: text('pack_name'),
      packType: text('pack_type'),
      bundleId: text('pack_bundle_identifier'),
      version: text('pack_bundle_version'),
      buildNumber: text('pack_bundle_build_number'),
      displayName: text('pack_bundle_display_name'),
    }),
    fields: value,
  };
}
