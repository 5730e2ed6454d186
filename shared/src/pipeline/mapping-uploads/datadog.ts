/** Mapping to Datadog: its intake API, as the official client calls it (appdome-api.md §3.27, verified). */
import { copyFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CallContext } from '../../api/call.ts';
import { openMultipart } from '../../api/multipart.ts';
import { readErrorBody, unexpected } from '../../api/read-body.ts';
import type { Transport } from '../../api/transport.ts';
import type { Secret } from '../../model/secret.ts';
import { oneLine } from '../../text/server-text.ts';
import type { DatadogMetadata } from './mapping-files.ts';

const ACCEPTED = 202;

export interface DatadogUpload {
  apiKey: Secret;
  /** `datadoghq.com`, `datadoghq.eu`: the only host that the key is sent to. */
  site: string;
  metadata: DatadogMetadata;
  mapping: string;
}

/**
 * @param transport one without the service's API key
 * @param folder for the parts; removed by the caller
 * @throws FusegateError service.refused (a wrong key), api.unexpected (anything but 202), api.*, network.*
 */
export async function uploadToDatadog(
  transport: Transport,
  { apiKey, site, metadata, mapping }: DatadogUpload,
  folder: string,
  context: CallContext,
): Promise<void> {
  const { buildId, service, version } = metadata;
  // Parts are named after their files, and these names are what the intake expects.
  const event = path.join(folder, 'event.json');
  const content = path.join(folder, 'jvm_mapping');
  const described = JSON.stringify({ build_id: buildId, service, type: 'jvm_mapping_file', version });
  await writeFile(event, described, { mode: 0o600 });
  await copyFile(mapping, content);
  const parts = [
    { name: 'event', file: event, contentType: 'application/json; charset=utf-8' },
    { name: 'jvm_mapping_file', file: content, contentType: 'text/plain' },
  ];
  const body = async () => {
    const form = await openMultipart(parts);
    const origin = { 'dd-evp-origin': 'dd-sdk-android-gradle-plugin', 'dd-evp-origin-version': '1.13.0' };
    return { ...form, headers: { ...form.headers, 'dd-api-key': apiKey.reveal(), ...origin } };
  };
  // A POST is never led elsewhere (api/redirect.ts), so the key stays with its site.
  const target = new URL(`https://sourcemap-intake.${site}/api/v2/srcmap`);
  await transport.send({ operation: 'datadogMapping', target, body }, context, async (response) => {
    const text = oneLine(response.masked(await readErrorBody(response), 'may be missing'), 200);
    const message = `it answered ${response.status} where ${ACCEPTED} means accepted: ${text}`;
    if (response.status !== ACCEPTED) throw unexpected(response, message, { permanent: true });
  });
}
