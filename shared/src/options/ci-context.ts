/**
 * Which CI job this is, from the variables that each system sets, and from nothing else. The option `ci` chooses whose lines the log has and
 * must not reach here: a journal is bound to `runId`, and a job that could name its system would choose which variable that is. One that its
 * agent does not set is empty in every run, or holds what a step wrote, and the job would continue the build of another run.
 */
import type { Environment } from '../model/host.ts';
import type { JobFacts, System } from './system.ts';
import { SYSTEMS } from './systems.ts';

type Present<T> = { [K in keyof T]?: NonNullable<T[K]> };

export interface CiContext extends Present<JobFacts> {
  system: string;
}

/**
 * Drops what is unset or empty, so that optional properties are absent rather than `undefined`; and the credentials of an address: where a
 * job clones by https, the system's variable may be the very URL with the token in it.
 */
function present(facts: JobFacts): Present<JobFacts> {
  return Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]: [string, string | undefined]) =>
      value === undefined || value === '' ? [] : [[name, value.replace(/^([a-z][a-z0-9+.-]*:\/\/)\S*@/i, '$1')]],
    ),
  );
}

/** @returns the system whose job this is, where it is a known one */
export function systemOfJob(environment: Environment, systems: readonly System[] = SYSTEMS): System | undefined {
  return systems.find(({ job }) => job !== undefined && environment[job.sign]);
}

/** The system of a run that no CI system has started. */
const LOCAL = 'local';

/** @returns the job's context; system `local` where no CI system is known and `ci` where only `CI` is set */
export function readCiContext(environment: Environment, systems: readonly System[] = SYSTEMS): CiContext {
  const known = systemOfJob(environment, systems);
  if (known?.job) return { system: known.id, ...present(known.job.facts(environment)) };
  const ci = environment['CI']?.toLowerCase();
  return { system: ci && ci !== 'false' && ci !== '0' ? 'ci' : LOCAL };
}

/** @returns a path as the system has it; whether there is such a file is not known here */
export function fileOfJob(environment: Environment, systems: readonly System[] = SYSTEMS): string | undefined {
  return systemOfJob(environment, systems)?.job?.definedIn?.(environment);
}

export function runsInCi(environment: Environment): boolean {
  return readCiContext(environment).system !== LOCAL;
}

/**
 * CI systems run the code of strangers without secrets. An empty secret there is not a typing error, and people lose hours on it. Where the
 * environment does not say for certain, the message names both cases as a possibility.
 * @returns why this run has no secrets, or undefined where that is not known
 */
export function whyWithheld(environment: Environment, systems: readonly System[] = SYSTEMS): string | undefined {
  return systems.map(({ job }) => job?.secretsWithheld?.(environment)).find((reason) => reason !== undefined);
}
