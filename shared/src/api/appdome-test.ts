/** Appdome Test: a test run of a build. Read in Appdome's own test suite, in no released client. */
import { type CallContext, segment } from './call.ts';
import { readAnyJson } from './read-body.ts';
import { postTask } from './task-request.ts';
import type { Transport } from './transport.ts';

/**
 * Starts a test of a build. Builds of build-to-test are not eligible.
 * @returns the id of a new task, which is not the build's: ask `taskStatus` for its state
 * @throws FusegateError service.refused, auth.*, api.*, network.*; see `answerWasLost`: a test may be running
 * @see appdome-api.md §3.13, from Appdome's tests
 */
export function appdomeTest(transport: Transport, buildId: string, context: CallContext): Promise<string> {
  const parts = [
    { name: 'action', value: 'appdome_test' },
    { name: 'parent_task_id', value: buildId },
  ];
  return postTask(transport, 'appdome-test', parts, context);
}

/**
 * The result of a test.
 * @param testId what `appdomeTest` gave
 * @returns unknown shape; undefined for an empty answer
 * @throws FusegateError service.refused when the task is no test; api.unexpected (no JSON), auth.*, network.*
 * @see appdome-api.md §3.13, from Appdome's tests
 */
export function appdomeTestResult(transport: Transport, testId: string, context: CallContext): Promise<unknown> {
  const target = `tasks/${segment(testId)}/appdome-test-result`;
  return transport.send({ operation: 'appdome-test-result', target }, context, readAnyJson);
}
