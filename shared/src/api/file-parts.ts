/** The names of the parts for the files that go with an action. All are verified in the official clients unless noted. */
import { FusegateError } from '../model/errors.ts';
import type { MultipartFile } from './multipart.ts';

const OCTETS = 'application/octet-stream';

/** Part name and content type for each kind of file. `application/txt` is not a registered type, but the official client sends it. */
const PARTS = {
  /** fuse and build-to-test (appdome-api.md §3.6). */
  baselineProfile: { name: 'baseline_profile', contentType: 'application/zip' },
  startupProfile: { name: 'startup_profile', contentType: 'application/zip' },
  inputMapping: { name: 'input_mapping', contentType: 'application/txt' },
  /** context (§3.8). */
  appIcon: { name: 'app_customization_application_icon', contentType: OCTETS },
  iconOverlay: { name: 'icon_overlay_s3', contentType: OCTETS },
  /** sign, Android (§3.9). */
  keystore: { name: 'signing_keystore', contentType: OCTETS },
  /** sign, iOS and iOS SDK (§3.9). */
  p12: { name: 'signing_p12_content', contentType: OCTETS },
  /** sign, seal and sign_script, iOS: one part for each file (§3.9 to §3.11). */
  provisioningProfile: { name: 'provisioning_profile', contentType: OCTETS },
  entitlements: { name: 'entitlements_files', contentType: OCTETS },
} as const satisfies Record<string, Omit<MultipartFile, 'file'>>;

export type FilePartKind = keyof typeof PARTS;

/** Files, or none, as the parts that the service expects. */
export function fileParts(kind: FilePartKind, files: string | readonly string[] = []): MultipartFile[] {
  return [files].flat().map((file) => filePart(kind, file));
}

/**
 * A file as the part that the service expects.
 * @param file path; only its base name is sent
 */
export function filePart(kind: FilePartKind, file: string): MultipartFile {
  return { ...PARTS[kind], file };
}

/** Host names and host patterns (`*.example.com`), optionally with a port: nothing that could end the quoted name. */
const HOST = /^[\p{L}\p{N}*_.:[\]-]{1,253}$/u;

/**
 * The pinned certificate of one host, for fuse and build-to-test. The part's name contains the host in brackets and quotes.
 * @param host as in the Fusion Set
 * @param file path of its .cer, .crt, .pem, .der or .zip
 * @throws FusegateError usage.invalid for text that is not a host name
 * @see appdome-api.md §3.6, verified
 */
export function pinnedCertificatePart(host: string, file: string): MultipartFile {
  if (!HOST.test(host)) {
    throw new FusegateError('usage.invalid', 'A host in the certificate pinning ZIP is not a host name.', {
      hint: 'Check the JSON file in the certificate pinning ZIP: each key is a host name, each value a file name.',
      problems: [{ option: 'cert-pinning-zip', message: 'a key in its JSON file is not a host name', allowed: 'HOST' }],
    });
  }
  const name = `mitm_host_server_pinned_certs_list['${host}'].value.mitm_host_server_pinned_certs_file_content`;
  return { name, file, contentType: OCTETS };
}
