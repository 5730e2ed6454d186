import type { FleetFormat } from './fleet-format.ts';

/** One app per line: what `fusegateFleet` of the shared library makes parallel stages of. A sandbox has no parser for more. */
export const JENKINS_FORMAT: FleetFormat = {
  id: 'jenkins',
  syntax: 'text',
  render: ({ apps }) => apps.map(({ fleetApp }) => fleetApp).join('\n'),
};
