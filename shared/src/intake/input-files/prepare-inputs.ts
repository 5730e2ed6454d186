/**
 * The first act of a run: files that are not there yet are fetched or decoded, the pinning archive is expanded. What comes out is a
 * request in which every path names a file; what was made is removed when the run ends, however it ends.
 */

import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { firstBytes } from '../../files/file-on-disk.ts';
import { unwritable } from '../../files/file-system.ts';
import { defined } from '../../model/defined.ts';
import { asFusegateError, type UsageProblem } from '../../model/errors.ts';
import type { PendingFile, RunRequest, SignRequest } from '../../model/run-request.ts';
import { fetchFile, keylessTransport } from '../../pipeline/fetch-file.ts';
import type { StepIo } from '../../pipeline/pipeline-io.ts';
import { withDeadline, withRootScope } from '../../pipeline/scope.ts';
import { deadlineError, type Stage } from '../../pipeline/stages.ts';
import { wrongContent } from '../inspect-app.ts';
import { parseTrustedFingerprints } from '../trusted-fingerprints.ts';
import { type FileOptionId, judgeContent, sentenceOfUnchecked } from './content-rules.ts';
import { CONTENT_BYTES } from './known-content.ts';
import { expandPinnedCertificates, PINNING } from './pinned-certificates.ts';
import { refusedInputs } from './refused-inputs.ts';

/** The shortest deadline that a run is left with. */
const LEAST_RUN_MS = 1000;

/**
 * Runs `body` with a request whose files are all there.
 * @throws FusegateError usage.invalid (a file cannot be had, or is not what it should be), network.*, api.*, download.corrupt,
 * timeout.download, run.cancelled, output.unwritable; what `body` throws
 */
export async function withInputFiles<T>(
  request: RunRequest,
  io: StepIo,
  body: (ready: RunRequest) => Promise<T>,
): Promise<T> {
  const { pendingFiles = [], buildFiles } = request;
  if (pendingFiles.length === 0 && buildFiles?.certPinningZip === undefined) return body(request);
  const folder = path.join(tmpdir(), `fusegate-${randomUUID()}`);
  // Each file lies in a folder of its own, in one that was named for this run.
  const folders = new Set(pendingFiles.map((file) => path.dirname(path.dirname(file.path))).filter(isOwnFolder));
  const made = [folder, ...pendingFiles.map((file) => file.path), ...folders];
  // A job that has to end at once (the same signal twice) does not run `finally`, so a keystore would stay behind.
  const atExit = () => {
    for (const each of made) {
      try {
        rmSync(each, { recursive: true, force: true });
      } catch {
        // Held by a scanner: nobody is left to tell.
      }
    }
  };
  process.once('exit', atExit);
  try {
    return await body(await prepare(request, io, folder));
  } finally {
    for (const each of made) await rm(each, { recursive: true, force: true }).catch(() => {});
    process.removeListener('exit', atExit);
  }
}

function isOwnFolder(folder: string): boolean {
  return path.dirname(folder) === path.resolve(tmpdir()) && /^fusegate-[0-9a-f-]{36}$/.test(path.basename(folder));
}

async function prepare(request: RunRequest, io: StepIo, folder: string): Promise<RunRequest> {
  const { clock, signal } = io.deps;
  const began = clock.monotonic();
  const limit = Math.min(request.limits.download, request.limits.run);
  const expired = () => deadlineError('timeout.download', 'preflight', limit, io.ids);
  try {
    const ready = await withRootScope(signal, io.ids, (root) =>
      withDeadline(root, clock, limit, expired, (scope) =>
        io.stages.run(io, scope, { name: 'preflight' }, (stage) => makeFiles(request, io, folder, stage)),
      ),
    );
    const left = Math.max(LEAST_RUN_MS, request.limits.run - (clock.monotonic() - began));
    return { ...ready, limits: { ...ready.limits, run: left } };
  } catch (error) {
    throw asFusegateError(error).at('preflight', io.ids);
  }
}

async function makeFiles(request: RunRequest, io: StepIo, folder: string, stage: Stage): Promise<RunRequest> {
  const { pendingFiles = [] } = request;
  const sizes = new Map<string, number>();
  const transport = keylessTransport(request, io.deps);
  try {
    for (const file of pendingFiles) {
      await mkdir(path.dirname(file.path), { recursive: true, mode: 0o700 }).catch((cause) => {
        throw unwritable('The folder for files of this run cannot be made', cause);
      });
      sizes.set(file.path, await makeFile(file));
      stage.signal.throwIfAborted();
    }
  } finally {
    transport.close();
  }
  return ready(request, sizes, io, { folder, signal: stage.signal });

  async function makeFile(file: PendingFile): Promise<number> {
    if ('url' in file.source) {
      io.log('info', `Fetching ${file.option} from ${file.source.shown}.`);
      return fetchFile(transport, file, new URL(file.source.url.reveal()), stage);
    }
    const bytes = Buffer.from(file.source.base64.reveal(), 'base64');
    await writeFile(file.path, bytes, { mode: 0o600, flag: 'wx' }).catch((cause) => {
      throw unwritable('A file of this run cannot be written', cause);
    });
    return bytes.length;
  }
}

