/**
 * The first act of a run: files that are not there yet are fetched or decoded. What comes out is a request in which every path names a
 * file; what was made is removed when the run ends, however it ends.
 */

import { rmSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { unwritable } from '../files/file-system.ts';
import { isOwnTemporary, ownTemporary } from '../files/own-temporary.ts';
import { asFusegateError } from '../model/errors.ts';
import type { PendingFile, RunRequest } from '../model/run-request.ts';
import { fetchFile, keylessTransport } from './fetch-file.ts';
import type { StepIo } from './pipeline-io.ts';
import { withDeadline, withRootScope } from './scope.ts';
import { deadlineError, type Stage } from './stages.ts';

/** The shortest deadline that a run is left with. */
const LEAST_RUN_MS = 1000;

/** Files that are there now. */
export interface FetchedFiles {
  /** Bytes, by path. */
  sizes: ReadonlyMap<string, number>;
  /** Not there yet; for what is made from them. It is removed when the run ends. */
  folder: string;
  signal: AbortSignal;
}

export interface InputSteps<T> {
  /** Completes the request with what the files turn out to be. @throws FusegateError if one is not what it should be */
  inspect(request: RunRequest, fetched: FetchedFiles): Promise<RunRequest>;
  run(ready: RunRequest): Promise<T>;
}

/**
 * Runs the steps with a request whose files are all there.
 * @throws FusegateError usage.invalid (a file cannot be fetched), network.*, api.*, download.corrupt, timeout.download, run.cancelled,
 * output.unwritable; what the steps throw
 */
export async function withFetchedFiles<T>(request: RunRequest, io: StepIo, steps: InputSteps<T>): Promise<T> {
  const { pendingFiles = [], buildFiles } = request;
  if (pendingFiles.length === 0 && buildFiles?.certPinningZip === undefined) return steps.run(request);
  const folder = ownTemporary();
  // Each file has its own folder, inside one that is named for this run.
  const folders = new Set(pendingFiles.map((file) => path.dirname(path.dirname(file.path))).filter(isOwnTemporary));
  const made = [folder, ...pendingFiles.map((file) => file.path), ...folders];
  // A job that has to end at once (the same signal twice) does not run `finally`, so a keystore would stay behind.
  const atExit = () => {
    for (const each of made) {
      try {
        rmSync(each, { recursive: true, force: true });
      } catch {
        // Held by a scanner: it is too late to report.
      }
    }
  };
  process.once('exit', atExit);
  try {
    return await steps.run(await prepare(request, io, folder, steps.inspect));
  } finally {
    for (const each of made) await rm(each, { recursive: true, force: true }).catch(() => {});
    process.removeListener('exit', atExit);
  }
}

async function prepare(
  request: RunRequest,
  io: StepIo,
  folder: string,
  inspect: InputSteps<unknown>['inspect'],
): Promise<RunRequest> {
  const { clock, signal } = io.deps;
  const began = clock.monotonic();
  const limit = Math.min(request.limits.download, request.limits.run);
  const expired = () => deadlineError('timeout.download', 'preflight', limit, io.record.ids);
  try {
    const ready = await withRootScope(signal, io.record.ids, (root) =>
      withDeadline(root, clock, limit, expired, (scope) =>
        io.stages.run(io, scope, { name: 'preflight' }, async (stage) => {
          const sizes = await makeFiles(request, io, stage);
          return inspect(request, { sizes, folder, signal: stage.signal });
        }),
      ),
    );
    const left = Math.max(LEAST_RUN_MS, request.limits.run - (clock.monotonic() - began));
    return { ...ready, limits: { ...ready.limits, run: left } };
  } catch (error) {
    throw asFusegateError(error).at('preflight', io.record.ids);
  }
}

/** @returns their sizes */
async function makeFiles(
  { pendingFiles = [], server, limits }: Pick<RunRequest, 'pendingFiles' | 'server' | 'limits'>,
  io: StepIo,
  stage: Stage,
): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  const transport = keylessTransport({ server, limits }, io.deps);
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
  return sizes;

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
