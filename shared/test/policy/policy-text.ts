/** Policies written as text, resolved as a run does it. */
import type { Evidence } from '../../src/model/certificate.ts';
import type { RequiredFeature } from '../../src/model/run-request.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { type MergeResult, mergePolicies } from '../../src/policy/file/policy-chain.ts';
import { type PolicyFile, readPolicyText } from '../../src/policy/file/policy-file.ts';
import { type Expectation, evaluate } from '../../src/policy/rules/evaluate.ts';
import { type PlanInput, type PlanResult, planPolicy } from '../../src/policy/rules/plan.ts';
import type { PolicyPlan } from '../../src/policy/rules/rule.ts';
import { EXPECTED, json, pdf } from './synthetic-evidence.ts';

/** 2026-11-21, noon, UTC. */
export const NOW = Date.parse('2026-11-21T12:00:00Z');

async function fileOf(text: string, label: string): Promise<PolicyFile> {
  const read = await readPolicyText(text, label);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.file;
}

/** @param texts the one that extends nothing first; without `version: 1`, which is added as a last line */
export async function merged(...texts: string[]): Promise<MergeResult> {
  const files = await Promise.all(
    texts.map((text, index) =>
      fileOf(`${text}\nversion: 1\n`, texts.length === 1 ? 'policy.yml' : `policy-${index + 1}.yml`),
    ),
  );
  return mergePolicies(files);
}

/** @throws when the form of a text is wrong */
export async function planned(
  text: string | string[],
  input: Partial<PlanInput> & { required?: RequiredFeature[] } = {},
): Promise<PlanResult> {
  const { policy, problems } = await merged(...[text].flat());
  const made = planPolicy({ required: [], gate: 'enforce', platform: 'android', now: NOW, ...input, policy });
  return { ...made, problems: [...problems, ...made.problems] };
}

/** @throws when there is any problem */
export async function planOf(text: string | string[], input: Partial<PlanInput> = {}): Promise<PolicyPlan> {
  const { plan, problems } = await planned(text, input);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return plan;
}

/** Judges a good synthetic build, changed in what is given, by a policy. */
export async function judgedBy(
  text: string | string[],
  given: { evidence?: Partial<Evidence>; expect?: Partial<Expectation>; input?: Partial<PlanInput> } = {},
): Promise<Verdict> {
  const evidence: Evidence = { pdf: pdf(), json: json(), ...given.evidence };
  return evaluate(await planOf(text, given.input), evidence, { ...EXPECTED, now: NOW, ...given.expect });
}
