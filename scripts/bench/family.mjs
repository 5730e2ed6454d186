/** What the processes use that a process has started, which neither it nor we are told. From /proc, so on Linux only. */
import { readFileSync } from 'node:fs';

const SAMPLE_MS = 40;
/** How many looks there are for each that adds up the memory, which takes the kernel a millisecond. */
const LOOKS_PER_SUM = 5;
/** USER_HZ, which is the same for all builds of Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** @param {string} file */
function text(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** @param {number} pid @returns {number[]} */
function childrenOf(pid) {
  return text(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
}

/** @param {string} file @param {string} name @returns {number} MiB */
function memoryIn(file, name) {
  return Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(text(file))?.[1] ?? 0) / 1024;
}

/** With its part of what it shares with others, so that a sum counts nothing twice. @param {number} pid */
const partOf = (pid) => memoryIn(`/proc/${pid}/smaps_rollup`, 'Pss');

/** @param {string} stat the line of /proc/PID/stat @returns {number} seconds; the name in it may contain anything */
export function cpuSecondsIn(stat) {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS_PER_SECOND;
}

/**
 * Watches the children of a process until it is told to stop.
 * @param {number} pid
 */
export function watchFamily(pid) {
  /** @type {Map<number, { rssMiB: number, cpuSeconds: number }>} */
  const children = new Map();
  let togetherMiB = 0;
  let looks = 0;
  const look = () => {
    const now = childrenOf(pid);
    for (const child of now) {
      const rssMiB = memoryIn(`/proc/${child}/status`, 'VmHWM');
      const cpuSeconds = cpuSecondsIn(text(`/proc/${child}/stat`));
      const before = children.get(child);
      children.set(child, {
        rssMiB: Math.max(before?.rssMiB ?? 0, rssMiB),
        cpuSeconds: Math.max(before?.cpuSeconds ?? 0, cpuSeconds),
      });
    }
    if (looks % LOOKS_PER_SUM === 0)
      togetherMiB = Math.max(
        togetherMiB,
        [pid, ...now].reduce((sum, each) => sum + partOf(each), 0),
      );
    looks += 1;
  };
  const timer = setInterval(look, SAMPLE_MS);
  return {
    /** @returns {{ count: number, largestMiB: number, togetherMiB: number, cpuSeconds: number }} `togetherMiB`: with the process itself */
    stop() {
      clearInterval(timer);
      const all = [...children.values()];
      return {
        count: all.length,
        // What was not seen, as where there is no /proc, was not measured.
        largestMiB: Math.max(0, ...all.map(({ rssMiB }) => rssMiB)) || Number.NaN,
        togetherMiB: togetherMiB || Number.NaN,
        cpuSeconds: all.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
      };
    },
  };
}
