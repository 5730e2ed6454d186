/** Tells without reading it whether a file is still the same one, and whether anyone has written to it. */
import { lstat } from 'node:fs/promises';

export interface FileIdentity {
  dev: bigint;
  ino: bigint;
  size: bigint;
  mtimeNs: bigint;
  /** Changes with the name, too. */
  ctimeNs: bigint;
}

/** @returns undefined for anything but a regular file, and where the file system gives files no number */
export async function identityOf(file: string): Promise<FileIdentity | undefined> {
  const info = await lstat(file, { bigint: true }).catch(() => undefined);
  if (!info?.isFile() || info.ino === 0n) return undefined;
  const { dev, ino, size, mtimeNs, ctimeNs } = info;
  return { dev, ino, size, mtimeNs, ctimeNs };
}

/** @param renamed the file got another name in between */
export function isUntouched(
  before: FileIdentity | undefined,
  after: FileIdentity | undefined,
  { renamed }: { renamed: boolean },
): before is FileIdentity {
  if (before === undefined || after === undefined) return false;
  const same = (['dev', 'ino', 'size', 'mtimeNs'] as const).every((key) => before[key] === after[key]);
  return same && (renamed || before.ctimeNs === after.ctimeNs);
}
