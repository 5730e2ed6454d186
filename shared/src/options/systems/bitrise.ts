import type { JobLog } from '../job-log.ts';
import type { System } from '../system.ts';

export const BITRISE: System = {
  id: 'bitrise',
  title: 'Bitrise',
  plugin: 'bitrise-step',
  inputs: {
    word: 'inputs',
    nameOf: (id) => id.replaceAll('-', '_'),
    prefix: '',
    // Inputs are variables.
    ignoresCase: false,
    // `|` is the system's own form of a list.
    separators: ',|',
    listHelp: 'Separate several by |, commas or new lines',
  },
  outputName: (name) => `FUSEGATE_${name.replaceAll('-', '_').toUpperCase()}`,
  offers: ['artifacts'],
  official: {
    inputs: {
      app: ['app_location'],
      sign: ['sign_method'],
      p12: ['certificate_file'],
      'signing-fingerprint': ['fingerprint', 'google_fingerprint'],
      'google-play-signing': ['gp_signing'],
      'signing-fingerprint-list': ['multiple_trusted_signing_certs_path'],
      'output-name': ['output_filename'],
      'second-output': ['secondary_output'],
      'deobfuscation-map': ['download_deobfuscation'],
      'firebase-app-id': ['crashlytics_app_id'],
    },
    unused: [
      {
        name: 'workflow_output_logs',
        instead: "The service's workflow messages are in the log with verbose: true, and in the result.",
      },
    ],
  },
  job: {
    sign: 'BITRISE_IO',
    facts: (e) => ({
      runUrl: e['BITRISE_BUILD_URL'],
      repository: e['GIT_REPOSITORY_URL'],
      commit: e['BITRISE_GIT_COMMIT'],
      runId: e['BITRISE_BUILD_SLUG'],
    }),
    definedIn: () => 'bitrise.yml',
    secretsWithheld: (e) => {
      const source = e['BITRISEIO_PULL_REQUEST_REPOSITORY_URL'];
      return source && e['GIT_REPOSITORY_URL'] && source !== e['GIT_REPOSITORY_URL']
        ? 'Bitrise withholds secrets from pull requests of forks'
        : undefined;
    },
  },
};

/**
 * Its CLI reads nothing from a log and hides the values of secrets. devcenter.bitrise.io: files in the deploy folder become artifacts; outputs
 * need its step, or `envman` in the script.
 */
export const BITRISE_LOG: JobLog = { commands: [], places: { artifacts: 'BITRISE_DEPLOY_DIR' } };
