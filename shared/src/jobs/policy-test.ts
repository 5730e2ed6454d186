/** `fusegate policy test`: a policy against certificates whose verdicts are known. Pure but for loading zod and yaml. */
import type { Evidence } from '../model/certificate.ts';
import type { UsageProblem } from '../model/errors.ts';
import type { Verdict } from '../model/verdict.ts';
import type { MergedPolicy } from '../policy/file/policy-chain.ts';
import { type PolicyProblem, policyProblem } from '../policy/file/policy-file.ts';
import { byPlace, type Issue, keysOf, type Problem, problemsOf } from '../policy/file/policy-issues.ts';
import { type Place, type PolicyPath, readYaml } from '../policy/file/policy-yaml.ts';
import { evaluate } from '../policy/rules/evaluate.ts';
import { planPolicy } from '../policy/rules/plan.ts';
import { endOf } from '../policy/waivers/waivers.ts';
import type { PolicyTestCase, PolicyTestDocument } from './policy-test-schema.ts';

export interface PolicyTestFile {
  label: string;
  document: PolicyTestDocument;
  placeOf(path: PolicyPath): Place;
}

export type PolicyTestReading = { ok: true; file: PolicyTestFile } | { ok: false; problems: PolicyProblem[] };

/** Never throws for what the text holds. */
export async function readPolicyTest(text: string, label: string): Promise<PolicyTestReading> {
  const failed = (problems: readonly Problem[]): PolicyTestReading => ({
    ok: false,
    problems: [...problems].sort(byPlace).map(({ at, message, ...more }) => policyProblem(label, at, message, more)),
  });
  const yaml = await readYaml(text.replace(/^\uFEFF/u, ''));
  if (!yaml.ok) return failed(yaml.problems);
  const { source } = yaml;
  const [{ policyTestSchema }, { safeParse, toJSONSchema }] = await Promise.all([
    import('./policy-test-schema.ts'),
    import('zod/mini'),
  ]);
  const parsed = safeParse(policyTestSchema, source.value);
  if (!parsed.success) {
    const known = keysOf(toJSONSchema(policyTestSchema, { io: 'input' }) as Parameters<typeof keysOf>[0]);
    return failed(problemsOf(parsed.error.issues as Issue[], source, known, 'a policy test'));
  }
  const dates = [
    [parsed.data.now, ['now']],
    ...parsed.data.cases.map(({ now }, index) => [now, ['cases', index, 'now']]),
  ];
  const wrong = (dates as Array<[string | undefined, PolicyPath]>).flatMap(([now, path]) =>
    now === undefined || endOf(now) !== undefined
      ? []
      : [{ at: source.placeOf(path), value: now, message: 'is not a day of the calendar', allowed: 'YYYY-MM-DD' }],
  );
  if (wrong.length > 0) return failed(wrong);
  return { ok: true, file: { label, document: parsed.data, placeOf: source.placeOf } };
}

/** The end of the day that is named: what was created on that day exists by then, and a waiver of that day still holds. */
function momentOf(file: PolicyTestFile, one: PolicyTestCase, now: number): number {
  const end = endOf(one.now ?? file.document.now ?? '');
  return end === undefined ? now : end - 1;
}

export interface TestedCase {
  name: string;
  /** `file:line`. */
  source: string;
  expected: string;
  got: string;
  ok: boolean;
  /** Why it differs; empty where it does not. */
  differences: string[];
}

/** @returns how the case came out, or why this policy cannot be planned for it */
export function testCase(
  file: PolicyTestFile,
  index: number,
  policy: MergedPolicy,
  evidence: Evidence,
  now: number,
): TestedCase | { problems: UsageProblem[] } {
  const one = file.document.cases[index] as PolicyTestCase;
  const moment = momentOf(file, one, now);
  const source = `${file.label}:${file.placeOf(['cases', index]).line}`;
  const { evidence: mode, platform, 'required-features': names = [] } = one.options ?? {};
  const { plan, problems } = planPolicy({
    required: names.map((name) => ({ name, origin: { option: source } })),
    gate: 'enforce',
    policy,
    platform,
    now: moment,
  });
  if (problems.length > 0) return { problems };
  const evidenceMode = mode ?? policy.evidence?.value ?? 'pdf';
  const verdict = evaluate(plan, evidence, { mode: 'gate', evidenceMode, gate: 'enforce', now: moment });
  const differences = differencesOf(one, verdict);
  return {
    name: one.name ?? [one.certificate].flat().join(', '),
    source,
    expected: one.expect,
    got: verdict.outcome,
    ok: differences.length === 0,
    differences,
  };
}

function differencesOf(one: PolicyTestCase, verdict: Verdict): string[] {
  const missing = [...(one.missing ?? [])].sort();
  const lacks = missing.filter((name) => !verdict.missingFeatures.includes(name));
  const more = one.missing === undefined ? [] : verdict.missingFeatures.filter((name) => !missing.includes(name));
  const why = verdict.findings.filter(({ level }) => level === 'error').map(({ message }) => message);
  return [
    ...(verdict.outcome === one.expect ? [] : why.length > 0 ? why : [`the verdict is ${verdict.outcome}`]),
    ...(lacks.length > 0 ? [`not missing: ${lacks.join(', ')}`] : []),
    ...(more.length > 0 ? [`missing, too: ${more.join(', ')}`] : []),
  ];
}
