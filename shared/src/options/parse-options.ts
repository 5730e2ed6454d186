/**
 * Raw inputs and environment -> typed values, with every problem at once.
 *
 * Precedence: input, fleet file, FUSEGATE_*, the official clients' variables, default. Two different values in one tier are a problem: nobody can
 * tell which was meant. An empty text is "unset" everywhere.
 */
import { isDeepStrictEqual } from 'node:util';
import { kindOfName } from '../files/file-names.ts';
import { defined } from '../model/defined.ts';
import type { Environment } from '../model/host.ts';
import { type Mode, PLATFORM_OF_KIND, type Platform, platformName } from '../model/run-request.ts';
import { Secret } from '../model/secret.ts';
import {
  type Candidate,
  type Candidates,
  candidatesOf,
  collectCandidates,
  type JobHints,
  type RawInputs,
  TIERS,
  type Tier,
} from './input-candidates.ts';
import { type ParsedValue, parseValue } from './parse-value.ts';
import { type InputProblem, problem, shownValue } from './problem.ts';
import { spell } from './spelling.ts';
import type { System } from './system.ts';
import { CLI } from './systems/cli.ts';
import { OPTIONS, type Option, type OptionId, type OptionValue, optionById } from './table.ts';

interface Origin {
  tier: Tier;
  /** As the user wrote it. */
  spelling: string;
  /** The value as given. Never that of a secret: it is empty there. */
  text: string;
}

export interface ParsedOptions {
  mode: Mode;
  /** From `platform`, or from the extension of the app. */
  platform: Platform | undefined;
  /** The value, or the default, or undefined. Undefined too where the value was wrong. */
  get<I extends OptionId>(id: I): OptionValue<I> | undefined;
  /** Undefined where the default stands. */
  origin(id: OptionId): Origin | undefined;
  /** The same as a sentence says it: `the option --gate`, `the environment variable FUSEGATE_GATE`. */
  setter(id: OptionId): string | undefined;
  /** The name to use in messages: as the user wrote it, else as this system spells it. */
  name(id: OptionId): string;
  /** A problem with what `name` names. */
  problemWith(id: OptionId, message: string, allowed?: string, value?: string): InputProblem;
  /** What may have been meant, item by item: the value, or every text if there is none, and anything under a misspelt name. */
  texts(id: OptionId): string[];
  /** Something was given under a name that is not an option and is nearest to this one's: that is a problem already. */
  misspelt(id: OptionId): boolean;
  /** It was given and is wrong: that is a problem already, its absence is not a second one. */
  failed(id: OptionId): boolean;
  /** The name under which a secret was given empty, where it has no value. */
  emptySecret(id: OptionId): string | undefined;
  problems: InputProblem[];
  notices: string[];
  /** Every secret that was given, also those that another one overrides: all are masked. */
  secrets: Secret[];
}

const SETTER_WORD: Record<Tier, string> = {
  input: 'option',
  fleet: 'fleet file at',
  fusegate: 'environment variable',
  official: 'environment variable',
};

interface Settled {
  value: ParsedValue;
  origin: Origin | undefined;
}

const IS_LIST = new Set(['list', 'path-list', 'file-list', 'choice-list']);

/** A list flag that is repeated adds up; anything else given twice must say the same. */
function joinRepeated(option: Option, candidates: readonly Candidate[]): Candidate[] {
  if (!IS_LIST.has(option.type.kind)) return [...candidates];
  const bySpelling = new Map<string, string[]>();
  for (const { spelling, text } of candidates) bySpelling.set(spelling, [...(bySpelling.get(spelling) ?? []), text]);
  return [...bySpelling].map(([spelling, texts]) => ({ spelling, text: texts.join('\n') }));
}

function same(a: ParsedValue, b: ParsedValue): boolean {
  return a instanceof Secret && b instanceof Secret ? a.reveal() === b.reveal() : isDeepStrictEqual(a, b);
}

class Parser {
  readonly problems: InputProblem[];
  readonly notices: string[];
  readonly settled = new Map<OptionId, Settled>();
  readonly wrong = new Set<OptionId>();
  readonly empty = new Map<OptionId, string>();
  readonly candidates: Candidates;
  readonly system: System;

  constructor(candidates: Candidates, system: System) {
    this.candidates = candidates;
    this.system = system;
    this.problems = [...candidates.problems];
    this.notices = [...candidates.notices];
    for (const id of candidates.refused) this.wrong.add(id);
  }

  defaultOf(option: Option): ParsedValue | undefined {
    if (option.default === undefined) return undefined;
    const parsed = parseValue(option, option.default, CLI);
    return parsed.ok ? parsed.value : undefined;
  }

  /** @returns the value of the highest tier that has one; problems are collected on the way */
  settle(option: Option): void {
    if (this.wrong.has(option.id)) return;
    for (const tier of TIERS) {
      const given = joinRepeated(option, this.candidates.of(option.id, tier));
      const [blank] = given.filter(({ text }) => text.trim() === '');
      if (blank && option.type.kind === 'secret' && !this.empty.has(option.id))
        this.empty.set(option.id, blank.spelling);
      const filled = given.filter(({ text }) => text.trim() !== '');
      if (filled.length > 0) {
        this.#settleTier(option, tier, filled);
        this.empty.delete(option.id);
        return;
      }
    }
    const value = this.defaultOf(option);
    if (value !== undefined) this.settled.set(option.id, { value, origin: undefined });
  }

