import type { JobLog } from '../job-log.ts';
import type { System } from '../system.ts';
import { CLI } from './cli.ts';

export const XCODE_CLOUD: System = {
  ...CLI,
  id: 'xcode-cloud',
  title: 'Xcode Cloud',
  job: {
    sign: 'CI_XCODE_CLOUD',
    facts: (e) => ({ runUrl: e['CI_BUILD_URL'], commit: e['CI_COMMIT'], runId: e['CI_BUILD_ID'] }),
    definedIn: () => 'ci_scripts/ci_post_xcodebuild.sh',
  },
};

/** It shows the script's lines and goes by the exit code. Secret variables are hidden. Nothing of a script becomes an artifact. */
export const XCODE_CLOUD_LOG: JobLog = { commands: [] };
