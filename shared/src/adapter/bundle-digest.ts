import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** @returns SHA-256 of the file that is running, lower-case hex, for the result; undefined where there is none or it cannot be read */
export async function bundleDigest(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    return createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
  } catch {
    // The digest is a remark in the result; a bundle that cannot be read again is no reason to stop.
    return undefined;
  }
}
