/** CI systems whose jobs run the CLI. */
import type { System } from '../system.ts';
import { CLI } from './cli.ts';

export const GITLAB: System = {
  ...CLI,
  id: 'gitlab',
  title: 'GitLab CI/CD',
  job: {
    sign: 'GITLAB_CI',
    facts: (e) => ({
      runUrl: e['CI_JOB_URL'],
      repository: e['CI_PROJECT_PATH'],
      commit: e['CI_COMMIT_SHA'],
      actor: e['GITLAB_USER_LOGIN'],
      runId: e['CI_PIPELINE_ID'],
    }),
    definedIn: (e) => e['CI_CONFIG_PATH'] || '.gitlab-ci.yml',
    secretsWithheld: (e) => {
      const source = e['CI_MERGE_REQUEST_SOURCE_PROJECT_ID'];
      return e['GITLAB_CI'] && source && source !== e['CI_MERGE_REQUEST_PROJECT_ID']
        ? 'GitLab withholds protected variables from merge requests of forks'
        : undefined;
    },
  },
};

export const CIRCLECI: System = {
  ...CLI,
  id: 'circleci',
  title: 'CircleCI',
  job: {
    sign: 'CIRCLECI',
    facts: (e) => ({
      runUrl: e['CIRCLE_BUILD_URL'],
      repository:
        e['CIRCLE_PROJECT_USERNAME'] && e['CIRCLE_PROJECT_REPONAME']
          ? `${e['CIRCLE_PROJECT_USERNAME']}/${e['CIRCLE_PROJECT_REPONAME']}`
          : undefined,
      commit: e['CIRCLE_SHA1'],
      actor: e['CIRCLE_USERNAME'],
      runId: e['CIRCLE_WORKFLOW_ID'],
    }),
    definedIn: () => '.circleci/config.yml',
    secretsWithheld: (e) =>
      e['CIRCLECI'] && e['CIRCLE_PR_USERNAME'] ? 'CircleCI withholds secrets from pull requests of forks' : undefined,
  },
};

export const TEAMCITY: System = {
  ...CLI,
  id: 'teamcity',
  title: 'TeamCity',
  job: {
    sign: 'TEAMCITY_VERSION',
    facts: (e) => ({ commit: e['BUILD_VCS_NUMBER'], runId: e['BUILD_NUMBER'] }),
    definedIn: () => '.teamcity/settings.kts',
  },
  // "Service messages": blocks. A title holds none of the characters that would have to be escaped.
  logGroup: {
    begin: (title) => `##teamcity[blockOpened name='${title}']`,
    end: (title) => `##teamcity[blockClosed name='${title}']`,
  },
};

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

/** docs.appcircle.io, "Reserved variables". It keeps its workflows itself, and no variable has the address of a build. */
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

/** support.atlassian.com, "Variables and secrets": default variables. A step that runs again keeps the pipeline's UUID. */
export const BITBUCKET: System = {
  ...CLI,
  id: 'bitbucket',
  title: 'Bitbucket Pipelines',
  job: {
    sign: 'BITBUCKET_PIPELINE_UUID',
    facts: (e) => ({
      runUrl:
        e['BITBUCKET_REPO_FULL_NAME'] && e['BITBUCKET_BUILD_NUMBER']
          ? `https://bitbucket.org/${e['BITBUCKET_REPO_FULL_NAME']}/pipelines/results/${e['BITBUCKET_BUILD_NUMBER']}`
          : undefined,
      repository: e['BITBUCKET_REPO_FULL_NAME'],
      commit: e['BITBUCKET_COMMIT'],
      runId: e['BITBUCKET_PIPELINE_UUID'],
    }),
    definedIn: () => 'bitbucket-pipelines.yml',
  },
};

/** buildkite.com/docs, "Environment variables". Who created a build is a person's name there, so it is left out. */
export const BUILDKITE: System = {
  ...CLI,
  id: 'buildkite',
  title: 'Buildkite',
  job: {
    sign: 'BUILDKITE',
    facts: (e) => ({
      runUrl: e['BUILDKITE_BUILD_URL'],
      repository: e['BUILDKITE_REPO'],
      // A symbolic name until the first job has checked it out.
      commit: e['BUILDKITE_COMMIT'] === 'HEAD' ? undefined : e['BUILDKITE_COMMIT'],
      runId: e['BUILDKITE_BUILD_ID'],
    }),
    definedIn: () => '.buildkite/pipeline.yml',
  },
};

/** developer.apple.com, "Environment variable reference". The script is where an app is ready to be protected. */
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
