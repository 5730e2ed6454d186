/** The version in `X-Appdome-Client`, the result and `--version`. A test keeps it equal to package.json. */
export const VERSION = '0.1.0';

/** The oldest Node that runs Fusegate. A test keeps it equal to package.json and to the files that are not TypeScript. */
export const MINIMUM_NODE = '20.20';

/** @param version of Node, without `v`. Not by localeCompare: every start would load ICU's data for it */
export function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [least = 0, leastMinor = 0] = MINIMUM_NODE.split('.').map(Number);
  return major < least || (major === least && minor < leastMinor);
}
