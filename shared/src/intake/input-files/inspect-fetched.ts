/** Looks at the files that were fetched or decoded when the job began, by the rules that hold for files which were there before. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { firstBytes } from '../../files/file-on-disk.ts';
import { defined } from '../../model/defined.ts';
import type { UsageProblem } from '../../model/errors.ts';
import type { RunRequest, SignRequest } from '../../model/run-request.ts';
import type { FetchedFiles } from '../../pipeline/fetch-inputs.ts';
import type { StepIo } from '../../pipeline/pipeline-io.ts';
import { fusedAlready, wrongContent } from '../inspect-app-content.ts';
import { parseTrustedFingerprints } from '../trusted-fingerprints.ts';
import { type FileOptionId, judgeContent, sentenceOfUnchecked } from './content-rules.ts';
import { CONTENT_BYTES } from './known-content.ts';
import { expandPinnedCertificates, PINNING } from './pinned-certificates.ts';
import { refusedInputs } from './refused-inputs.ts';

/**
 * Completes the request with what is known once the files are there.
 * @throws FusegateError usage.invalid
 */
export async function inspectFetched(
  request: RunRequest,
  { sizes, folder, signal }: FetchedFiles,
  io: Pick<StepIo, 'log' | 'deps'>,
): Promise<RunRequest> {
  const { pendingFiles = [], app, buildFiles } = request;
  const size = app && sizes.get(app.path);
  let fused: string | undefined;
  if (app !== undefined && size !== undefined) {
    const wrong = await wrongContent(app.path, app.kind);
    const option = pendingFiles.find((file) => file.path === app.path)?.option ?? 'app';
    if (wrong !== undefined) throw refusedInputs([{ option, value: app.url ?? app.name, ...wrong }]);
    fused = await fusedAlready(app.path, app.name);
    if (fused !== undefined) io.log('warning', fused);
  }
  const notChecked = await judgeFetched(request, sizes);
  const {
    sign,
    notChecked: credentials = [],
    doubts = [],
  } = request.sign === undefined ? {} : await readySigning(request.sign, request, sizes, { io, signal });
  notChecked.push(...credentials);
  for (const each of [...notChecked, ...doubts]) io.log('warning', each);
  const zip = buildFiles?.certPinningZip;
  const pinnedCertificates =
    zip === undefined
      ? undefined
      : await expandPinnedCertificates(zip, path.join(folder, 'pinned'), request.optionNames?.[PINNING]);
  return {
    ...request,
    ...(app === undefined || size === undefined ? {} : { app: { ...app, size } }),
    ...defined({ sign, fusedAlready: fused, buildFiles: pinnedCertificates && { ...buildFiles, pinnedCertificates } }),
    ...(notChecked.length > 0 ? { notChecked: [...(request.notChecked ?? []), ...notChecked] } : {}),
    ...(doubts.length > 0 ? { doubts: [...(request.doubts ?? []), ...doubts] } : {}),
  };
}

type FileRequest = Pick<RunRequest, 'sign' | 'buildFiles' | 'context'>;

/** The files of the request, each with the option whose rule it follows. */
function filesByOption({ sign, buildFiles, context }: FileRequest): Array<[FileOptionId, string | undefined]> {
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
async function judgeFetched(
  { pendingFiles = [], ...request }: FileRequest & Pick<RunRequest, 'pendingFiles'>,
  made: ReadonlyMap<string, number>,
): Promise<string[]> {
  const problems: UsageProblem[] = [];
  const notChecked: string[] = [];
  for (const [id, path] of filesByOption(request)) {
    const file = pendingFiles.find((each) => each.path === path);
    const size = path === undefined ? undefined : made.get(path);
    if (path === undefined || file === undefined || size === undefined || !('url' in file.source)) continue;
    const judged = judgeContent(id, await firstBytes(path, CONTENT_BYTES), size);
    if (judged.problem) problems.push({ option: file.option, value: file.source.shown, ...judged.problem });
    if (judged.notChecked) notChecked.push(sentenceOfUnchecked(`The file of ${file.option}`, judged.notChecked));
  }
  if (problems.length > 0) throw refusedInputs(problems);
  return notChecked;
}

/** What could not be looked at while the options were read: credentials and lists that were not there yet. */
async function readySigning(
  sign: SignRequest,
  request: Pick<RunRequest, 'app' | 'context' | 'optionNames' | 'notChecked' | 'doubts'>,
  made: ReadonlyMap<string, number>,
  { io, signal }: { io: Pick<StepIo, 'log' | 'deps'>; signal: AbortSignal },
): Promise<{ sign: SignRequest; notChecked: string[]; doubts: string[] }> {
  const { keystore, p12, provisioningProfiles = [], entitlements = [], trustedFingerprintsFile } = sign;
  const named = (option: string) => request.optionNames?.[option] ?? option;
  const credentials = [keystore, p12, ...provisioningProfiles, ...entitlements];
  let notChecked: string[] = [];
  let doubts: string[] = [];
  // The profiles are for the app, so they are looked at again once it is there.
  const apps = provisioningProfiles.length > 0 ? [request.app?.path] : [];
  if ([...apps, ...credentials].some((file) => file !== undefined && made.has(file))) {
    const { checkCredentials } = await import('../../credentials/credentials.ts');
    const found = await checkCredentials(sign, request, io.deps.clock.now(), signal);
    if (found.problems.length > 0) {
      throw refusedInputs(found.problems.map((each) => ({ ...each, option: named(each.option) })));
    }
    // Those that were there already have said so.
    notChecked = found.notChecked.filter((each) => !request.notChecked?.includes(each));
    doubts = found.warnings.filter((each) => !request.doubts?.includes(each));
  }
  if (trustedFingerprintsFile === undefined) return { sign, notChecked, doubts };
  const parsed = parseTrustedFingerprints(await readFile(trustedFingerprintsFile, 'utf8'));
  if (!parsed.ok) {
    const { message, allowed } = parsed;
    throw refusedInputs([{ option: named('signing-fingerprint-list'), message, allowed }]);
  }
  const { trustedFingerprintsFile: _read, ...signing } = sign;
  return { sign: { ...signing, trustedFingerprints: parsed.value }, notChecked, doubts };
}
