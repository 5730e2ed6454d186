/** `signing-fingerprint-list`: the form that the official clients read (appdome-api.md §3.9, verified). Pure. */

import type { TrustedFingerprint } from '../model/run-request.ts';
import { parseFingerprint } from '../options/parse-value.ts';
import { withoutByteOrderMark } from '../text/white-space.ts';

const ALLOWED = 'a JSON list of {"SHA": "40 or 64 hexadecimal digits", "TrustedStoreSigning": true or false}';

export type TrustedFingerprints =
  | { ok: true; value: TrustedFingerprint[] }
  | { ok: false; message: string; allowed: string };

/**
 * @returns the list, fingerprints in normal form; `TrustedStoreSigning` defaults to false and may be a word, as the bash client writes
 * it. An unknown key is refused: it would be dropped silently.
 */
export function parseTrustedFingerprints(text: string): TrustedFingerprints {
  const refuse = (message: string): TrustedFingerprints => ({ ok: false, message, allowed: ALLOWED });
  let list: unknown;
  try {
    list = JSON.parse(withoutByteOrderMark(text));
  } catch {
    return refuse('is not valid JSON');
  }
  if (!Array.isArray(list)) return refuse('is JSON, but not a list');
  if (list.length === 0) return refuse('is an empty list');
  const value: TrustedFingerprint[] = [];
  for (const [index, entry] of list.entries()) {
    const at = `entry ${index + 1}`;
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
      return refuse(`has no object as its ${at}`);
    const { SHA: sha, TrustedStoreSigning: store = false, ...rest } = entry as Record<string, unknown>;
    const [unknown] = Object.keys(rest);
    if (unknown !== undefined) return refuse(`has an unknown key in ${at}: ${unknown.slice(0, 60)}`);
    const parsed = typeof sha === 'string' ? parseFingerprint(sha.trim()) : undefined;
    if (parsed === undefined) return refuse(`has no SHA in ${at}`);
    if (!parsed.ok) return refuse(`has a SHA in ${at} that ${parsed.message}`);
    const flag = typeof store === 'string' ? store.toLowerCase() : String(store);
    if (flag !== 'true' && flag !== 'false') return refuse(`has a TrustedStoreSigning in ${at} that is not a boolean`);
    if (value.some((each) => each.sha === parsed.value))
      return refuse(`names the same fingerprint twice, again in ${at}`);
    value.push({ sha: parsed.value as string, trustedStoreSigning: flag === 'true' });
  }
  return { ok: true, value };
}
