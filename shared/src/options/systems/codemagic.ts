import type { JobLog } from '../job-log.ts';
import type { System } from '../system.ts';
import { CLI } from './cli.ts';

export const CODEMAGIC: System = {
  ...CLI,
  id: 'codemagic',
  title: 'Codemagic',
  job: {
    sign: 'CM_BUILD_ID',
    facts: (e) => ({ repository: e['CM_REPO_SLUG'], commit: e['CM_COMMIT'], runId: e['CM_BUILD_ID'] }),
    definedIn: () => 'codemagic.yaml',
  },
};

/**
 * docs.codemagic.io: "Using environment variables" (CM_ENV), "Uploading custom artifacts" (CM_EXPORT_DIR). Values of secret variables are
 * hidden. Test results are named in the workflow (`test_report`).
 */
export const CODEMAGIC_LOG: JobLog = {
  commands: [],
  places: {
    outputs: { variable: 'CM_ENV', line: (name, value) => `${CODEMAGIC.outputName(name)}=${value}` },
    artifacts: 'CM_EXPORT_DIR',
  },
};
