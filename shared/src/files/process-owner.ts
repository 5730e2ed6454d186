/** Which process owns something on disk, so that what a dead one left can be told from what a live one uses. */
import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export interface ProcessOwner {
  pid: number;
  /** The machine or container. A process of another one cannot be looked up. */
  host: string;
  /** When the process began, as the system counts it: ids are used again. Empty where the system does not say (only Linux does). */
  start: string;
}

export function thisProcess(): ProcessOwner {
  return { pid: process.pid, host: thisHost(), start: lookUp(process.pid)?.start ?? '' };
}

let known: string | undefined;

/** Containers may share the name of their machine, so on Linux the namespace of the process ids belongs to it. */
function thisHost(): string {
  known ??= `${hostname().slice(0, 60)}-${createHash('sha256').update(`${hostname()} ${pidNamespace()}`).digest('hex').slice(0, 8)}`;
  return known;
}

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

/** @returns undefined where nobody can say from here */
export function isGone({ pid, host, start }: ProcessOwner): boolean | undefined {
  if (host !== thisHost()) return undefined;
  // Beyond that it would wrap round, and a negative id is a group of processes.
  if (pid < 1 || pid > 0x7f_ff_ff_ff) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Anything else, such as EPERM, is said about a process that is there.
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  const there = lookUp(pid);
  return there !== undefined && (there.ended || (start !== '' && start !== there.start));
}

/**
 * proc(5): `pid (name) state …`, where the name may hold anything; the state is the 3rd field and the start the 22nd.
 * @returns undefined where there is no /proc, and no such process
 */
function lookUp(pid: number): { ended: boolean; start: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    // Killed, and its parent has not asked for it yet.
    return { ended: fields[0] === 'Z' || fields[0] === 'X', start: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}
