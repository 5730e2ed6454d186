import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { unzipSync, Zip, ZipDeflate, ZipPassThrough } from 'fflate';
import { appOfNpm } from '../npm-app.mjs';

const MANIFEST = 'AndroidManifest.xml';
const CODE = 'classes.dex';

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

/**
 * Writes an .apk that unpacks to about `bytes` bytes of what may hold a listener: the code of a real app again and again, and scripts.
 * @param {string} file
 * @param {number} bytes
 */
export function writeAppOfCode(file, bytes) {
  const fd = openSync(file, 'w');
  try {
    const zip = new Zip((error, chunk) => {
      if (error) throw error;
      writeSync(fd, chunk);
    });
    const members = unzipSync(readFileSync(appOfNpm()), { filter: ({ name }) => name === MANIFEST || name === CODE });
    const code = members[CODE] ?? new Uint8Array();
    const script = new TextEncoder().encode(
      'function f(a, b) { return window.broadcaster ? a + b : "text"; }\n'.repeat(16_000),
    );
    const add = (/** @type {string} */ name, /** @type {Uint8Array} */ content) => {
      const member = new ZipDeflate(name, { level: 1 });
      zip.add(member);
      member.push(content, true);
    };
    add(MANIFEST, members[MANIFEST] ?? new Uint8Array());
    for (let index = 1, done = 0; done < bytes; index += 1, done += code.length + script.length) {
      add(index === 1 ? CODE : `classes${index}.dex`, code);
      add(`assets/www/${index}.js`, script);
    }
    zip.end();
  } finally {
    closeSync(fd);
  }
}
