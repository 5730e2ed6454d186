/** Certificates of many builds that lie on disk, for `gate --certificate 'archive/*.pdf'`. */
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { readJsonCertificate } from '../certificate/json-reader.ts';
import { readPdfCertificate } from '../certificate/pdf-reader.ts';
import { labelOf } from '../intake/load-policy.ts';
import { readCertificateFiles } from '../pipeline/read-certificate-files.ts';
import type { TraceRecorder } from '../pipeline/trace-recorder.ts';
import type { ArchivedDocument } from '../policy/rules/archive.ts';

/** As many as PDFs are read at once, and one more of which the bytes are fetched meanwhile; so few files are in memory. */
const AT_ONCE = availableParallelism() + 1;

/**
 * Several at once.
 * @param files absolute paths of .pdf and .json files
 * @param told called after each file
 * @returns in the order of `files`
 * @throws the signal's reason when it is aborted
 */
export async function readArchive(
  files: readonly string[],
  { signal, told, trace }: { signal: AbortSignal; told: (done: number) => void; trace: TraceRecorder },
): Promise<ArchivedDocument[]> {
  const folder = commonFolder(files);
  const documents: ArchivedDocument[] = [];
  let done = 0;
  const work = files.entries();
  const readThem = async () => {
    for (const [index, file] of work) {
      signal.throwIfAborted();
      const raw = await readCertificateFiles([file]);
      const isPdf = path.extname(file).toLowerCase() === '.pdf';
      const certificate = { category: 'read', name: 'certificate', facts: { file: path.basename(file) } } as const;
      const reading = await trace.during(certificate, async () =>
        isPdf ? readPdfCertificate(raw.pdf, { signal }) : readJsonCertificate(raw.json),
      );
      documents[index] = { label: labelOf(file, folder), reading };
      done += 1;
      told(done);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, readThem));
  signal.throwIfAborted();
  return documents;
}

/** What all paths have in common is left out of their labels. */
function commonFolder(files: readonly string[]): string {
  const [first = [], ...others] = files.map((file) => path.dirname(file).split(path.sep));
  let length = first.length;
  for (const parts of others) {
    let same = 0;
    while (same < length && first[same] === parts[same]) same += 1;
    length = same;
  }
  return first.slice(0, length).join(path.sep) || path.sep;
}
