import { describe, expect, it } from 'vitest';
import { fileOfJob, readCiContext, runsInCi } from '../../src/options/ci-context.ts';
import { SYSTEMS } from '../../src/options/systems.ts';

describe('readCiContext', () => {
  it.each([
    ['JENKINS_URL', 'GIT_URL'],
    ['BITRISE_IO', 'GIT_REPOSITORY_URL'],
  ])('takes the credentials out of an address that %s jobs clone by', (sign, variable) => {
    const context = readCiContext({
      [sign]: 'x',
      [variable]: 'https://bot:gh/p_to@ken@git.example.com/team/app.git?x=a@b',
    });
    expect(JSON.stringify(context)).not.toMatch(/bot|p_to|ken@/);
    const plain = readCiContext({ [sign]: 'x', [variable]: 'https://bot:secret@git.example.com/team/app.git' });
    expect(plain.repository).toBe('https://git.example.com/team/app.git');
  });

  it('leaves what is no URL as it is', () => {
    const context = readCiContext({ BITRISE_IO: 'true', GIT_REPOSITORY_URL: 'git@git.example.com:team/app.git' });
    expect(context).toEqual({ system: 'bitrise', repository: 'git@git.example.com:team/app.git' });
  });
});

const SHA = '0123456789abcdef0123456789abcdef01234567';

/** What a job of each system that runs the CLI has in its environment, as its documentation says, and what becomes of it. */
const JOBS: Record<string, { environment: Record<string, string>; facts: object; file: string | undefined }> = {
  gitlab: {
    environment: {
      GITLAB_CI: 'true',
      CI_JOB_URL: 'https://gitlab.example/acme/app/-/jobs/1',
      CI_PROJECT_PATH: 'acme/app',
      CI_COMMIT_SHA: SHA,
      GITLAB_USER_LOGIN: 'jo',
      CI_PIPELINE_ID: '9',
      CI_CONFIG_PATH: 'ci/main.yml',
    },
    facts: {
      runUrl: 'https://gitlab.example/acme/app/-/jobs/1',
      repository: 'acme/app',
      commit: SHA,
      actor: 'jo',
      runId: '9',
    },
    file: 'ci/main.yml',
  },
  circleci: {
    environment: {
      CIRCLECI: 'true',
      CIRCLE_BUILD_URL: 'https://circleci.com/gh/acme/app/5',
      CIRCLE_PROJECT_USERNAME: 'acme',
      CIRCLE_PROJECT_REPONAME: 'app',
      CIRCLE_SHA1: SHA,
      CIRCLE_WORKFLOW_ID: 'w',
    },
    facts: { runUrl: 'https://circleci.com/gh/acme/app/5', repository: 'acme/app', commit: SHA, runId: 'w' },
    file: '.circleci/config.yml',
  },
  teamcity: {
    environment: { TEAMCITY_VERSION: '2026.1', BUILD_VCS_NUMBER: SHA, BUILD_NUMBER: '5' },
    facts: { commit: SHA, runId: '5' },
    file: '.teamcity/settings.kts',
  },
  codemagic: {
    environment: { CM_BUILD_ID: 'b', CM_REPO_SLUG: 'acme/app', CM_COMMIT: SHA },
    facts: { repository: 'acme/app', commit: SHA, runId: 'b' },
    file: 'codemagic.yaml',
  },
  travis: {
    environment: {
      TRAVIS: 'true',
      TRAVIS_BUILD_WEB_URL: 'https://app.travis-ci.com/acme/app/builds/5',
      TRAVIS_REPO_SLUG: 'acme/app',
      TRAVIS_COMMIT: SHA,
      TRAVIS_BUILD_ID: '5',
    },
    facts: {
      runUrl: 'https://app.travis-ci.com/acme/app/builds/5',
      repository: 'acme/app',
      commit: SHA,
      runId: '5',
    },
    file: '.travis.yml',
  },
  appcircle: {
    environment: {
      AC_APPCIRCLE: 'true',
      AC_GIT_URL: 'https://git.example/acme/app.git',
      AC_GIT_COMMIT: SHA,
      AC_BUILD_PROFILE_ID: 'p',
      AC_BUILD_NUMBER: '5',
    },
    facts: { repository: 'https://git.example/acme/app.git', commit: SHA, runId: 'p/5' },
    file: undefined,
  },
  bitbucket: {
    environment: {
      BITBUCKET_PIPELINE_UUID: '{5d1b8c2e-4f0a-4b7e-9c3d-2a6f1e8b9c0d}',
      BITBUCKET_REPO_FULL_NAME: 'acme/app',
      BITBUCKET_BUILD_NUMBER: '5',
      BITBUCKET_COMMIT: SHA,
    },
    facts: {
      runUrl: 'https://bitbucket.org/acme/app/pipelines/results/5',
      repository: 'acme/app',
      commit: SHA,
      runId: '{5d1b8c2e-4f0a-4b7e-9c3d-2a6f1e8b9c0d}',
    },
    file: 'bitbucket-pipelines.yml',
  },
  buildkite: {
    environment: {
      BUILDKITE: 'true',
      BUILDKITE_BUILD_URL: 'https://buildkite.com/acme/app/builds/5',
      BUILDKITE_REPO: 'https://token@git.example/acme/app.git',
      BUILDKITE_COMMIT: SHA,
      BUILDKITE_BUILD_ID: 'b',
      BUILDKITE_BUILD_CREATOR: 'Jo Example',
    },
    facts: {
      runUrl: 'https://buildkite.com/acme/app/builds/5',
      repository: 'https://git.example/acme/app.git',
      commit: SHA,
      runId: 'b',
    },
    file: '.buildkite/pipeline.yml',
  },
  'xcode-cloud': {
    environment: {
      CI: 'TRUE',
      CI_XCODE_CLOUD: 'TRUE',
      CI_BUILD_URL: 'https://appstoreconnect.apple.com/teams/t/apps/a/ci/builds/b',
      CI_COMMIT: SHA,
      CI_BUILD_ID: 'b',
    },
    facts: { runUrl: 'https://appstoreconnect.apple.com/teams/t/apps/a/ci/builds/b', commit: SHA, runId: 'b' },
    file: 'ci_scripts/ci_post_xcodebuild.sh',
  },
};

