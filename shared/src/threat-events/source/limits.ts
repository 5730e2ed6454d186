/** What a search of a source tree may cost. */
export interface SourceLimits {
  /** Files and folders that are looked at. */
  entries: number;
  /** Folders below the root. */
  depth: number;
  /** A larger file is searched for names, and is not parsed. */
  parsedBytes: number;
  /** A larger file is not read at all. */
  readBytes: number;
  /** Syntax nodes of one file. */
  nodes: number;
  /** Words of registration calls in one file. */
  registrations: number;
  /** For one file to be parsed, in milliseconds. */
  parseMs: number;
  /** For everything, in milliseconds. */
  totalMs: number;
}

/** Ten times what the largest public apps have. */
export const SOURCE_LIMITS: SourceLimits = {
  entries: 400_000,
  depth: 64,
  parsedBytes: 2 * 1024 * 1024,
  readBytes: 256 * 1024 * 1024,
  nodes: 2_000_000,
  registrations: 10_000,
  parseMs: 20_000,
  totalMs: 300_000,
};
