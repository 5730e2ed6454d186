/** How much of an app is looked at, and for how long. */
export interface AppLimits {
  /** The largest part that is read into memory. */
  partBytes: number;
  /** All parts together, unpacked. */
  totalBytes: number;
  totalMs: number;
}

export const APP_LIMITS: AppLimits = {
  partBytes: 256 * 1024 * 1024,
  totalBytes: 4 * 1024 * 1024 * 1024,
  totalMs: 120_000,
};
