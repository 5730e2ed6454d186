/** Memory of a process and of those that it starts, where the system tells (Linux); 0 elsewhere. */
import { existsSync, readFileSync } from 'node:fs';

const OFTEN_MS = 10;

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

export function childrenOf(pid: number): number[] {
  return read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
}

/** In bytes. */
function memoryOf(pid: number): number {
  const own = Number(/^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
  return childrenOf(pid).reduce((sum, child) => sum + memoryOf(child), own);
}

/** @returns a function that ends the watch and gives the most that was seen, in bytes */
export function watchMemory(pid: number | undefined): () => number {
  if (pid === undefined || !existsSync('/proc/self/status')) return () => 0;
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, memoryOf(pid));
  }, OFTEN_MS);
  return () => {
    clearInterval(timer);
    return peak;
  };
}
