/**
 * The entry of a fleet file that a run is for, as inputs of a tier of their own: what is given to the run itself wins over it, and it wins
 * over variables, which a pipeline sets for every app alike.
 */
import { resolve } from 'node:path';
import type { Environment } from '../../model/host.ts';
import type { FleetRequest } from '../../model/run-request.ts';
import { candidatesOf, type FileSecret, type RawInputs } from '../../options/input-candidates.ts';
import { type ParsedOptions, parseOptions } from '../../options/parse-options.ts';
import { type InputProblem, shownValue } from '../../options/problem.ts';
import type { System } from '../../options/system.ts';
import { nearestNames } from '../../text/nearest-name.ts';
import { type OutputPlace, outputBase } from '../choose-output-folder.ts';
import type { FleetEntry } from './fleet-entries.ts';
import type { FleetFile } from './fleet-file.ts';
import { placed, type Setting } from './fleet-values.ts';
import { loadFleet } from './load-fleet.ts';

interface Applied {
  raw: RawInputs;
  /** Absent where there is no such entry: what it would have given is then missing, which is no further problem. */
  fleet?: FleetRequest;
}

export async function applyFleet(
  raw: RawInputs,
  environment: Environment,
  system: System,
  place: OutputPlace,
): Promise<Applied> {
  const options = parseOptions(raw, environment, system);
  // In another mode they are refused as options that do not apply.
  if (options.mode !== 'run') return { raw };
  const [path, asked] = [options.get('fleet'), options.get('fleet-app')];
  const withProblems = (problems: readonly InputProblem[], rest: Partial<Applied> = {}): Applied => ({
    ...rest,
    raw: { ...(rest.raw ?? raw), problems: [...(raw.problems ?? []), ...problems] },
  });
  if (path === undefined) {
    if (options.failed('fleet')) return { raw };
    const allowed = `${options.name('fleet')} with the fleet file that has it`;
    return withProblems([options.problemWith('fleet-app', 'is given without a fleet file', allowed)]);
  }
  const { file, base, entries, problems } = await loadFleet(path, options.name('fleet'), place.cwd, 'nothing');
  if (file === undefined || problems.length > 0) return withProblems(problems);
  if (asked === undefined) {
    if (options.failed('fleet-app')) return { raw };
    const allowed = `${options.name('fleet-app')} with one of ${namesOf(entries)}`;
    return withProblems([options.problemWith('fleet', 'is given without the app to run', allowed)]);
  }
  const [name = '', digest] = asked.split('@');
  const entry = entries.find((each) => each.name === name);
  if (entry === undefined) {
    return withProblems([unknownApp(options, name, entries)]);
  }
  const fleet = { file: file.label, app: name, plan: file.plan };
  const own = inputsOf(entry, file, base, environment);
  const folder = folderOf(entry, raw, environment, system, place);
  const changed = digest === undefined || file.plan.startsWith(digest) ? [] : [otherPlan(options, asked, file)];
  const another = options.origin('app')?.tier === 'input' ? [anotherApp(options, asked)] : [];
  return withProblems([...changed, ...another], { fleet, raw: { ...raw, fleet: [...own, ...folder] } });
}

function otherPlan(options: ParsedOptions, asked: string, { plan }: FleetFile): InputProblem {
  const message = `belongs to another plan: the fleet file has changed since, to ${plan.slice(0, 16)}`;
  const allowed = 'the fleet file that was planned, or a plan of this one';
  return options.problemWith('fleet-app', message, allowed, shownValue(asked));
}

/** It would win, and every job of the fleet would run it: all of them green, and the others never looked at. */
function anotherApp(options: ParsedOptions, asked: string): InputProblem {
  const message = `is given together with ${options.name('fleet-app')} ${shownValue(asked)}, whose app the fleet file names`;
  return options.problemWith('app', message, 'one of the two');
}

const SHOWN_NAMES = 5;

function namesOf(entries: readonly FleetEntry[]): string {
  const names = entries.slice(0, SHOWN_NAMES).map(({ name }) => name);
  return `${names.join(', ')}${entries.length > SHOWN_NAMES ? `, … (${entries.length} in all)` : ''}`;
}

function unknownApp(options: ParsedOptions, name: string, entries: readonly FleetEntry[]): InputProblem {
  const [near] = nearestNames(
    name,
    entries.map((each) => each.name),
  );
  const message = `is not an app of the fleet file whose path or pattern has a file here${near === undefined ? '' : `; did you mean ${near}?`}`;
  const allowed = entries.length === 0 ? 'the app, where the fleet file looks for it' : `one of ${namesOf(entries)}`;
  return options.problemWith('fleet-app', message, allowed, shownValue(name));
}

function inputsOf(entry: FleetEntry, file: FleetFile, base: string, environment: Environment): FileSecret[] {
  const app: FileSecret = { id: 'app', spelling: `${file.place(entry.path)} (app)`, text: placed(entry.app, base) };
  return [app, ...entry.settings.map((setting) => inputOf(setting, file, environment))];
}

function inputOf({ id, path, given }: Setting, file: FleetFile, environment: Environment): FileSecret {
  const spelling = `${file.place(path)} (${id})`;
  if ('text' in given) return { id, spelling, text: given.text };
  // `constructor` is a name like any other, and not what every object has.
  const text = (Object.hasOwn(environment, given.variable) ? environment[given.variable] : undefined) ?? '';
  if (text.trim() !== '') return { id, spelling: `${spelling}, variable ${given.variable}`, text };
  // Not another variable in its place: that may be the secret of another app.
  const message = `names the variable ${given.variable}, which is empty or not set`;
  return {
    id,
    spelling,
    text: '',
    refused: { message, allowed: `a secret ${given.variable} in this job`, withheld: true },
  };
}

/** Every app has its own, so that the results of many jobs can lie side by side. */
function folderOf(
  { name }: FleetEntry,
  raw: RawInputs,
  environment: Environment,
  system: System,
  place: OutputPlace,
): FileSecret[] {
  const given = candidatesOf('output-dir', raw, environment, system).some(({ text }) => text.trim() !== '');
  if (given) return [];
  return [{ id: 'output-dir', spelling: 'output-dir', text: resolve(outputBase(place), name) }];
}
