/** The option table as the typed inputs of a recipe, for one command. Every system writes them down in its own form. */
import type { Mode } from '../../../shared/src/model/run-request.ts';
import { isOn, variableOf } from '../../../shared/src/options/spelling.ts';
import type { System } from '../../../shared/src/options/system.ts';
import { OPTIONS, type Option, type OptionId } from '../../../shared/src/options/table.ts';
import { availableChoices, optionSentences } from '../manifest/option-prose.ts';

/** The choice that stands for "not given": few systems accept an empty one. */
export const UNSET = 'unset';

/** Where a recipe puts its files unless told otherwise: it has to name them for the artifacts. */
const OUTPUT_DIR = 'fusegate-output';

/** The command is the mode; artifacts are the recipe's own; a CI system is recognised by its environment. */
const NOT_AN_INPUT: readonly OptionId[] = ['mode', 'publish', 'ci'];

export interface RecipeInput {
  option: Option;
  /** `secret`: a recipe never takes the value itself where its users could see it. */
  kind: 'text' | 'switch' | 'choice' | 'secret';
  /** Of a choice, with {@link UNSET} first. */
  choices: readonly string[];
  /** Of a switch, its default in the table: with it, a switch counts as not given. */
  default: string;
  /** The command does not start without it, and there is no other way to give it. */
  required: boolean;
  /** What it is about, in whole sentences; the first is the summary. */
  sentences: readonly string[];
}

function kindOf({ type }: Option): RecipeInput['kind'] {
  if (type.kind === 'boolean') return 'switch';
  if (type.kind === 'choice') return 'choice';
  return type.kind === 'secret' || (type.kind === 'file' && type.secret) ? 'secret' : 'text';
}

/** The option as it is in that mode alone. */
function narrowed(option: Option, mode: Mode): Option {
  const { summaryIn, requiredIn, ...rest } = option;
  const required = requiredIn?.[mode];
  return {
    ...rest,
    summary: summaryIn?.[mode] ?? option.summary,
    ...(required === undefined ? {} : { requiredIn: { [mode]: required } }),
    modes: ['run'],
  };
}

function inputOf(option: Option, mode: Mode, system: System): RecipeInput {
  const kind = kindOf(option);
  const choices = kind === 'choice' ? [UNSET, ...availableChoices(option).map(({ value }) => value)] : [];
  if (choices.lastIndexOf(UNSET) > 0) throw new RangeError(`${option.id} has a choice ${UNSET} of its own`);
  const preset = { switch: option.default ?? 'false', choice: UNSET, text: '', secret: '' }[kind];
  return {
    option,
    kind,
    choices,
    default: option.id === 'output-dir' ? OUTPUT_DIR : preset,
    required: kind === 'text' && option.requiredIn?.[mode] === '',
    sentences: optionSentences(narrowed(option, mode), system, { choices: kind !== 'choice' }),
  };
}

/** The inputs of a recipe for that command, in the order of the table. Names in their texts have no dashes in front. */
export function recipeInputs(mode: Mode, system: System): RecipeInput[] {
  const plain: System = { ...system, inputs: { ...system.inputs, word: 'inputs', prefix: '' } };
  return OPTIONS.filter(({ id, modes }) => modes.includes(mode) && !NOT_AN_INPUT.includes(id))
    .filter((option) => isOn(option, system))
    .map((option) => inputOf(option, mode, plain));
}

/** The variable of a secret that the command reads: that of the option. */
export function secretVariable({ option }: RecipeInput): string {
  return variableOf(option.id);
}

/** How much of the sentences fits, at least the first. */
export function within(limit: number, sentences: readonly string[]): string {
  const [first = '', ...more] = sentences;
  if (first.length > limit) throw new RangeError(`longer than ${limit} characters: ${first}`);
  return more.reduce((text, next) => (text.length + 1 + next.length > limit ? text : `${text} ${next}`), first);
}
