import { camelCase } from '../camel-case.ts';
import type { JobLog } from '../job-log.ts';
import type { LogGroup, System } from '../system.ts';
import { CLI } from './cli.ts';

/** learn.microsoft.com, "Logging commands": formatting commands. */
const LOG_GROUP: LogGroup = { begin: (title) => `##[group]${title}`, end: () => '##[endgroup]' };

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
  logGroup: LOG_GROUP,
};

/** microsoft/azure-pipelines-task-lib, node/taskcommand.ts. */
const data = (text: string) => text.replaceAll('%', '%AZP25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string) => data(text).replaceAll(']', '%5D').replaceAll(';', '%3B');

function command(name: string, properties: Readonly<Record<string, string>>, text: string): string {
  const pairs = Object.entries(properties).map(([key, value]) => `${key}=${property(value)}`);
  return `##vso[${[name, pairs.join(';')].filter((part) => part !== '').join(' ')}]${data(text)}`;
}

/** learn.microsoft.com, "Logging commands". An issue is an error or a warning. */
export const AZURE_LOG: JobLog = {
  commands: [/##vso\[/i, /##\[/],
  group: LOG_GROUP,
  annotation: ({ level, title, message, file, line }) =>
    command(
      'task.logissue',
      {
        type: level === 'error' ? 'error' : 'warning',
        ...(file === undefined ? {} : { sourcepath: file }),
        ...(line === undefined ? {} : { linenumber: String(line) }),
      },
      `${title}\n${message}`,
    ),
  // microsoft/azure-pipelines-agent, ExecutionContext.cs: _maxIssueCount.
  mostErrors: 10,
  mask: (secret) => command('task.setsecret', {}, secret),
  output: (name, value) => command('task.setvariable', { variable: AZURE.outputName(name), isOutput: 'true' }, value),
  testResults: (file) =>
    command(
      'results.publish',
      { type: 'JUnit', resultFiles: file, mergeResults: 'false', runTitle: 'Fusegate', failTaskOnFailedTests: 'false' },
      '',
    ),
  summary: (file) => command('task.uploadsummary', {}, file),
  artifact: (file) => command('artifact.upload', { artifactname: 'fusegate' }, file),
};
