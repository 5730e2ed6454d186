/**
 * Checks the files of a signing action. Loaded only if `settings.signingFiles` is `checked`: every start would wait for the reader of
 * property lists. What the service checks is unknown (inferred).
 */
import { readDictionary } from '../apps/property-list.ts';
import type { FormFile } from '../http/form.ts';
import { Refusal } from '../http/reply.ts';
import type { BuildActionRequest } from './action.ts';

/** First bytes: DER (PKCS #12 and CMS), JKS, JCEKS. */
const DER = 0x30;
const KEYSTORES = [0xfeedfeed, 0xcececece];

/** @throws Refusal 400 that names the part */
export function checkSigningFiles({ context, form, app }: BuildActionRequest): void {
  for (const file of form.files) {
    const { field, head } = file;
    if (field === 'signing_keystore' && !isKeystore(head)) refuse(field, 'is not a keystore');
    if (field === 'signing_p12_content' && head[0] !== DER) refuse(field, 'is not a PKCS #12 file');
    if (field === 'entitlements_files' && dictionaryOf(head) === undefined) refuse(field, 'is not a property list');
    if (field === 'provisioning_profile') checkProfile(file, app.identity?.bundleId ?? '', context.now());
  }
}

function isKeystore(head: Buffer): boolean {
  return head[0] === DER || (head.length >= 4 && KEYSTORES.includes(head.readUInt32BE(0)));
}

/** A profile is a signed message around a property list; it must be for this app and not expired. */
function checkProfile({ field, head }: FormFile, bundleId: string, now: number): void {
  const from = head.indexOf('<?xml');
  const end = head.indexOf('</plist>');
  const profile = from < 0 || end < from ? undefined : dictionaryOf(head.subarray(from, end + '</plist>'.length));
  if (profile === undefined) refuse(field, 'is not a provisioning profile');
  const entitlements = profile.Entitlements as Record<string, unknown> | undefined;
  const identifier = entitlements?.['application-identifier'];
  if (typeof identifier !== 'string' || !covers(identifier.replace(/^[^.]+\./, ''), bundleId)) {
    refuse(field, `is not for ${bundleId}`);
  }
  if (profile.ExpirationDate instanceof Date && profile.ExpirationDate.getTime() <= now) refuse(field, 'is expired');
}

function covers(pattern: string, bundleId: string): boolean {
  return pattern.endsWith('*') ? bundleId.startsWith(pattern.slice(0, -1)) : pattern === bundleId;
}

function dictionaryOf(bytes: Buffer): Record<string, unknown> | undefined {
  try {
    return readDictionary(bytes);
  } catch {
    return undefined;
  }
}

function refuse(field: string, why: string): never {
  throw new Refusal(400, `${field} ${why}`);
}
