import type { AppdomeClient } from '../api/client.ts';
import type { OutputFolder } from '../files/output-folder.ts';
import type { RawCertificates } from '../model/build-outcome.ts';
import type { Deps } from '../model/deps.ts';
import type { Journal } from './journal.ts';
import type { MessageCursor } from './message-cursor.ts';
import type { RunRecorder } from './run-recorder.ts';
import type { Scope } from './scope.ts';
import type { StageIo, StageRecorder } from './stages.ts';

/**
 * What every step works with, with or without the service. The caller keeps it: ids, timings, messages and downloads are written down as
 * they come, so that they are known after an error too.
 */
export interface StepIo extends StageIo {
  deps: Deps;
  stages: StageRecorder;
  record: RunRecorder;
}

export interface ServiceIo extends StepIo {
  client: AppdomeClient;
}

export interface PipelineIo extends ServiceIo {
  /** Already prepared. */
  folder: OutputFolder;
  journal: Journal;
  /** Called once the service is signing, or before the outputs are fetched if there is nothing to sign: the certificates come soon. */
  expectCertificates?(): void;
  /** Called when both certificates have come or cannot be had, perhaps before they are written and while the app is downloaded. */
  certified?(certificates: RawCertificates): void;
}

/** What the steps of one run share. */
export interface PipelineRun<Io extends ServiceIo = PipelineIo> {
  io: Io;
  scope: Scope;
  workflow: MessageCursor;
}
