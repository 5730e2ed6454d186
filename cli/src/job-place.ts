/** What a job leaves with its CI system outside the log: files and folders that the system names, and the system's own program. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, constants, copyFileSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Annotation, Environment, OutputName } from '@fusegate/shared/model/host';
import type { JobLog } from '@fusegate/shared/options/job-log';

/** @returns its exit code; undefined if the program is not installed */
export type RunProgram = (program: string, args: readonly string[], input: string) => number | undefined;

export interface JobAround {
  log: JobLog;
  environment: Environment;
  cwd: string;
  /** Milliseconds since the epoch. */
  now: () => number;
  run: RunProgram;
}

/** A program that has no answer must not hold a job up for ever. */
const LONGEST_RUN = 60_000;

export const runProgram: RunProgram = (program, args, input) => {
  const { error, status } = spawnSync(program, [...args], {
    input,
    stdio: ['pipe', 'ignore', 'ignore'],
    timeout: LONGEST_RUN,
    windowsHide: true,
  });
  return (error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT' ? undefined : (status ?? 1);
};

/**
 * The last lock: texts come harmless from `guardHost`, whatever the system. What still matches a pattern of the system's record is
 * broken by a blank.
 */
export function withoutCommands(text: string, commands: readonly RegExp[]): string {
  return text
    .split('\n')
    .map((line) => commands.reduce((safe, command) => broken(safe, command), line))
    .join('\n');
}

function broken(line: string, command: RegExp): string {
  const match = command.exec(line);
  if (match === null) return line;
  const cut = match.index + match[0].search(/\S/) + 1;
  return broken(`${line.slice(0, cut)} ${line.slice(cut)}`, command);
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

export class JobPlace {
  /** What could not be handed over, in words for the log. */
  readonly problems: string[] = [];
  readonly #around: JobAround;
  #secrets: string[] = [];
  #agentIsHere = true;

  constructor(around: JobAround) {
    this.#around = around;
  }

  /** Sent together, before the next line: a program per text would take seconds. */
  keepSecret(secret: string): void {
    if (this.#around.log.agent?.mask) this.#secrets.push(secret);
  }

  sendSecrets(): void {
    const mask = this.#around.log.agent?.mask;
    if (mask === undefined || this.#secrets.length === 0) return;
    const secrets = JSON.stringify(Object.fromEntries(this.#secrets.entries()));
    this.#secrets = [];
    this.#runAgent(mask, secrets);
  }

  setOutput(name: OutputName, value: string): void {
    const { places, agent } = this.#around.log;
    const file = places?.outputs && this.#named(places.outputs.variable);
    if (places?.outputs && file) {
      this.#attempt(`The outputs could not be written to ${places.outputs.variable}`, () =>
        appendFileSync(file, `${places.outputs?.line(name, value)}\n`),
      );
    }
    // Nothing is left over there of another run, so an output that is empty needs no value.
    if (agent?.output && value !== '') this.#runAgent(agent.output(name), value);
  }

  addSummary(markdown: string): void {
    const { places, agent } = this.#around.log;
    const file = places?.summary && this.#named(places.summary.variable);
    const text = `${markdown}\n`;
    if (places?.summary && file) {
      const before = existsSync(file) ? statSync(file).size : 0;
      if (before + Buffer.byteLength(text) <= places.summary.bytes) {
        this.#attempt(`The summary could not be written to ${places.summary.variable}`, () =>
          appendFileSync(file, text),
        );
      }
    }
    if (agent?.summary) this.#runAgent(agent.summary, text);
  }

  copyTestResults(file: string, label: string): void {
    const folder = this.#around.log.places?.testResults?.(this.#around.environment);
    if (folder) this.#copy(file, path.join(folder, `${label}-${path.basename(file)}`));
  }

  /** @returns the file, where the system has such a report */
  writeAnnotations(folder: string, annotations: readonly Annotation[]): string | undefined {
    const report = this.#around.log.places?.annotations;
    if (report === undefined) return undefined;
    const file = path.join(folder, report.name);
    this.#attempt(`${report.name} could not be written`, () => writeFileSync(file, report.render(annotations, sha256)));
    return file;
  }

  /** Several runs of a job may share a folder, so reports get the app's name in front; the app keeps its own. */
  keepArtifacts({ app, named }: { app: readonly string[]; named: readonly string[] }, label: string): void {
    const { places, agent } = this.#around.log;
    const folder = places?.artifacts && this.#named(places.artifacts);
    if (folder) {
      for (const file of app) this.#copy(file, path.join(folder, path.basename(file)));
      for (const file of named) this.#copy(file, path.join(folder, `${label}-${path.basename(file)}`));
    }
    if (agent?.artifact) for (const file of [...app, ...named]) this.#runAgent(agent.artifact(file), '');
  }

  #named(variable: string): string | undefined {
    return this.#around.environment[variable] || undefined;
  }

  #copy(from: string, to: string): void {
    if (path.resolve(from) === path.resolve(to)) return;
    this.#attempt(`${path.basename(from)} could not be copied to ${path.dirname(to)}`, () => {
      mkdirSync(path.dirname(to), { recursive: true });
      // A copy on write where the disk can: an app may be large.
      copyFileSync(from, to, constants.COPYFILE_FICLONE);
    });
  }

  /** Once, for one kind of thing: a disk that is full would say it for every output. */
  #attempt(what: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      const problem = `${what} (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}).`;
      if (!this.problems.includes(problem)) this.problems.push(problem);
    }
  }

  /** A job without the program, as in a container, goes on without what it would have shown. */
  #runAgent(args: readonly string[], input: string): void {
    const { log, run } = this.#around;
    if (log.agent === undefined || !this.#agentIsHere) return;
    if (run(log.agent.program, args, input) === undefined) this.#agentIsHere = false;
  }
}
