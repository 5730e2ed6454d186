/** What the processes use that a process has started, which neither it nor we are told. From /proc, so on Linux only. */
import { readFileSync } from 'node:fs';

const SAMPLE_MS = 40;
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

/** @param {number} pid @param {string} name @returns {number} MiB */
function memoryOf(pid, name) {
  return Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(text(`/proc/${pid}/status`))?.[1] ?? 0) / 1024;
}

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
  const look = () => {
    let now = memoryOf(pid, 'VmRSS');
    for (const child of childrenOf(pid)) {
      const rssMiB = memoryOf(child, 'VmHWM');
      const cpuSeconds = cpuSecondsIn(text(`/proc/${child}/stat`));
      now += memoryOf(child, 'VmRSS');
      const before = children.get(child);
      children.set(child, {
        rssMiB: Math.max(before?.rssMiB ?? 0, rssMiB),
        cpuSeconds: Math.max(before?.cpuSeconds ?? 0, cpuSeconds),
      });
    }
    togetherMiB = Math.max(togetherMiB, now);
  };
  const timer = setInterval(look, SAMPLE_MS);
  return {
    /** @returns {{ count: number, largestMiB: number, togetherMiB: number, cpuSeconds: number }} `togetherMiB`: with the process itself */
    stop() {
      clearInterval(timer);
      const all = [...children.values()];
      return {
        count: all.length,
        largestMiB: Math.max(0, ...all.map(({ rssMiB }) => rssMiB)),
        togetherMiB,
        cpuSeconds: all.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
      };
    },
  };
}
