/** Which gate and which evidence count: what the options say, within what the policy allows. Pure. */

import type { EvidenceMode, GateMode } from '../model/run-request.ts';
import { type Declared, stricterEvidence, weakestEvidence } from '../policy/file/policy-chain.ts';

/** `setBy` is absent where the default stands. */
interface Asked<T> {
  value: T;
  setBy?: string | undefined;
}

interface InForce<T> extends Asked<T> {
  /** What was asked for and did not count, one sentence. */
  overruled?: string;
}

/** No mode lets more through than the one after it. */
const STRICTEST_FIRST: readonly GateMode[] = ['enforce', 'warn', 'disabled'];

/** An option or variable can only tighten what the policy says. Where neither gives a mode, the default stands. */
export function gateInForce(asked: Asked<GateMode>, pinned: Declared<GateMode> | undefined): InForce<GateMode> {
  if (pinned === undefined) return asked;
  const byPolicy = { value: pinned.value, setBy: `the policy (${pinned.source})` };
  if (asked.setBy === undefined) return byPolicy;
  const looser = STRICTEST_FIRST.indexOf(asked.value) > STRICTEST_FIRST.indexOf(pinned.value);
  if (!looser) return asked;
  return {
    ...byPolicy,
    overruled: `gate ${asked.value}, set by ${asked.setBy}, is ignored: the policy pins gate ${pinned.value} (${pinned.source})`,
  };
}

/** The same for the documents that prove; where one asks for the PDF and the other for the JSON, both are needed. */
export function evidenceInForce(
  asked: Asked<EvidenceMode>,
  policy: Parameters<typeof weakestEvidence>[0] | undefined,
): InForce<EvidenceMode> {
  const weakest = policy && weakestEvidence(policy);
  if (weakest === undefined) return asked;
  const byPolicy = { setBy: `the policy (${weakest.source})` };
  // The PDF is the default, too.
  if (asked.setBy === undefined) return policy?.evidence ? { value: weakest.value, ...byPolicy } : asked;
  const value = stricterEvidence(asked.value, weakest.value);
  if (value === asked.value) return asked;
  return {
    value,
    ...byPolicy,
    overruled: `evidence ${asked.value}, set by ${asked.setBy}, is not enough: ${weakest.why}; ${value} holds`,
  };
}
