import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { unzipSync, Zip, ZipDeflate, ZipPassThrough } from 'fflate';
import { appOfNpm } from '../npm-app.mjs';

const MANIFEST = 'AndroidManifest.xml';
const CODE = 'classes.dex';

/**
 * A member of a real app. Its manifest is in every app here, because an .apk without one is refused before it is sent.
 * @param {string} name
 */
function realMember(name) {
  const members = unzipSync(readFileSync(appOfNpm()), { filter: (member) => member.name === name });
  return members[name] ?? new Uint8Array();
}

/**
 * Writes a ZIP to a file member by member, so that it may be larger than the memory.
 * @param {string} file
 * @param {(zip: Zip) => void} fill
 */
function writeZip(file, fill) {
  const fd = openSync(file, 'w');
  try {
    const zip = new Zip((error, chunk) => {
      if (error) throw error;
      writeSync(fd, chunk);
    });
    fill(zip);
    zip.end();
  } finally {
    closeSync(fd);
  }
}

/**
 * Writes an .apk of about `bytes` bytes: the manifest of a real app, and an asset of zeros.
 * @param {string} file
 * @param {number} bytes
 */
export function writeLargeApp(file, bytes) {
  writeZip(file, (zip) => {
    const manifest = new ZipPassThrough(MANIFEST);
    zip.add(manifest);
    manifest.push(realMember(MANIFEST), true);
    const asset = new ZipPassThrough('assets/zeros');
    zip.add(asset);
    const block = new Uint8Array(8 << 20);
    for (let done = 0; done < bytes; done += block.length) {
      const size = Math.min(block.length, bytes - done);
      asset.push(block.subarray(0, size), done + size === bytes);
    }
  });
}

/**
 * Writes an .apk that unpacks to about `bytes` bytes of what may hold a listener: the code of a real app again and again, and scripts.
 * @param {string} file
 * @param {number} bytes
 */
export function writeAppOfCode(file, bytes) {
  const code = realMember(CODE);
  const script = new TextEncoder().encode(
    'function f(a, b) { return window.broadcaster ? a + b : "text"; }\n'.repeat(16_000),
  );
  writeZip(file, (zip) => {
    const add = (/** @type {string} */ name, /** @type {Uint8Array} */ content) => {
      const member = new ZipDeflate(name, { level: 1 });
      zip.add(member);
      member.push(content, true);
    };
    add(MANIFEST, realMember(MANIFEST));
    for (let index = 1, done = 0; done < bytes; index += 1, done += code.length + script.length) {
      add(index === 1 ? CODE : `classes${index}.dex`, code);
      add(`assets/www/${index}.js`, script);
    }
  });
}
