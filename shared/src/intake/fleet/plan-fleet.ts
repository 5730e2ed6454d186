/** What a plan says of the apps of a fleet, whatever system takes it; and plans as YAML, with what a team puts over them. */
import { resolve } from 'node:path';
import { isJsonObject } from '../../model/json-object.ts';
import { type InputProblem, problem, shownValue } from '../../options/problem.ts';
import { readNamedFile } from '../read-named-file.ts';
import { type FleetEntry, idOfName } from './fleet-entries.ts';
import { loadFleet } from './load-fleet.ts';

/** Enough to tell two plans apart, and short enough for a log. */
const DIGEST_LENGTH = 16;

export interface PlannedFleet {
  plan: string;
  apps: Array<Pick<FleetEntry, 'name'> & { id: string; fleetApp: string }>;
}

export async function planFleet(
  path: string,
  name: string,
  cwd: string,
): Promise<{ fleet: PlannedFleet } | { problems: InputProblem[] }> {
  const { file, entries, problems } = await loadFleet(path, name, cwd, 'all');
  if (file === undefined || problems.length > 0) return { problems };
  const { plan } = file;
  const digest = plan.slice(0, DIGEST_LENGTH);
  return {
    fleet: {
      plan,
      apps: entries.map((entry) => ({
        name: entry.name,
        id: idOfName(entry.name),
        fleetApp: `${entry.name}@${digest}`,
      })),
    },
  };
}

const MAX_OVERLAY_BYTES = 1024 * 1024;

/** @returns the map that a YAML file holds, for `overlaid` */
export async function readOverlay(
  path: string,
  name: string,
  cwd: string,
): Promise<{ overlay: Record<string, unknown> } | { problem: InputProblem }> {
  const allowed = 'a YAML file with a map of what to put over the plan';
  const wrong = (message: string) => ({ problem: problem(name, message, { value: shownValue(path), allowed }) });
  const read = await readNamedFile(resolve(cwd, path), MAX_OVERLAY_BYTES);
  if ('wrong' in read) return wrong(read.wrong);
  const { parse } = await loadYaml();
  try {
    const overlay: unknown = parse(read.bytes.toString('utf8'));
    return isJsonObject(overlay) ? { overlay } : wrong('does not hold a map');
  } catch (error) {
    return wrong(`is not YAML: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : ''}`);
  }
}

/** Maps are merged, anything else replaces what was there. */
export function overlaid(plan: unknown, overlay: unknown): unknown {
  if (!isJsonObject(plan) || !isJsonObject(overlay)) return overlay;
  const merged = Object.entries(overlay).map(([key, value]) => [
    key,
    Object.hasOwn(plan, key) ? overlaid(plan[key], value) : value,
  ]);
  return { ...plan, ...Object.fromEntries(merged) };
}

export async function asYaml(value: unknown): Promise<string> {
  const { stringify } = await loadYaml();
  // Lines of a command stay as they are, and no part is written as a reference to another.
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** CommonJS, whose named exports Node does not see in a file beside a bundle. */
async function loadYaml(): Promise<typeof import('yaml')> {
  const loaded: typeof import('yaml') & { default?: typeof import('yaml') } = await import('yaml');
  return loaded.default ?? loaded;
}
