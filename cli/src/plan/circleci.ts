import { type FleetFormat, JOINED, RESULTS, reportCommand, runCommand } from './fleet-format.ts';

const IMAGE = [{ image: 'cimg/node:24.0' }];
const EXIT_FILE = 'fusegate-exit';

/** A configuration to continue with: a job for each app, and one that joins their results however they end. */
export const CIRCLECI_FORMAT: FleetFormat = {
  id: 'circleci',
  syntax: 'yaml',
  render(plan) {
    return {
      version: 2.1,
      jobs: {
        'fusegate-app': {
          parameters: { 'fleet-app': { type: 'string' } },
          docker: IMAGE,
          steps: [
            'checkout',
            {
              run: {
                name: 'Fusegate',
                // A step that fails would keep the result from the workspace.
                command: [
                  'set +e',
                  `${runCommand(plan)} --fleet-app "<< parameters.fleet-app >>"`,
                  `echo $? > ${EXIT_FILE}`,
                ].join('\n'),
              },
            },
            { persist_to_workspace: { root: '.', paths: [RESULTS] } },
            { store_test_results: { path: 'fusegate-output' } },
            { run: { name: 'Verdict', command: `exit "$(cat ${EXIT_FILE})"` } },
          ],
        },
        'fusegate-report': {
          docker: IMAGE,
          steps: [
            'checkout',
            { attach_workspace: { at: '.' } },
            { run: { name: 'Fusegate', command: reportCommand(plan) } },
            { store_test_results: { path: JOINED } },
            { store_artifacts: { path: JOINED } },
          ],
        },
      },
      workflows: {
        fleet: {
          jobs: [
            ...plan.apps.map(({ id, fleetApp }) => ({
              'fusegate-app': { name: `protect-${id}`, 'fleet-app': fleetApp },
            })),
            { 'fusegate-report': { requires: plan.apps.map(({ id }) => ({ [`protect-${id}`]: 'terminal' })) } },
          ],
        },
      },
    };
  },
};
