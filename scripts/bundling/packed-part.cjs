/** Part of every single-file bundle: unpacks and runs a library, which is plain ASCII. */
const { compileFunction } = require('node:vm');
const { inflateRawSync } = require('node:zlib');

/**
 * @param {string} file
 * @param {string} packed raw deflate, base64
 */
module.exports = (file, packed) => {
  const code = inflateRawSync(Buffer.from(packed, 'base64')).toString('latin1');
  const part = { exports: {} };
  const scope = ['exports', 'require', 'module', '__filename', '__dirname'];
  const run = compileFunction(code, scope, { filename: `${__filename}/${file}` });
  run(part.exports, require, part, __filename, __dirname);
  return part.exports;
};
