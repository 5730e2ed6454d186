/** Which gate mode counts: what the options say, within what the policy pins. Pure. */

import type { GateMode, GateRequest } from '../model/run-request.ts';
import type { Declared } from '../policy/file/policy-chain.ts';

/** No mode lets more through than the one after it. */
const STRICTEST_FIRST: readonly GateMode[] = ['enforce', 'warn', 'disabled'];

/**
 * An option or variable can only tighten what the policy says. Where neither gives a mode, the default stands.
 * @param asked `setBy` is absent where the default stands
 */
export function gateInForce(
  asked: Pick<GateRequest, 'mode' | 'setBy'>,
  pinned: Declared<GateMode> | undefined,
): Pick<GateRequest, 'mode' | 'setBy' | 'overruled'> {
  if (pinned === undefined) return asked;
  const byPolicy = { mode: pinned.value, setBy: `the policy (${pinned.source})` };
  if (asked.setBy === undefined) return byPolicy;
  const looser = STRICTEST_FIRST.indexOf(asked.mode) > STRICTEST_FIRST.indexOf(pinned.value);
  if (!looser) return asked;
  return {
    ...byPolicy,
    overruled: `gate ${asked.mode}, set by ${asked.setBy}, does not count: the policy pins gate ${pinned.value} (${pinned.source})`,
  };
}
