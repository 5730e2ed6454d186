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
  /** Of all files together, however often one is read. */
  treeBytes: number;
  /** Of all build files together. */
  buildBytes: number;
  /** Syntax nodes of one file. */
  nodes: number;
  /** Of all files that are parsed. */
  treeNodes: number;
  /** Of syntax nodes in each other. A name is looked up through all that are around it. */
  nesting: number;
  /** Words of registration calls in all files. */
  registrations: number;
  /** For one file to be parsed. A step is a hundred operations of the parser, or 1024 characters that it reads. A file of 10 kB takes about 200. */
  parseSteps: number;
  /** For all files. */
  treeSteps: number;
  /** For everything, in milliseconds. */
  totalMs: number;
}

/** Several times what the largest public apps have, within 1 GiB of memory and about 20 seconds. */
export const SOURCE_LIMITS: SourceLimits = {
  entries: 400_000,
  depth: 64,
  parsedBytes: 2 * 1024 * 1024,
  readBytes: 256 * 1024 * 1024,
  treeBytes: 2 * 1024 * 1024 * 1024,
  buildBytes: 64 * 1024 * 1024,
  nodes: 500_000,
  treeNodes: 3_000_000,
  nesting: 1000,
  registrations: 10_000,
  parseSteps: 40_000,
  treeSteps: 160_000,
  totalMs: 300_000,
};
