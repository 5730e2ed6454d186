/** What a job is doing, in words: the same on a terminal and in a stored log. */
import { defined } from '../model/defined.ts';
import type { StageName } from '../model/errors.ts';
import type { Progress } from '../model/host.ts';
import { formatAmount, formatBytes, formatRate } from '../text/progress-text.ts';

const WORDS: Record<StageName, (state: { file: string; attached: boolean }) => string> = {
  preflight: () => 'preparing the job',
  checksum: ({ file }) => `checking whether Appdome has ${file}`,
  upload: ({ file }) => `uploading ${file}`,
  analysis: () => 'waiting for the analysis of the app',
  build: ({ attached }) => (attached ? 'waiting for the build on Appdome' : 'building on Appdome'),
  context: () => 'changing the name, ids or icon of the app',
  sign: () => 'signing',
  download: () => 'downloading',
  certify: () => 'waiting for the certificate',
  gate: () => 'judging',
  validation: () => 'validating the signed app',
  mapping: () => 'uploading the deobfuscation map',
};

/** Their detail is the name of the file. */
const OF_A_FILE: ReadonlySet<StageName> = new Set<StageName>(['checksum', 'upload']);

/** Reads the app to identify it, and transfers nothing. */
const READS_ONLY: ReadonlySet<StageName> = new Set<StageName>(['checksum']);

/** The service's words for "still working" and "finished": the line says that already. */
const TOLD_ALREADY: ReadonlySet<string> = new Set(['progress', 'completed']);

/** What is known about a running stage. */
export interface StageState {
  file?: string;
  attached?: boolean;
  /** The last thing the service said. */
  note?: string;
  bytes?: number;
  totalBytes?: number;
}

/** The state after one more report. */
export function stateAfter(before: StageState | undefined, progress: Progress): StageState {
  const { stage, kind, detail, attached, bytes, totalBytes } = progress;
  const state = { ...(kind === 'start' ? {} : before), ...defined({ attached, bytes, totalBytes }) };
  if (detail === undefined || detail === '') return state;
  if (OF_A_FILE.has(stage)) return { ...state, file: detail };
  // Several files are downloaded at once, so the name of one says little. A heartbeat repeats what was reported before.
  if (stage === 'download' || kind === 'heartbeat') return state;
  return kind === 'poll' && TOLD_ALREADY.has(detail) ? state : { ...state, note: detail };
}

/** `uploading app.apk` */
export function stageWords(stage: StageName, { file = 'the app', attached = false }: StageState): string {
  return WORDS[stage]({ file, attached });
}

/** `41 of 120 MB`; empty if nothing is being transferred. */
export function amountSoFar({ bytes, totalBytes }: StageState): string {
  return bytes === undefined ? '' : formatAmount(bytes, totalBytes);
}

/** What a finished stage transferred: `120 MB at 3.1 MB/s`; empty if it transferred nothing. */
export function transferred({ stage, elapsedMs }: Progress, { bytes }: StageState): string {
  if (!bytes || READS_ONLY.has(stage)) return '';
  const rate = formatRate(bytes, elapsedMs);
  return `${formatBytes(bytes)}${rate ? ` at ${rate}` : ''}`;
}
