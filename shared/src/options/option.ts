/**
 * The vocabulary of the option table: what an option is and which types its value can have. No option is written here.
 */

import type { Mode, Platform } from '../model/run-request.ts';
import type { Secret } from '../model/secret.ts';

export type OptionGroup = 'what' | 'sign' | 'gate' | 'output' | 'run';

/** What an option needs of the system that it is given on. */
export type Offer =
  /** Flags on a command line, which does not know where it runs. */
  | 'command-line'
  /** A storage for artifacts that a job fills by itself. */
  | 'artifacts'
  | 'pull-request-comments';

export interface Choice {
  value: string;
  /** What it means, a few words. */
  help: string;
  /** Other spellings, e.g. those of the official plugins. Compared without case, hyphens, underscores and blanks. */
  synonyms?: readonly string[];
}

export type OptionType =
  /** One line of text. `form` says in words what `pattern` demands. `verbatim`: any text, taken as it is, blanks and line breaks too. */
  | { kind: 'string'; pattern?: RegExp; form?: string; maxLength?: number; verbatim?: true }
  /** `token` may not hold white space (it goes into a header); `password` is taken as it is. */
  | { kind: 'secret'; form: 'token' | 'password' }
  | { kind: 'boolean' }
  | { kind: 'integer'; min: number; max: number }
  /** Milliseconds. `min` and `max` are milliseconds too. */
  | { kind: 'duration'; min: number; max: number }
  | { kind: 'list' }
  | { kind: 'choice'; choices: readonly Choice[] }
  | { kind: 'choice-list'; choices: readonly Choice[] }
  /** A switch, or the id of a CI system (choices.ts). */
  | { kind: 'ci' }
  /** A file or folder, relative to the working directory. */
  | { kind: 'path' }
  | { kind: 'path-list' }
  /**
   * A path, an https URL or the file's content in base64. `secret`: the content is one. `inline`: its JSON text may be the value, too.
   */
  | { kind: 'file'; secret?: true; inline?: 'json' }
  | { kind: 'file-list' }
  /** A JSON object in place, or the path of a file that holds one. */
  | { kind: 'json' }
  | { kind: 'uuid' }
  /** `server`: https, or http to loopback. `proxy`: http or https, credentials allowed. */
  | { kind: 'url'; form: 'server' | 'proxy' }
  /** SHA-1 or SHA-256 of a signing certificate. */
  | { kind: 'fingerprint' };

export interface OptionDefinition {
  /** Kebab-case. Every other spelling follows from it (spelling.ts). */
  id: string;
  group: OptionGroup;
  type: OptionType;
  /** One line for lists, no full stop. */
  summary: string;
  /** The same where it means something else in that mode. */
  summaryIn?: Readonly<Partial<Record<Mode, string>>>;
  /** More, in whole sentences, for the reference page. */
  help?: string;
  /** The same, where options are flags of a command line. */
  flagHelp?: string;
  /** As a user would write it; it goes through the same parser. */
  default?: string;
  /** In words, where the default is not a fixed value. */
  defaultText?: string;
  /**
   * When it must be set, by mode, in words that fit after "Required"; empty = always. The rules themselves are in build-request.ts
   * and sign-rules.ts.
   */
  requiredIn?: Readonly<Partial<Record<Mode, string>>>;
  /** The modes in which it means something. */
  modes: readonly Mode[];
  /** The platforms for which it means something; absent = both. */
  platforms?: readonly Platform[];
  /** What a system must offer for it to mean something; absent = nothing. */
  needs?: Offer;
  /** The CI system gives it to every job, so a value does not prove that the job gets other secrets. */
  inEveryJob?: true;
  /** What the value is called in help, if its type does not tell (adapter/arguments.ts): `DIR`, `NAME`. */
  placeholder?: string;
  /** Variables of the official clients, as they are (appdome-api.md §3.28). */
  officialEnvironment?: readonly string[];
  /** Variables of lists that come numbered from 1: `IOS_MOBILEPROVISION_` for `IOS_MOBILEPROVISION_1`, `IOS_MOBILEPROVISION_2`. */
  officialEnvironmentNumbered?: readonly string[];
  /** The same where the variable depends on the platform. */
  officialEnvironmentByPlatform?: Readonly<Record<Platform, readonly string[]>>;
  /** A common one: in the short help. */
  common?: boolean;
}

/** An input of an official plugin that has no effect here and is accepted, so that a step needs no other change. */
export interface UnusedOfficialInput {
  name: string;
  /** What to do instead, a whole sentence. */
  instead: string;
}

type Row = Omit<OptionDefinition, 'group' | 'modes'> & { modes?: readonly Mode[] };
type Filled<R extends Row> = R & { group: OptionGroup; modes: readonly Mode[] };

/**
 * The options of one group. Without `modes`, an option means something in mode run only. Keeps the literal types, so that
 * `values.get('retries')` is a number.
 */
export function defineOptions<const T extends readonly Row[]>(group: OptionGroup, options: T) {
  return options.map((option) => ({ modes: ['run'], ...option, group })) as { [I in keyof T]: Filled<T[I]> };
}

/** A JSON object given in place, or where it stands. */
export type JsonInput = { inline: Record<string, unknown> } | { path: string };

/** The value that the parser of a type returns. */
export type ValueOfType<T> = T extends { kind: 'choice'; choices: readonly { value: infer V }[] }
  ? V
  : T extends { kind: 'choice-list'; choices: readonly { value: infer V }[] }
    ? V[]
    : T extends { kind: 'secret' }
      ? Secret
      : T extends { kind: 'boolean' }
        ? boolean
        : T extends { kind: 'integer' | 'duration' }
          ? number
          : T extends { kind: 'list' | 'path-list' | 'file-list' }
            ? string[]
            : T extends { kind: 'json' }
              ? JsonInput
              : string;
