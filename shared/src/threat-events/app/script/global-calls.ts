/** Whether a script calls a function that another script of the page declares. */
import { Budget, UnreadablePart } from '../problem.ts';
import type { Parse } from './parse.ts';
import { Program } from './program.ts';
import { isNever, Runs } from './runs.ts';
import type { Modules } from './values.ts';
import { Values } from './values.ts';

const MAX_PARSED = 4 * 1024 * 1024;
const MAX_STEPS = 20_000_000;
const NO_MODULES: Modules = { required: () => undefined, exported: () => [] };

export function callsGlobal(text: string, name: string, parse: Parse): boolean {
  if (text.length > MAX_PARSED || !text.includes(name)) return false;
  const tree = parse(text);
  if (tree === undefined) return false;
  try {
    const program = new Program(new Budget(MAX_STEPS));
    program.add(tree);
    const runs: Runs = new Runs(program, new Values(program, NO_MODULES, (call) => !isNever(runs.of(call))));
    return program.usesOfGlobal(name).some((use) => runs.mayCall(use));
  } catch (error) {
    if (!(error instanceof UnreadablePart || error instanceof RangeError)) throw error;
    return false;
  }
}
