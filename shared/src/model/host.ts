/**
 * The port that each CI system implements. `run` talks to a system through this and nothing else.
 *
 * Every text that reaches a Host has been masked and made harmless by `guardHost` (secrets/guarded-host.ts): it holds no
 * secret, no ANSI escape and nothing that a CI system would read as a command.
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
   * `start` and `finish` come once a stage; `bytes` and `poll` often (a terminal redraws, a CI log ignores them);
   * `message` is a workflow message of the service; `heartbeat` comes at most once a minute, for systems that kill silent jobs.
   */
  kind: 'start' | 'bytes' | 'poll' | 'message' | 'heartbeat' | 'finish';
  /** Milliseconds since the stage began. */
  elapsedMs: number;
  /** Bytes so far, of the stage's transfer. */
  bytes?: number;
  totalBytes?: number;
  /** What is going on, one line: a file's name, the service's status word, its message. */
  detail?: string;
}

export interface Annotation {
  level: 'error' | 'warning' | 'notice';
  title: string;
  message: string;
  /** A file of the user's repository (policy, workflow), where the annotation points. */
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
