import type { Clock } from '../model/clock.ts';
import type { Progress } from '../model/host.ts';

/** CI systems kill jobs that print nothing: Travis after 10 minutes, CircleCI and Bitrise after 10 as well, others later. */
const HEARTBEAT_MS = 60_000;

export interface HeartbeatReporter {
  report(progress: Progress): void;
  stop(): void;
}

/** Passes progress on and adds a `heartbeat` once a minute for as long as a stage is running. */
export function withHeartbeat(sink: (progress: Progress) => void, clock: Clock): HeartbeatReporter {
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
    report(progress) {
      if (progress.kind === 'start') {
        cancel?.();
        startedAt = clock.monotonic();
        cancel = clock.setTimer(HEARTBEAT_MS, beat);
      }
      // A detail stands until the next one: a heartbeat should say what the service said last.
      const keepsDetail = progress.kind !== 'start' && last?.stage === progress.stage && last.detail !== undefined;
      last = keepsDetail && progress.detail === undefined ? { ...progress, detail: last?.detail ?? '' } : progress;
      sink(progress);
      if (progress.kind === 'finish') stop();
    },
    stop,
  };
}
