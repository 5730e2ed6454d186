/** Where a value can come from, and everything that was said about each option, tier by tier. */
import { defined } from '../model/defined.ts';
import { type Environment, OUTPUT_NAMES } from '../model/host.ts';
import type { Mode, Platform } from '../model/run-request.ts';
import { nearestNames } from '../text/nearest-name.ts';
import { type InputProblem, problem } from './problem.ts';
import {
  ENVIRONMENT_PREFIX,
  fileVariable,
  inputsOf,
  isOn,
  nearestInput,
  numberedVariables,
  officialVariables,
  optionOfInput,
  optionOfVariable,
  ownVariable,
  spell,
  unusedOfficialInputs,
  variableOf,
} from './spelling.ts';
import type { System } from './system.ts';
import { SYSTEMS } from './systems.ts';
import { OPTIONS, type Option, type OptionId, optionById } from './table.ts';

/** One input as an adapter read it. */
export interface RawInput {
  /** The system's input name or an official alias of it, without dashes in front. */
  name: string;
  /** Empty = unset. */
  value: string;
  /** As the user wrote it, for messages, where that is not the system's own spelling. */
  spelling?: string;
  /** The adapter itself refuses this input, and why; the value is then never looked at. */
  refused?: { message: string; allowed: string };
}

/** One problem: that the option has no value then is not a second one. */
export function refusedInput(input: Pick<RawInput, 'name' | 'spelling'>, message: string, allowed: string): RawInput {
  return { ...input, value: '', refused: { message, allowed } };
}

export interface RawInputs {
  inputs: readonly RawInput[];
  /** What the adapter found wrong before any option was known: a word too many, a flag without its value. */
  problems?: readonly InputProblem[];
  /** Secrets that `FUSEGATE_<NAME>_FILE` points to (secret-files.ts). */
  fileSecrets?: readonly FileSecret[];
  /** What a fleet file says of this app (intake/fleet/). */
  fleet?: readonly FileSecret[];
}

export interface FileSecret {
  id: OptionId;
  spelling: string;
  text: string;
  /** `withheld`: it names a secret that this job has not got. */
  refused?: { message: string; allowed: string; withheld?: true };
}

/** In order of precedence. */
export const TIERS = ['input', 'fleet', 'fusegate', 'official'] as const;
export type Tier = (typeof TIERS)[number];

export interface Candidate {
  text: string;
  /** `--app`, `APP_FILE`, `FUSEGATE_APP`: what to name in messages. */
  spelling: string;
}

export interface Candidates {
  of(id: OptionId, tier: Tier): readonly Candidate[];
  /** Given under a name that is not an option and is nearest to this one's. Counts as no value, and is never shown: it may be a secret. */
  misspelt(id: OptionId): readonly string[];
  /** Options that the adapter refused. */
  refused: ReadonlySet<OptionId>;
  problems: InputProblem[];
  notices: string[];
}

/** Variables that start like ours but are not options; only tests set them. */
const RESERVED_VARIABLES = /^FUSEGATE_(TIME_SCALE|SHARED_DIR)$/;

/**
 * Outputs of an earlier step: on Bitrise `FUSEGATE_CERTIFICATE_PDF`, on Azure, where the step is named `fusegate`,
 * `FUSEGATE_CERTIFICATEPDF`.
 */
const OUTPUT_VARIABLES = new Set(
  SYSTEMS.flatMap(({ outputName }) => OUTPUT_NAMES.map((name) => outputName(name).toUpperCase())).map((name) =>
    name.startsWith(ENVIRONMENT_PREFIX) ? name : ENVIRONMENT_PREFIX + name,
  ),
);

/** The official plugins' inputs use `None` for "not given" (appdome-api.md §10.1). */
function officialText(value: string): string {
  return value.trim().toLowerCase() === 'none' ? '' : value;
}

/**
 * Whether the step was written for the official plugin. Some of its names are ours too (`TEAM-ID`, `fusion_set_id`), and there `None`
 * means "not given" only in such a step.
 */
export function isOfficialStep(inputs: readonly RawInput[], system: System): boolean {
  return inputs.some(({ name, value }) => optionOfInput(name, system)?.official && officialText(value).trim() !== '');
}

class Collector implements Candidates {
  readonly #byOption = new Map<string, Candidate[]>();
  readonly #misspelt = new Map<OptionId, string[]>();
  readonly refused = new Set<OptionId>();
  readonly problems: InputProblem[] = [];
  readonly notices: string[] = [];

  of(id: OptionId, tier: Tier): readonly Candidate[] {
    return this.#byOption.get(`${tier} ${id}`) ?? [];
  }

  misspelt(id: OptionId): readonly string[] {
    return this.#misspelt.get(id) ?? [];
  }

  addMisspelt(id: OptionId, text: string): void {
    this.#misspelt.set(id, [...this.misspelt(id), text]);
  }

  add(option: Option, tier: Tier, candidate: Candidate): void {
    const key = `${tier} ${option.id}`;
    this.#byOption.set(key, [...this.of(option.id, tier), candidate]);
  }

  refuse(id: OptionId, spelling: string, { message, allowed, withheld }: NonNullable<FileSecret['refused']>): void {
    this.refused.add(id);
    const found = problem(spelling, message, { allowed });
    this.problems.push(withheld ? { ...found, code: 'secret.unavailable' } : found);
  }
}