  #settleTier(option: Option, tier: Tier, filled: readonly Candidate[]): void {
    const secret = option.type.kind === 'secret';
    const values: Settled[] = [];
    for (const { text, spelling } of filled) {
      const parsed = parseValue(option, text, this.system);
      const shown = secret ? {} : { value: shownValue(text) };
      if (parsed.ok) {
        values.push({ value: parsed.value, origin: { tier, spelling, text: secret ? '' : text } });
      } else {
        this.wrong.add(option.id);
        this.problems.push(problem(spelling, parsed.message, { ...shown, allowed: parsed.allowed }));
      }
    }
    const [first, ...others] = values;
    const other = first && others.find(({ value }) => !same(value, first.value));
    if (first && other) {
      this.wrong.add(option.id);
      const names = [...new Set([first.origin?.spelling, other.origin?.spelling])];
      const message =
        names.length > 1 ? `${names.join(' and ')} give different values` : 'is given twice, with different values';
      const allowed = option.officialEnvironmentByPlatform
        ? `one value, or ${spell('platform', this.system)} android or ios to choose`
        : 'one value';
      const shown = secret ? {} : { value: shownValue(`${first.origin?.text} | ${other.origin?.text}`) };
      this.problems.push(problem(spell(option.id, this.system), message, { ...shown, allowed }));
    }
    if (first && !this.wrong.has(option.id)) this.settled.set(option.id, first);
  }

  /** A value that has no effect here is a problem where it was written for this very run, and is passed over where it was not. */
  passOver(option: Option, why: string): void {
    const { origin, value } = this.settled.get(option.id) ?? {};
    if (!origin || value === undefined) return;
    const used = !isDeepStrictEqual(value, this.defaultOf(option));
    if (used && origin.tier === 'input') {
      this.wrong.add(option.id);
      this.problems.push(problem(origin.spelling, why, { allowed: 'leave it out' }));
    }
    this.settled.delete(option.id);
  }
}

/** @returns the platform that a file name or URL tells */
export function platformOfName(path: string): Platform | undefined {
  const kind = kindOfName(path.trim().replace(/^(https?:\/\/[^?#]*)[?#].*$/i, '$1'));
  return kind && PLATFORM_OF_KIND[kind];
}

/** Read ahead of everything else, since mode and platform decide which other values count. */
function lookAhead(raw: RawInputs, environment: Environment, system: System): JobHints {
  const text = (id: OptionId) => {
    const texts = candidatesOf(id, raw, environment, system).map((candidate) => candidate.text.trim());
    return texts.find((each) => each !== '') ?? '';
  };
  const choice = (id: OptionId) => {
    const given = text(id);
    const parsed = given === '' ? undefined : parseValue(optionById(id), given, system);
    return parsed?.ok ? parsed.value : undefined;
  };
  const platform = choice('platform');
  return {
    mode: choice('mode') as Mode | undefined,
    platform: platform === undefined || platform === 'auto' ? platformOfName(text('app')) : (platform as Platform),
  };
}

/**
 * Pure: files are checked later (inspect-files.ts), rules between options too (build-request.ts).
 */
export function parseOptions(raw: RawInputs, environment: Environment, system: System): ParsedOptions {
  const job = lookAhead(raw, environment, system);
  const { platform } = job;
  const candidates = collectCandidates(raw, environment, system, job);
  const parser = new Parser(candidates, system);
  for (const option of OPTIONS) parser.settle(option);
  const mode = (parser.settled.get('mode')?.value ?? 'run') as Mode;

  for (const option of OPTIONS) {
    if (!option.modes.includes(mode)) {
      parser.passOver(option, `does not apply to mode ${mode}`);
    } else if (platform && option.platforms && !option.platforms.includes(platform)) {
      parser.passOver(option, `does not apply to ${platformName(platform)}`);
    }
  }

  const name = (id: OptionId) => parser.settled.get(id)?.origin?.spelling ?? spell(id, system);
  return {
    mode,
    platform,
    get: <I extends OptionId>(id: I) =>
      parser.wrong.has(id) ? undefined : (parser.settled.get(id)?.value as OptionValue<I> | undefined),
    origin: (id) => parser.settled.get(id)?.origin,
    setter: (id) => {
      const { tier, spelling } = parser.settled.get(id)?.origin ?? {};
      return tier && `the ${SETTER_WORD[tier]} ${spelling}`;
    },
    name,
    problemWith: (id, message, allowed, value) => problem(name(id), message, defined({ value, allowed })),
    texts: (id) => {
      const { text } = parser.wrong.has(id) ? {} : (parser.settled.get(id)?.origin ?? {});
      const given =
        text === undefined ? TIERS.flatMap((tier) => candidates.of(id, tier).map((each) => each.text)) : [text];
      return itemsOf(optionById(id), [...given, ...candidates.misspelt(id)], system);
    },
    misspelt: (id) => candidates.misspelt(id).length > 0,
    failed: (id) => parser.wrong.has(id),
    emptySecret: (id) => parser.empty.get(id),
    problems: parser.problems,
    notices: parser.notices,
    secrets: everySecret(candidates),
  };
}

/** As values, or as written if they are not valid. */
function itemsOf(option: Option, texts: readonly string[], system: System): string[] {
  return texts
    .filter((text) => text.trim() !== '')
    .flatMap((text) => {
      const parsed = parseValue(option, text, system);
      return parsed.ok ? [parsed.value].flat().map(String) : [text.trim()];
    });
}

function everySecret(candidates: Candidates): Secret[] {
  const texts = OPTIONS.filter(({ type }) => type.kind === 'secret').flatMap(({ id }) =>
    TIERS.flatMap((tier) => candidates.of(id, tier).flatMap(({ text }) => [text, text.trim()])),
  );
  return [...new Set(texts)].filter((text) => text.trim() !== '').map((text) => new Secret(text));
}
