/**
 * Which names occur in an app as a string. The service's warning about missing implementations seems to come of such a search, not of one
 * for listeners: two builds of one public app, an hour apart, differ in nothing else (inferred).
 */
import { type Entry, openPromise, type ZipFile } from 'yauzl';

/** More is not looked at, so a ZIP that unpacks to terabytes comes to an end. */
const MAX_BYTES = 2 * 1024 ** 3;

/**
 * Looks through every member of a ZIP, unpacked, for Latin-1 and UTF-16 (little-endian) strings. An archive within the ZIP is not opened,
 * and what cannot be read holds no name.
 * @throws the signal's reason when it is aborted
 */
export async function namesInApp(
  path: string,
  names: readonly string[],
  { signal, maxBytes = MAX_BYTES }: { signal: AbortSignal; maxBytes?: number },
): Promise<Set<string>> {
  const search = new Search(names);
  let zip: ZipFile;
  try {
    zip = await openPromise(path, { lazyEntries: true, autoClose: false, decodeStrings: false });
  } catch {
    return search.found;
  }
  try {
    let left = maxBytes;
    for await (const entry of zip.eachEntry()) {
      if (search.isComplete || left <= 0) break;
      left -= await searchEntry(zip, entry, search, { limit: left, signal });
    }
  } catch {
    signal.throwIfAborted();
  } finally {
    zip.close();
  }
  return search.found;
}

/** @returns how many bytes were looked at */
async function searchEntry(
  zip: ZipFile,
  entry: Entry,
  search: Search,
  { limit, signal }: { limit: number; signal: AbortSignal },
): Promise<number> {
  let bytes = 0;
  search.begin();
  try {
    for await (const chunk of await zip.openReadStreamPromise(entry)) {
      signal.throwIfAborted();
      search.look(chunk as Buffer);
      bytes += (chunk as Buffer).length;
      if (bytes >= limit || search.isComplete) break;
    }
  } catch {
    signal.throwIfAborted();
  }
  return bytes;
}

class Search {
  readonly found = new Set<string>();
  readonly #open: Map<string, Buffer[]>;
  /** So much of a chunk can be the beginning of a name that ends in the next one. */
  readonly #overlap: number;
  #before: Buffer = Buffer.alloc(0);

  constructor(names: readonly string[]) {
    this.#open = new Map(names.map((name) => [name, [Buffer.from(name, 'latin1'), Buffer.from(name, 'utf16le')]]));
    this.#overlap = Math.max(0, ...names.map((name) => 2 * name.length - 1));
  }

  get isComplete(): boolean {
    return this.#open.size === 0;
  }

  /** Of a member. */
  begin(): void {
    this.#before = Buffer.alloc(0);
  }

  look(chunk: Buffer): void {
    const bytes = Buffer.concat([this.#before, chunk]);
    for (const [name, forms] of this.#open) {
      if (!forms.some((form) => bytes.includes(form))) continue;
      this.found.add(name);
      this.#open.delete(name);
    }
    this.#before = bytes.subarray(Math.max(0, bytes.length - this.#overlap));
  }
}
