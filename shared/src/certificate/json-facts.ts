/**
 * Values outside the lists that are understood: the identity keys (appdome-api.md §5.2), each with the form of its value. A fact of any other
 * form could say anything, so it is an unknown member like the rest.
 */
import type { FactName } from '../model/certificate.ts';
import { booleanOf, platformOf } from './identity.ts';
import { isKnownName } from './json-names.ts';
import type { JsonChild } from './json-tree.ts';
import { isSignedLater, VALUE_FORMS } from './known-wording.ts';

type Form = (text: string) => boolean;

const isId: Form = (text) => VALUE_FORMS.id.test(text);
const isFlag: Form = (text) => booleanOf(text) !== undefined;

const FORMS = new Map<string | undefined, Form>(
  Object.entries({
    build_id: isId,
    app_id: isId,
    // A zip may contain an app of either platform.
    app_type: (text) => platformOf(text) !== undefined || text === 'zip',
    bundle_id: (text) => VALUE_FORMS.bundleId.test(text),
    fusion_set_id: isId,
    fusion_set_name: () => true,
    // What the real document states for a personal workspace is unknown; this is the embedded service's word.
    team_id: (text) => isId(text) || text === 'personal',
    extended_logs: isFlag,
    sign_type: (text) => text === 'OnAppdome' || isSignedLater(text),
    min_sdk_version: (text) => /^\d+(?:\.\d+){0,2}$/u.test(text),
    // The real values are unknown; this is the embedded service's.
    release_type: (text) => text === 'rehearsal',
    build_external_api_plugin_name: (text) => /^[\w.-]+$/u.test(text),
    is_context_api_call: isFlag,
  } satisfies Partial<Record<FactName, Form>>),
);

/** Chosen by people, who may write the name of a protection there. */
export const FREE_TEXTS: readonly FactName[] = ['bundle_id', 'fusion_set_name', 'build_external_api_plugin_name'];
const FREE_TEXT_KEYS = new Set<string | undefined>(FREE_TEXTS);

/** `null` states nothing. */
export function isKnownFact({ key, value }: JsonChild): boolean {
  const form = FORMS.get(key);
  if (form === undefined) return false;
  return value === null || (typeof value !== 'object' && form(String(value)));
}

/** @returns the text of a known fact that may say something about a protection; its bare name says nothing */
export function freeTextOf({ key, value }: JsonChild): string | undefined {
  return FREE_TEXT_KEYS.has(key) && typeof value === 'string' && !isKnownName(value) ? value : undefined;
}
