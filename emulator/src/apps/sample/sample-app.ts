/** An app for those who have none at hand: an .apk that listens for what the built-in Fusion Sets detect. No device would run it. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { CLASSES_DEX } from './classes-dex.ts';

/** As text, which no device takes. The package is that of the code, and the one that the emulator derives from the file's name. */
const MANIFEST = '<manifest package="com.example.app"><application name=".RehearsalApp"/></manifest>';

/** @returns its absolute path, below the data folder */
export async function writeSampleApp(dataDir: string): Promise<string> {
  const folder = resolve(dataDir, 'sample');
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'app.apk');
  const entries = { 'AndroidManifest.xml': strToU8(MANIFEST), 'classes.dex': Buffer.from(CLASSES_DEX, 'base64') };
  await writeFile(path, zipSync(entries, { level: 0, mtime: '2026-01-01T00:00:00' }), { mode: 0o600 });
  return path;
}
