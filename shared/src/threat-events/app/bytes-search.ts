/** Names in files whose format does not matter: native libraries, compiled resources. A piece at a time, because they can be large. */
import { type NameHit, NameSearch } from './name-search.ts';

/** @returns names that stand there as whole words */
export async function namesInPieces(search: NameSearch, pieces: AsyncIterable<Buffer>): Promise<Set<string>> {
  const found = new Set<string>();
  // The name and a character on either side.
  const overlap = search.longest + 4;
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of pieces) {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    for (const hit of wholeHits(search, bytes)) found.add(hit.name);
    rest = Buffer.from(bytes.subarray(Math.max(0, bytes.length - overlap)));
  }
  return found;
}

export function* wholeHits(search: NameSearch, bytes: Buffer): Generator<NameHit> {
  for (const hit of search.find(bytes)) if (NameSearch.isWhole(bytes, hit)) yield hit;
}
