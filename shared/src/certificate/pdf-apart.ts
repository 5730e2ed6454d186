/**
 * Reads PDFs in a process of its own: a file of 1 kB can make the library use all memory, and V8 then aborts the whole process, a worker
 * thread's included. Whatever happens in there, this process goes on and the file counts as damaged.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Clock } from '../model/clock.ts';
import { notRead, PDF_LIMITS, type PdfTextReading, TOOK_TOO_LONG, WARM_UP } from './pdf-text-model.ts';

/** What to start. */
export interface ReaderProgram {
  /** For Node. */
  args: string[];
  /** The first message that it gets. */
  code?: string;
}

/** Starts Node with these arguments, connected by messages. `env`: in place of this process's own. */
export type StartNode = (args: string[], env?: Record<string, string>) => ChildProcess;

/** In MB. Below the limit of the whole process. */
const HEAP = 384;
/** An archive has a process for each core. More threads that collect garbage slow all of them by about a quarter. */
const ONE_COLLECTOR = '--single-threaded-gc';
/** Long enough for the next file of an archive. */
const IDLE_MS = 1000;
/** How long a process that was started ahead waits for its file: a signing takes a minute or two at most. */
const AHEAD_MS = 120_000;

const startNode: StartNode = (args, env) =>
  spawn(process.execPath, args, {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // The default, JSON, has no bytes.
    serialization: 'advanced',
    windowsHide: true,
    ...(env && { env }),
  });

export interface ReaderApart {
  read(bytes: Uint8Array, clock: Clock, signal?: AbortSignal): Promise<PdfTextReading>;
  /**
   * Starts a process ahead of the next file, and lets it practise. Without a file it ends by itself, and it keeps this process neither busy
   * nor alive.
   */
  prepare(clock: Clock): void;
}

/**
 * As many files at once as are asked for, up to `count`; another one waits for its turn. The process that was used last comes first, so
 * one is enough for one file after the other.
 */
export function readersApart(count: number, makeReader: () => ReaderApart): ReaderApart {
  const idle: ReaderApart[] = [];
  const waiting: Array<(reader: ReaderApart) => void> = [];
  let made = 0;
  const make = () => {
    made += 1;
    return makeReader();
  };
  const next = (): ReaderApart | Promise<ReaderApart> => {
    const reader = idle.pop();
    if (reader !== undefined) return reader;
    if (made === count) return new Promise((resolve) => waiting.push(resolve));
    return make();
  };
  return {
    async read(bytes, clock, signal) {
      const reader = await next();
      try {
        return await reader.read(bytes, clock, signal);
      } finally {
        const first = waiting.shift();
        if (first === undefined) idle.push(reader);
        else first(reader);
      }
    },
    prepare(clock) {
      if (made === 0) idle.push(make());
      idle.at(-1)?.prepare(clock);
    },
  };
}

/**
 * One file after the other. A process is used again only after a file that it could read, so a damaged file never affects the next one.
 * @param program asked for each time that a process starts
 */
