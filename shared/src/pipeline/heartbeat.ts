import type { Clock } from '../model/clock.ts';
import type { Progress } from '../model/host.ts';

/** CI systems kill silent jobs: Travis, CircleCI and Bitrise after 10 minutes, others later. */
const HEARTBEAT_MS = 60_000;

/** Passes progress on, and adds a `heartbeat` once a minute while a stage is running. */
export function withHeartbeat(sink: (progress: Progress) => void, clock: Clock) {
  let last: Progress | undefined;
  let startedAt = 0;
  let cancel: (() => void) | undefined;

  const beat = () => {
    if (!last) return;
    sink({ ...last, kind: 'heartbeat', elapsedMs: clock.monotonic() - startedAt });
    cancel = clock.setTimer(HEARTBEAT_MS, beat);
  };
  const stop = () => {
    cancel?.();
    cancel = undefined;
    last = undefined;
  };

  return {
    report(progress: Progress): void {
      if (progress.kind === 'start') {
        cancel?.();
        startedAt = clock.monotonic();
        cancel = clock.setTimer(HEARTBEAT_MS, beat);
      }
      // A detail stays until the next one: a heartbeat should repeat the last words of the service.
      const keepsDetail = progress.kind !== 'start' && last?.stage === progress.stage && last.detail !== undefined;
      last = keepsDetail && progress.detail === undefined ? { ...progress, detail: last?.detail ?? '' } : progress;
      sink(progress);
      if (progress.kind === 'finish') stop();
    },
    stop,
  };
}
