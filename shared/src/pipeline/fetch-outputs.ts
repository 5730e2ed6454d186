/** Downloading what a build gives back: the protected app, its second output, the deobfuscation map. */
import { chmod, rm } from 'node:fs/promises';
import type { OutputAction } from '../api/outputs.ts';
import { kindOfApp } from '../files/app-kind.ts';
import type { OutputKind } from '../files/file-names.ts';
import { firstBytes, ZIP_MAGIC } from '../files/file-on-disk.ts';
import { unwritable } from '../files/file-system.ts';
import type { FileRole, OutputFile } from '../model/build-outcome.ts';
import { defined } from '../model/defined.ts';
import { FusegateError } from '../model/errors.ts';
import type { Platform, RunRequest, SignRequest } from '../model/run-request.ts';
import { goOnWith } from './go-on.ts';
import type { PipelineIo } from './pipeline-io.ts';
import { SCRIPT_MAGIC, saveResponse } from './save-response.ts';
import { inParallel, type Scope, withDeadline } from './scope.ts';
import { deadlineError, type Stage } from './stages.ts';

/** What decides which outputs there are and what they look like. */
export type OutputsRequest = Pick<RunRequest, 'output' | 'sign' | 'app' | 'platform' | 'limits'>;

/**
 * Downloads the outputs side by side, each with its own deadline. Apps end in `rejected/`.
 * @param build `obfuscationMapExists`: what the status said; undefined = it did not say
 * @throws FusegateError download.corrupt, service.refused, timeout.download, output.unwritable, auth.*, api.*, network.*
 */
export async function fetchOutputs(
  request: OutputsRequest,
  { buildId, obfuscationMapExists }: { buildId: string; obfuscationMapExists: boolean | undefined },
  io: PipelineIo,
  stage: Stage,
): Promise<OutputFile[]> {
  const { output, limits } = request;
  const platform: Platform = request.app?.platform ?? request.platform ?? 'android';
  const bytes = new TransferCount(stage);
  // If the service does not say, only request a map for Android builds: iOS apps and SDKs have none (appdome-api.md §3.14).
  const wantsMap = output.deobfuscationMap && (obfuscationMapExists ?? platform === 'android');
  // Auto-DEV signing gives a script, whatever the app is, and no second output (appdome-api.md §3.11).
  const script = request.sign?.method === 'auto-dev';
  const known: OutputKind | undefined = script ? 'sh' : request.app?.kind;
  const wantsSecond = output.secondOutput && !script;
  const download = (role: FileRole, action: OutputAction | undefined, kind: OutputKind | undefined) => (scope: Scope) =>
    downloadFile(
      { role, action, kind, likely: platform === 'ios' ? 'ipa' : 'apk', magic: magicOf(role, kind, request.sign) },
      { buildId, limitMs: limits.download, bytes },
      io,
      stage.within(scope),
    );

  const [app, second, map] = await inParallel<[Download, Download | undefined, Download | undefined]>(stage.scope, [
    download('protected-app', undefined, known),
    // Only an .aab has one (appdome-api.md §3.14). Where the kind is not known yet, see below.
    async (scope) =>
      wantsSecond && known === 'aab' ? download('second-output', 'sign_second_output', 'apk')(scope) : undefined,
    async (scope) => {
      if (!wantsMap) return undefined;
      const fetching = absentOn404(download('deobfuscation-map', 'deobfuscation_script', 'zip')(scope), io);
      return output.mapAskedFor ? fetching : orWarning(fetching, buildId, scope, io);
    },
  ]);
  const late =
    wantsSecond && known === undefined && app.kind === 'aab'
      ? await download('second-output', 'sign_second_output', 'apk')(stage.scope)
      : undefined;
  return [app, second, late, map].flatMap((each) => each?.file ?? []);
}

interface Download {
  file: OutputFile;
  kind: OutputKind;
}

interface WantedFile {
  role: FileRole;
  action: OutputAction | undefined;
  /** Undefined: found out from the file. */
  kind: OutputKind | undefined;
  /** Where the file does not tell either. */
  likely: OutputKind;
  magic: Buffer[];
}

