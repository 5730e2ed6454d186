import type { AppdomeClient } from '../api/client.ts';
import type { WorkflowMessage } from '../api/tasks.ts';
import type { OutputFolder } from '../files/output-folder.ts';
import type { OutputFile } from '../model/build-outcome.ts';
import type { Deps } from '../model/deps.ts';
import type { Journal } from './journal.ts';
import type { Scope } from './scope.ts';
import type { StageIo, StageRecorder } from './stages.ts';
import type { WorkflowLog } from './workflow-log.ts';

/** What the pipeline works with. The caller keeps it, so that ids and timings are known after an error too. */
export interface PipelineIo extends StageIo {
  client: AppdomeClient;
  deps: Deps;
  stages: StageRecorder;
  /** Already prepared. */
  folder: OutputFolder;
  journal: Journal;
  /** Collects the service's workflow messages, where they are wanted. */
  messages?: WorkflowMessage[];
  /** Collects the files that have been downloaded to their place, so that they are known after an error too. */
  downloaded?: OutputFile[];
}

/** What the steps of one run share. */
export interface PipelineRun {
  io: PipelineIo;
  scope: Scope;
  workflow: WorkflowLog;
}
