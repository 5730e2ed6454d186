/** The version that goes into `X-Appdome-Client`, the result and `--version`. Kept equal to package.json by a test. */
export const VERSION = '0.1.0';

/** The oldest Node that runs Fusegate. Kept equal to package.json, and to what is not TypeScript, by a test. */
export const MINIMUM_NODE = '20.20';
