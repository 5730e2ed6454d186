/** The values of an option that has a fixed set of them. Apart from the table, because the records of systems stand on it. */
import type { RunRequest } from '../model/run-request.ts';
import type { Choice, OptionType } from './option.ts';
import { SYSTEMS } from './systems.ts';

const CI_CHOICES: readonly Choice[] = [
  { value: 'true', help: 'with what the recognised system can show', synonyms: ['yes', 'on', '1'] },
  {
    value: 'false',
    help: 'live progress on a terminal, bare lines elsewhere',
    synonyms: ['no', 'off', '0'],
  },
  ...SYSTEMS.flatMap(({ id, title, job }) => (job === undefined ? [] : [{ value: id, help: title }])),
];

export function choicesOf(type: OptionType): readonly Choice[] {
  if (type.kind === 'ci') return CI_CHOICES;
  return type.kind === 'choice' || type.kind === 'choice-list' ? type.choices : [];
}

/** @param value of the option `ci` */
export function ciOf(value: string): Pick<RunRequest, 'ci' | 'ciSystem'> {
  return value === 'true' || value === 'false' ? { ci: value === 'true' } : { ci: true, ciSystem: value };
}
