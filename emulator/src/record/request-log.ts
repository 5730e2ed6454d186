import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';

export interface RecordedFile {
  field: string;
  fileName: string;
  size: number;
  /** Lower-case hex. */
  sha256: string;
  /** Content-Type of the part, `text/plain` if it had none (RFC 7578 §4.4). */
  mimeType: string;
}

/** One request, secrets masked. */
export interface RecordedRequest {
  /** From 1, over all restarts. */
  number: number;
  /** ISO 8601. */
  at: string;
  method: string;
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  /** Form fields, or the keys of a JSON body. */
  fields: Record<string, unknown>;
  files: RecordedFile[];
  /** Bytes of the request's body that arrived. */
  bodyBytes: number;
  /** Status of the answer; 0 = the connection was cut before. */
  status: number;
  durationMs: number;
}

/** How many records are kept in memory and shown; the file holds all. */
const KEPT = 5000;

/** The record of all requests, appended to a file as they end. After a kill, a torn last line is ignored. */
export class RequestLog {
  readonly records: RecordedRequest[] = [];
  readonly #file: FileHandle;
  #last = 0;
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async open(dataDir: string): Promise<RequestLog> {
    const file = await open(join(dataDir, 'requests.jsonl'), 'a+', 0o600);
    const log = new RequestLog(file);
    for (const line of (await file.readFile('utf8')).split('\n')) {
      try {
        const record = JSON.parse(line) as RecordedRequest;
        log.#keep(record);
        log.#last = Math.max(log.#last, record.number);
      } catch {
        // An empty or torn line.
      }
    }
    return log;
  }

  nextNumber(): number {
    this.#last += 1;
    return this.#last;
  }

  add(record: RecordedRequest): void {
    this.#keep(record);
    // Starts with a new line too, so that nothing is lost after a torn line.
    this.#write(() => this.#file.appendFile(`\n${JSON.stringify(record)}`));
  }

  /** Forgets the records but keeps the numbering. */
  clear(): void {
    this.records.length = 0;
    this.#write(() => this.#file.truncate());
  }

  /** Resolves when all records are on disk. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#file.close();
  }

  #write(change: () => Promise<void>): void {
    this.#writing = this.#writing.then(change).catch(() => undefined);
  }

  #keep(record: RecordedRequest): void {
    this.records.push(record);
    if (this.records.length > KEPT) this.records.shift();
  }
}
