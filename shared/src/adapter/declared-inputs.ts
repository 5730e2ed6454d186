/**
 * Inputs of a system that hands over every input it knows as a variable, set or not. Pure.
 */
import type { RawInput } from '../options/input-candidates.ts';
import { knownInputNames, optionOfInput, unusedOfficialInputs } from '../options/spelling.ts';
import type { System } from '../options/system.ts';

/** Each input once: where a system ignores case, an alias that differs in case only is the same input. */
function distinctNames(system: System): string[] {
  const names = [...knownInputNames(system), ...unusedOfficialInputs(system).map(({ name }) => name)];
  const key = (name: string) => (system.inputs.ignoresCase ? name.toLowerCase() : name);
  const byKey = new Map<string, string>();
  for (const name of names) if (!byKey.has(key(name))) byKey.set(key(name), name);
  return [...byKey.values()];
}

/**
 * An empty input is one that nobody set: these systems do not tell the two apart. Only an empty secret that some mode cannot do
 * without is kept, since that is what a secret looks like that the system withholds from forks.
 * @param read the value of an input; undefined if it has none
 */
export function declaredInputs(system: System, read: (name: string) => string | undefined): RawInput[] {
  return distinctNames(system).flatMap((name): RawInput[] => {
    const value = read(name);
    if (value === undefined) return [];
    if (value.trim() !== '') return [{ name, value }];
    const { option, official = false } = optionOfInput(name, system) ?? {};
    const withheld = option?.type.kind === 'secret' && !official && option.requiredIn !== undefined;
    return withheld ? [{ name, value: '' }] : [];
  });
}
