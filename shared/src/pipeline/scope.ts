/** Deadlines within deadlines: the run, the stage, the download. Each knows the name of its error. */
import type { Clock } from '../model/clock.ts';
import { FusegateError, type ServiceIds } from '../model/errors.ts';
import { goOnWith } from './go-on.ts';

export interface Scope {
  /** Its reason is always a FusegateError. */
  readonly signal: AbortSignal;
  /** Milliseconds to the nearest deadline; infinite if there is none. */
  remaining(): number;
}

/**
 * The scope of a whole run: ends when the run is cancelled.
 * @param ids read when it is cancelled, for the hint
 */
export function withRootScope<T>(signal: AbortSignal, ids: ServiceIds, body: (scope: Scope) => Promise<T>): Promise<T> {
  const own = new AbortController();
  const scope = { signal: own.signal, remaining: () => Number.POSITIVE_INFINITY };
  return linked(signal, () => own.abort(cancelledError(ids)), scope, body);
}

/**
 * A scope that ends after `ms`, or with its parent.
 * @param expired the error that names this deadline; made when it fires
 */
export async function withDeadline<T>(
  parent: Scope,
  clock: Clock,
  ms: number,
  expired: () => FusegateError,
  body: (scope: Scope) => Promise<T>,
): Promise<T> {
  const own = new AbortController();
  const deadline = clock.monotonic() + ms;
  const cancelTimer = clock.setTimer(ms, () => own.abort(expired()));
  const remaining = () => Math.min(parent.remaining(), Math.max(0, deadline - clock.monotonic()));
  try {
    return await linked(parent.signal, () => own.abort(parent.signal.reason), { signal: own.signal, remaining }, body);
  } finally {
    cancelTimer();
  }
}

/**
 * Runs tasks side by side. The first failure ends the others, and this waits for them, so that each can clean up.
 * @throws the first failure; where all were ended from outside, that of the first task
 */
export function inParallel<T extends readonly unknown[]>(
  parent: Scope,
  tasks: { [K in keyof T]: (scope: Scope) => Promise<T[K]> },
): Promise<T> {
  const own = new AbortController();
  const scope = { signal: own.signal, remaining: () => parent.remaining() };
  const onAbort = () => own.abort(parent.signal.reason);
  return linked(parent.signal, onAbort, scope, async () => {
    const failures: Array<{ task: number; error: unknown }> = [];
    const run = async (task: (scope: Scope) => Promise<unknown>, index: number) => {
      try {
        return await task(scope);
      } catch (error) {
        failures.push({ task: index, error });
        own.abort(error);
        return undefined;
      }
    };
    const results = await Promise.all(tasks.map(run));
    if (parent.signal.aborted) failures.sort((a, b) => a.task - b.task);
    const [first] = failures;
    if (first !== undefined) throw first.error;
    return results as unknown as T;
  });
}

async function linked<T>(
  parent: AbortSignal,
  onAbort: () => void,
  scope: Scope,
  body: (scope: Scope) => Promise<T>,
): Promise<T> {
  if (parent.aborted) onAbort();
  else parent.addEventListener('abort', onAbort, { once: true });
  try {
    scope.signal.throwIfAborted();
    return await body(scope);
  } finally {
    parent.removeEventListener('abort', onAbort);
  }
}

function cancelledError(ids: ServiceIds): FusegateError {
  const hint =
    ids.buildId === undefined
      ? 'No build had been started. Run again to start over.'
      : `The build is still running at the service. To continue with it: ${goOnWith(ids.buildId)}.`;
  return new FusegateError('run.cancelled', 'The run was cancelled.', { ids: { ...ids }, hint });
}
