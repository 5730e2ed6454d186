/**
 * THE option table: the only place where an option is written. action.yml, task.json, step.yml, CLI flags, help and reference pages
 * are made from it.
 */
import type { OptionDefinition, OptionGroup, ValueOfType } from './option.ts';
import { GATE_OPTIONS } from './table/gate.ts';
import { OUTPUT_OPTIONS } from './table/output.ts';
import { RUN_OPTIONS } from './table/run.ts';
import { SIGN_OPTIONS } from './table/sign.ts';
import { WHAT_OPTIONS } from './table/what.ts';

const TABLE = [...WHAT_OPTIONS, ...SIGN_OPTIONS, ...GATE_OPTIONS, ...OUTPUT_OPTIONS, ...RUN_OPTIONS] as const;

type Row = (typeof TABLE)[number];
export type OptionId = Row['id'];
/** The parsed value of one option. */
export type OptionValue<I extends OptionId> = ValueOfType<Extract<Row, { id: I }>['type']>;

/** An option with its name as a literal; everything else as wide as the vocabulary. */
export type Option = OptionDefinition & { id: OptionId };

/** In the order in which help and reference show them. */
export const OPTIONS: readonly Option[] = TABLE;

export const OPTION_GROUPS: ReadonlyArray<{ id: OptionGroup; title: string }> = [
  { id: 'what', title: 'What to protect' },
  { id: 'sign', title: 'Signing' },
  { id: 'gate', title: 'Gate' },
  { id: 'output', title: 'Output' },
  { id: 'run', title: 'Run' },
];

const BY_ID = new Map<string, Option>(OPTIONS.map((option) => [option.id, option]));

export function optionById(id: OptionId): Option {
  const option = BY_ID.get(id);
  if (!option) throw new RangeError(`no option ${id}`);
  return option;
}

/** @returns the option of that exact id, if there is one */
export function findOption(id: string): Option | undefined {
  return BY_ID.get(id);
}
