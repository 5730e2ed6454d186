import { namedBuild, namedTest } from '../builds/build.ts';
import { notReady } from '../builds/ready.ts';
import type { Route } from '../http/context.ts';
import { jsonReply, Refusal } from '../http/reply.ts';
import { testWord } from '../state/timeline.ts';

/**
 * GET /tasks/{id}/appdome-test-result (appdome-api.md §3.13). The shape is unknown, ours is SYNTHETIC. A build's own id is refused, as
 * it is no test (that it is no 200 is known from the vendor's tests; 400 is inferred).
 */
export const appdomeTestResultRoute: Route = {
  method: 'GET',
  path: '/api/v1/tasks/:taskId/appdome-test-result',
  area: 'api',
  query: ['team_id'],
  handle(context) {
    const id = context.param('taskId');
    const test = namedTest(context, id);
    if (test === undefined) {
      namedBuild(context, id);
      throw new Refusal(400, 'The task is not an Appdome Test');
    }
    if (testWord(test, context.now()) !== 'completed') notReady(context, 'The test is not completed');
    const result = { test_id: test.id, build_id: test.buildId, passed: true, devices: ['Rehearsal device'] };
    return jsonReply({ ...result, synthetic_rehearsal: true });
  },
};
