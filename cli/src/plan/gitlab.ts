import { type FleetFormat, JOINED, reportCommand, runCommand } from './fleet-format.ts';

/** The certificates are marked confidential by their issuer, and a held-back app is not to be shipped. */
const KEPT_BACK = ['fusegate-output/*/private/**/*', 'fusegate-output/*/rejected/**/*'];

/** A child pipeline: a job for each app, and one that joins their results however they end. */
export const GITLAB_FORMAT: FleetFormat = {
  id: 'gitlab',
  syntax: 'yaml',
  render(plan) {
    return {
      stages: ['protect', 'report'],
      '.fusegate-app': {
        stage: 'protect',
        script: [runCommand(plan)],
        artifacts: {
          when: 'always',
          paths: ['fusegate-output/'],
          exclude: KEPT_BACK,
          reports: { junit: 'fusegate-output/*/fusegate-junit.xml' },
        },
      },
      ...Object.fromEntries(
        plan.apps.map(({ name, fleetApp }) => [
          `protect-${name}`,
          { extends: '.fusegate-app', variables: { FUSEGATE_FLEET_APP: fleetApp } },
        ]),
      ),
      'fusegate-report': {
        stage: 'report',
        when: 'always',
        script: [reportCommand(plan)],
        artifacts: {
          when: 'always',
          paths: [`${JOINED}/`],
          reports: { junit: `${JOINED}/fusegate-junit.xml` },
        },
      },
    };
  },
};
