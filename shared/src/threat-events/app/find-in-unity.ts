/** Event names among the string literals of a Unity app that was built by IL2CPP (global-metadata.dat). */
import type { PartContent } from './evidence.ts';
import { NameSearch } from './name-search.ts';
import { INSIDE_LONGER, namesInTable, type PackedString } from './packed-strings.ts';
import { orUnreadable, UnreadablePart } from './problem.ts';

const MAGIC = 0xfab11baf;
/** From then on, the header has another form. */
const FIRST_UNKNOWN_VERSION = 35;
const UNTIED = 'IL2CPP has compiled the code that uses it, which is not followed';

export function findInUnity(bytes: Buffer, file: string, names: readonly string[]): PartContent {
  return orUnreadable('global-metadata.dat', () => {
    if (bytes.readUInt32LE(0) !== MAGIC) throw new UnreadablePart('is damaged or encrypted: not Unity metadata');
    const version = bytes.readUInt32LE(4);
    if (version >= FIRST_UNKNOWN_VERSION) throw new UnreadablePart(`is Unity metadata of version ${version}`);
    const [table, size, data, dataSize] = [8, 12, 16, 20].map((at) => bytes.readUInt32LE(at)) as [
      number,
      number,
      number,
      number,
    ];
    if (Math.max(table + size, data + dataSize) > bytes.length)
      throw new UnreadablePart('is Unity metadata that is cut short');
    function* literals(): Generator<PackedString> {
      for (let at = table; at + 8 <= table + size; at += 8) {
        yield { length: bytes.readUInt32LE(at), at: data + bytes.readUInt32LE(at + 4), isUtf16: false };
      }
    }
    const found = namesInTable(bytes, new NameSearch(names), literals);
    const findings = [...found].map(([name, isWhole]) => ({
      name,
      place: { file, where: 'string literals', what: 'name' as const, detail: isWhole ? UNTIED : INSIDE_LONGER },
    }));
    return { findings };
  });
}
