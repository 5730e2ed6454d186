/** The inputs of the action, out of the variables that the runner makes of them. Pure. */

import { declaredInputs } from '@fusegate/shared/adapter/declared-inputs';
import type { Environment } from '@fusegate/shared/model/host';
import type { RawInput } from '@fusegate/shared/options/input-candidates';
import { knownInputNames, optionOfInput, unusedOfficialInputs } from '@fusegate/shared/options/spelling';
import { GITHUB } from '@fusegate/shared/options/systems/github';
import { nearestNames } from '@fusegate/shared/text/nearest-name';

const PREFIX = 'INPUT_';

/** Blanks become underscores, hyphens stay (actions/runner, Handlers/Handler.cs). */
function variableOf(name: string): string {
  return `${PREFIX}${name.replaceAll(' ', '_').toUpperCase()}`;
}

/**
 * Inputs that no name of ours matches. The runner only warns of them, and a misspelt `required-features` must not go unread; but a job
 * may have variables of its own that begin with INPUT_. So one counts that has a hyphen, as only inputs have, or is close to a name.
 */
function misspeltInputs(environment: Environment): RawInput[] {
  const names = knownInputNames(GITHUB);
  const unused = new Set(unusedOfficialInputs(GITHUB).map(({ name }) => variableOf(name)));
  return Object.entries(environment).flatMap(([variable, value]) => {
    if (!variable.startsWith(PREFIX) || unused.has(variable) || value === undefined || value.trim() === '') return [];
    const name = variable.slice(PREFIX.length).toLowerCase();
    if (optionOfInput(name, GITHUB) || names.includes(name)) return [];
    return name.includes('-') || nearestNames(name, names).length > 0 ? [{ name, value }] : [];
  });
}

/** @returns every input that has a value, spelt as action.yml declares it */
export function actionInputs(environment: Environment): RawInput[] {
  return [...declaredInputs(GITHUB, (name) => environment[variableOf(name)]), ...misspeltInputs(environment)];
}
