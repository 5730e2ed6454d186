/** The files that only a build needs: credentials, profiles, icons, pinned certificates; and the program that takes its mapping away. */
import { MAX_CREDENTIAL_BYTES, readBounded, reason } from '../files/file-on-disk.ts';
import { findProgram } from '../files/find-program.ts';
import { defined } from '../model/defined.ts';
import type { Environment } from '../model/host.ts';
import type { ParsedOptions } from '../options/parse-options.ts';
import type { FileOptions } from './inspect-file-option.ts';
import type { InspectedFiles } from './inspected-files.ts';
import { parseTrustedFingerprints } from './trusted-fingerprints.ts';

/** Some hundred thousand fingerprints. */
const MAX_LIST_BYTES = 16 * 1024 * 1024;

/** Credentials that are not going to be used are not looked at: they may be there for another job only. */
export async function inspectRunFiles(
  files: InspectedFiles,
  options: ParsedOptions,
  seen: FileOptions,
  environment: Environment,
  signal: AbortSignal | undefined,
): Promise<void> {
  const ios = (files.app?.platform ?? options.platform) === 'ios';
  const sign = options.get('sign');
  const signs = sign !== undefined && sign !== 'none';
  if (sign === 'on-appdome') {
    const id = ios ? 'p12' : 'keystore';
    const path = await seen.one(id);
    Object.assign(files, defined({ [id]: path }));
    if (path !== undefined && options.get(`${id}-password`) === undefined && !options.failed(`${id}-password`)) {
      if (await hasNoPassword(path, seen, signal)) files.withoutPassword = true;
    }
  }
  if (ios && signs && files.app?.kind !== 'zip') {
    files.provisioningProfiles = await seen.list('provisioning-profiles');
    files.entitlements = await seen.list('entitlements');
  }
  if (!ios && signs) await inspectTrustedFingerprints(files, options, seen);
  files.buildFiles = defined({
    baselineProfile: await seen.one('baseline-profile'),
    startupProfile: await seen.one('startup-profile'),
    inputMapping: await seen.one('input-mapping'),
    certPinningZip: await seen.one('cert-pinning-zip'),
  });
  await inspectPins(files, options, seen);
  const icons = { appIcon: await seen.one('app-icon'), iconOverlay: await seen.one('icon-overlay') };
  Object.assign(files, defined(icons));
  files.problems.push(...seen.problems);
  files.pending.push(...seen.pending);
  files.secrets.push(...seen.secrets);
  files.notChecked.push(...seen.notChecked);
  files.refused = seen.refused;
  if (options.get('firebase-app-id') !== undefined) {
    const found = await findProgram('firebase', environment);
    if (found !== undefined) files.firebase = found;
    else {
      const program = process.platform === 'win32' ? 'the standalone firebase.exe' : 'firebase-tools';
      const allowed = `install ${program} before this step; nothing is downloaded here`;
      const message = 'needs the firebase command, and it is not on PATH';
      files.problems.push(options.problemWith('firebase-app-id', message, allowed));
    }
  }
}

/** More than a keystore has. */
/** A file that is still to be fetched is not asked for: its password is missing all the same. */
async function hasNoPassword(path: string, seen: FileOptions, signal: AbortSignal | undefined): Promise<boolean> {
  const source = seen.pending.find((each) => each.path === path)?.source;
  if (seen.refused.has(path) || (source && 'url' in source)) return false;
  const read = source
    ? { bytes: Buffer.from(source.base64.reveal(), 'base64') }
    : await readBounded(path, { limit: MAX_CREDENTIAL_BYTES });
  if (!('bytes' in read)) return false;
  const { opensWithoutPassword } = await import('../credentials/credentials.ts');
  try {
    return await opensWithoutPassword(read.bytes, signal);
  } catch (error) {
    // The run has ended, and then nothing is said about the password.
    if (signal?.aborted) return false;
    throw error;
  }
}

/** A ZIP that is there is looked into now, so that all of its problems are reported with the others. */
async function inspectPins(files: InspectedFiles, options: ParsedOptions, seen: FileOptions): Promise<void> {
  const { certPinningZip } = files.buildFiles;
  if (certPinningZip === undefined || seen.refused.has(certPinningZip)) return;
  if (seen.pending.some(({ path }) => path === certPinningZip)) return;
  const { pinnedCertificateProblems } = await import('./input-files/pinned-certificates.ts');
  try {
    for (const { message, allowed } of await pinnedCertificateProblems(certPinningZip)) {
      files.problems.push(options.problemWith('cert-pinning-zip', message, allowed));
    }
  } catch (error) {
    files.problems.push(options.problemWith('cert-pinning-zip', reason(error)));
  }
}

async function inspectTrustedFingerprints(
  files: InspectedFiles,
  options: ParsedOptions,
  seen: FileOptions,
): Promise<void> {
  const text = options.get('signing-fingerprint-list');
  if (text === undefined) return;
  const inline = text.startsWith('[') || text.startsWith('{');
  const path = inline ? undefined : await seen.one('signing-fingerprint-list');
  if (!inline && (path === undefined || seen.refused.has(path))) return;
  if (path !== undefined && seen.pending.some((each) => each.path === path)) {
    files.trustedFingerprintsFile = path;
    return;
  }
  const read = path === undefined ? { bytes: Buffer.from(text) } : await readBounded(path, { limit: MAX_LIST_BYTES });
  const parsed =
    'wrong' in read
      ? { ok: false as const, message: read.wrong, allowed: 'a file with a JSON list' }
      : parseTrustedFingerprints(read.bytes.toString('utf8'));
  if (parsed.ok) files.trustedFingerprints = parsed.value;
  else files.problems.push(options.problemWith('signing-fingerprint-list', parsed.message, parsed.allowed));
}
