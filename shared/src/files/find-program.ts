/** Finds a program as a shell would, without running a shell. */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Environment } from '../model/host.ts';

/**
 * @returns the absolute path of the first executable file of that name on PATH. On Windows only an .exe: a .cmd needs a shell, and we pass
 * no value to a shell (nodejs.org, CVE-2024-27980)
 */
export async function findProgram(name: string, environment: Environment): Promise<string | undefined> {
  const windows = process.platform === 'win32';
  const value =
    environment[Object.keys(environment).find((key) => (windows ? key.toUpperCase() : key) === 'PATH') ?? ''];
  for (const folder of (value ?? '').split(delimiter)) {
    // A relative entry could run a file of the checked-out repository.
    if (!isAbsolute(folder)) continue;
    const file = join(folder, windows ? `${name}.exe` : name);
    try {
      if (!(await stat(file)).isFile()) continue;
      await access(file, constants.X_OK);
      return file;
    } catch {
      // Missing or not executable: try the next one.
    }
  }
  return undefined;
}
