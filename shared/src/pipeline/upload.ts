/** From a file on disk to an app at the service. */

import { answerWasLost } from '../api/failure.ts';
import type { UploadLink } from '../api/uploads.ts';
import { hashFile } from '../files/hash-file.ts';
import { sleep } from '../model/clock.ts';
import { defined } from '../model/defined.ts';
import { FusegateError } from '../model/errors.ts';
import type { AppInput, Limits } from '../model/run-request.ts';
import type { PipelineIo } from './pipeline-io.ts';
import { pollUntilDone, type TaskFailure } from './poll.ts';
import type { PollPace } from './poll-pace.ts';
import { inParallel, type Scope } from './scope.ts';
import { countingBytes, type Stage, type StageSpec } from './stages.ts';
import { hashing } from './trace-recorder.ts';

/** A presigned link lives 30 minutes (appdome-api.md §3.1, documented). An older one is not tried at all. */
const LINK_LIFE_MS = 30 * 60_000;

/** A smaller app is read for its checksum in a tenth of a second, before any of it is sent. */
const EARLY_BYTES = 64 * 1024 * 1024;

const UNKNOWN = { known: false } as const;

/** How often a registration is sent whose answer is lost every time. */
const MAX_REGISTRATIONS = 5;
/** The pauses between questions after a lost answer: the service may still be at work on it. */
const REGISTERING_MS = [1_000, 2_000, 4_000, 8_000, 15_000];

export interface UploadedApp {
  appId: string;
  /** Lower-case hex of the file. */
  sha256: string;
  /** The team had it already. */
  known?: true;
}

interface TimedLink {
  link: UploadLink;
  /** Monotonic milliseconds. */
  at: number;
}

export interface UploadOptions {
  /** Ask by checksum whether the team has the app already: before it is sent, or of a large app, meanwhile. */
  reuse: boolean;
  /** Of the file, where it has been read already. */
  knownSha256: string | undefined;
  /** Deadline of each stage. */
  ms: number;
}

/**
 * Uploads the app, or finds that the team has it already.
 * @throws FusegateError upload.changed, service.refused, timeout.upload, auth.*, api.*, network.*
 */
export async function uploadApp(
  app: AppInput,
  { reuse, knownSha256, ms }: UploadOptions,
  io: PipelineIo,
  scope: Scope,
): Promise<UploadedApp> {
  const deadline = { ms, code: 'timeout.upload' } as const;
  const uploading = (body: (stage: Stage) => Promise<UploadedApp>) =>
    io.stages.run(io, scope, { name: 'upload', file: app, deadline }, body);
  if (!reuse) return uploading((stage) => transfer(app, io, stage, undefined, knownSha256));
  if (knownSha256 === undefined && app.size >= EARLY_BYTES)
    return uploading((stage) => transferUnlessKnown(app, io, stage));
  const spec = { name: 'checksum', file: app, deadline } as const;
  const { known, link, sha256 } = await io.stages.run(io, scope, spec, (stage) => lookUp(app, io, stage, knownSha256));
  return known ?? uploading((stage) => transfer(app, io, stage, link, sha256));
}

/** Waits until the service has analysed an uploaded app. `begun`: the upload was that of an earlier run. */
export async function awaitAnalysis(
  { appId, begun }: { appId: string; begun: boolean },
  limits: PollPace & Pick<Limits, 'analysis'>,
  io: PipelineIo,
  scope: Scope,
): Promise<void> {
  const spec: StageSpec = { name: 'analysis', deadline: { ms: limits.analysis, code: 'timeout.analysis' } };
  const failed: TaskFailure = {
    code: 'service.analysis-failed',
    what: 'The service could not take the app',
    hint: 'Check that the app installs on a device and is not already protected, then run again.',
  };
  await io.stages.run(io, scope, spec, (stage) =>
    pollUntilDone({ io, stage, limits, failed, begun, ask: () => io.client.uploadStatus(appId, stage) }),
  );
}

interface LookedUp {
  sha256: string;
  known?: UploadedApp;
  link?: TimedLink;
}

/** Asks by checksum; meanwhile it gets an upload link, which is needed in most cases. */
async function lookUp(app: AppInput, io: PipelineIo, stage: Stage, knownSha256: string | undefined): Promise<LookedUp> {
  // Optional: the upload asks for a link itself.
  const linkPromise = freshLink(io, { ...stage, patience: 'seconds' }).catch(() => undefined);
  const { onBytes } = countingBytes(stage, app);
  const found = await askByChecksum(app, io, stage, { knownSha256, onBytes });
  const link = await linkPromise;
  return { ...found, ...defined({ link }) };
}

/** Reads the file once, and asks whether the team has it. */
async function askByChecksum(
  app: AppInput,
  io: PipelineIo,
  stage: Stage,
  { knownSha256, onBytes }: { knownSha256?: string | undefined; onBytes?: Stage['onBytes'] } = {},
): Promise<Pick<LookedUp, 'sha256' | 'known'>> {
  const sha256 =
    knownSha256 ??
    (await stage.during(hashing(app), () => hashFile(app.path, stage.signal, (bytes) => onBytes?.(bytes, app.size))));
  // The answer is not needed: an upload does the same job.
  const answer = await io.client.checkByChecksum(sha256, { ...stage, patience: 'seconds' }).catch((error) => {
    if (stage.signal.aborted) throw error;
    // Older servers answer 404 (appdome-api.md §3.3).
    const why = error instanceof FusegateError ? error.message : String(error);
    io.log('debug', `The checksum lookup failed, so the app is uploaded. ${why}`);
    return UNKNOWN;
  });
  if (!answer.known) return { sha256 };
  io.log('info', 'The service already has this exact app, so no upload is needed.');
  return { sha256, known: { appId: answer.appId, sha256, known: true } };
}