describe('the option `ci`', () => {
  it.each([...Object.keys(JOBS), 'true', 'false'])('%s cannot change what a journal is bound to', (ci) => {
    const [own, other] = Object.values(JOBS);
    const environment = { ...other?.environment, ...own?.environment };
    expect(readCiContext({ ...environment, FUSEGATE_CI: ci })).toEqual(readCiContext(environment));
    expect(readCiContext({ FUSEGATE_CI: ci })).toEqual({ system: 'local' });
    expect(runsInCi({ FUSEGATE_CI: ci })).toBe(false);
  });
});

describe('a system that runs the CLI', () => {
  it.each(Object.entries(JOBS))('%s is known by its own variables', (system, { environment, facts, file }) => {
    expect(readCiContext(environment)).toEqual({ system, ...facts });
    expect(fileOfJob(environment)).toBe(file);
    expect(runsInCi(environment)).toBe(true);
  });

  it('has a row here', () => {
    const others = SYSTEMS.filter(({ id, plugin }) => id !== 'cli' && plugin === undefined);
    expect(Object.keys(JOBS).sort()).toEqual(others.map(({ id }) => id).sort());
  });

  it('has no commit where Buildkite only knows a name for it', () => {
    expect(readCiContext({ BUILDKITE: 'true', BUILDKITE_COMMIT: 'HEAD' })).toEqual({ system: 'buildkite' });
  });
});

describe('fileOfJob', () => {
  it.each([
    ['acme/app/.github/workflows/release.yml@refs/heads/main', '.github/workflows/release.yml'],
    ['acme/app/.github/workflows/a b.yml@refs/tags/v@1', '.github/workflows/a b.yml'],
    ['', undefined],
  ])('is the workflow on GitHub: %s', (ref, file) => {
    expect(fileOfJob({ GITHUB_ACTIONS: 'true', GITHUB_WORKFLOW_REF: ref })).toBe(file);
  });

  it('is unknown outside CI', () => {
    expect(fileOfJob({})).toBeUndefined();
  });
});

describe('runsInCi', () => {
  it.each([
    [{}, false],
    [{ CI: '0' }, false],
    [{ CI: 'False' }, false],
    [{ CI: 'true' }, true],
    [{ BITRISE_IO: 'true' }, true],
  ])('%o: %s', (environment, inCi) => {
    expect(runsInCi(environment)).toBe(inCi);
  });
});
