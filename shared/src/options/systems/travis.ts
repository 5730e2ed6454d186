import type { JobLog } from '../job-log.ts';
import type { System } from '../system.ts';
import { CLI } from './cli.ts';

export const TRAVIS: System = {
  ...CLI,
  id: 'travis',
  title: 'Travis CI',
  job: {
    sign: 'TRAVIS',
    facts: (e) => ({
      runUrl: e['TRAVIS_BUILD_WEB_URL'],
      repository: e['TRAVIS_REPO_SLUG'],
      commit: e['TRAVIS_COMMIT'],
      runId: e['TRAVIS_BUILD_ID'],
    }),
    definedIn: () => '.travis.yml',
    secretsWithheld: (e) =>
      e['TRAVIS'] && e['TRAVIS_SECURE_ENV_VARS'] === 'false'
        ? 'Travis withholds secrets from pull requests of forks'
        : undefined,
  },
};

/** Names are ours: stages. */
const fold = (title: string) => `fusegate.${title}`;
/** What Travis's own functions print after a marker, so that a terminal does not show it (travis-ci/travis-build, lib/travis/build/bash). */
const CLEAR = '\r\x1b[0K';
const nanoseconds = (ms: number) => `${Math.round(ms)}000000`;

/** travis-ci/travis-build: travis_fold.bash, travis_time_start.bash, travis_time_finish.bash. Secure variables are hidden, nothing else. */
export const TRAVIS_LOG: JobLog = {
  commands: [/travis_(?:fold|time):/i],
  group: {
    begin: (title) => `travis_fold:start:${fold(title)}${CLEAR}travis_time:start:${fold(title)}${CLEAR}${title}`,
    end: (title, began, at) => {
      const times = `start=${nanoseconds(began)},finish=${nanoseconds(at)},duration=${nanoseconds(at - began)}`;
      return `travis_time:end:${fold(title)}:${times}${CLEAR}\ntravis_fold:end:${fold(title)}${CLEAR}`;
    },
  },
};
