import { shellWord } from '../../text/shell-word.ts';
import type { JobLog } from '../job-log.ts';
import type { System } from '../system.ts';
import { CLI } from './cli.ts';

export const CIRCLECI: System = {
  ...CLI,
  id: 'circleci',
  title: 'CircleCI',
  job: {
    sign: 'CIRCLECI',
    facts: (e) => ({
      runUrl: e['CIRCLE_BUILD_URL'],
      repository:
        e['CIRCLE_PROJECT_USERNAME'] && e['CIRCLE_PROJECT_REPONAME']
          ? `${e['CIRCLE_PROJECT_USERNAME']}/${e['CIRCLE_PROJECT_REPONAME']}`
          : undefined,
      commit: e['CIRCLE_SHA1'],
      actor: e['CIRCLE_USERNAME'],
      runId: e['CIRCLE_WORKFLOW_ID'],
    }),
    definedIn: () => '.circleci/config.yml',
    secretsWithheld: (e) =>
      e['CIRCLECI'] && e['CIRCLE_PR_USERNAME'] ? 'CircleCI withholds secrets from pull requests of forks' : undefined,
  },
};

/**
 * circleci.com/docs, "Introduction to environment variables": BASH_ENV is run before each later step; secrets masking hides the values of
 * contexts and project variables only. Test results and artifacts are steps of the configuration.
 */
export const CIRCLECI_LOG: JobLog = {
  commands: [],
  places: {
    outputs: { variable: 'BASH_ENV', line: (name, value) => `export ${CIRCLECI.outputName(name)}=${shellWord(value)}` },
  },
};
