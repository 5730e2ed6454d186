/** Files for the steps that come after: the deploy folder, and the test reports (docs.bitrise.io, "Exporting to Test Reports"). */
import { constants } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { PublishedFiles } from '@fusegate/shared/adapter/published-files';

/**
 * Several runs of the step may share a deploy folder, so reports get the app's name in front; the app keeps its own.
 * @returns where each file was put
 * @throws Error of the file system
 */
export async function deployFiles(
  { app, reports, certificate }: PublishedFiles,
  label: string,
  deployDir: string,
): Promise<Map<string, string>> {
  const placed = new Map<string, string>();
  await mkdir(deployDir, { recursive: true });
  for (const from of [...app, ...reports, ...certificate]) {
    const name = path.basename(from);
    const to = path.join(deployDir, app.includes(from) ? name : `${label}-${name}`);
    if (path.resolve(from) !== path.resolve(to)) {
      // A copy on write where the disk can: an app may be large.
      await copyFile(from, to, constants.COPYFILE_FICLONE);
    }
    placed.set(from, to);
  }
  return placed;
}

/** `<dir>/<label>/fusegate-junit.xml` beside `test-info.json`, which names the run on the Tests page. */
export async function exportTestResults(junit: string, label: string, testResultDir: string): Promise<void> {
  const dir = path.join(testResultDir, `fusegate-${label}`);
  await mkdir(dir, { recursive: true });
  await copyFile(junit, path.join(dir, path.basename(junit)));
  await writeFile(path.join(dir, 'test-info.json'), `${JSON.stringify({ 'test-name': `Fusegate ${label}` })}\n`);
}
