import { EXIT, FusegateError } from '../model/errors.ts';

/**
 * Turns SIGINT and SIGTERM into the end of the run. CI systems send SIGINT first and SIGTERM some seconds later (7.5 s on GitHub and
 * Azure), so only the same one twice means "at once".
 */
export function abortOnSignals(): AbortSignal {
  const cancelled = new AbortController();
  const seen = new Set<NodeJS.Signals>();
  const cancel = (signal: NodeJS.Signals) => {
    if (seen.has(signal)) process.exit(EXIT.cancelled);
    seen.add(signal);
    cancelled.abort(
      new FusegateError('run.cancelled', `The run was cancelled (${signal}).`, {
        hint: 'A build that has started continues at the service; run again to pick it up.',
      }),
    );
  };
  process.on('SIGINT', cancel);
  process.on('SIGTERM', cancel);
  return cancelled.signal;
}