async function downloadFile(
  wanted: WantedFile,
  { buildId, limitMs, bytes }: { buildId: string; limitMs: number; bytes: TransferCount },
  io: PipelineIo,
  stage: Stage,
): Promise<Download> {
  const { role, action, magic } = wanted;
  const expired = () => deadlineError('timeout.download', stage.stage, limitMs, io.record.ids);
  const temporary = io.folder.temporaryFor(role);
  try {
    return await withDeadline(stage.scope, io.deps.clock, limitMs, expired, async (scope) => {
      const context: Stage = {
        ...stage.within(scope),
        ...(role === 'deobfuscation-map' ? { patience: 'minutes' } : {}),
      };
      const saved = await io.client.downloadOutput(buildId, action, context, (response) =>
        saveResponse(response, {
          temporary,
          magic,
          mode: role === 'deobfuscation-map' ? 0o600 : 0o644,
          onBytes: (done, total) => bytes.update(role, done, total),
        }),
      );
      const kind = wanted.kind ?? (await kindOfApp(temporary)) ?? ((await isScript(temporary)) ? 'sh' : wanted.likely);
      // The mode of a new file is cut by the umask.
      if (kind === 'sh') await chmod(temporary, 0o755).catch(notExecutable);
      const path = io.folder.pathFor(role, kind);
      await io.folder.place(temporary, path);
      const file = { role, path, ...saved };
      io.record.addDownload(file);
      return { file, kind };
    });
  } catch (error) {
    bytes.update(role, 0, undefined);
    throw error;
  } finally {
    await rm(temporary, { force: true }).catch(() => {});
  }
}

/** A build that this run only re-attaches to, with no word on its signing, may give back either. */
async function isScript(file: string): Promise<boolean> {
  return SCRIPT_MAGIC.equals(await firstBytes(file, SCRIPT_MAGIC.length));
}

function magicOf(role: FileRole, kind: OutputKind | undefined, sign: SignRequest | undefined): Buffer[] {
  if (kind === 'sh') return [SCRIPT_MAGIC];
  return role === 'protected-app' && sign === undefined ? [ZIP_MAGIC, SCRIPT_MAGIC] : [ZIP_MAGIC];
}

function notExecutable(cause: unknown): never {
  throw unwritable('The signing script cannot be made executable', cause);
}

/** 404 means that the Fusion Set obfuscates nothing that would need a map (appdome-api.md §3.14, verified). */
function absentOn404<T>(download: Promise<T>, io: PipelineIo): Promise<T | undefined> {
  return download.catch((error) => {
    if (!(error instanceof FusegateError) || error.code !== 'service.refused' || error.status !== 404) throw error;
    io.log('info', 'The build has no deobfuscation map.');
    return undefined;
  });
}

/** An app is not less protected because its map cannot be had: by default that is a warning. */
function orWarning<T>(download: Promise<T>, buildId: string, scope: Scope, io: PipelineIo): Promise<T | undefined> {
  return download.catch((error) => {
    if (scope.signal.aborted || !(error instanceof FusegateError)) throw error;
    const message = `The deobfuscation map could not be fetched: ${error.message.replace(/\.$/, '')}`;
    io.log('warning', message);
    const hint = `Fetch it later, from the console or with ${goOnWith(buildId)}; set deobfuscation-map to true for a run that must not do without it.`;
    io.record.addFinding({ code: 'mapping.not-fetched', level: 'warning', message, hint });
    return undefined;
  });
}

/** The progress of several transfers as one. */
class TransferCount {
  readonly #stage: Stage;
  readonly #transfers = new Map<FileRole, { done: number; total: number | undefined }>();

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  update(role: FileRole, done: number, total: number | undefined): void {
    this.#transfers.set(role, { done, total });
    let bytes = 0;
    let totalBytes: number | undefined = 0;
    for (const transfer of this.#transfers.values()) {
      bytes += transfer.done;
      totalBytes = totalBytes === undefined || transfer.total === undefined ? undefined : totalBytes + transfer.total;
    }
    this.#stage.report('bytes', { bytes, detail: role, ...defined({ totalBytes }) });
  }
}
