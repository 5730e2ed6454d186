/** What a CI system is to Fusegate: one record of traits, in a file of its own in systems/. No other file asks which system it is. */

import type { Environment, OutputName } from '../model/host.ts';
import type { Offer, UnusedOfficialInput } from './option.ts';
import type { OptionId } from './table.ts';

export interface System {
  /** As results name it: `ci.system`. */
  id: string;
  /** As people write it. */
  title: string;
  /** The folder of its package; absent where its jobs run the CLI. */
  plugin?: string;
  inputs: InputTraits;
  /** An output, as later steps read it: `protected-app`, `protectedApp`, `FUSEGATE_PROTECTED_APP`. */
  outputName(name: OutputName): string;
  /** What some options need: an option whose need is not met is not an option there. */
  offers: readonly Offer[];
  /** Appdome's own plugin for it: its steps run here without another change than the name of the plugin. */
  official?: OfficialPlugin;
  /** Absent for the CLI, which runs anywhere. */
  job?: JobTraits;
  /** Lines of the log between which it folds what it shows. */
  logGroup?: LogGroup;
}

/** A title is ours: a few plain words. Times are milliseconds since the epoch; `began` is when the group did. */
export interface LogGroup {
  begin(title: string, at: number): string;
  end(title: string, began: number, at: number): string;
}

/** How options are given there. */
export interface InputTraits {
  /** What its users call what they give to a job. */
  word: 'inputs' | 'options';
  /** The name of an option, from its id. */
  nameOf(id: string): string;
  /** Before a name, where a user writes one. */
  prefix: '' | '--';
  /** `app` and `APP` are the same input. */
  ignoresCase: boolean;
  /** What separates the items of a list, besides line breaks. */
  separators: string;
  /** How to write a list, in words for its users. */
  listHelp: string;
}

/** Facts from appdome-api.md §10. */
export interface OfficialPlugin {
  /** Its names for options of ours. There `None` means "not given". */
  inputs: Readonly<Partial<Record<OptionId, readonly string[]>>>;
  /** Its inputs that are accepted and do nothing. */
  unused: readonly UnusedOfficialInput[];
}

/** What a job there knows of itself. */
export interface JobTraits {
  /** The variable whose presence says that a job runs there. */
  sign: string;
  facts(environment: Environment): JobFacts;
  /** The file of the repository that defines the job, as far as the system says. It may be elsewhere: the caller looks. */
  definedIn?(environment: Environment): string | undefined;
  /** Why this job has no secrets, only where the environment says so for certain. */
  secretsWithheld?(environment: Environment): string | undefined;
}

/** Empty and unset are the same. */
export interface JobFacts {
  runUrl?: string | undefined;
  repository?: string | undefined;
  commit?: string | undefined;
  actor?: string | undefined;
  /** Same value for every attempt of the same job, where the system has one: what a journal is bound to. */
  runId?: string | undefined;
}
