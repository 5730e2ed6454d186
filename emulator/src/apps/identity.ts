/**
 * Who an app is. From the binary manifest of an .apk; other kinds would need protobuf, property lists or nested archives, and are
 * named after their file (documented in the README).
 */
import type { CertificateAppType } from '../certificate/model.ts';
import type { AppIdentity } from '../state/model.ts';
import { readEntry } from './archive-entry.ts';

/** A manifest that is larger is not read: memory stays small. */
const MAX_MANIFEST = 16 * 1024 * 1024;

const KINDS: readonly CertificateAppType[] = ['apk', 'aab', 'ipa', 'aar', 'zip'];

/** @returns the kind by the file's extension, or undefined for one that the service does not take (appdome-api.md §3.1) */
export function appKind(fileName: string): CertificateAppType | undefined {
  const extension = /\.([^./\\]+)$/.exec(fileName)?.[1]?.toLowerCase();
  return KINDS.find((kind) => kind === extension);
}

/**
 * @param path the file, already known to be a ZIP archive
 * @returns an identity in every case: an .apk whose manifest cannot be read is named after its file as well, so that small archives
 *   of tests are apps too
 */
export async function readIdentity(path: string, fileName: string, type: CertificateAppType): Promise<AppIdentity> {
  if (type !== 'apk') return identityOfName(fileName, type);
  try {
    return await identityOfManifest(path, fileName);
  } catch {
    return identityOfName(fileName, type);
  }
}

/** The last segments of a resource-less manifest value; adbkit gives `resourceId:0x…` where a value is a reference. */
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
