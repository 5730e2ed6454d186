/** The door to everything that looks for listeners in a built app: one file beside the bundles, since only some jobs do that. */
export { findListenersInApp } from './app/find-listeners.ts';
