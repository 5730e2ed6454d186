/**
 * The part of @devicefarmer/adbkit-apkreader (no types of its own) that we use: its parser alone, because its own ZIP reader
 * is an old yauzl that warns on every start.
 */
declare module '@devicefarmer/adbkit-apkreader/lib/apkreader/parser/manifest.js' {
  export default class ManifestParser {
    constructor(bytes: Buffer);
    parse(): unknown;
  }
}
