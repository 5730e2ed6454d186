/** What the input files of a run hold, so that a build is resumed only while they are the same. */
import { hashFile } from '../files/hash-file.ts';
import type { RunRequest } from '../model/run-request.ts';

/** SHA-256 of the files that a build is made from or changed with, by the name of their option; for a list, in its order. */
export type InputDigests = Record<string, string[]>;

/**
 * Reads the files that decide what the build is. Keystore and p12 are left out: after a failed signing, another one signs the same build
 * again instead of paying for a second.
 */
export async function digestInputs(
  inputs: Pick<RunRequest, 'buildFiles' | 'context' | 'sign'>,
  signal: AbortSignal,
): Promise<InputDigests> {
  const { buildFiles = {}, context, sign } = inputs;
  const groups: Record<string, readonly string[]> = {
    baselineProfile: some(buildFiles.baselineProfile),
    startupProfile: some(buildFiles.startupProfile),
    inputMapping: some(buildFiles.inputMapping),
    certPinning: some(buildFiles.certPinningZip),
    appIcon: some(context?.appIcon),
    iconOverlay: some(context?.iconOverlay),
    provisioningProfiles: sign?.provisioningProfiles ?? [],
    entitlements: sign?.entitlements ?? [],
  };
  const digests: InputDigests = {};
  for (const [name, files] of Object.entries(groups)) {
    if (files.length > 0) digests[name] = await Promise.all(files.map((file) => hashFile(file, signal)));
  }
  return digests;
}

function some(file: string | undefined): string[] {
  return file === undefined ? [] : [file];
}
