/** Every CI system that is known. A new one is a record in systems/ and a line here. */

import type { System } from './system.ts';
import { APPCIRCLE } from './systems/appcircle.ts';
import { AZURE } from './systems/azure.ts';
import { BITBUCKET } from './systems/bitbucket.ts';
import { BITRISE } from './systems/bitrise.ts';
import { BUILDKITE } from './systems/buildkite.ts';
import { CIRCLECI } from './systems/circleci.ts';
import { CLI } from './systems/cli.ts';
import { CODEMAGIC } from './systems/codemagic.ts';
import { GITHUB } from './systems/github.ts';
import { GITLAB } from './systems/gitlab.ts';
import { JENKINS } from './systems/jenkins.ts';
import { TEAMCITY } from './systems/teamcity.ts';
import { TRAVIS } from './systems/travis.ts';
import { XCODE_CLOUD } from './systems/xcode-cloud.ts';

/** The first whose sign is there is the system of a job: one that also sets another's variable comes before it. */
export const SYSTEMS: readonly System[] = [
  CLI,
  GITHUB,
  AZURE,
  BITRISE,
  GITLAB,
  CIRCLECI,
  JENKINS,
  TEAMCITY,
  CODEMAGIC,
  TRAVIS,
  APPCIRCLE,
  BITBUCKET,
  BUILDKITE,
  XCODE_CLOUD,
];

/** Those with a package of their own, which spell options in their own way. */
export const PLUGINS: readonly System[] = SYSTEMS.filter(({ plugin }) => plugin !== undefined);

/** @param id as in `ci.system` of a result */
export function systemById(id: string): System | undefined {
  return SYSTEMS.find((system) => system.id === id);
}
