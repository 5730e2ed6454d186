/** Whether a download will fit on the disk, asked while nothing has been paid for yet. */
import { statfs } from 'node:fs/promises';
import { FusegateError } from '../model/errors.ts';
import type { RunRequest } from '../model/run-request.ts';

const MIB = 1024 * 1024;
/** Certificates, the deobfuscation map and reports. */
const BESIDE_THE_APP = 16 * MIB;

/**
 * An estimate: on the real certificates the protected app has between 0.9 and 1.2 times the bytes of the original (appdome-api.md §6.2). The
 * universal APK of an .aab holds what the .aab splits by device (inferred: up to twice).
 * @returns bytes; undefined where the app is not known here
 */
export function roomNeeded({ app, output }: Pick<RunRequest, 'app' | 'output'>): number | undefined {
  if (app === undefined) return undefined;
  const second = output.secondOutput ? 2 * app.size : 0;
  return Math.ceil(1.25 * app.size) + second + BESIDE_THE_APP;
}

/** @throws FusegateError output.unwritable. A disk that does not say how much is free is tried */
export async function ensureRoom(dir: string, bytes: number): Promise<void> {
  const disk = await statfs(dir).catch(() => undefined);
  if (disk === undefined) return;
  const free = disk.bavail * disk.bsize;
  if (free >= bytes) return;
  const mib = (count: number) => `${Math.ceil(count / MIB)} MiB`;
  const message = `The disk of ${dir} has ${mib(free)} free, and the protected app needs about ${mib(bytes)}. Nothing was sent.`;
  throw new FusegateError('output.unwritable', message, {
    hint: 'Free some space, or choose an output-dir on another disk.',
  });
}
