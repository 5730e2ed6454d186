/** How a trace of ours begins, so that no other file is ever replaced by one. */
import { open, stat } from 'node:fs/promises';
import { isAbsent } from './file-system.ts';

/** The first member of the file, to be found without reading the rest. */
export const TRACE_MARK = { format: 'fusegate-trace' } as const;
/** As `JSON.stringify` writes it where this is the first member of `otherData`, and that of the file. */
const BEGINNING = Buffer.from('{"otherData":{"format":"fusegate-trace"');

/** `other`: anything that a trace may not replace, also a folder or a file that cannot be read. */
export async function whatIsAt(file: string): Promise<'nothing' | 'trace' | 'other'> {
  try {
    // Opening a pipe would wait for somebody to write into it.
    if (!(await stat(file)).isFile()) return 'other';
    const handle = await open(file, 'r');
    try {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(BEGINNING.length), 0, BEGINNING.length, 0);
      return buffer.subarray(0, bytesRead).equals(BEGINNING) ? 'trace' : 'other';
    } finally {
      await handle.close();
    }
  } catch (error) {
    return isAbsent(error) ? 'nothing' : 'other';
  }
}
