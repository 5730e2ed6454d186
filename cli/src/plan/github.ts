import type { FleetFormat } from './fleet-format.ts';

/** A matrix generates at most 256 jobs (docs.github.com, Actions limits). */
const MOST_JOBS = 256;

/** `strategy.matrix`; beyond the limit a list of such matrices, each for one call of a reusable workflow. */
export const GITHUB_FORMAT: FleetFormat = {
  id: 'github',
  syntax: 'json',
  render({ apps }) {
    const entries = apps.map(({ name, fleetApp }) => ({ name, 'fleet-app': fleetApp }));
    if (entries.length <= MOST_JOBS) return { include: entries };
    const parts = Math.ceil(entries.length / MOST_JOBS);
    return Array.from({ length: parts }, (_, part) => ({
      include: entries.slice(part * MOST_JOBS, (part + 1) * MOST_JOBS),
    }));
  },
};
