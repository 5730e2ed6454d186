import type { FleetFormat } from './fleet-format.ts';

/**
 * The variables that the step share-pipeline-variable hands on: `parallel: $FLEET_SIZE` makes so many copies of a workflow, and each takes the
 * app at its own index.
 */
export const BITRISE_FORMAT: FleetFormat = {
  id: 'bitrise',
  syntax: 'text',
  render: ({ apps }) =>
    [`FLEET_SIZE=${apps.length}`, `FLEET_APPS=${apps.map(({ fleetApp }) => fleetApp).join(',')}`].join('\n'),
};
