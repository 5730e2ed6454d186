import type { FleetFormat } from './fleet-format.ts';

/** `strategy: matrix: $[ … ]`. The keys have only letters, digits and _, and begin with a letter (learn.microsoft.com, jobs.job.strategy). */
export const AZURE_FORMAT: FleetFormat = {
  id: 'azure',
  syntax: 'json',
  render: ({ apps }) => Object.fromEntries(apps.map(({ id, fleetApp }) => [id, { fleetApp }])),
};
