/** Appdome Test: a test run of a build. Known from Appdome's own test suite, not from a released client. */
import type { CallContext } from './call.ts';
import { postTask } from './task-request.ts';
import type { Transport } from './transport.ts';

/**
 * Starts a test of a build. Builds of build-to-test are not eligible.
 * @returns the id of a new task, different from the build's: ask `taskStatus` for its state
 * @throws FusegateError service.refused, auth.*, api.*, network.*; see `answerWasLost`: a test may be running
 * @see appdome-api.md §3.13, from Appdome's tests
 */
export function appdomeTest(transport: Transport, buildId: string, context: CallContext): Promise<string> {
  return postTask(transport, 'appdomeTest', [{ name: 'parent_task_id', value: buildId }], context);
}
