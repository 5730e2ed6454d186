import { fileURLToPath } from 'node:url';

/**
 * The environment that makes a child process wait less. Back-off, Retry-After and the pauses between two polls shrink to almost nothing;
 * stall and connect, which the same scale shrinks, are given so much time that they end after many seconds: a busy machine must not look like a dead
 * connection. A test of stalls gives a shorter one of its own.
 */
export const TEST_TIME = {
  FUSEGATE_TIME_SCALE: '0.01',
  FUSEGATE_STALL_TIMEOUT: '50m',
  FUSEGATE_CONNECT_TIMEOUT: '30m',
  FUSEGATE_POLL_MIN: '50ms',
  FUSEGATE_POLL_MAX: '200ms',
};

/** For NODE_OPTIONS: bundles are not compiled again in each process. */
export const COMPILED_ONCE = `--require=${fileURLToPath(new URL('../../setup/compiled-once.cjs', import.meta.url))}`;

/** For NODE_OPTIONS: what the process under test starts is written to the file that RECORD_CHILDREN names. */
export const RECORDER = `--require=${fileURLToPath(new URL('../../setup/record-children.cjs', import.meta.url))}`;

/** A stall after 3 s, for tests of stalls. */
export const SHORT_STALL = { FUSEGATE_STALL_TIMEOUT: '5m' };
