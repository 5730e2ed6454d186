import type { JobLog } from '../job-log.ts';
import type { System } from '../system.ts';
import { CLI } from './cli.ts';

export const APPCIRCLE: System = {
  ...CLI,
  id: 'appcircle',
  title: 'Appcircle',
  job: {
    sign: 'AC_APPCIRCLE',
    facts: (e) => ({
      repository: e['AC_GIT_URL'],
      commit: e['AC_GIT_COMMIT'],
      // Builds are counted in their profile.
      runId:
        e['AC_BUILD_PROFILE_ID'] && e['AC_BUILD_NUMBER']
          ? `${e['AC_BUILD_PROFILE_ID']}/${e['AC_BUILD_NUMBER']}`
          : undefined,
    }),
  },
};

/**
 * docs.appcircle.io: "Using environment variables in custom scripts" (AC_ENV_FILE_PATH), "Export Build Artifacts" (AC_OUTPUT_DIR). Lines that
 * begin with `@@[` are shown apart, as its own steps print them (github.com/appcircleio).
 */
export const APPCIRCLE_LOG: JobLog = {
  commands: [/@@\[/],
  places: {
    outputs: { variable: 'AC_ENV_FILE_PATH', line: (name, value) => `${APPCIRCLE.outputName(name)}=${value}` },
    artifacts: 'AC_OUTPUT_DIR',
  },
};
