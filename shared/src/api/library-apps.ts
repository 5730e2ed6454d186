/** The apps of the account at the service. */
import { type CallContext, isPlainId } from './call.ts';
import { isJsonObject, type JsonObject, readJson, unexpected } from './read-body.ts';
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
  const text = (name: string) => textOf(value, name);
  return {
    id: value.id,
    ...optional('status', text('status')),
    ...optional('type', text('type')),
    ...optional('packName', text('pack_name')),
    ...optional('packType', text('pack_type')),
    ...optional('bundleId', text('pack_bundle_identifier')),
    ...optional('version', text('pack_bundle_version')),
    ...optional('buildNumber', text('pack_bundle_build_number')),
    ...optional('displayName', text('pack_bundle_display_name')),
    fields: value,
  };
}

/** Text, or a number as text: build numbers come as either. */
function textOf(json: JsonObject, name: string): string | undefined {
  const value = json[name];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : undefined;
}

function optional<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: string };
}
