/** The door to everything that reads a built app: one file beside the bundles, since only a job that has an app needs it. */
export { findListenersInApp } from './app/find-listeners.ts';
export { fusedMarks } from './app/fused-marks.ts';
