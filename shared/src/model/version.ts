/** The version in `X-Appdome-Client`, the result and `--version`. A test keeps it equal to package.json. */
export const VERSION = '0.1.0';

/** The oldest Node that runs Fusegate. A test keeps it equal to package.json and to the files that are not TypeScript. */
export const MINIMUM_NODE = '20.20';
