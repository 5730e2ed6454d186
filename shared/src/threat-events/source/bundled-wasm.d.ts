/** What the bundler makes of a `.wasm` file (scripts/bundling/aside.mjs). */
declare module '*.wasm' {
  export const bytes: Uint8Array;
}
