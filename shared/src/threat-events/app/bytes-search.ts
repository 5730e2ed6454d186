/** Names in files whose format does not matter: native libraries, compiled resources. A piece at a time, because they can be large. */
import { type NameHit, NameSearch } from './name-search.ts';

/** @returns names that stand there as whole words */
export async function namesInPieces(search: NameSearch, pieces: AsyncIterable<Buffer>): Promise<Set<string>> {
  const found = new Set<string>();
  // The longest name and a character on either side.
  const overlap = search.longest + 2 * MAX_CHARACTER;
  let rest: Buffer = Buffer.alloc(0);
  let isFirst = true;
  const note = (bytes: Buffer, isLast: boolean) => {
    for (const hit of wholeHits(search, bytes)) {
      const end = hit.at + hit.name.length * (hit.encoding === 'latin1' ? 1 : 2);
      // What stands before it is only known if it was there, and what follows if it is there yet; both are seen in some piece.
      const isSeen = (isFirst || hit.at >= MAX_CHARACTER) && (isLast || end + MAX_CHARACTER <= bytes.length);
      if (isSeen) found.add(hit.name);
    }
  };
  for await (const piece of pieces) {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    note(bytes, false);
    if (bytes.length > overlap) isFirst = false;
    rest = Buffer.from(bytes.subarray(Math.max(0, bytes.length - overlap)));
  }
  note(rest, true);
  return found;
}

/** Bytes of a character of UTF-16. */
const MAX_CHARACTER = 2;

export function* wholeHits(search: NameSearch, bytes: Buffer): Generator<NameHit> {
  for (const hit of search.find(bytes)) if (NameSearch.isWhole(bytes, hit)) yield hit;
}
