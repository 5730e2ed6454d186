/** Shared by the jobs that judge certificates. Each job decides for itself which build the certificate must be about. */
import type { Evidence } from '../model/certificate.ts';
import { defined } from '../model/defined.ts';
import type { ServiceIds } from '../model/errors.ts';
import type { GateRequest, RunRequest } from '../model/run-request.ts';
import type { Verdict } from '../model/verdict.ts';
import { type Expectation, evaluate } from '../policy/rules/evaluate.ts';
import { exitCodeOf } from '../policy/rules/exit-code.ts';
import type { PolicyPlan } from '../policy/rules/rule.ts';
import { understand } from '../policy/rules/understood.ts';
import { type Judged, orError } from './frame.ts';

/**
 * What every certificate is held against.
 * @param known ids that the service gave. The app id counts only from there or from the user, never from a certificate
 */
export function commonExpectation(
  { gate, server, ...asked }: Pick<RunRequest, 'gate' | 'server' | 'appId' | 'buildId' | 'fusionSetId'>,
  known: ServiceIds,
  now: number,
): Omit<Expectation, 'mode'> {
  const { appId = asked.appId, buildId = asked.buildId } = known;
  return {
    ...defined({ appId, buildId, fusionSetId: asked.fusionSetId, teamId: server.teamId }),
    evidenceMode: gate.evidence,
    gate: gate.mode,
    gateSetBy: gate.setBy,
    now,
  };
}

export function judgedUnder({ mode }: Pick<GateRequest, 'mode'>, verdict: Verdict): Judged {
  return { verdict, exitCode: exitCodeOf(verdict.outcome, mode) };
}

/**
 * Judges the certificates of one build. Their contents are still reported after an error.
 * @param reading the certificates, or what is read of them already
 */
export async function judgeBuild(
  reading: Promise<Evidence>,
  plan: PolicyPlan,
  gate: GateRequest,
  expected: () => Promise<Expectation>,
): Promise<Judged & { evidence: Evidence }> {
  const evidence = await reading;
  const judged = await orError(plan, async () => judgedUnder(gate, evaluate(plan, evidence, await expected())));
  // As reports show it: what the policy accepts is understood.
  return { ...judged, evidence: understand(evidence, plan.accept).evidence };
}
