/** The edge of the fleet: reads the file that was named, and the names of the apps that it means. Never looks into an app. */
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type InputProblem, problem, shownValue } from '../../options/problem.ts';
import { labelOf } from '../load-policy.ts';
import { readNamedFile } from '../read-named-file.ts';
import { entriesOf, type FleetEntry } from './fleet-entries.ts';
import { type FleetFile, MAX_FLEET_BYTES, MOST_PROBLEMS, readFleetText } from './fleet-file.ts';

export interface LoadedFleet {
  /** Present where the file has the form of a fleet. */
  file?: FleetFile;
  /** As the working directory sees it. */
  base: string;
  entries: FleetEntry[];
  problems: InputProblem[];
}

/**
 * What must be on the disk. `all`: every app, before jobs are planned. `patterns`: what a pattern stands for, since results are joined where
 * the apps need not be. `nothing`: one app is run, and its job need not have the others.
 */
export type Looking = 'all' | 'patterns' | 'nothing';

const PATTERN = /[*?[\]{}]/;

/** @param name of the option, as it is spelt here */
export async function loadFleet(path: string, name: string, cwd: string, looking: Looking): Promise<LoadedFleet> {
  const full = resolve(cwd, path);
  const base = dirname(path);
  const read = await readNamedFile(full, MAX_FLEET_BYTES, 'is larger than any fleet');
  if ('wrong' in read) {
    const allowed = 'the path of a fleet file, YAML';
    return { base, entries: [], problems: [problem(name, read.wrong, { value: shownValue(path), allowed })] };
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(read.bytes);
  } catch {
    return { base, entries: [], problems: [problem(name, 'is not text in UTF-8', { value: shownValue(path) })] };
  }
  const { file, problems } = await readFleetText(text, labelOf(full, cwd), base);
  if (file === undefined) return { base, entries: [], problems };
  const found = await filesOf(file, dirname(full), looking);
  const items = looking === 'nothing' ? file.items.filter(({ app }) => found.get(app)?.length !== 0) : file.items;
  const { entries, problems: wrong } = entriesOf({ ...file, items }, (app) => found.get(app));
  return { file, base, entries, problems: [...problems, ...wrong].slice(0, MOST_PROBLEMS) };
}

/** One search for every pattern, and one look for every path. */
async function filesOf(file: FleetFile, folder: string, looking: Looking): Promise<Map<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  for (const { app } of file.items) {
    if (found.has(app)) continue;
    if (PATTERN.test(app)) found.set(app, await filesMatching(app, folder));
    else if (looking === 'all' && (await isFile(resolve(folder, app)))) found.set(app, [app]);
    else if (looking === 'all') found.set(app, []);
  }
  return found;
}

/** By name: what is in it is for the job that runs it. */
function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (info) => info.isFile(),
    () => false,
  );
}

async function filesMatching(pattern: string, folder: string): Promise<string[]> {
  const { glob } = await import('tinyglobby');
  const matches = await glob(pattern.replaceAll('\\', '/'), { cwd: folder, onlyFiles: true, expandDirectories: false });
  return matches.map((match) => match.replaceAll('\\', '/')).sort();
}
