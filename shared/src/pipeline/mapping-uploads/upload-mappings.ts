/**
 * Uploads mapping files to the chosen crash reporters after a green run: a build that does not ship has no crashes to read.
 *
 * An app is not less protected because a crash reporter does not answer, so a failure here is a warning in the result and changes no
 * verdict.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ArchiveProblem } from '../../files/archive-members.ts';
import type { OutputFile } from '../../model/build-outcome.ts';
import { FusegateError } from '../../model/errors.ts';
import type { RunRequest } from '../../model/run-request.ts';
import type { Finding } from '../../model/verdict.ts';
import { keylessTransport } from '../input-files/fetch-file.ts';
import type { PipelineIo } from '../pipeline-io.ts';
import { type Scope, withDeadline, withRootScope } from '../scope.ts';
import { deadlineError, type Stage } from '../stages.ts';
import { uploadToCrashlytics } from './crashlytics.ts';
import { uploadToDatadog } from './datadog.ts';
import { extractMappings, type MappingFiles } from './mapping-files.ts';

type UploadIo = Pick<PipelineIo, 'deps' | 'log' | 'progress' | 'ids' | 'stages'>;

/**
 * @param map the deobfuscation archive, where the build has one
 * @returns what went wrong, as warnings; a note where there was nothing to upload
 * @throws FusegateError run.cancelled
 */
export async function uploadMappings(
  request: Pick<RunRequest, 'mappingUploads' | 'server' | 'limits'>,
  map: OutputFile | undefined,
  io: UploadIo,
): Promise<Finding[]> {
  const { mappingUploads = {}, limits } = request;
  const { datadog, firebase } = mappingUploads;
  if (datadog === undefined && firebase === undefined) return [];
  if (map === undefined) {
    return [
      {
        code: 'mapping.none',
        level: 'note',
        message: 'The build has no mapping files, so none were uploaded',
        hint: 'A Fusion Set that does not obfuscate produces none.',
      },
    ];
  }
  const { clock, signal } = io.deps;
  const folder = await mkdtemp(path.join(tmpdir(), 'fusegate-mapping-'));
  try {
    return await withRootScope(signal, io.ids, (root) =>
      io.stages.run(io, root, { name: 'mapping' }, async (stage) => {
        const expired = () => deadlineError('timeout.upload', 'mapping', limits.upload, io.ids);
        const within = <T>(body: (scope: Scope) => Promise<T>) =>
          withDeadline(stage.scope, clock, limits.upload, expired, body);
        let files: MappingFiles;
        try {
          files = await extractMappings(map.path, folder);
        } catch (error) {
          if (!(error instanceof ArchiveProblem)) throw error;
          return [failed('The mapping files', `the archive ${error.message}`)];
        }
        return [
          ...(datadog === undefined
            ? []
            : await attempt('Datadog', () => within((scope) => toDatadog(stage.within(scope), files)), signal)),
          ...(firebase === undefined
            ? []
            : await attempt('Crashlytics', () => within((scope) => toCrashlytics(stage.within(scope), files)), signal)),
        ];
      }),
    );
  } finally {
    await rm(folder, { recursive: true, force: true }).catch(() => {});
  }

  async function toDatadog(stage: Stage, { mapping, datadog: metadata }: MappingFiles): Promise<void> {
    if (datadog === undefined) return;
    if (mapping === undefined) throw new MappingProblem('the build has no mapping.txt');
    if (metadata === undefined)
      throw new MappingProblem('the build has no data_dog_metadata.json with build_id, service_name and version');
    const transport = keylessTransport(request, io.deps);
    try {
      await uploadToDatadog(transport, { ...datadog, metadata, mapping }, folder, stage);
      io.log('info', `The mapping was uploaded to Datadog (${datadog.site}).`);
    } finally {
      transport.close();
    }
  }

  async function toCrashlytics(stage: Stage, { mapping, crashlyticsId }: MappingFiles): Promise<void> {
    if (firebase === undefined) return;
    if (mapping === undefined) throw new MappingProblem('the build has no mapping.txt');
    if (crashlyticsId === undefined) {
      throw new MappingProblem(
        'the build has no com_google_firebase_crashlytics_mappingfileid.xml: does the app use Crashlytics?',
      );
    }
    const end = await uploadToCrashlytics({ ...firebase, mapping, crashlyticsId }, stage.signal);
    if (!end.ok) throw new MappingProblem(`firebase: ${end.reason}`);
    io.log('info', 'The mapping was uploaded to Crashlytics.');
  }
}

/** What keeps one upload from being done. */
class MappingProblem extends Error {}

async function attempt(where: string, upload: () => Promise<void>, signal: AbortSignal): Promise<Finding[]> {
  try {
    await upload();
    return [];
  } catch (error) {
    if (signal.aborted) throw error;
    if (error instanceof MappingProblem) return [failed(`The mapping for ${where}`, error.message)];
    if (error instanceof FusegateError) return [failed(`The mapping for ${where}`, error.message)];
    throw error;
  }
}

function failed(what: string, why: string): Finding {
  return {
    code: 'mapping.upload-failed',
    level: 'warning',
    message: `${what} was not uploaded: ${why}`.replace('files was', 'files were'),
    hint: 'The app is still protected. Upload private/deobfuscation.zip yourself, or crash reports for this build stay unreadable.',
  };
}
