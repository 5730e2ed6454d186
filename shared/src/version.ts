/** The version that goes into `X-Appdome-Client`, the result and `--version`. Kept equal to package.json by a test. */
export const VERSION = '0.1.0';
