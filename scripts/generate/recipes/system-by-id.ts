import type { System } from '../../../shared/src/options/system.ts';
import { systemById } from '../../../shared/src/options/systems.ts';

/** The record of a system that has a recipe. */
export function recipeSystem(id: string): System {
  const system = systemById(id);
  if (system === undefined) throw new RangeError(`no system ${id}`);
  return system;
}
