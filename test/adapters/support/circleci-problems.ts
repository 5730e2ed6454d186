/** What is wrong with a configuration of CircleCI that uses our orb. */
import { VERSION } from '@fusegate/shared/model/version';
import { PUBLISH } from '../../../scripts/publish.mjs';
import { argumentProblems, readOrb, type Values } from '../../recipes/support/circleci-orb.ts';

/** What a workflow says about any job. */
const OF_A_JOB = ['name', 'context', 'requires', 'filters', 'matrix', 'pre-steps', 'post-steps'];

type Use = [name: string, given: Values];

/** Every use of the orb below: of a command by a job, of a job by a workflow. */
export function orbUses(value: unknown): Use[] {
  if (Array.isArray(value)) return value.flatMap(orbUses);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key.startsWith('fusegate/') ? [[key.slice('fusegate/'.length), inner as Values] as Use] : orbUses(inner),
  );
}

export function circleciProblems(document: unknown): string[] {
  const orb = readOrb();
  const uses = orbUses(document).flatMap(([name, given]) => {
    const isJob = 'requires' in given || 'context' in given;
    const block = isJob ? orb.jobs[name] : orb.commands[name];
    if (block === undefined) return [`the orb has no ${name}`];
    const own = Object.entries(given).filter(([key]) => !(isJob && OF_A_JOB.includes(key)));
    return argumentProblems(block, Object.fromEntries(own)).map((problem) => `fusegate/${name}: ${problem}`);
  });
  const { orbs } = document as { orbs?: Record<string, unknown> };
  const exact = `${PUBLISH.circleciOrb}@${VERSION}`;
  // A configuration may use other orbs alone.
  const pinned = orbs === undefined || (orbs['fusegate'] ?? (orbUses(document).length > 0 ? '' : exact)) === exact;
  return [...uses, ...(pinned ? [] : [`not pinned to ${exact}`])];
}
