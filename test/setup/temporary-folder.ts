/**
 * One temporary folder for a whole test run, removed at its end: whatever a test, a child of it or a killed process leaves lies there.
 * Tests ask `os.tmpdir()`; where one gives a child its whole environment, TMPDIR is in it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** What Node's os.tmpdir() looks at, on every platform. */
const VARIABLES = ['TMPDIR', 'TMP', 'TEMP'];
/** Short: the path of a Unix socket in it may have 104 bytes on some systems. */
const PREFIX = 'fg-';

/** Called by vitest before the first worker starts, and once for each project: the second one finds the folder of the first. */
export default function setup(): (() => void) | undefined {
  if (path.basename(os.tmpdir()).startsWith(PREFIX)) return undefined;
  const before = VARIABLES.map((name) => [name, process.env[name]] as const);
  const folder = mkdtempSync(path.join(os.tmpdir(), PREFIX));
  for (const name of VARIABLES) process.env[name] = folder;
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    // A child that was killed may still be writing.
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
}
