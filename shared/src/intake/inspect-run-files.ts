/** The files that only a build needs: credentials, profiles, icons, pinned certificates; and the program that takes its mapping away. */
import { readBounded, reason } from '../files/file-on-disk.ts';
import { findProgram } from '../files/find-program.ts';
import type { Environment } from '../model/host.ts';
import type { ParsedOptions } from '../options/parse-options.ts';
import { problem } from '../options/problem.ts';
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
): Promise<void> {
  const ios = (files.app?.platform ?? options.platform) === 'ios';
  const sign = options.get('sign');
  const set = <K extends string>(key: K, path: string | undefined) =>
    (path === undefined ? {} : { [key]: path }) as { [P in K]?: string };
  if (sign === 'on-appdome')
    Object.assign(files, ios ? set('p12', await seen.one('p12')) : set('keystore', await seen.one('keystore')));
  if (ios && sign !== undefined && sign !== 'none' && files.app?.kind !== 'zip') {
    files.provisioningProfiles = await seen.list('provisioning-profiles');
    files.entitlements = await seen.list('entitlements');
  }
  if (!ios && sign !== undefined && sign !== 'none') await inspectTrustedFingerprints(files, options, seen);
  files.buildFiles = {
    ...set('baselineProfile', await seen.one('baseline-profile')),
    ...set('startupProfile', await seen.one('startup-profile')),
    ...set('inputMapping', await seen.one('input-mapping')),
    ...set('certPinningZip', await seen.one('cert-pinning-zip')),
  };
  await inspectPins(files, options, seen);
  Object.assign(files, set('appIcon', await seen.one('app-icon')), set('iconOverlay', await seen.one('icon-overlay')));
  files.problems.push(...seen.problems);
  files.pending.push(...seen.pending);
  files.secrets.push(...seen.secrets);
  if (options.get('firebase-app-id') !== undefined) {
    const found = await findProgram('firebase', environment);
    if (found !== undefined) files.firebase = found;
    else {
      files.problems.push(
        problem(options.name('firebase-app-id'), 'needs the firebase command, and it is not on PATH', {
          allowed:
            process.platform === 'win32'
              ? 'install the standalone firebase.exe before this step; nothing is downloaded here'
              : 'install firebase-tools before this step; nothing is downloaded here',
        }),
      );
    }
  }
}

/** An archive that is there is looked into now, so that all of its problems are reported with the others. */
async function inspectPins(files: InspectedFiles, options: ParsedOptions, seen: FileOptions): Promise<void> {
  const { certPinningZip } = files.buildFiles;
  if (certPinningZip === undefined || seen.pending.some(({ path }) => path === certPinningZip)) return;
  const name = options.name('cert-pinning-zip');
  const { pinnedCertificateProblems } = await import('./input-files/pinned-certificates.ts');
  try {
    for (const { message, allowed } of await pinnedCertificateProblems(certPinningZip)) {
      files.problems.push(problem(name, message, allowed === undefined ? {} : { allowed }));
    }
  } catch (error) {
    files.problems.push(problem(name, reason(error)));
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
  if (!inline && path === undefined) return;
  if (path !== undefined && seen.pending.some((each) => each.path === path)) {
    files.trustedFingerprintsFile = path;
    return;
  }
  const name = options.name('signing-fingerprint-list');
  const read = path === undefined ? { bytes: Buffer.from(text) } : await readBounded(path, { limit: MAX_LIST_BYTES });
  const parsed =
    'wrong' in read
      ? { ok: false as const, message: read.wrong, allowed: 'a file with a JSON list' }
      : parseTrustedFingerprints(read.bytes.toString('utf8'));
  if (parsed.ok) files.trustedFingerprints = parsed.value;
  else files.problems.push(problem(name, parsed.message, { allowed: parsed.allowed }));
}
