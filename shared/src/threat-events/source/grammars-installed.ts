/** tree-sitter and its grammars, read from the installed packages. See grammars-beside.ts for the bundle. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** @param grammar as `tree-sitter-wasms` calls it */
export function grammarBytes(grammar: string): Promise<Uint8Array> {
  return readFile(require.resolve(`tree-sitter-wasms/out/tree-sitter-${grammar}.wasm`));
}

export function engineBytes(): Promise<Uint8Array> {
  return readFile(require.resolve('web-tree-sitter/tree-sitter.wasm'));
}
