import type { JobLog } from '../job-log.ts';
import type { LogGroup, System } from '../system.ts';
import { CLI } from './cli.ts';

const LOG_GROUP: LogGroup = { begin: (title) => `::group::${title}`, end: () => '::endgroup::' };

export const GITHUB: System = {
  id: 'github',
  title: 'GitHub',
  plugin: 'actions',
  inputs: { ...CLI.inputs, word: 'inputs', prefix: '' },
  outputName: (name) => name,
  // Not artifacts: nothing is uploaded by itself, that is a step of the user's own.
  offers: ['pull-request-comments'],
  official: {
    inputs: {
      'api-key': ['APPDOME_API_TOKEN'],
      'team-id': ['TEAM_ID'],
      app: ['APP_FILE'],
      'fusion-set-id': ['FUSION_SET_ID'],
      'build-logs': ['BUILD_WITH_LOGS'],
      'build-to-test': ['BUILD_TO_TEST'],
      'cert-pinning-zip': ['DYNAMIC_CERTIFICATES'],
      sign: ['SIGN_OPTIONS'],
      keystore: ['KEYSTORE_FILE'],
      'keystore-password': ['KEYSTORE_PASSWORD'],
      'keystore-alias': ['KEYSTORE_ALIAS'],
      'key-password': ['KEYSTORE_KEY_PASSWORD'],
      p12: ['CERTIFICATE_FILE'],
      'p12-password': ['CERTIFICATE_PASSWORD'],
      'provisioning-profiles': ['MOBILE_PROVISION_PROFILE_FILE'],
      entitlements: ['ENTITLEMENTS_FILE'],
      'signing-fingerprint': ['SIGN_FINGERPRINT'],
      'google-play-signing': ['GOOGLE_PLAY_SIGNING'],
      'output-name': ['OUTPUT_APP_NAME'],
      'second-output': ['SECOND_OUTPUT'],
      'datadog-api-key': ['DATADOG_API_KEY'],
      'firebase-app-id': ['FIREBASE_APP_ID'],
    },
    unused: [
      { name: 'UPLOAD_ARTIFACTS', instead: 'Nothing is uploaded by itself: add a step with actions/upload-artifact.' },
      { name: 'ARTIFACT_APP_SUFFIX', instead: 'Name the artifact in your step with actions/upload-artifact.' },
    ],
  },
  job: {
    sign: 'GITHUB_ACTIONS',
    facts: (e) => ({
      runUrl:
        e['GITHUB_SERVER_URL'] && e['GITHUB_REPOSITORY'] && e['GITHUB_RUN_ID']
          ? `${e['GITHUB_SERVER_URL']}/${e['GITHUB_REPOSITORY']}/actions/runs/${e['GITHUB_RUN_ID']}`
          : undefined,
      repository: e['GITHUB_REPOSITORY'],
      commit: e['GITHUB_SHA'],
      actor: e['GITHUB_ACTOR'],
      runId: e['GITHUB_RUN_ID'],
    }),
    // OWNER/NAME/.github/workflows/FILE@REF
    definedIn: (e) => /^[^/]+\/[^/]+\/([^@]+)@/.exec(e['GITHUB_WORKFLOW_REF'] ?? '')?.[1],
    secretsWithheld: (e) =>
      e['GITHUB_ACTIONS'] && e['GITHUB_ACTOR'] === 'dependabot[bot]'
        ? 'GitHub gives runs that Dependabot starts no Actions secrets, only Dependabot secrets'
        : undefined,
  },
  logGroup: LOG_GROUP,
};

/** actions/toolkit, packages/core/src/command.ts. */
const data = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** docs.github.com, "Workflow commands for GitHub Actions"; the runner's source for what it takes for one. */
export const GITHUB_LOG: JobLog = {
  commands: [/^\s*::/, /##\[/],
  group: LOG_GROUP,
  annotation: ({ level, title, message, file, line }) => {
    const place = file === undefined ? '' : `,file=${property(file)}${line === undefined ? '' : `,line=${line}`}`;
    return `::${level} title=${property(title)}${place}::${data(message)}`;
  },
  // actions/runner, ExecutionContext.cs: _maxCountPerIssueType.
  mostErrors: 10,
  mask: (secret) => `::add-mask::${data(secret)}`,
  places: {
    outputs: { variable: 'GITHUB_OUTPUT', line: (name, value) => `${name}=${value}` },
    summary: { variable: 'GITHUB_STEP_SUMMARY', bytes: 1024 * 1024 },
  },
};
