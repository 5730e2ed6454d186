/**
 * Provisioning profiles: a property list in a CMS signature. This reads only what could make a build fail; the service and the device check
 * the signature.
 */
import { defined } from '../model/defined.ts';
import { isDictionary, readPropertyList } from './property-list.ts';

export interface ProvisioningProfile {
  name: string;
  /** Milliseconds since the epoch. */
  expires?: number;
  /** `com.example.app`, `com.example.*` or `*`: the application identifier without the team's prefix. */
  bundleId?: string;
  teamIds: string[];
  /** What may stand before the bundle id; an old account has others than its team's. */
  prefixes: string[];
  /** `iOS`, `OSX`, `tvOS` …; empty = not said. */
  platforms: string[];
  /** DER; the certificates that may sign with this profile. */
  certificates: Buffer[];
}

export type ReadProfile = { state: 'read'; profile: ProvisioningProfile } | { state: 'unreadable'; reason: string };

/**
 * Apple writes the list as one piece of XML, so it is cut out of the file. A CMS parser would add a large library and find the same bytes.
 */
function xmlOf(bytes: Buffer): Buffer | undefined {
  const begin = bytes.indexOf('<?xml');
  const end = bytes.lastIndexOf('</plist>');
  return begin < 0 || end < begin ? undefined : bytes.subarray(begin, end + '</plist>'.length);
}

/** Never throws. */
export async function readProvisioningProfile(bytes: Buffer): Promise<ReadProfile> {
  const xml = xmlOf(bytes);
  if (xml === undefined) return { state: 'unreadable', reason: 'it holds no property list' };
  const list = await readPropertyList(xml);
  if (list.state === 'invalid') return { state: 'unreadable', reason: list.reason };
  const { value } = list;
  const entitlements = isDictionary(value.Entitlements) ? value.Entitlements : {};
  // macOS profiles prefix this key; iOS profiles do not.
  const identifier = entitlements['application-identifier'] ?? entitlements['com.apple.application-identifier'];
  const expires = value.ExpirationDate instanceof Date ? value.ExpirationDate.getTime() : undefined;
  return {
    state: 'read',
    profile: {
      name: typeof value.Name === 'string' ? value.Name : 'without a name',
      ...defined({ expires, bundleId: typeof identifier === 'string' ? withoutPrefix(identifier) : undefined }),
      prefixes: [
        ...listOf(value.ApplicationIdentifierPrefix).filter((each) => typeof each === 'string'),
        ...(typeof identifier === 'string' ? [prefixOf(identifier)] : []),
      ],
      teamIds: listOf(value.TeamIdentifier).filter((each) => typeof each === 'string'),
      platforms: listOf(value.Platform).filter((each) => typeof each === 'string'),
      certificates: listOf(value.DeveloperCertificates)
        .filter((each) => each instanceof Uint8Array)
        .map((each) => Buffer.from(each)),
    },
  };
}

/** `SYNTH12345.com.example.app` → `com.example.app`; the prefix has ten characters and no dot. */
export function withoutPrefix(identifier: string): string {
  return identifier.slice(identifier.indexOf('.') + 1);
}

/** The part that `withoutPrefix` leaves out. */
export function prefixOf(identifier: string): string {
  return identifier.slice(0, Math.max(0, identifier.indexOf('.')));
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Whether a profile covers this bundle id: `com.example.*` covers `com.example.app`, `*` covers all. */
export function coversBundleId(pattern: string, bundleId: string): boolean {
  if (pattern === '*') return true;
  if (pattern.endsWith('.*')) return bundleId.startsWith(pattern.slice(0, -1)) && bundleId.length > pattern.length - 1;
  return pattern === bundleId;
}