/**
 * Sends the app while it is read for its checksum. If the team already has it, the upload is stopped and nothing is registered. A file in the
 * storage becomes an app only when it is registered.
 */
async function transferUnlessKnown(app: AppInput, io: PipelineIo, stage: Stage): Promise<UploadedApp> {
  let known: UploadedApp | undefined;
  try {
    const [expected, sent] = await inParallel(stage.scope, [
      async (scope) => {
        const found = await askByChecksum(app, io, stage.within(scope));
        known = found.known;
        if (known !== undefined) throw notNeeded();
        return found.sha256;
      },
      // A storage that refuses the app does not matter while the team may have it; an app that changes does.
      (scope) =>
        send(app, io, stage.within(scope), undefined).then(
          (whole) => () => whole,
          (error) => {
            if (error instanceof FusegateError && error.code === 'upload.changed') throw error;
            return () => {
              throw error;
            };
          },
        ),
    ]);
    return await registered(app, sent(), expected, io, stage);
  } catch (error) {
    if (known !== undefined) return known;
    throw error;
  }
}

/** Ends the upload; nobody sees it. */
const notNeeded = () =>
  new FusegateError('run.cancelled', 'The upload was stopped.', { hint: 'Nothing to do: the service has the app.' });

async function freshLink(io: PipelineIo, stage: Stage): Promise<TimedLink> {
  return { at: io.deps.clock.monotonic(), link: await io.client.uploadLink(stage) };
}

interface SentApp {
  link: UploadLink;
  sha256: string;
}

async function transfer(
  app: AppInput,
  io: PipelineIo,
  stage: Stage,
  early: TimedLink | undefined,
  expectedSha256: string | undefined,
): Promise<UploadedApp> {
  return registered(app, await send(app, io, stage, early), expectedSha256, io, stage);
}

async function send(app: AppInput, io: PipelineIo, stage: Stage, early: TimedLink | undefined): Promise<SentApp> {
  const isYoung = early !== undefined && io.deps.clock.monotonic() - early.at < LINK_LIFE_MS;
  let { link } = isYoung ? early : await freshLink(io, stage);
  const put = () => io.client.putFile(link, app, countingBytes(stage, app));
  try {
    return { link, sha256: await put() };
  } catch (error) {
    // Storage answers 403 to a link that is too old (inferred). Once: a second new link would be refused for another reason.
    if (!(error instanceof FusegateError) || error.status !== 403) throw error;
    io.log('notice', 'The upload link was refused; asking for a new one.');
    ({ link } = await freshLink(io, stage));
    return { link, sha256: await put() };
  }
}

async function registered(
  app: AppInput,
  { link, sha256 }: SentApp,
  expectedSha256: string | undefined,
  io: PipelineIo,
  stage: Stage,
): Promise<UploadedApp> {
  if (expectedSha256 !== undefined && sha256 !== expectedSha256) {
    throw new FusegateError('upload.changed', `The app ${app.name} changed while it was being uploaded.`, {
      hint: 'Make sure that the step that builds the app ends before this one starts, then run again.',
    });
  }
  return { appId: await register(app, link, sha256, io, stage), sha256 };
}

/**
 * Registers the file. When the answer is lost, the checksum shows whether it arrived. Where the service still does not know the app after
 * half a minute, the registration did not arrive, and is sent again: the file is in the storage already.
 */
async function register(
  app: AppInput,
  link: UploadLink,
  sha256: string,
  io: PipelineIo,
  stage: Stage,
): Promise<string> {
  const upload = { fileId: link.fileId, fileName: app.name };
  for (let sent = 1; ; sent += 1) {
    try {
      return await io.client.uploadUsingLink(upload, stage);
    } catch (error) {
      if (stage.signal.aborted || !answerWasLost(error)) throw error;
      io.log('notice', 'The answer to the registration of the app was lost; asking by checksum whether it is there.');
      const appId = await appOfChecksum(sha256, error, io, stage);
      if (appId !== undefined) return appId;
      if (sent >= MAX_REGISTRATIONS) throw error;
      io.log('notice', 'The service does not have the app; registering it again.');
    }
  }
}

/** @throws the error of the registration when the service cannot be asked */
async function appOfChecksum(sha256: string, lost: unknown, io: PipelineIo, stage: Stage): Promise<string | undefined> {
  for (const pause of REGISTERING_MS) {
    const answer = await io.client.checkByChecksum(sha256, stage).catch((error) => {
      throw stage.signal.aborted ? error : lost;
    });
    if (answer.known) return answer.appId;
    await stage.during({ category: 'wait', name: 'for the registration' }, () =>
      sleep(io.deps.retryClock, pause, stage.signal),
    );
  }
  return undefined;
}
