/**
 * Folders for keystores and other files of one run, in the system's temporary folder. Each carries its process in its name, so that the
 * next run can remove what a killed one had no time to.
 */
import { createHash, randomUUID } from 'node:crypto';
import { lstat, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isGone, thisProcess } from './process-owner.ts';

const NAME = /^fusegate-(\d{1,10})-([0-9a-f]{8})-(\d*)-[0-9a-f-]{36}$/;

function tagOf(host: string): string {
  return createHash('sha256').update(host).digest('hex').slice(0, 8);
}

/** A name that does not exist yet. */
export function ownTemporary(parent = tmpdir()): string {
  const { pid, host, start } = thisProcess();
  return path.join(parent, `fusegate-${pid}-${tagOf(host)}-${start}-${randomUUID()}`);
}

export function isOwnTemporary(folder: string): boolean {
  return path.dirname(folder) === path.resolve(tmpdir()) && NAME.test(path.basename(folder));
}

/** Removes the folders of processes of this user on this machine that are gone. Never throws: it is not what the run is for. */
export async function sweepTemporary(parent = tmpdir()): Promise<void> {
  const { host } = thisProcess();
  for (const name of await readdir(parent).catch(() => [])) {
    const [, pid, tag, start = ''] = NAME.exec(name) ?? [];
    if (tag !== tagOf(host) || isGone({ pid: Number(pid), host, start }) !== true) continue;
    const folder = path.join(parent, name);
    const info = await lstat(folder).catch(() => undefined);
    const ours = info?.isDirectory() && (process.getuid === undefined || info.uid === process.getuid());
    if (ours) await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}
