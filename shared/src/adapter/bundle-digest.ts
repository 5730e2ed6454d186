import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/**
 * @returns SHA-256 of the bundle that holds this code, lower-case hex, for the result. The digests of the files beside a bundle are compiled
 * into it, so it stands for them too. Undefined where the code runs from its sources, or the bundle cannot be read.
 */
export async function bundleDigest(): Promise<string | undefined> {
  const bundle = fileURLToPath(import.meta.url);
  if (!bundle.endsWith('.cjs')) return undefined;
  try {
    return createHash('sha256')
      .update(await readFile(bundle))
      .digest('hex');
  } catch {
    // The digest is only recorded in the result; a bundle that cannot be read again is not a reason to stop.
    return undefined;
  }
}