/** The request with what can be told now that the files are there. */
async function ready(
  request: RunRequest,
  sizes: ReadonlyMap<string, number>,
  io: StepIo,
  { folder, signal }: { folder: string; signal: AbortSignal },
): Promise<RunRequest> {
  const { pendingFiles = [], app, buildFiles } = request;
  const size = app && sizes.get(app.path);
  if (app !== undefined && size !== undefined) {
    const wrong = await wrongContent(app.path, app.kind);
    const option = pendingFiles.find((file) => file.path === app.path)?.option ?? 'app';
    if (wrong !== undefined) throw refusedInputs([{ option, value: app.url ?? app.name, message: wrong }]);
  }
  const notChecked = await judgeFetched(request, sizes);
  const { sign, notChecked: credentials = [] } =
    request.sign === undefined ? {} : await readySigning(request.sign, request, sizes, { io, signal });
  notChecked.push(...credentials);
  for (const each of notChecked) io.log('warning', each);
  const zip = buildFiles?.certPinningZip;
  const pinnedCertificates =
    zip === undefined
      ? undefined
      : await expandPinnedCertificates(zip, path.join(folder, 'pinned'), request.optionNames?.[PINNING]);
  return {
    ...request,
    ...(app === undefined || size === undefined ? {} : { app: { ...app, size } }),
    ...defined({ sign, buildFiles: pinnedCertificates && { ...buildFiles, pinnedCertificates } }),
    ...(notChecked.length > 0 ? { notChecked: [...(request.notChecked ?? []), ...notChecked] } : {}),
  };
}

/** The files of the request, each with the option whose rule it follows. */
function filesByOption({ sign, buildFiles, context }: RunRequest): Array<[FileOptionId, string | undefined]> {
  const list = (id: FileOptionId, files: readonly string[] = []) =>
    files.map((file): [FileOptionId, string] => [id, file]);
  return [
    ['keystore', sign?.keystore],
    ['p12', sign?.p12],
    ...list('provisioning-profiles', sign?.provisioningProfiles),
    ...list('entitlements', sign?.entitlements),
    ['signing-fingerprint-list', sign?.trustedFingerprintsFile],
    ['baseline-profile', buildFiles?.baselineProfile],
    ['startup-profile', buildFiles?.startupProfile],
    ['input-mapping', buildFiles?.inputMapping],
    ['cert-pinning-zip', buildFiles?.certPinningZip],
    ['app-icon', context?.appIcon],
    ['icon-overlay', context?.iconOverlay],
  ];
}

/**
 * What a server sent may be a page that asks for a login. Content that came as text was judged with the options.
 * @returns sentences about files that could not be checked
 */
async function judgeFetched(request: RunRequest, made: ReadonlyMap<string, number>): Promise<string[]> {
  const problems: UsageProblem[] = [];
  const notChecked: string[] = [];
  for (const [id, path] of filesByOption(request)) {
    const file = request.pendingFiles?.find((each) => each.path === path);
    if (path === undefined || file === undefined || !made.has(path) || !('url' in file.source)) continue;
    const judged = judgeContent(id, await firstBytes(path, CONTENT_BYTES));
    if (judged.problem) problems.push({ option: file.option, value: file.source.shown, ...judged.problem });
    if (judged.notChecked) notChecked.push(sentenceOfUnchecked(`The file of ${file.option}`, judged.notChecked));
  }
  if (problems.length > 0) throw refusedInputs(problems);
  return notChecked;
}

/** What could not be looked at while the options were read: credentials and lists that were not there yet. */
async function readySigning(
  sign: SignRequest,
  request: RunRequest,
  made: ReadonlyMap<string, number>,
  { io, signal }: { io: StepIo; signal: AbortSignal },
): Promise<{ sign: SignRequest; notChecked: string[] }> {
  const { keystore, p12, provisioningProfiles = [], entitlements = [], trustedFingerprintsFile } = sign;
  const named = (option: string) => request.optionNames?.[option] ?? option;
  const credentials = [keystore, p12, ...provisioningProfiles, ...entitlements];
  let notChecked: string[] = [];
  if (credentials.some((file) => file !== undefined && made.has(file))) {
    const { checkCredentials } = await import('../../credentials/credentials.ts');
    const found = await checkCredentials(sign, request, io.deps.clock.now(), signal);
    if (found.problems.length > 0) {
      throw refusedInputs(found.problems.map((each) => ({ ...each, option: named(each.option) })));
    }
    for (const warning of found.warnings) io.log('warning', warning);
    // Those that were there already have said so.
    notChecked = found.notChecked.filter((each) => !request.notChecked?.includes(each));
  }
  if (trustedFingerprintsFile === undefined) return { sign, notChecked };
  const parsed = parseTrustedFingerprints(await readFile(trustedFingerprintsFile, 'utf8'));
  if (!parsed.ok) {
    const { message, allowed } = parsed;
    throw refusedInputs([{ option: named('signing-fingerprint-list'), message, allowed }]);
  }
  const { trustedFingerprintsFile: _read, ...signing } = sign;
  return { sign: { ...signing, trustedFingerprints: parsed.value }, notChecked };
}
