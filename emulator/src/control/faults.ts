import type { IncomingMessage } from 'node:http';
import { type FaultState, parseFaults } from '../faults/instruction.ts';
import { freshFault } from '../faults/match.ts';
import type { Route } from '../http/context.ts';
import { readJson } from '../http/form.ts';
import { jsonReply, Refusal } from '../http/reply.ts';

/** POST /__emulator/faults: adds a list of instructions: all of them or, if one is wrong, none. */
export const faultsRoute: Route = {
  method: 'POST',
  path: '/__emulator/faults',
  area: 'control',
  query: [],
  async handle(context) {
    const faults = await readFaults(context.request);
    context.state.faults.push(...faults);
    await context.services.store.save();
    return jsonReply({ added: faults.length });
  },
};

/** PUT /__emulator/faults: replaces the list; an empty one removes all instructions. */
export const replaceFaultsRoute: Route = {
  method: 'PUT',
  path: '/__emulator/faults',
  area: 'control',
  query: [],
  async handle(context) {
    const faults = await readFaults(context.request);
    context.state.faults.splice(0, context.state.faults.length, ...faults);
    await context.services.store.save();
    return jsonReply({ now: faults.length });
  },
};

/** @throws Refusal 400 that names every problem */
async function readFaults(request: IncomingMessage): Promise<FaultState[]> {
  const parsed = parseFaults(await readJson(request));
  if ('problems' in parsed) throw new Refusal(400, parsed.problems.join('; '));
  return parsed.faults.map(freshFault);
}
