/**
 * Reads an app's identity from the manifest of an .apk or .aar, or from the Info.plist of an .ipa or iOS SDK. An .aab's manifest is
 * protobuf, so an .aab is named after its file (documented in the README), like everything that cannot be read.
 */
import { APP_TYPES, type CertificateAppType } from '../certificate/model.ts';
import type { AppIdentity } from '../state/model.ts';
import { readEntry } from './zip-entry.ts';

/** A larger manifest is not read, to keep memory small. */
const MAX_MANIFEST = 16 * 1024 * 1024;

/** Where the property list is: the app's own, not one of an embedded bundle; for an XCFramework, that of its first framework. */
const INFO_PLIST = {
  ipa: /^Payload\/[^/]+\.app\/Info\.plist$/,
  zip: /(^|\/)[^/]+\.framework\/(Resources\/)?Info\.plist$/,
} as const;

/** @returns the kind by the file's extension, or undefined for one that the service does not accept (appdome-api.md §3.1) */
export function appKind(fileName: string): CertificateAppType | undefined {
  const extension = /\.([^./\\]+)$/.exec(fileName)?.[1]?.toLowerCase();
  return APP_TYPES.find((kind) => kind === extension);
}

type Fields = Partial<Record<'name' | 'bundleId' | 'version' | 'buildNumber' | 'minSdkVersion', unknown>>;

/** Where an app's own description is; an .aab's cannot be read. */
const READERS: Partial<Record<CertificateAppType, (path: string) => Promise<Fields>>> = {
  apk: fieldsOfManifest,
  aar: fieldsOfLibrary,
  ipa: (path) => fieldsOfInfoPlist(path, INFO_PLIST.ipa),
  zip: (path) => fieldsOfInfoPlist(path, INFO_PLIST.zip),
};

/** What a manifest means that does not say it. The SDK is Android's own default for a manifest without uses-sdk. */
const UNSTATED: Partial<Record<CertificateAppType, Partial<AppIdentity>>> = {
  apk: { version: '', buildNumber: '', minSdkVersion: '1' },
};

/**
 * @param path the file, already known to be a ZIP
 * @returns always an identity: an app whose manifest cannot be read is named after its file, so that small ZIPs in tests count as apps too
 */
export async function readIdentity(path: string, fileName: string, type: CertificateAppType): Promise<AppIdentity> {
  const byName = identityOfName(fileName, type);
  const fields = await READERS[type]?.(path).catch(() => undefined);
  if (fields === undefined || literal(fields.bundleId) === undefined) return byName;
  const stated = Object.entries(fields).filter(([, value]) => literal(value) !== undefined);
  return {
    ...byName,
    ...UNSTATED[type],
    ...Object.fromEntries(stated.map(([name, value]) => [name, literal(value)])),
    source: byName.platform === 'ios' ? 'info-plist' : 'manifest',
  };
}

/** A library's manifest is plain XML, without a label and often without a version. */
async function fieldsOfLibrary(path: string): Promise<Fields> {
  const { DOMParser } = await import('@xmldom/xmldom');
  const text = (await readEntry(path, 'AndroidManifest.xml', MAX_MANIFEST)).toString('utf8');
  const manifest = new DOMParser({ onError: () => undefined }).parseFromString(text, 'text/xml').documentElement;
  return {
    bundleId: manifest?.getAttribute('package'),
    version: manifest?.getAttribute('android:versionName'),
    buildNumber: manifest?.getAttribute('android:versionCode'),
    minSdkVersion: manifest?.getElementsByTagName('uses-sdk')[0]?.getAttribute('android:minSdkVersion'),
  };
}

async function fieldsOfInfoPlist(path: string, member: RegExp): Promise<Fields> {
  const { readDictionary } = await import('./property-list.ts');
  const info = readDictionary(await readEntry(path, member, MAX_MANIFEST));
  return {
    name: literal(info.CFBundleDisplayName) ?? info.CFBundleName,
    bundleId: info.CFBundleIdentifier,
    version: info.CFBundleShortVersionString,
    buildNumber: info.CFBundleVersion,
    minSdkVersion: info.MinimumOSVersion,
  };
}

/** The manifest fields that we use. */
interface Manifest {
  package?: unknown;
  versionName?: unknown;
  versionCode?: unknown;
  usesSdk?: { minSdkVersion?: unknown };
  application?: { label?: unknown };
}

async function fieldsOfManifest(path: string): Promise<Fields> {
  const { default: ManifestParser } = await import('@devicefarmer/adbkit-apkreader/lib/apkreader/parser/manifest.js');
  const parser = new ManifestParser(await readEntry(path, 'AndroidManifest.xml', MAX_MANIFEST));
  const { package: bundleId, versionName, versionCode, usesSdk, application } = parser.parse() as Manifest;
  const { minSdkVersion } = usesSdk ?? {};
  return { name: application?.label, bundleId, version: versionName, buildNumber: versionCode, minSdkVersion };
}

/** A value that is stated. adbkit gives `resourceId:0x…` for one that is a reference. */
function literal(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' && !value.startsWith('resourceId:') ? value : undefined;
}

function identityOfName(fileName: string, type: CertificateAppType): AppIdentity {
  const name = fileName.replace(/\.[^.]+$/, '');
  const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, '') || 'app';
  const ios = type === 'ipa' || type === 'zip';
  return {
    platform: ios ? 'ios' : 'android',
    type,
    name,
    bundleId: `com.example.${slug}`,
    version: '1.0',
    buildNumber: '1',
    minSdkVersion: ios ? '13.0' : '24',
    source: 'file-name',
  };
}
