/**
 * Part of every single-file bundle: unpacks and runs its parts, which are plain ASCII and stand at its end (aside.mjs). A part may use
 * others.
 */
const { readFileSync } = require('node:fs');
const { compileFunction } = require('node:vm');
const { inflateRawSync } = require('node:zlib');

/** @type {Map<string, { exports: unknown }>} */
const loaded = new Map();

/** @param {string} file */
function codeOf(file) {
  const bundle = readFileSync(__filename, 'latin1');
  const from = bundle.lastIndexOf(`\n//${file} `);
  if (from === -1) throw new Error(`${__filename} has lost its end. Copy the whole file again`);
  const [, packed = ''] = bundle.slice(from + 1).split(/[ \n]/, 2);
  return inflateRawSync(Buffer.from(packed, 'base64')).toString('latin1');
}

/**
 * @param {string} file
 * @returns {unknown}
 */
function load(file) {
  const known = loaded.get(file);
  if (known !== undefined) return known.exports;
  const part = { exports: {} };
  loaded.set(file, part);
  const scope = ['exports', 'require', 'module', '__filename', '__dirname'];
  const run = compileFunction(codeOf(file), scope, { filename: `${__filename}/${file}` });
  /** @type {(name: string) => unknown} */
  const requireFrom = (name) => (name.startsWith('./') ? load(name.slice(2)) : require(name));
  run(part.exports, requireFrom, part, __filename, __dirname);
  return part.exports;
}

module.exports = load;
