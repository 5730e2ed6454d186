/**
 * What the command line can tell a CI system while a job of it runs: one record each, beside the system's own in systems/. Data and small
 * pure functions: the host of the CLI calls them and asks no record which one it is.
 *
 * Every text that a record gets has passed through `guardHost`. The record escapes it as the system wants values escaped.
 */

import type { Annotation, Environment, OutputName } from '../model/host.ts';
import type { LogGroup } from './system.ts';

export interface JobLog {
  /**
   * How the system recognises a command in a line of the log, without ANSI escapes. No text that is not ours may ever match, on whatever
   * system it is printed; a test holds the guard against the patterns of all records.
   */
  commands: readonly RegExp[];
  /** Lines around text that is not a command, between which the system looks for none. */
  guard?: { begin: string; end: string };
  group?: LogGroup;
  /** A line that says what the job is doing now. */
  progress?(words: string): string;
  /** A line that shows a problem where the system shows problems. */
  annotation?(annotation: Annotation): string;
  /** How many errors of a step it shows; it drops the others without a word. */
  mostErrors?: number;
  /** A line that ends the job red, for systems that want more than an exit code. `part`: which one it is, where there are several. */
  failure?(message: string, exitCode: number, part?: number): string;
  /** A line after which the system hides a text in the log. */
  mask?(secret: string): string;
  /** A line that sets an output. */
  output?(name: OutputName, value: string): string;
  /** A line that adds a number to the system's charts. */
  statistic?(name: string, value: number): string;
  /** A line that hands over the JUnit file. `file`: relative to the folder of the job. */
  testResults?(file: string): string;
  /** A line that hands over the summary, a Markdown file. */
  summary?(file: string): string;
  /** A line that keeps a file as an artifact of the job; nothing where the system could misread its name. */
  artifact?(file: string): string | undefined;
  /** Files and folders that the system names in variables. */
  places?: JobPlaces;
  /** The system's own program, in jobs that have it. */
  agent?: JobAgent;
}

export interface JobPlaces {
  /** A file of variables for later steps, and a line of it. */
  outputs?: { variable: string; line(name: OutputName, value: string): string };
  /** A file of Markdown. What is larger than `bytes` with it, the system drops whole. */
  summary?: { variable: string; bytes: number };
  /** A folder whose files become artifacts. */
  artifacts?: string;
  /** The folder in which the system looks for JUnit files. */
  testResults?(environment: Environment): string | undefined;
  /** A report of all annotations, beside the result. `digest`: of a text, in hexadecimal. */
  annotations?: { name: string; render(annotations: readonly Annotation[], digest: (text: string) => string): string };
}

export interface JobAgent {
  program: string;
  /** Secrets and texts go through standard input, never through arguments. */
  mask?: readonly string[];
  output?(name: OutputName): readonly string[];
  summary?: readonly string[];
  artifact?(file: string): readonly string[];
}
