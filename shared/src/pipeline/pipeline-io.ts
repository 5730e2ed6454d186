import type { AppdomeClient } from '../api/client.ts';
import type { WorkflowMessage } from '../api/tasks.ts';
import type { OutputFolder } from '../files/output-folder.ts';
import type { OutputFile } from '../model/build-outcome.ts';
import type { Deps } from '../model/deps.ts';
import type { ServiceIds } from '../model/errors.ts';
import type { LogLevel, Progress } from '../model/host.ts';
import type { Journal } from './journal.ts';
import type { StageRecorder } from './stages.ts';

/** What the pipeline works with. The caller keeps it, so that ids and timings are known also after an error. */
export interface PipelineIo {
  client: AppdomeClient;
  deps: Deps;
  progress(progress: Progress): void;
  log(level: LogLevel, text: string): void;
  stages: StageRecorder;
  /** Filled in as the service gives them. */
  ids: ServiceIds;
  /** Already prepared. */
  folder: OutputFolder;
  journal: Journal;
  /** Collects the service's workflow messages, where they are wanted. */
  messages?: WorkflowMessage[];
  /** Collects what has been downloaded to its place, so that it is known also after an error. */
  downloaded?: OutputFile[];
}
