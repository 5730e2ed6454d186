/**
 * The port that each CI system implements. `run` talks to a system through this and nothing else.
 *
 * Text that reaches a Host has passed through `guardHost` (secrets/guarded-host.ts), so it contains no secret, no ANSI escape and nothing
 * that a CI system would read as a command.
 */
import type { ExitCode, StageName } from './errors.ts';

export type LogLevel = 'debug' | 'info' | 'notice' | 'warning' | 'error';

/** The outputs, the same on every system (design: "Outputs"). */
export const OUTPUT_NAMES = [
  'app-id',
  'build-id',
  'protected-app',
  'rejected-app',
  'second-output',
  'deobfuscation-map',
  'certificate-json',
  'certificate-pdf',
  'verdict',
  'missing-features',
  'result',
  'report-html',
  'sha256',
] as const;
export type OutputName = (typeof OUTPUT_NAMES)[number];

export interface Progress {
  stage: StageName;
  /**
   * `start` and `finish` come once per stage; `bytes` and `poll` come often (a terminal redraws, a CI log ignores them); `message` is a
   * workflow message of the service; `heartbeat` comes at most once a minute, for systems that kill silent jobs.
   */
  kind: 'start' | 'bytes' | 'poll' | 'message' | 'heartbeat' | 'finish';
  /** Milliseconds since the stage began. */
  elapsedMs: number;
  /** Bytes transferred so far in this stage. */
  bytes?: number;
  totalBytes?: number;
  /** With `start` of `build`: the build exists, and nothing new is paid for. */
  attached?: true;
  /** With `finish`: the stage ended with an error. */
  failed?: true;
  /** What is going on, in one line: a file name, the service's status word or its message. */
  detail?: string;
}

export interface Annotation {
  level: 'error' | 'warning' | 'notice';
  title: string;
  message: string;
  /** The file in the user's repository (policy, workflow) that the annotation points to. */
  file?: string;
  line?: number;
}

export type ReportKind = 'junit' | 'sarif' | 'html' | 'markdown' | 'statement';

export interface Host {
  /** One line, or several joined by a new line. */
  log(level: LogLevel, text: string): void;
  progress(progress: Progress): void;
  /** Tells the system to hide this value in its log. Called before the value is first used. */
  mask(secret: string): void;
  setOutput(name: OutputName, value: string): void;
  annotate(annotation: Annotation): void;
  /** The job summary, Markdown. */
  summary(markdown: string): Promise<void>;
  /** A report file that the system may show in its own way (test results, code scanning). */
  attachReport(report: { kind: ReportKind; path: string }): Promise<void>;
  /** Ends the job red. Called last, at most once, after every output is set. */
  fail(message: string, exitCode: ExitCode): void;
}

export type Environment = Readonly<Record<string, string | undefined>>;
