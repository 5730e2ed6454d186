/** Fetching both documents of the certificate. A missing one is not an error here: the gate decides what it means, and it means red. */
import { createHash } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { unwritable } from '../files/file-system.ts';
import type { OutputFolder } from '../files/output-folder.ts';
import type { BuildOutcome, FileRole, OutputFile, RawCertificate, RawCertificates } from '../model/build-outcome.ts';
import { sleep } from '../model/clock.ts';
import { FusegateError } from '../model/errors.ts';
import type { Limits } from '../model/run-request.ts';
import type { PipelineIo, ServiceIo } from './pipeline-io.ts';
import { inParallel, type Scope, withDeadline } from './scope.ts';
import { deadlineError, type Stage } from './stages.ts';

/** How long to ask again for a certificate that is not there yet after a finished signing (design, rule 7). */
const LATE_MS = 60_000;
const LATE_DELAYS_MS = [1_000, 2_000, 3_000];
const LAST_DELAY_MS = 6_000;

/** What the service may answer while a certificate is not made yet; its real code is unknown (appdome-api.md §11.3). */
const NOT_THERE_YET = new Set([400, 404, 409, 422]);

/** Without a folder the documents are not written anywhere. */
export type CertificateIo = ServiceIo & Partial<Pick<PipelineIo, 'folder' | 'certified'>>;

/**
 * Fetches PDF and JSON side by side, and writes what came to `private/` of the folder, where there is one.
 * @throws FusegateError only when the run ends (cancelled, deadline of the run) or the files cannot be written
 */
export async function fetchCertificates(
  buildId: string,
  limits: Pick<Limits, 'download'>,
  io: CertificateIo,
  stage: Stage,
): Promise<Pick<BuildOutcome, 'certificates' | 'files'>> {
  const certificates: Partial<RawCertificates> = {};
  // Reading starts once both are here, while they are still being written.
  const came = (name: DocumentInput['name'], certificate: RawCertificate) => {
    certificates[name === 'PDF' ? 'pdf' : 'json'] = certificate;
    const { pdf, json } = certificates;
    if (pdf !== undefined && json !== undefined) io.certified?.({ pdf, json });
  };
  const document = (name: DocumentInput['name'], ask: (buildId: string, context: Stage) => Promise<Buffer>) => {
    return (scope: Scope) =>
      fetchDocument({ name, limitMs: limits.download, io, stage: stage.within(scope), came }, (inner) =>
        ask(buildId, inner),
      );
  };
  const [pdf, json] = await inParallel<[Fetched, Fetched]>(stage.scope, [
    document('PDF', io.client.certificatePdf),
    // The PDF decides by default, so a service that only fails to hand out the JSON does not hold a run up for long.
    document('JSON', (id, context) => io.client.certificateJson(id, { ...context, patience: 'minutes' })),
  ]);
  return {
    certificates: { pdf: pdf.certificate, json: json.certificate },
    files: [pdf, json].flatMap(({ file }) => (file === undefined ? [] : [file])),
  };
}

interface Fetched {
  certificate: RawCertificate;
  file?: OutputFile;
}

interface DocumentInput {
  name: 'PDF' | 'JSON';
  limitMs: number;
  io: CertificateIo;
  stage: Stage;
  came(name: 'PDF' | 'JSON', certificate: RawCertificate): void;
}

async function fetchDocument(input: DocumentInput, fetch: (context: Stage) => Promise<Buffer>): Promise<Fetched> {
  const { name, limitMs, io, stage, came } = input;
  const expired = () => deadlineError('timeout.download', stage.stage, limitMs, io.record.ids);
  let bytes: Buffer;
  try {
    bytes = await withDeadline(stage.scope, io.deps.clock, limitMs, expired, (scope) =>
      askUntilThere(input, () => fetch(stage.within(scope)), scope.signal),
    );
  } catch (error) {
    if (stage.signal.aborted) throw stage.signal.reason;
    if (!(error instanceof FusegateError)) throw error;
    io.log('warning', error.message);
    const certificate = { state: 'absent', reason: error.message } as const;
    came(name, certificate);
    return { certificate };
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const certificate = { state: 'present', bytes, sha256 } as const;
  came(name, certificate);
  if (io.folder === undefined) return { certificate };
  const role = name === 'PDF' ? 'certificate-pdf' : 'certificate-json';
  return { certificate, file: { role, path: await save(bytes, io.folder, role), sha256, size: bytes.length } };
}

/** How each document begins. A gateway's page in its place may pass; what stays is handed on, and read as what it is. */
const BEGINS = { PDF: /%PDF-/, JSON: /^\s*[{[]/ } as const;

/** @throws FusegateError the last answer of the service, or that the document is empty */
async function askUntilThere(input: DocumentInput, ask: () => Promise<Buffer>, signal: AbortSignal): Promise<Buffer> {
  const { io, name } = input;
  // By the sum of the pauses: on the clock that tests of child processes scale, durations mean nothing.
  let waited = 0;
  for (let times = 0; ; times += 1) {
    let missing: FusegateError;
    try {
      const bytes = await ask();
      const isDocument = BEGINS[name].test(bytes.subarray(0, 1024).toString('latin1'));
      if (isDocument || (bytes.length > 0 && waited >= LATE_MS)) return bytes;
      missing = new FusegateError(
        'api.unexpected',
        `The certificate ${name} ${bytes.length > 0 ? 'is another kind of file' : 'is empty'}.`,
        { hint: 'Run again later.' },
      );
    } catch (error) {
      if (!(error instanceof FusegateError) || !NOT_THERE_YET.has(error.status ?? 0)) throw error;
      missing = error;
    }
    if (waited >= LATE_MS) throw missing;
    const delay = Math.min(LATE_DELAYS_MS[times] ?? LAST_DELAY_MS, LATE_MS - waited);
    if (times === 0) io.log('debug', `The certificate ${name} is not there yet; asking again for a minute.`);
    await input.stage.during({ category: 'wait', name: 'for the certificate', facts: { document: name } }, () =>
      sleep(io.deps.retryClock, delay, signal),
    );
    waited += delay;
  }
}

async function save(bytes: Buffer, folder: OutputFolder, role: FileRole): Promise<string> {
  const path = folder.pathFor(role, 'zip');
  const temporary = folder.temporaryFor(role);
  try {
    await writeFile(temporary, bytes, { mode: 0o600, flag: 'wx' }).catch((cause) => {
      throw unwritable('The certificate cannot be written', cause);
    });
    await folder.place(temporary, path);
    return path;
  } finally {
    await rm(temporary, { force: true }).catch(() => {});
  }
}
