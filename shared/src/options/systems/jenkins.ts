import { camelCase } from '../camel-case.ts';
import type { JobLog } from '../job-log.ts';
import type { System } from '../system.ts';
import { CLI } from './cli.ts';

/** Flags as the CLI has them, and those of the official plugin. */
export const JENKINS: System = {
  ...CLI,
  id: 'jenkins',
  title: 'Jenkins',
  plugin: 'jenkins-shim',
  inputs: { ...CLI.inputs, word: 'inputs' },
  // Its flags are written by the shared library, so it knows where it runs.
  offers: ['artifacts'],
  // The map that the step returns.
  outputName: camelCase,
  official: {
    inputs: {
      'api-key': ['token'],
      'team-id': ['teamId'],
      app: ['appPath'],
      'fusion-set-id': ['fusionSetId'],
      'build-logs': ['buildWithLogs'],
      'build-to-test': ['buildToTest', 'selectedVendor'],
      'cert-pinning-zip': ['dynamicCertificate'],
      sign: ['certificateMethod'],
      keystore: ['keystorePath'],
      'keystore-password': ['keystorePassword'],
      'keystore-alias': ['keystoreAlias'],
      'key-password': ['keyPass'],
      'provisioning-profiles': ['provisioningProfilesPath'],
      entitlements: ['entitlementsPath'],
      'signing-fingerprint': ['fingerprint', 'googleSign'],
      'google-play-signing': ['googleSigning'],
      'signing-fingerprint-list': ['signingFingerprintListPath'],
      'output-dir': ['outputLocation'],
      'second-output': ['secondOutput'],
      'datadog-api-key': ['datadogKey'],
      'firebase-app-id': ['firebaseAppId'],
    },
    unused: [
      {
        name: 'workflowOutputLogs',
        instead: "The service's workflow messages are in the log with verbose: true, and in the result.",
      },
    ],
  },
  job: {
    sign: 'JENKINS_URL',
    facts: (e) => ({
      runUrl: e['BUILD_URL'],
      repository: e['GIT_URL'],
      commit: e['GIT_COMMIT'],
      runId: e['BUILD_TAG'],
    }),
    definedIn: () => 'Jenkinsfile',
  },
};

/** Jenkins reads notes of its own, hidden in an escape, and hides what `withCredentials` gives. The pipeline names test results and artifacts. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: its notes begin with this escape (hudson.console.ConsoleNote)
export const JENKINS_LOG: JobLog = { commands: [/\x1b\[8mha:/] };
