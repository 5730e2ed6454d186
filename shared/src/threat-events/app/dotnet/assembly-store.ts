/** Assemblies that .NET for Android puts into one file, or compresses (xamarin-android: assembly stores, XALZ). */
import type { PartContent } from '../evidence.ts';
import { UnreadablePart } from '../problem.ts';
import { findInAssembly } from './find-in-assembly.ts';
import { decompressBlock } from './lz4.ts';

const COMPRESSED = Buffer.from('XALZ', 'latin1');
const EXECUTABLE = Buffer.from('MZ\x90\0', 'latin1');
const MAX_ASSEMBLY = 64 * 1024 * 1024;
const MAX_ASSEMBLIES = 2000;

/** One assembly, compressed or not. */
export function findInOneAssembly(bytes: Buffer, file: string, names: readonly string[]): PartContent {
  const isCompressed = bytes.subarray(0, 4).equals(COMPRESSED);
  return findInAssembly(isCompressed ? decompressed(bytes) : bytes, file, names);
}

/** Found by how each begins, because the table has another form in every version. */
export function findInStore(bytes: Buffer, file: string, names: readonly string[]): PartContent {
  const starts = [...startsOf(bytes)].sort((a, b) => a - b).slice(0, MAX_ASSEMBLIES);
  if (starts.length === 0) throw new UnreadablePart('holds no assembly that can be read');
  const content: PartContent & Required<Pick<PartContent, 'hidden'>> = { findings: [], hidden: [] };
  for (const [index, start] of starts.entries()) {
    try {
      const each = findInOneAssembly(bytes.subarray(start, starts[index + 1] ?? bytes.length), file, names);
      content.findings.push(...each.findings);
    } catch (error) {
      if (!(error instanceof UnreadablePart)) throw error;
      content.hidden.push({ reason: `has an assembly at ${start} that ${error.message}` });
    }
  }
  return content;
}

function* startsOf(bytes: Buffer): Generator<number> {
  for (let at = bytes.indexOf(COMPRESSED); at >= 0; at = bytes.indexOf(COMPRESSED, at + 1)) yield at;
  for (let at = bytes.indexOf(EXECUTABLE); at >= 0; at = bytes.indexOf(EXECUTABLE, at + 1)) {
    if (at + 0x40 > bytes.length) return;
    const header = at + bytes.readUInt32LE(at + 0x3c);
    if (header + 4 <= bytes.length && bytes.readUInt32LE(header) === 0x00004550) yield at;
  }
}

/** After the magic: an index, and the size of the assembly. */
function decompressed(bytes: Buffer): Buffer {
  const size = bytes.length < 12 ? 0 : bytes.readUInt32LE(8);
  // LZ4 makes at most 255 bytes of one.
  if (size > MAX_ASSEMBLY || size > 255 * bytes.length)
    throw new UnreadablePart('says that it unpacks to too many bytes');
  return decompressBlock(bytes.subarray(12), size);
}
