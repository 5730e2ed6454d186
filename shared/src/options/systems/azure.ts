import { camelCase } from '../camel-case.ts';
import type { System } from '../system.ts';
import { CLI } from './cli.ts';

export const AZURE: System = {
  id: 'azure',
  title: 'Azure DevOps',
  plugin: 'azure-task',
  inputs: { ...CLI.inputs, word: 'inputs', prefix: '', nameOf: camelCase },
  outputName: camelCase,
  offers: ['artifacts'],
  official: {
    inputs: {
      'api-key': ['Token'],
      'build-logs': ['BuildWithLogs'],
      keystore: ['KeystoreFile'],
      'keystore-password': ['KeystorePass'],
      'key-password': ['KeyPass'],
      'output-name': ['OutputFileName'],
    },
    unused: [],
  },
  job: {
    sign: 'TF_BUILD',
    facts: (e) => ({
      runUrl:
        e['SYSTEM_COLLECTIONURI'] && e['SYSTEM_TEAMPROJECT'] && e['BUILD_BUILDID']
          ? `${e['SYSTEM_COLLECTIONURI']}${encodeURIComponent(e['SYSTEM_TEAMPROJECT'])}/_build/results?buildId=${e['BUILD_BUILDID']}`
          : undefined,
      repository: e['BUILD_REPOSITORY_NAME'],
      commit: e['BUILD_SOURCEVERSION'],
      runId: e['BUILD_BUILDID'],
    }),
    definedIn: () => 'azure-pipelines.yml',
    secretsWithheld: (e) =>
      e['SYSTEM_PULLREQUEST_ISFORK']?.toLowerCase() === 'true'
        ? 'Azure Pipelines withholds secrets from builds of forks'
        : undefined,
  },
  // learn.microsoft.com, "Logging commands": formatting commands.
  logGroup: { begin: (title) => `##[group]${title}`, end: () => '##[endgroup]' },
};