export function readerApart(program: () => Promise<ReaderProgram>, start: StartNode = startNode): ReaderApart {
  let child: ChildProcess | undefined;
  let cancelIdle = () => {};
  let last: Promise<unknown> = Promise.resolve();
  let filesInHand = 0;
  /** A process that is being started before there is a file. */
  let ahead: { started: Promise<void>; giveUp(): void } | undefined;

  /** Only a file keeps this process alive, from the moment it is handed in: Node ends one that waits for nothing but a promise. */
  const hold = () => {
    for (const handle of [child, child?.channel])
      if (filesInHand > 0) handle?.ref();
      else handle?.unref();
  };

  const end = () => {
    child?.kill('SIGKILL');
    child = undefined;
  };

  /** @returns why there is none */
  const begin = async (isLate: () => boolean): Promise<string> => {
    const { args, code } = await program();
    let why = '';
    // Neither secrets nor NODE_OPTIONS; but some installations of Node need a variable of theirs to start.
    for (const env of [{}, undefined]) {
      if (isLate()) break;
      try {
        child = start([`--max-old-space-size=${HEAP}`, ONE_COLLECTOR, ...args], env);
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
      hold();
      const reply = await replyOf(child, code);
      if ('message' in reply) break;
      why = reply.end;
      end();
    }
    return why;
  };

  const read: ReaderApart['read'] = async (bytes, clock, signal) => {
    cancelIdle();
    let stopped: string | undefined;
    let reusable = false;
    const stop = (why: string) => {
      stopped ??= why;
      ahead?.giveUp();
      end();
    };
    const cancelDeadline = clock.setTimer(PDF_LIMITS.readingMs, () => stop(TOOK_TOO_LONG));
    const onAbort = () => stop(CANCELLED);
    signal?.addEventListener('abort', onAbort);
    if (signal?.aborted) onAbort();
    try {
      await ahead?.started;
      const isLate = () => stopped !== undefined;
      const why = isThere(child) || isLate() ? '' : await begin(isLate);
      if (child === undefined) return notRead('damaged', stopped ?? notStarted(why));
      const reply = await replyOf(child, bytes);
      if ('end' in reply) return notRead('damaged', stopped ?? overloaded(reply.end));
      const reading = reply.message as PdfTextReading;
      reusable = reading.ok && stopped === undefined;
      return reading;
    } finally {
      cancelDeadline();
      signal?.removeEventListener('abort', onAbort);
      if (reusable) cancelIdle = clock.setTimer(IDLE_MS, end, 'unref');
      else end();
    }
  };

  return {
    read(bytes, clock, signal) {
      filesInHand += 1;
      hold();
      const reading = last.then(() => read(bytes, clock, signal));
      last = reading.catch(() => {});
      return reading.finally(() => {
        filesInHand -= 1;
        hold();
      });
    },
    prepare(clock) {
      if (filesInHand > 0 || ahead !== undefined) return;
      cancelIdle();
      let givenUp = false;
      const giveUp = () => {
        givenUp = true;
        end();
      };
      cancelIdle = clock.setTimer(AHEAD_MS, giveUp, 'unref');
      if (isThere(child)) return;
      // What does not start now is tried again with the file, and told then.
      const started = begin(() => givenUp)
        .catch(() => {})
        .then(() => {
          ahead = undefined;
          if (filesInHand === 0 && isThere(child)) child?.send(WARM_UP, () => {});
        });
      ahead = { started, giveUp };
    },
  };
}

/** The next message of a process, or how it ended. */
type Reply = { message: unknown } | { end: string };

function replyOf(child: ChildProcess, message: string | Uint8Array | undefined): Promise<Reply> {
  return new Promise((resolve) => {
    const settle = (reply: Reply) => {
      child.off('message', onMessage).off('exit', onExit).off('error', onError);
      resolve(reply);
    };
    const onMessage = (answer: unknown) => settle({ message: answer });
    const onExit = (code: number | null, signal: string | null) => settle({ end: signal ?? `exit code ${code}` });
    const onError = (error: Error) => settle({ end: error.message });
    child.on('message', onMessage).on('exit', onExit).on('error', onError);
    // Where this fails, the process has ended, and that is reported above.
    if (message !== undefined) child.send(message, () => {});
  });
}

/** The end of a process is known before or after the end of its channel. */
function isThere(child: ChildProcess | undefined): boolean {
  return child?.connected === true && child.exitCode === null && child.signalCode === null;
}

const CANCELLED = 'The run was cancelled while the PDF was read';

const overloaded = (end: string) =>
  `The PDF is damaged: reading it ended the reader's own process (${end}). A certificate takes less than ${PDF_LIMITS.memory / 2 ** 20} MB`;

const notStarted = (why = '') =>
  `The PDF was not read: ${process.execPath} did not start again to read it (${why}). Check that the job may start processes`;
