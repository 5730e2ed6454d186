/**
 * Command-line words -> raw inputs. The flags come straight from the option table; there is no second list. This judges nothing but the
 * form; every problem goes into the one list with all others.
 */

import { kindOfName } from '../files/file-names.ts';
import { defined } from '../model/defined.ts';
import type { Mode } from '../model/run-request.ts';
import type { RawInput, RawInputs } from '../options/input-candidates.ts';
import { isBooleanWord } from '../options/parse-value.ts';
import { type InputProblem, problem, shownValue } from '../options/problem.ts';
import { nearestInput, officialVariables, optionOfInput, secretFileOption, variableOf } from '../options/spelling.ts';
import type { System } from '../options/system.ts';
import { CLI } from '../options/systems/cli.ts';
import type { Option } from '../options/table.ts';

export interface ParsedArguments {
  raw: RawInputs;
  help: boolean;
}

/** What a flag's value is called in help and messages. */
export function placeholderOf(option: Option): string {
  if (option.placeholder) return option.placeholder;
  const names: Partial<Record<Option['type']['kind'], string>> = {
    duration: 'TIME',
    integer: 'N',
    choice: 'WORD',
    'choice-list': 'LIST',
    boolean: 'BOOL',
    path: 'FILE',
    'path-list': 'FILES',
    file: 'FILE',
    'file-list': 'FILES',
    json: 'JSON',
    uuid: 'ID',
    url: 'URL',
    fingerprint: 'HEX',
  };
  return names[option.type.kind] ?? 'VALUE';
}

function refuseSecret(option: Option): NonNullable<RawInput['refused']> {
  const variable = officialVariables(option)[0] ?? variableOf(option.id);
  return {
    message: 'is a secret, and every process on this machine can read command lines',
    allowed: `the variable ${variable}, or --${option.id}-file FILE`,
  };
}

class Words {
  readonly #words: readonly string[];
  #next = 0;

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  /** Of the word that was taken last, counted from 1. */
  get position(): number {
    return this.#next;
  }

  take(): string | undefined {
    return this.#words[this.#next++];
  }

  /** The next word, if it passes; else it stays. */
  takeIf(passes: (word: string) => boolean): string | undefined {
    const word = this.#words[this.#next];
    if (word === undefined || !passes(word)) return undefined;
    this.#next++;
    return word;
  }
}

/** The content of a file, as `"$(cat release.pem)"` gives it. */
function isArmour(word: string): boolean {
  return word.startsWith('-----BEGIN ');
}

/** A word that can be a value: flags begin with two dashes; any other value that does too is written with `=`. */
function isValueWord(word: string): boolean {
  return !word.startsWith('--') || isArmour(word);
}

/** Whether a flag of it needs no value. */
export function isSwitch({ type }: Option): boolean {
  return type.kind === 'boolean' || type.kind === 'ci';
}

function readFlag(word: string, words: Words, system: System): RawInput {
  const equals = word.indexOf('=');
  const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
  const spelling = `--${name}`;
  const inline = equals < 0 ? undefined : word.slice(equals + 1);
  const option = optionOfInput(name, system)?.option;

  if (!option && name.startsWith('no-')) {
    const negated = optionOfInput(name.slice(3), system)?.option;
    if (negated && isSwitch(negated)) {
      return inline === undefined
        ? { name: negated.id, value: 'false', spelling }
        : { name: negated.id, value: '', spelling, refused: { message: 'takes no value', allowed: spelling } };
    }
  }
  if (!option && secretFileOption(name, system) === undefined) {
    // Its value goes with it, and is dropped unless an option is near that is not a secret.
    const value = inline ?? words.takeIf((next) => !next.startsWith('-') || isArmour(next)) ?? '';
    return { name, value: nearestInput(name, system)?.meant ? value : '', spelling };
  }
  if (option?.type.kind === 'secret') {
    if (inline === undefined) words.takeIf(isValueWord);
    return { name, value: '', spelling, refused: refuseSecret(option) };
  }
  if (option?.type.kind === 'boolean') {
    return { name, spelling, value: inline ?? words.takeIf(isBooleanWord) ?? 'true' };
  }
  if (option && isSwitch(option)) {
    return { name, spelling, value: inline ?? words.takeIf((next) => !next.startsWith('-')) ?? 'true' };
  }
  const value = inline ?? words.takeIf(isValueWord);
  if (value !== undefined) return { name, spelling, value };
  const allowed = `${spelling} ${option ? placeholderOf(option) : 'FILE'}`;
  return { name, spelling, value: '', refused: { message: 'needs a value', allowed } };
}

function strayWord(word: string, position: number): InputProblem {
  // Anything but the name of an app is not shown: it may be a secret that a shell has split off.
  const value = kindOfName(word) && shownValue(word);
  const allowed = value === undefined ? '--OPTION VALUE; quote a value that holds blanks' : `--app ${value}`;
  return problem(`argument ${position}`, 'belongs to no option', defined({ value, allowed }));
}

/**
 * `--app X`, `--app=X`, `--verbose`, `--verbose=false`, `--no-verbose`; a list flag may be repeated. A word without a flag
 * is a problem, unless the command takes it.
 * @param words without the command word
 * @param mode that of the command word; undefined if there is none
 * @param system whose names the flags have: Jenkins has those of its official plugin, too
 * @param inputOf what a word without a flag means to the command; undefined = nothing
 */
export function parseArguments(
  words: readonly string[],
  mode: Mode | undefined,
  system: System = CLI,
  inputOf: (word: string) => RawInput | undefined = () => undefined,
): ParsedArguments {
  const inputs: RawInput[] = mode ? [{ name: 'mode', value: mode, spelling: `the command ${mode}` }] : [];
  const problems: InputProblem[] = [];
  let help = false;
  const rest = new Words(words);
  for (let word = rest.take(); word !== undefined; word = rest.take()) {
    if (word === '--help' || word === '-h') help = true;
    else if (!isValueWord(word) && word.length > 2) inputs.push(readFlag(word, rest, system));
    else if (/^-[A-Za-z]/.test(word)) {
      problems.push(problem(word.slice(0, 2), 'is not an option', { allowed: 'options are written with two dashes' }));
    } else if (word !== '--') {
      const input = inputOf(word);
      if (input === undefined) problems.push(strayWord(word, rest.position));
      else inputs.push(input);
    }
  }
  return { raw: { inputs, problems }, help };
}
