/** The way in for every command that takes options: raw inputs -> a request, what must be masked, and what its steps work with. */
import { type ReadRequest, readRequest } from '../intake/read-request.ts';
import { type Clock, readTimeScale, scaledClock } from '../model/clock.ts';
import { defined } from '../model/defined.ts';
import type { Deps } from '../model/deps.ts';
import type { Environment } from '../model/host.ts';
import type { RawInputs } from '../options/input-candidates.ts';
import { problem } from '../options/problem.ts';
import type { System } from '../options/system.ts';
import { type Masker, maskerOf } from '../secrets/masker.ts';

/** What is taken from the process, so that tests decide it. */
export interface InputIo {
  system: System;
  environment: Environment;
  cwd: string;
  /** Where `fusegate-output/` goes when no folder is given; the working directory unless the system has a better place. */
  outputBase?: string | undefined;
  clock: Clock;
  random: () => number;
  /** Aborted when the system cancels the job. */
  signal: AbortSignal;
}

export interface ReadInputs {
  read: ReadRequest;
  masker: Masker;
  deps: Deps;
}

export async function readInputs(raw: RawInputs, io: InputIo): Promise<ReadInputs> {
  const { system, environment, cwd, outputBase, clock, random, signal } = io;
  const scale = readTimeScale(environment.FUSEGATE_TIME_SCALE);
  const problems = [...(raw.problems ?? [])];
  if (scale === undefined) problems.push(problem('FUSEGATE_TIME_SCALE', 'is not a number above 0 and up to 1'));
  const around = { cwd, now: clock.now(), clock, signal, ...defined({ outputBase }) };
  const read = await readRequest({ ...raw, problems }, environment, system, around);
  const retryClock = scale === undefined || scale === 1 ? clock : scaledClock(clock, scale);
  const masker = maskerOf(read.secrets);
  const maskForeign = (text: string, end?: 'may be missing') => masker.maskForeign(text, end);
  return { read, masker, deps: { clock, retryClock, random, signal, maskForeign } };
}
