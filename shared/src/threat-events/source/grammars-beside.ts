/** tree-sitter and its grammars in files beside a bundle. Chosen by `#grammars` under esbuild's condition `fusegate-bundle`. */

type Load = () => Promise<{ bytes: Uint8Array }>;

/** Each is loaded when the first file of its language is read. */
const GRAMMARS: Record<string, Load> = {
  java: () => import('tree-sitter-wasms/out/tree-sitter-java.wasm'),
  kotlin: () => import('tree-sitter-wasms/out/tree-sitter-kotlin.wasm'),
  swift: () => import('tree-sitter-wasms/out/tree-sitter-swift.wasm'),
  objc: () => import('tree-sitter-wasms/out/tree-sitter-objc.wasm'),
  javascript: () => import('tree-sitter-wasms/out/tree-sitter-javascript.wasm'),
  typescript: () => import('tree-sitter-wasms/out/tree-sitter-typescript.wasm'),
  tsx: () => import('tree-sitter-wasms/out/tree-sitter-tsx.wasm'),
  c_sharp: () => import('tree-sitter-wasms/out/tree-sitter-c_sharp.wasm'),
  dart: () => import('tree-sitter-wasms/out/tree-sitter-dart.wasm'),
};

export async function grammarBytes(grammar: string): Promise<Uint8Array> {
  const load = GRAMMARS[grammar];
  if (load === undefined) throw new Error(`No grammar ${grammar} is in this bundle`);
  return (await load()).bytes;
}

export async function engineBytes(): Promise<Uint8Array> {
  return (await import('web-tree-sitter/tree-sitter.wasm')).bytes;
}
