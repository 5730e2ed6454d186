import type { Route } from '../http/context.ts';
import { jsonReply } from '../http/reply.ts';
import { taskWord, testWord, uploadWord, validationWord } from '../state/timeline.ts';

/** GET /__emulator/state: everything that tests assert on, with secrets masked. */
export const stateRoute: Route = {
  method: 'GET',
  path: '/__emulator/state',
  area: 'control',
  query: [],
  handle(context) {
    const { fusionSets, apps, tasks, tests, validations, violations, quirks, faults, settings } = context.state;
    const now = context.now();
    return jsonReply({
      settings,
      fusionSets,
      apps: apps.map((app) => ({ ...app, status: uploadWord(app, now) })),
      tasks: tasks.map((task) => ({
        ...task,
        fusionSetId: task.fusionSet.id,
        fusionSet: undefined,
        status: taskWord(task, now),
      })),
      tests: tests.map((test) => ({ ...test, status: testWord(test, now) })),
      validations: validations.map((validation) => ({ ...validation, status: validationWord(validation, now) })),
      violations,
      quirks,
      faults: faults.map(({ instruction, skip, remaining, met }, index) => ({
        index,
        ...instruction,
        skip,
        remaining,
        met,
      })),
      requests: context.services.log.records,
    });
  },
};
