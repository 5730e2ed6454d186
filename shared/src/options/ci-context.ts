/**
 * Which CI job this is, from the variables that each system sets. For the result only: nothing is decided by it but the default of `ci`.
 */

export interface CiContext {
  system: string;
  runUrl?: string;
  repository?: string;
  commit?: string;
  actor?: string;
  /** Same value for every attempt of the same job, where the system has one: what a journal is bound to. */
  runId?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

interface CiSystem {
  system: string;
  /** The variable whose presence tells this system. */
  sign: string;
  read(environment: Environment): Omit<CiContext, 'system'>;
}

/**
 * Drops what is unset or empty, so that optional properties are absent rather than `undefined`; and the credentials of an address: where a
 * job clones by https, the system's variable may be the very URL with the token in it.
 */
function present(values: Record<string, string | undefined>): Omit<CiContext, 'system'> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [[name, value.replace(/^([a-z][a-z0-9+.-]*:\/\/)\S*@/i, '$1')]],
    ),
  );
}

/** In order: a system that also sets another's variable comes first. */
const SYSTEMS: CiSystem[] = [
  {
    system: 'github',
    sign: 'GITHUB_ACTIONS',
    read: (e) =>
      present({
        runUrl:
          e['GITHUB_SERVER_URL'] && e['GITHUB_REPOSITORY'] && e['GITHUB_RUN_ID']
            ? `${e['GITHUB_SERVER_URL']}/${e['GITHUB_REPOSITORY']}/actions/runs/${e['GITHUB_RUN_ID']}`
            : undefined,
        repository: e['GITHUB_REPOSITORY'],
        commit: e['GITHUB_SHA'],
        actor: e['GITHUB_ACTOR'],
        runId: e['GITHUB_RUN_ID'],
      }),
  },
  {
    system: 'azure',
    sign: 'TF_BUILD',
    read: (e) =>
      present({
        runUrl:
          e['SYSTEM_COLLECTIONURI'] && e['SYSTEM_TEAMPROJECT'] && e['BUILD_BUILDID']
            ? `${e['SYSTEM_COLLECTIONURI']}${encodeURIComponent(e['SYSTEM_TEAMPROJECT'])}/_build/results?buildId=${e['BUILD_BUILDID']}`
            : undefined,
        repository: e['BUILD_REPOSITORY_NAME'],
        commit: e['BUILD_SOURCEVERSION'],
        runId: e['BUILD_BUILDID'],
      }),
  },
  {
    system: 'bitrise',
    sign: 'BITRISE_IO',
    read: (e) =>
      present({
        runUrl: e['BITRISE_BUILD_URL'],
        repository: e['GIT_REPOSITORY_URL'],
        commit: e['BITRISE_GIT_COMMIT'],
        runId: e['BITRISE_BUILD_SLUG'],
      }),
  },
  {
    system: 'gitlab',
    sign: 'GITLAB_CI',
    read: (e) =>
      present({
        runUrl: e['CI_JOB_URL'],
        repository: e['CI_PROJECT_PATH'],
        commit: e['CI_COMMIT_SHA'],
        actor: e['GITLAB_USER_LOGIN'],
        runId: e['CI_PIPELINE_ID'],
      }),
  },
  {
    system: 'circleci',
    sign: 'CIRCLECI',
    read: (e) =>
      present({
        runUrl: e['CIRCLE_BUILD_URL'],
        repository:
          e['CIRCLE_PROJECT_USERNAME'] && e['CIRCLE_PROJECT_REPONAME']
            ? `${e['CIRCLE_PROJECT_USERNAME']}/${e['CIRCLE_PROJECT_REPONAME']}`
            : undefined,
        commit: e['CIRCLE_SHA1'],
        actor: e['CIRCLE_USERNAME'],
        runId: e['CIRCLE_WORKFLOW_ID'],
      }),
  },
  {
    system: 'jenkins',
    sign: 'JENKINS_URL',
    read: (e) =>
      present({ runUrl: e['BUILD_URL'], repository: e['GIT_URL'], commit: e['GIT_COMMIT'], runId: e['BUILD_TAG'] }),
  },
  {
    system: 'teamcity',
    sign: 'TEAMCITY_VERSION',
    read: (e) => present({ commit: e['BUILD_VCS_NUMBER'], runId: e['BUILD_NUMBER'] }),
  },
  {
    system: 'codemagic',
    sign: 'CM_BUILD_ID',
    read: (e) => present({ repository: e['CM_REPO_SLUG'], commit: e['CM_COMMIT'], runId: e['CM_BUILD_ID'] }),
  },
  {
    system: 'travis',
    sign: 'TRAVIS',
    read: (e) =>
      present({
        runUrl: e['TRAVIS_BUILD_WEB_URL'],
        repository: e['TRAVIS_REPO_SLUG'],
        commit: e['TRAVIS_COMMIT'],
        runId: e['TRAVIS_BUILD_ID'],
      }),
  },
];

/** @returns the job's context; system `local` where no CI system is known and `ci` where only `CI` is set */
export function readCiContext(environment: Environment): CiContext {
  const known = SYSTEMS.find(({ sign }) => environment[sign]);
  if (known) return { system: known.system, ...known.read(environment) };
  const ci = environment['CI']?.toLowerCase();
  return { system: ci && ci !== 'false' && ci !== '0' ? 'ci' : 'local' };
}
