/**
 * Uploads mapping files to the chosen crash reporters after a green run: a build that does not ship has no crashes to read.
 *
 * An app is not less protected because a crash reporter does not answer, so a failure here is a warning in the result and changes no
 * verdict.
 */
import { mkdir, rm } from 'node:fs/promises';
import { ownTemporary } from '../../files/own-temporary.ts';
import { ZipProblem } from '../../files/zip-members.ts';
import type { OutputFile } from '../../model/build-outcome.ts';
import type { Deps } from '../../model/deps.ts';
import { FusegateError } from '../../model/errors.ts';
import type { MappingUploads, RunRequest } from '../../model/run-request.ts';
import type { Finding } from '../../model/verdict.ts';
import { keylessTransport } from '../fetch-file.ts';
import type { StepIo } from '../pipeline-io.ts';
import { withDeadline, withRootScope } from '../scope.ts';
import { deadlineError, type Stage } from '../stages.ts';
import { uploadToCrashlytics } from './crashlytics.ts';
import { uploadToDatadog } from './datadog.ts';
import { extractMappings, type MappingFiles } from './mapping-files.ts';

type UploadRequest = Pick<RunRequest, 'mappingUploads' | 'server' | 'limits'>;

const NO_MAPPING: Finding = {
  code: 'mapping.none',
  level: 'note',
  message: 'The build has no mapping files, so none were uploaded',
  hint: 'A Fusion Set that does not obfuscate produces none.',
};

/**
 * @param map the deobfuscation ZIP, where the build has one
 * @returns what went wrong, as warnings; a note where there was nothing to upload
 * @throws FusegateError run.cancelled
 */
export async function uploadMappings(
  request: UploadRequest,
  map: OutputFile | undefined,
  io: StepIo,
): Promise<Finding[]> {
  const { datadog, firebase } = request.mappingUploads ?? {};
  if (datadog === undefined && firebase === undefined) return [];
  if (map === undefined) return [NO_MAPPING];
  const folder = ownTemporary();
  try {
    await mkdir(folder, { mode: 0o700 });
    return await withRootScope(io.deps.signal, io.record.ids, (root) =>
      io.stages.run(io, root, { name: 'mapping' }, (stage) => uploadMembers(map.path, folder, request, io, stage)),
    );
  } finally {
    await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}

/** One reporter after the other, each with its own deadline; what keeps one from its files does not keep the other. */
async function uploadMembers(
  zip: string,
  folder: string,
  request: UploadRequest,
  io: StepIo,
  stage: Stage,
): Promise<Finding[]> {
  const { limits, mappingUploads: { datadog, firebase } = {} } = request;
  const expired = () => deadlineError('timeout.upload', 'mapping', limits.upload, io.record.ids);
  const attempt = async (where: string, upload: (stage: Stage) => Promise<void>, detail = ''): Promise<Finding[]> => {
    try {
      await withDeadline(stage.scope, io.deps.clock, limits.upload, expired, (scope) => upload(stage.within(scope)));
      io.log('info', `The mapping was uploaded to ${where}${detail}.`);
      return [];
    } catch (error) {
      if (io.deps.signal.aborted) throw error;
      if (!(error instanceof MappingProblem || error instanceof FusegateError)) throw error;
      return [failed(`The mapping for ${where}`, error.message)];
    }
  };
  let files: MappingFiles;
  try {
    files = await extractMappings(zip, folder);
  } catch (error) {
    if (!(error instanceof ZipProblem)) throw error;
    return [failed('The mapping files', `the ZIP ${error.message}`)];
  }
  return [
    ...(datadog
      ? await attempt('Datadog', (inner) => toDatadog(datadog, files, folder, request, io, inner), ` (${datadog.site})`)
      : []),
    ...(firebase
      ? await attempt('Crashlytics', ({ signal }) => toCrashlytics(firebase, files, { ...io.deps, signal }))
      : []),
  ];
}

async function toDatadog(
  settings: NonNullable<MappingUploads['datadog']>,
  { mapping, datadog: metadata }: MappingFiles,
  folder: string,
  request: UploadRequest,
  io: StepIo,
  stage: Stage,
): Promise<void> {
  if (mapping === undefined) throw new MappingProblem('the build has no mapping.txt');
  if (metadata === undefined)
    throw new MappingProblem('the build has no data_dog_metadata.json with build_id, service_name and version');
  const transport = keylessTransport(request, io.deps);
  try {
    await uploadToDatadog(transport, { ...settings, metadata, mapping }, folder, stage);
  } finally {
    transport.close();
  }
}

async function toCrashlytics(
  settings: NonNullable<MappingUploads['firebase']>,
  { mapping, crashlyticsId }: MappingFiles,
  { signal, maskForeign }: Pick<Deps, 'maskForeign'> & { signal: AbortSignal },
): Promise<void> {
  if (mapping === undefined) throw new MappingProblem('the build has no mapping.txt');
  if (crashlyticsId === undefined) {
    throw new MappingProblem(
      'the build has no com_google_firebase_crashlytics_mappingfileid.xml: does the app use Crashlytics?',
    );
  }
  const end = await uploadToCrashlytics({ ...settings, mapping, crashlyticsId, maskForeign }, signal);
  if (!end.ok) throw new MappingProblem(`firebase: ${end.reason}`);
}

class MappingProblem extends Error {}

function failed(what: string, why: string): Finding {
  return {
    code: 'mapping.upload-failed',
    level: 'warning',
    message: `${what} was not uploaded: ${why}`.replace('files was', 'files were'),
    hint: 'The app is still protected. Upload private/deobfuscation.zip yourself, or crash reports for this build stay unreadable.',
  };
}
