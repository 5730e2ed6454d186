/** The members of a build's deobfuscation ZIP that crash reporters take (appdome-api.md §3.14, verified). */
import path from 'node:path';
import { openZip } from '../../files/zip-members.ts';
import { defined } from '../../model/defined.ts';

const MIB = 1024 * 1024;
const MAX_MAPPING_BYTES = 1024 * MIB;
const MAX_METADATA_BYTES = MIB;

/** The name under which Datadog's own plugin sends it, too. */
const MAPPING = 'mapping.txt';
const CRASHLYTICS_ID = 'com_google_firebase_crashlytics_mappingfileid.xml';
const DATADOG = 'data_dog_metadata.json';

export interface MappingFiles {
  mapping?: string;
  crashlyticsId?: string;
  datadog?: DatadogMetadata;
}

export interface DatadogMetadata {
  buildId: string;
  service: string;
  version: string;
}

/**
 * Takes the members out of the ZIP.
 * @param folder empty; they are written there, 0600
 * @throws ZipProblem for a ZIP that is damaged or has members of the wrong form
 */
export async function extractMappings(zip: string, folder: string): Promise<MappingFiles> {
  const opened = await openZip(zip);
  try {
    const find = (name: string) => opened.members.find((member) => path.posix.basename(member.name) === name)?.name;
    const extracted = async (name: string, maxBytes: number) => {
      const member = find(name);
      if (member === undefined) return undefined;
      const file = path.join(folder, name);
      await opened.extract(member, file, maxBytes);
      return file;
    };
    const metadata = find(DATADOG);
    return defined({
      mapping: await extracted(MAPPING, MAX_MAPPING_BYTES),
      crashlyticsId: await extracted(CRASHLYTICS_ID, MAX_METADATA_BYTES),
      datadog: metadata === undefined ? undefined : parseMetadata(await opened.read(metadata, MAX_METADATA_BYTES)),
    });
  } finally {
    opened.close();
  }
}

function parseMetadata(bytes: Buffer): DatadogMetadata | undefined {
  try {
    const { build_id: buildId, service_name: service, version } = JSON.parse(bytes.toString('utf8'));
    const texts = [buildId, service, version].map((value) => (typeof value === 'number' ? String(value) : value));
    const [id, name, number] = texts.filter((value): value is string => typeof value === 'string' && value !== '');
    return id && name && number ? { buildId: id, service: name, version: number } : undefined;
  } catch {
    return undefined;
  }
}
