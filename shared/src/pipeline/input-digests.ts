/** What the input files of a run hold, so that a build is resumed only while they are the same. */
import { hashFile } from '../files/hash-file.ts';
import type { RunRequest } from '../model/run-request.ts';

/** SHA-256 of the files that a build is made from or changed with, by the name of their option; for a list, in its order. */
export type InputDigests = Record<string, string[]>;

/**
 * Reads the files that decide what the build is, and those that sign it. With another keystore or p12, the same build is signed again instead
 * of paying for a second.
 */
export async function digestInputs(
  inputs: Pick<RunRequest, 'buildFiles' | 'context' | 'sign'>,
  signal: AbortSignal,
): Promise<InputDigests> {
  const { buildFiles = {}, context, sign } = inputs;
  const named: Record<string, string | readonly string[] | undefined> = {
    baselineProfile: buildFiles.baselineProfile,
    startupProfile: buildFiles.startupProfile,
    inputMapping: buildFiles.inputMapping,
    certPinning: buildFiles.certPinningZip,
    appIcon: context?.appIcon,
    iconOverlay: context?.iconOverlay,
    provisioningProfiles: sign?.provisioningProfiles,
    entitlements: sign?.entitlements,
    keystore: sign?.keystore,
    p12: sign?.p12,
  };
  const digests: InputDigests = {};
  for (const [name, value = []] of Object.entries(named)) {
    const files = [value].flat();
    if (files.length > 0) digests[name] = await Promise.all(files.map((file) => hashFile(file, signal)));
  }
  return digests;
}
