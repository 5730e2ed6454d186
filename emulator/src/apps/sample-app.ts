/** An app for those who have none at hand: an .apk as far as its layout goes, which no device would run. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { strToU8, zipSync } from 'fflate';

/** @returns its absolute path, below the data folder */
export async function writeSampleApp(dataDir: string): Promise<string> {
  const folder = resolve(dataDir, 'sample');
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'app.apk');
  const entries = { 'AndroidManifest.xml': strToU8('a rehearsal'), 'classes.dex': strToU8('a rehearsal') };
  await writeFile(path, zipSync(entries, { mtime: '2026-01-01T00:00:00' }), { mode: 0o600 });
  return path;
}
