import { AZURE_FORMAT } from './azure.ts';
import { BITRISE_FORMAT } from './bitrise.ts';
import { CIRCLECI_FORMAT } from './circleci.ts';
import type { FleetFormat } from './fleet-format.ts';
import { GITHUB_FORMAT } from './github.ts';
import { GITLAB_FORMAT } from './gitlab.ts';
import { JENKINS_FORMAT } from './jenkins.ts';

export const FLEET_FORMATS: readonly FleetFormat[] = [
  GITHUB_FORMAT,
  GITLAB_FORMAT,
  AZURE_FORMAT,
  CIRCLECI_FORMAT,
  JENKINS_FORMAT,
  BITRISE_FORMAT,
];
