/** Which instructions apply to a request. Pure, except for the instructions' own counters. */
import { DEFAULT_PATHS, type FaultAction, type FaultInstruction, type FaultState } from './instruction.ts';

export interface RequestFacts {
  method: string;
  /** Without the query. */
  path: string;
  /** Present once it is known: at once from a query, or after reading the form for POST /tasks. */
  action: string | undefined;
  /** Whether the request asks for workflow messages. */
  wantsMessages: boolean;
}

/** Kinds that decide the answer on their own; at most one applies to a request. The others change it and may be combined. */
const TERMINAL_KINDS = new Set<FaultAction['kind']>(['status', 'html', 'redirect', 'reset', 'stall']);

/** @returns an instruction with its initial counters */
export function freshFault(instruction: FaultInstruction): FaultState {
  const times = instruction.times ?? 1;
  return { instruction, skip: instruction.after ?? 0, remaining: times === 'always' ? null : times, met: [] };
}

export function isConsumed(fault: FaultState): boolean {
  return fault.remaining === 0;
}

/**
 * Takes the faults that apply to a request at this moment, and counts them down.
 * @param moment `headers`: instructions that name no action, or one that the query names; `form`: those that wait for the form
 */
export function takeFaults(
  faults: FaultState[],
  request: RequestFacts,
  moment: 'headers' | 'form',
  requestNumber: number,
): FaultAction[] {
  const taken: FaultAction[] = [];
  let decided = false;
  for (const fault of faults) {
    const wanted = expectedAction(fault.instruction);
    const waitsForForm = wanted !== undefined && request.method === 'POST';
    if (waitsForForm !== (moment === 'form') || isConsumed(fault) || !matches(fault.instruction, request)) continue;
    const terminal = TERMINAL_KINDS.has(fault.instruction.do.kind);
    if (terminal && decided) continue;
    if (fault.skip > 0) {
      fault.skip -= 1;
      continue;
    }
    if (fault.remaining !== null) fault.remaining -= 1;
    fault.met.push(requestNumber);
    taken.push(fault.instruction.do);
    decided ||= terminal;
  }
  return taken;
}

function expectedAction({ match, do: action }: FaultInstruction): string | undefined {
  return match?.action ?? (action.kind === 'taskError' ? action.stage : undefined);
}

function matches(instruction: FaultInstruction, request: RequestFacts): boolean {
  const defaults = DEFAULT_PATHS[instruction.do.kind];
  const method = instruction.match?.method ?? defaults?.method;
  const path = instruction.match?.path ?? defaults?.path;
  const action = expectedAction(instruction);
  if (instruction.do.kind === 'message' && !request.wantsMessages) return false;
  if (method !== undefined && method !== request.method) return false;
  if (path !== undefined && !pathExpression(path).test(request.path)) return false;
  return action === undefined || action === request.action;
}

/** `*` within a segment, `**` across segments; or a regular expression after `regex:`. */
function pathExpression(path: string): RegExp {
  if (path.startsWith('regex:')) return new RegExp(path.slice('regex:'.length));
  const source = path
    .split(/(\*\*|\*)/)
    .map((part) => (part === '**' ? '.*' : part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')))
    .join('');
  return new RegExp(`^${source}$`);
}
