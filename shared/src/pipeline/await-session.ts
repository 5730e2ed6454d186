/** The jobs of a fleet start together, so each waits until its account has a session free. */
import { nextDelay } from '../api/retry.ts';
import type { SessionLimit } from '../api/session-limit.ts';
import { sleep } from '../model/clock.ts';
import { asFusegateError, FusegateError } from '../model/errors.ts';
import type { ServiceIo } from './pipeline-io.ts';
import type { Stage } from './stages.ts';

/**
 * Waits while all sessions of the account are active, with the pauses of a request that is answered 429. The shape of the answer is
 * inferred (appdome-api.md §3.22), so whatever is not understood lets the run go on: the request that starts the build decides.
 * @throws FusegateError api.unavailable when the next question would come after the deadline; the reason of the stage's signal
 */
export async function awaitSession(io: ServiceIo, stage: Stage): Promise<void> {
  const { retryClock, random } = io.deps;
  for (let attempts = 1; ; attempts += 1) {
    const known = await askSessions(io, stage);
    // A limit of 0 would allow no build at all: more likely, there is none.
    if (known === undefined || known.limit === 0 || known.active < known.limit) return;
    const busy = `${known.active} of ${known.limit} sessions of the account are active [${io.client.origin}]`;
    const pause = nextDelay({ attempts, failure: { status: 429 }, random });
    if (pause >= stage.scope.remaining()) {
      const message = `The build was not started: ${busy} (asked ${attempts} times; the next time would be after the deadline)`;
      const hint = 'Run again later, let fewer jobs start at once, or raise build-timeout.';
      throw new FusegateError('api.unavailable', message, { hint });
    }
    io.log('notice', `${stage.stage}: ${busy}; asking again in ${(pause / 1000).toFixed(1)} s`);
    await stage.during({ category: 'wait', name: 'for a session' }, () => sleep(retryClock, pause, stage.signal));
  }
}

async function askSessions(io: ServiceIo, stage: Stage): Promise<SessionLimit | undefined> {
  try {
    return await io.client.sessionLimit({ ...stage, patience: 'seconds', log: () => {} });
  } catch (error) {
    if (stage.signal.aborted) throw error;
    io.log('debug', `${stage.stage}: how busy the account is, is not known: ${asFusegateError(error).message}`);
    return undefined;
  }
}