function collectInputs(into: Collector, inputs: readonly RawInput[], officialStep: boolean, system: System): void {
  const official = new Map<string, string>();
  const unused = unusedOfficialInputs(system);
  const flag = (name: string) => `${system.inputs.prefix}${name}`;
  for (const input of inputs) {
    const found = optionOfInput(input.name, system);
    const option = found?.option;
    const spelling = input.spelling ?? flag(input.name);
    const ignored = option ? undefined : unused.find(({ name }) => name.toLowerCase() === input.name.toLowerCase());
    if (ignored) {
      if (officialText(input.value).trim() !== '') into.notices.push(`${spelling} is not used. ${ignored.instead}`);
      continue;
    }
    if (!option) {
      const near = nearestInput(input.name, system);
      if (near?.meant) into.addMisspelt(near.meant.id, input.value);
      // The value stays out: it may be a secret whose name has a typing error.
      const allowed = near && `did you mean ${flag(near.name)}?`;
      into.problems.push(problem(spelling, 'is not an option', defined({ allowed })));
      continue;
    }
    if (input.refused) {
      into.refuse(option.id, spelling, input.refused);
      continue;
    }
    const text = officialStep || found.official ? officialText(input.value) : input.value;
    if (found.official && text.trim() !== '') official.set(spelling, spell(option.id, system));
    into.add(option, 'input', { text, spelling });
  }
  if (official.size > 0) {
    const pairs = [...official].map(([old, now]) => `${old} = ${now}`).join(', ');
    into.notices.push(`Inputs of the official plugin are read as ours: ${pairs}.`);
  }
}

function collectFromFiles(into: Collector, tier: 'fleet' | 'fusegate', values: readonly FileSecret[] = []): void {
  for (const { id, spelling, text, refused } of values) {
    if (refused) into.refuse(id, spelling, refused);
    else into.add(optionById(id), tier, { text, spelling });
  }
}

function collectEnvironment(
  into: Collector,
  options: readonly Option[],
  environment: Environment,
  system: System,
  job: JobHints,
): void {
  for (const option of options.filter((each) => isOn(each, system))) {
    const own = ownVariable(option, system) ?? '';
    const ownText = environment[own];
    if (ownText !== undefined) into.add(option, 'fusegate', { text: ownText, spelling: own });
    // In mode gate the official variable does not count: it names what to build with, not what an old certificate must say.
    if (option.officialEnvironmentByPlatform && job.mode === 'gate') continue;
    const official = officialVariables(option, job.platform);
    for (const variable of official) {
      const text = environment[variable];
      if (text !== undefined) into.add(option, 'official', { text, spelling: variable });
    }
    // Each holds one file, and all of them together are the list: under one name, so that they add up.
    const numbered = numberedVariables(option, environment);
    const [spelling = ''] = [...official, ...numbered];
    for (const text of numbered.map((variable) => environment[variable])) {
      if (text) into.add(option, 'official', { text, spelling });
    }
  }
}

/** A variable that was meant for us and is misspelt would silently do nothing. A notice, since other tools may use our prefix. */
function noticeUnknownVariables(into: Collector, environment: Environment): void {
  const names = OPTIONS.flatMap((option) => [
    variableOf(option.id),
    ...(option.type.kind === 'secret' ? [fileVariable(option)] : []),
  ]).map((name) => name.slice(ENVIRONMENT_PREFIX.length));
  for (const variable of Object.keys(environment).sort()) {
    if (!variable.startsWith(ENVIRONMENT_PREFIX) || RESERVED_VARIABLES.test(variable)) continue;
    if (OUTPUT_VARIABLES.has(variable) || optionOfVariable(variable)) continue;
    const [near] = nearestNames(variable.slice(ENVIRONMENT_PREFIX.length), names);
    if (near)
      into.notices.push(`The variable ${variable} is not an option; did you mean ${ENVIRONMENT_PREFIX}${near}?`);
  }
}

/** What of the job is known before its options are: of two official variables only the platform's own counts. */
export interface JobHints {
  mode?: Mode | undefined;
  platform?: Platform | undefined;
}

/**
 * What is said about one option, before anything is known of the job. Problems and notices are for `collectCandidates`, which looks at
 * everything.
 */
export function candidatesOf(
  id: OptionId,
  raw: RawInputs,
  environment: Environment,
  system: System,
): readonly Candidate[] {
  const collector = new Collector();
  collectInputs(collector, inputsOf(raw.inputs, id, system), isOfficialStep(raw.inputs, system), system);
  collectFromFiles(
    collector,
    'fleet',
    raw.fleet?.filter((each) => each.id === id),
  );
  collectEnvironment(collector, [optionById(id)], environment, system, {});
  return TIERS.flatMap((tier) => collector.of(id, tier));
}

export function collectCandidates(
  raw: RawInputs,
  environment: Environment,
  system: System,
  job: JobHints = {},
): Candidates {
  const collector = new Collector();
  collector.problems.push(...(raw.problems ?? []));
  collectInputs(collector, raw.inputs, isOfficialStep(raw.inputs, system), system);
  collectFromFiles(collector, 'fleet', raw.fleet);
  collectFromFiles(collector, 'fusegate', raw.fileSecrets);
  collectEnvironment(collector, OPTIONS, environment, system, job);
  noticeUnknownVariables(collector, environment);
  return collector;
}
