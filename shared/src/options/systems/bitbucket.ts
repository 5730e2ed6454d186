import type { JobLog } from '../job-log.ts';
import type { System } from '../system.ts';
import { CLI } from './cli.ts';

export const BITBUCKET: System = {
  ...CLI,
  id: 'bitbucket',
  title: 'Bitbucket Pipelines',
  job: {
    sign: 'BITBUCKET_PIPELINE_UUID',
    facts: (e) => ({
      runUrl:
        e['BITBUCKET_REPO_FULL_NAME'] && e['BITBUCKET_BUILD_NUMBER']
          ? `https://bitbucket.org/${e['BITBUCKET_REPO_FULL_NAME']}/pipelines/results/${e['BITBUCKET_BUILD_NUMBER']}`
          : undefined,
      repository: e['BITBUCKET_REPO_FULL_NAME'],
      commit: e['BITBUCKET_COMMIT'],
      runId: e['BITBUCKET_PIPELINE_UUID'],
    }),
    definedIn: () => 'bitbucket-pipelines.yml',
  },
};

/**
 * support.atlassian.com, "Test reporting in Pipelines": JUnit files below a folder with this name are found by themselves. Secured variables
 * are hidden. Artifacts are named in the step.
 */
export const BITBUCKET_LOG: JobLog = {
  commands: [],
  places: {
    testResults: ({ BITBUCKET_CLONE_DIR: clone }) => clone && `${clone}/test-results`,
  },
};
