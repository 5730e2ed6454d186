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

/**
 * @param path the file, already known to be a ZIP
 * @returns always an identity: an app whose manifest cannot be read is named after its file, so that small ZIPs in tests count as apps too
 */
export async function readIdentity(path: string, fileName: string, type: CertificateAppType): Promise<AppIdentity> {
  const byName = identityOfName(fileName, type);
  try {
    switch (type) {
      case 'apk':
        return await identityOfManifest(path, fileName);
      case 'aar':
        return await identityOfLibrary(path, byName);
      case 'ipa':
      case 'zip':
        return await identityOfInfoPlist(await readEntry(path, INFO_PLIST[type], MAX_MANIFEST), byName);
      case 'aab':
        return byName;
    }
  } catch {
    return byName;
  }
}

/** A library's manifest is plain XML, without a label and often without a version. */
async function identityOfLibrary(path: string, byName: AppIdentity): Promise<AppIdentity> {
  const { DOMParser } = await import('@xmldom/xmldom');
  const text = (await readEntry(path, 'AndroidManifest.xml', MAX_MANIFEST)).toString('utf8');
  const manifest = new DOMParser({ onError: () => undefined }).parseFromString(text, 'text/xml').documentElement;
  const bundleId = manifest?.getAttribute('package');
  if (manifest === null || !bundleId) throw new Error('The manifest names no package.');
  const usesSdk = manifest.getElementsByTagName('uses-sdk')[0];
  return {
    ...byName,
    bundleId,
    version: manifest.getAttribute('android:versionName') || byName.version,
    buildNumber: manifest.getAttribute('android:versionCode') || byName.buildNumber,
    minSdkVersion: usesSdk?.getAttribute('android:minSdkVersion') || byName.minSdkVersion,
    source: 'manifest',
  };
}

async function identityOfInfoPlist(bytes: Buffer, byName: AppIdentity): Promise<AppIdentity> {
  const { readDictionary } = await import('./property-list.ts');
  const info = readDictionary(bytes);
  const value = (key: string) => literal(info[key]);
  const bundleId = value('CFBundleIdentifier');
  if (bundleId === undefined) throw new Error('The Info.plist names no bundle id.');
  return {
    ...byName,
    name: value('CFBundleDisplayName') ?? value('CFBundleName') ?? byName.name,
    bundleId,
    version: value('CFBundleShortVersionString') ?? byName.version,
    buildNumber: value('CFBundleVersion') ?? byName.buildNumber,
    minSdkVersion: value('MinimumOSVersion') ?? byName.minSdkVersion,
    source: 'info-plist',
  };
}

/** The manifest fields that we use. adbkit gives `resourceId:0x…` for a value that is a reference. */
interface ManifestFields {
  package?: string;
  versionName?: unknown;
  versionCode?: unknown;
  usesSdk?: { minSdkVersion?: unknown };
  application?: { label?: unknown };
}

async function identityOfManifest(path: string, fileName: string): Promise<AppIdentity> {
  const { default: ManifestParser } = await import('@devicefarmer/adbkit-apkreader/lib/apkreader/parser/manifest.js');
  const bytes = await readEntry(path, 'AndroidManifest.xml', MAX_MANIFEST);
  const manifest = new ManifestParser(bytes).parse() as ManifestFields;
  const bundleId = literal(manifest.package);
  if (bundleId === undefined) throw new Error('The manifest names no package.');
  return {
    platform: 'android',
    type: 'apk',
    name: literal(manifest.application?.label) ?? baseName(fileName),
    bundleId,
    version: literal(manifest.versionName) ?? '',
    buildNumber: literal(manifest.versionCode) ?? '',
    // Android's own default for a manifest without uses-sdk.
    minSdkVersion: literal(manifest.usesSdk?.minSdkVersion) ?? '1',
    source: 'manifest',
  };
}

function literal(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' && !value.startsWith('resourceId:') ? value : undefined;
}

function identityOfName(fileName: string, type: CertificateAppType): AppIdentity {
  const name = baseName(fileName);
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

function baseName(fileName: string): string {
  return fileName.replace(/\.[^.]+$/, '');
}
