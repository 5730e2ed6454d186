/**
 * Finds out what kind of app a file is from the names in its ZIP directory. A run that began from an id has nothing else to go by, since
 * the server's file name proves nothing.
 */
import type { AppKind } from '../model/run-request.ts';
import { memberNames, ZipProblem } from './zip-members.ts';

/**
 * @returns undefined if the file is not a known kind of app, or its directory cannot be read
 * @throws the file system's errors
 */
export async function kindOfApp(file: string): Promise<AppKind | undefined> {
  const found = new Set<string>();
  try {
    for await (const name of memberNames(file)) {
      const sign = signOf(name);
      if (sign !== undefined) found.add(sign);
    }
  } catch (error) {
    if (error instanceof ZipProblem) return undefined;
    throw error;
  }
  if (found.has('BundleConfig.pb')) return 'aab';
  if (found.has('AndroidManifest.xml')) return found.has('classes.jar') ? 'aar' : 'apk';
  if (found.has('Payload')) return 'ipa';
  return found.has('xcframework') ? 'zip' : undefined;
}

function signOf(name: string): string | undefined {
  if (name === 'BundleConfig.pb' || name === 'AndroidManifest.xml' || name === 'classes.jar') return name;
  if (/^Payload\/[^/]+\.app\//.test(name)) return 'Payload';
  return /(?:^|\/)[^/]+\.xcframework\//.test(name) ? 'xcframework' : undefined;
}
