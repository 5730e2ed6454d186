/** Which options a fleet file may hold, and how it holds them. Everything follows from the option table. */
import type { OptionDefinition } from '../../options/option.ts';
import { OPTIONS, type Option, type OptionId } from '../../options/table.ts';

/**
 * Options of one run or of one machine, which a file for many apps cannot know. `app` is a key of the entry; each app has a folder of its own,
 * named after its entry.
 */
const OF_ONE_RUN: ReadonlySet<OptionId> = new Set<OptionId>([
  'mode',
  'app',
  'app-id',
  'build-id',
  'fleet',
  'fleet-app',
  'output-dir',
  'dry-run',
  'ci',
]);

export const FLEET_OPTIONS: readonly Option[] = OPTIONS.filter(
  ({ id, modes }) => modes.includes('run') && !OF_ONE_RUN.has(id),
);

const BY_ID = new Map<string, Option>(FLEET_OPTIONS.map((option) => [option.id, option]));

export function fleetOption(id: string): Option | undefined {
  return BY_ID.get(id);
}

/** Its value never stands in the file, only the name of the variable that has it. */
export function isSecret({ type }: Pick<OptionDefinition, 'type'>): boolean {
  return type.kind === 'secret';
}

/** Its value may be the name of a variable: a password, or a file that may be given as its content. */
export function takesVariable({ type }: Pick<OptionDefinition, 'type'>): boolean {
  return type.kind === 'secret' || (type.kind === 'file' && type.secret === true);
}
