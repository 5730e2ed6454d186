/**
 * Part of every bundle with files beside it: loads such a file if its digest is the one compiled in. So the digest of the main file, which
 * a result names, covers all the code that judged, and files of two builds never run together.
 */
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const path = require('node:path');

/** @param {string} file */
function contentOf(file) {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}

/**
 * @param {string} file
 * @param {string} sha256
 * @param {(content: Buffer) => unknown} load
 */
module.exports = (file, sha256, load) => {
  const content = contentOf(path.join(__dirname, file));
  if (createHash('sha256').update(content).digest('hex') === sha256) return load(content);
  throw new Error(`${file} is missing, or from another build. Copy all files of the bundle to ${__dirname} together`);
};
