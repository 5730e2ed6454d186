/**
 * Chunks as files. What runs at start-up is one file: the time to read it is what a job waits for before it is told that its inputs are
 * wrong. The rest is a file beside it, or, where users copy a single file, a comment at its end, which costs Node next to nothing until it
 * is asked for.
 */
import { createHash } from 'node:crypto';
import { deflateSync } from 'fflate';
import { exportName } from './chunks.mjs';

/** @typedef {import('./chunks.mjs').Chunk} Chunk */

const URL_OF_FILE = "const __bundleUrl=require('node:url').pathToFileURL(__filename).href;";
const PACKED = '/*packed ';

/**
 * The loader of chunks. What has thrown while it was loaded is loaded again, and throws again, as Node has it; half a module is never
 * handed out.
 * @param {string} later code that returns the chunks that are not here
 */
const loader = (later) => `const __loaded={};let __all;
function __need(id){
  if(!id.startsWith('./'))return require(id);
  if(__started[id])return __program.exports[__started[id]];
  const known=__loaded[id];
  if(known)return known.exports;
  if(!__chunks[id]&&!__all){Object.assign(__chunks,(()=>{${later}})());__all=true;}
  const chunk=__chunks[id];
  if(!chunk)return require(id);
  const module=__loaded[id]={exports:{}};
  try{chunk(module.exports,__need,module);}catch(error){delete __loaded[id];throw error;}
  return module.exports;
}`;

/** @param {Chunk[]} chunks */
const asTable = (chunks) =>
  `{${chunks.map(({ name, code }) => `${JSON.stringify(`./${name}`)}(exports,require,module){${code}\n}`).join(',\n')}}`;

/** @typedef {{ program: string, started: string[], soon: Chunk[], later: Chunk[] }} Chunks */

/**
 * @param {Chunks} chunks
 * @param {boolean} shebang
 * @param {string} later code that returns the chunks that are not here
 */
const mainFile = ({ program, started, soon }, shebang, later) =>
  [
    ...(shebang ? ['#!/usr/bin/env node'] : []),
    URL_OF_FILE,
    `const __chunks=${asTable(soon)};`,
    `const __started=${JSON.stringify(Object.fromEntries(started.map((name) => [`./${name}`, exportName(name)])))};`,
    loader(later),
    'const __program={exports:{}};',
    `(function(exports,require,module){${program}`,
    '})(__program.exports,__need,__program);',
    '',
  ].join('\n');

/**
 * A main file and one beside it.
 *
 * Both carry the digest of all that lies beside the main file: the digest of the main file, which a result names, then stands for the
 * whole, and files of two builds do not run together.
 * @param {Chunks} chunks
 * @param {{ besides: string, shebang: boolean, parts: Chunk[] }} options `besides`: name of the second file; `parts`: the other ones
 * @returns {{ main: string, besides?: string }}
 */
export function packAsFiles(chunks, { besides, shebang, parts }) {
  if (chunks.later.length === 0) return { main: mainFile(chunks, shebang, 'return {}') };
  const digest = createHash('sha256')
    .update(JSON.stringify([...chunks.later, ...parts].map(({ name, code }) => [name, code])))
    .digest('hex');
  const later = `const {digest,chunks}=require('./${besides}');
    if(digest!=='${digest}')throw new Error('${besides} is of another build than the file that loads it. Copy all files of the folder together');
    return chunks`;
  return {
    main: mainFile(chunks, shebang, later),
    besides: `${URL_OF_FILE}\nexports.digest='${digest}';\nexports.chunks=${asTable(chunks.later)};\n`,
  };
}

/**
 * One file with everything in it. Deflated by a library whose output is the same on every machine, which Node's own zlib does not
 * promise: `npm run check` compares bytes.
 * @param {Chunks} chunks
 * @param {{ shebang: boolean }} options
 * @returns {string}
 */
export function packAsOneFile(chunks, { shebang }) {
  const texts = Object.fromEntries(
    chunks.later.map(({ name, code }) => [`./${name}`, code.includes(URL_OF_FILE) ? code : `${URL_OF_FILE}${code}`]),
  );
  const packed = Buffer.from(deflateSync(Buffer.from(JSON.stringify(texts)), { level: 9 })).toString('base64');
  const unpack = `const text=require('node:fs').readFileSync(__filename,'latin1');
    const from=text.lastIndexOf(${JSON.stringify(PACKED)})+${PACKED.length};
    const bytes=Buffer.from(text.slice(from,text.indexOf('*/',from)),'base64');
    const {compileFunction}=require('node:vm');
    const texts=JSON.parse(require('node:zlib').inflateRawSync(bytes).toString());
    return Object.fromEntries(Object.entries(texts).map(([id,code])=>[id,(exports,need,module)=>compileFunction(code,
      ['exports','require','module','__filename'],{filename:__filename+'/'+id.slice(2)})(exports,need,module,__filename)]));`;
  return `${mainFile(chunks, shebang, unpack)}${PACKED}${packed}*/\n`;
}
