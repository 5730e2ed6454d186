/** What the command line writes in a job of each system. Apart from systems.ts, because no plugin needs it. */

import type { Environment } from '../model/host.ts';
import { systemOfJob } from './ci-context.ts';
import type { JobLog } from './job-log.ts';
import type { System } from './system.ts';
import { APPCIRCLE, APPCIRCLE_LOG } from './systems/appcircle.ts';
import { AZURE, AZURE_LOG } from './systems/azure.ts';
import { BITBUCKET, BITBUCKET_LOG } from './systems/bitbucket.ts';
import { BITRISE, BITRISE_LOG } from './systems/bitrise.ts';
import { BUILDKITE, BUILDKITE_LOG } from './systems/buildkite.ts';
import { CIRCLECI, CIRCLECI_LOG } from './systems/circleci.ts';
import { CODEMAGIC, CODEMAGIC_LOG } from './systems/codemagic.ts';
import { GITHUB, GITHUB_LOG } from './systems/github.ts';
import { GITLAB, GITLAB_LOG } from './systems/gitlab.ts';
import { JENKINS, JENKINS_LOG } from './systems/jenkins.ts';
import { TEAMCITY, TEAMCITY_LOG } from './systems/teamcity.ts';
import { TRAVIS, TRAVIS_LOG } from './systems/travis.ts';
import { XCODE_CLOUD, XCODE_CLOUD_LOG } from './systems/xcode-cloud.ts';
import { systemById } from './systems.ts';

/** In the order of the page. */
export const JOB_LOGS: ReadonlyMap<System, JobLog> = new Map([
  [GITHUB, GITHUB_LOG],
  [AZURE, AZURE_LOG],
  [BITRISE, BITRISE_LOG],
  [JENKINS, JENKINS_LOG],
  [GITLAB, GITLAB_LOG],
  [CIRCLECI, CIRCLECI_LOG],
  [TEAMCITY, TEAMCITY_LOG],
  [TRAVIS, TRAVIS_LOG],
  [CODEMAGIC, CODEMAGIC_LOG],
  [APPCIRCLE, APPCIRCLE_LOG],
  [BITBUCKET, BITBUCKET_LOG],
  [BUILDKITE, BUILDKITE_LOG],
  [XCODE_CLOUD, XCODE_CLOUD_LOG],
]);

/** For a system that is not known, and where nobody wants what a known one can show. */
export const NOTHING_KNOWN: JobLog = { commands: [] };

/**
 * @param id of the system, where the user names it
 * @returns that of the system whose job this is; one that can do nothing where none is known
 */
export function jobLogOf(environment: Environment, id?: string): JobLog {
  const system = id === undefined ? systemOfJob(environment) : systemById(id);
  return (system && JOB_LOGS.get(system)) ?? NOTHING_KNOWN;
}
