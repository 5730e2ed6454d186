import type { Environment } from '../model/host.ts';

/**
 * CI systems run the code of strangers without secrets. An empty secret there is not a typing error, and people lose hours on it.
 *
 * Only what the environment says for certain; where it says nothing, the message names both cases as a possibility.
 *
 * @returns why this run has no secrets, or undefined where that is not known
 */
export function whyWithheld(environment: Environment): string | undefined {
  const e = environment;
  if (e.GITHUB_ACTIONS && e.GITHUB_ACTOR === 'dependabot[bot]') {
    return 'GitHub gives runs that Dependabot starts no Actions secrets, only Dependabot secrets';
  }
  if (e.SYSTEM_PULLREQUEST_ISFORK?.toLowerCase() === 'true') {
    return 'Azure Pipelines withholds secrets from builds of forks';
  }
  if (e.TRAVIS && e.TRAVIS_SECURE_ENV_VARS === 'false') {
    return 'Travis withholds secrets from pull requests of forks';
  }
  if (e.CIRCLECI && e.CIRCLE_PR_USERNAME) return 'CircleCI withholds secrets from pull requests of forks';
  const source = e.CI_MERGE_REQUEST_SOURCE_PROJECT_ID;
  if (e.GITLAB_CI && source && source !== e.CI_MERGE_REQUEST_PROJECT_ID) {
    return 'GitLab withholds protected variables from merge requests of forks';
  }
  const bitriseSource = e.BITRISEIO_PULL_REQUEST_REPOSITORY_URL;
  if (bitriseSource && e.GIT_REPOSITORY_URL && bitriseSource !== e.GIT_REPOSITORY_URL) {
    return 'Bitrise withholds secrets from pull requests of forks';
  }
  return undefined;
}
