import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { unzipSync, Zip, ZipPassThrough } from 'fflate';
import { appOfNpm } from '../npm-app.mjs';

const MANIFEST = 'AndroidManifest.xml';

/** A real app's, because an .apk without one is refused before it is sent. */
function realManifest() {
  return unzipSync(readFileSync(appOfNpm()), { filter: ({ name }) => name === MANIFEST })[MANIFEST] ?? new Uint8Array();
}

/**
 * Writes an .apk of about `bytes` bytes: the manifest of a real app, and an asset of zeros.
 * @param {string} file
 * @param {number} bytes
 */
export function writeLargeApp(file, bytes) {
  const fd = openSync(file, 'w');
  try {
    const zip = new Zip((error, chunk) => {
      if (error) throw error;
      writeSync(fd, chunk);
    });
    const manifest = new ZipPassThrough(MANIFEST);
    zip.add(manifest);
    manifest.push(realManifest(), true);
    const asset = new ZipPassThrough('assets/zeros');
    zip.add(asset);
    const block = new Uint8Array(8 << 20);
    for (let done = 0; done < bytes; done += block.length) {
      const size = Math.min(block.length, bytes - done);
      asset.push(block.subarray(0, size), done + size === bytes);
    }
    zip.end();
  } finally {
    closeSync(fd);
  }
}
