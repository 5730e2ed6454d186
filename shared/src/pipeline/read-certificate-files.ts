/** Certificates on disk, for `gate --certificate`. */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { MAX_DOCUMENT_BYTES } from '../files/file-on-disk.ts';
import type { RawCertificate, RawCertificates } from '../model/build-outcome.ts';

/** @param files one .pdf, one .json, or one of each, of one build. The options have checked that they exist. */
export async function readCertificateFiles(files: readonly string[]): Promise<RawCertificates> {
  const read = async (extension: string): Promise<RawCertificate> => {
    const file = files.find((each) => path.extname(each).toLowerCase() === extension);
    if (file !== undefined) return readOne(file);
    return { state: 'absent', reason: `no ${extension} file was given`, notGiven: true };
  };
  return { pdf: await read('.pdf'), json: await read('.json') };
}

async function readOne(file: string): Promise<RawCertificate> {
  try {
    const { size } = await stat(file);
    // The readers' own limits are narrower, and say so in the verdict.
    if (size > MAX_DOCUMENT_BYTES) return { state: 'absent', reason: `${path.basename(file)} has ${size} bytes` };
    const bytes = await readFile(file);
    return { state: 'present', bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    return { state: 'absent', reason: `${path.basename(file)} cannot be read (${code})` };
  }
}
