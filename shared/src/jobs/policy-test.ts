/** `fusegate policy test`: a policy against certificates whose verdicts are known. Pure but for loading zod and yaml. */
import type { Evidence } from '../model/certificate.ts';
import { defined } from '../model/defined.ts';
import type { UsageProblem } from '../model/errors.ts';
import type { Platform } from '../model/run-request.ts';
import type { Verdict } from '../model/verdict.ts';
import type { MergedPolicy } from '../policy/file/policy-chain.ts';
import { byPlace, type Issue, keysOf, type Problem, problemsOf } from '../policy/file/policy-issues.ts';
import { type PolicyProblem, placeText, policyProblem } from '../policy/file/policy-problem.ts';
import { type PolicyPath, readYaml, type TextPosition } from '../policy/file/policy-yaml.ts';
import { evaluate } from '../policy/rules/evaluate.ts';
import { planPolicy } from '../policy/rules/plan.ts';
import type { Rule } from '../policy/rules/rule.ts';
import { type NameRefusal, readAliases, readSubject } from '../policy/rules/subjects.ts';
import { subjectOfName, subjectOfRule } from '../policy/waivers/waivers.ts';
import { dayOf, endOf } from '../text/calendar-day.ts';
import { normaliseName } from '../text/normalise.ts';
import { withoutByteOrderMark } from '../text/white-space.ts';
import type { PolicyTestCase, PolicyTestDocument } from './policy-test-schema.ts';

export interface PolicyTestFile {
  label: string;
  document: PolicyTestDocument;
  placeOf(path: PolicyPath): TextPosition;
}

/** `partial` is what can be looked at all the same, so that everything that is wrong comes at once; never for a verdict. */
export type PolicyTestReading =
  | { ok: true; file: PolicyTestFile }
  | { ok: false; problems: PolicyProblem[]; partial?: PolicyTestFile };

/** Never throws for what the text holds. */
export async function readPolicyTest(text: string, label: string): Promise<PolicyTestReading> {
  const failed = (problems: readonly Problem[], partial?: PolicyTestFile): PolicyTestReading => ({
    ok: false,
    problems: [...problems]
      .sort(byPlace)
      .map(({ at, message, value, allowed }) => policyProblem(label, at, message, defined({ value, allowed }))),
    ...defined({ partial }),
  });
  const yaml = await readYaml(withoutByteOrderMark(text));
  if (!yaml.ok) return failed(yaml.problems);
  const { source } = yaml;
  const [{ policyTestSchema }, { safeParse, toJSONSchema }] = await Promise.all([
    import('./policy-test-schema.ts'),
    import('zod/mini'),
  ]);
  const { placeOf } = source;
  const parsed = safeParse(policyTestSchema, source.value);
  const left = parsed.success ? parsed.data : readable(source.value);
  const dates: Array<[unknown, PolicyPath]> = [
    [left.now, ['now']],
    ...left.cases.map(({ now }, index): [unknown, PolicyPath] => [now, ['cases', index, 'now']]),
  ];
  const wrong = dates.flatMap(([now, path]) =>
    typeof now !== 'string' || endOf(now) !== undefined
      ? []
      : [{ at: placeOf(path), value: now, message: 'is not a calendar day', allowed: 'YYYY-MM-DD' }],
  );
  if (parsed.success && wrong.length === 0) return { ok: true, file: { label, document: parsed.data, placeOf } };
  const known = keysOf(toJSONSchema(policyTestSchema, { io: 'input' }) as Parameters<typeof keysOf>[0]);
  const form = parsed.success
    ? []
    : problemsOf(parsed.error.issues as Issue[], source, known, 'a policy test').map(({ path: _, ...one }) => one);
  return failed([...form, ...wrong], { label, document: left, placeOf });
}

/** What of a wrong document names files and protections, each in its place: a case that cannot be read stays, without anything. */
function readable(value: unknown): PolicyTestDocument {
  const map = (one: unknown): Record<string, unknown> => (typeof one === 'object' && one !== null ? { ...one } : {});
  const texts = (one: unknown) => [one].flat().filter((text) => typeof text === 'string' && text !== '') as string[];
  const root = map(value);
  const cases = Array.isArray(root.cases) ? root.cases : [];
  return {
    version: 1,
    policy: texts(root.policy)[0] ?? '',
    ...(typeof root.now === 'string' ? { now: root.now } : {}),
    cases: cases.map((one: unknown) => {
      const { name, certificate, missing, options, now } = map(one);
      return {
        ...(typeof name === 'string' ? { name } : {}),
        certificate: texts(certificate),
        expect: 'error' as const,
        missing: texts(missing),
        options: { 'required-features': texts(map(options)['required-features']) },
        ...(typeof now === 'string' ? { now } : {}),
      };
    }),
  };
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
  /** The day of the judgement, YYYY-MM-DD. */
  day: string;
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
  const name = one.name ?? [one.certificate].flat().join(', ');
  const { evidence: mode, platform, 'required-features': names = [] } = one.options ?? {};
  // A waiver is bounded from the day on which the policy is used; the day of a case says only whether it holds then.
  const { plan, problems } = planPolicy({
    required: names.map((each) => ({ name: each, origin: { option: source } })),
    gate: 'enforce',
    policy,
    platform,
    now,
  });
  const { aliases } = readAliases(policy.aliases);
  const expected = (one.missing ?? []).map((written) => meantBy(written, plan.rules, aliases, platform));
  const unknown = expected.flatMap((each, at) => {
    const option = placeText(file.label, file.placeOf(['cases', index, 'missing', at]));
    return 'refusal' in each ? [{ option, value: each.written, ...each.refusal }] : [];
  });
  const here = `(case ${name}, judged on ${dayOf(moment)})`;
  const told = problems.map((each) =>
    each.option === source ? { ...each, message: `${each.message} ${here}` } : each,
  );
  if (told.length > 0) return { problems: [...told, ...(plan.rules.length > 0 ? unknown : [])] };
  if (unknown.length > 0) return { problems: unknown };
  const evidenceMode = mode ?? policy.evidence?.value ?? 'pdf';
  const verdict = evaluate({ ...plan, maxWaiverDays: Number.POSITIVE_INFINITY }, evidence, {
    mode: 'gate',
    evidenceMode,
    gate: 'enforce',
    now: moment,
  });
  const meant = expected.flatMap((each) => ('refusal' in each ? [] : [each]));
  const differences = differencesOf(one, meant, verdict);
  return {
    name,
    source,
    day: dayOf(moment),
    expected: one.expect,
    got: verdict.outcome,
    ok: differences.length === 0,
    differences,
  };
}

interface Meant {
  written: string;
  /** Ids of the rules that it may be. */
  rules: string[];
}

/** A name of the protection, or the requirement as reports show it. */
function meantBy(
  written: string,
  rules: readonly Rule[],
  aliases: ReturnType<typeof readAliases>['aliases'],
  platform: Platform | undefined,
): Meant | { written: string; refusal: NameRefusal } {
  const subject = subjectOfName(written, aliases);
  const form = normaliseName(written);
  const meant = rules.filter(
    (rule) => normaliseName(rule.requirement) === form || ('id' in subject && subjectOfRule(rule) === subject.id),
  );
  if (meant.length > 0) return { written, rules: meant.map(({ id }) => id) };
  const read = readSubject(written, aliases, platform);
  if ('refusal' in read) return { written, refusal: read.refusal };
  const asked = rules.map(({ requirement }) => requirement);
  return {
    written,
    refusal: {
      message: 'is not required by any rule here',
      allowed: asked.length > 0 ? asked.join(', ') : 'a name that the policy requires',
    },
  };
}

function differencesOf(one: PolicyTestCase, expected: readonly Meant[], verdict: Verdict): string[] {
  const unmet = verdict.requirements.filter(
    ({ severity, outcome }) => severity === 'error' && !['satisfied', 'waived', 'not-evaluated'].includes(outcome),
  );
  const lacks = expected
    .filter(({ rules }) => !unmet.some(({ id }) => rules.includes(id)))
    .map(({ written }) => written);
  const others = unmet.filter(({ id }) => !expected.some(({ rules }) => rules.includes(id)));
  const more = one.missing === undefined ? [] : others.map(({ feature, requirement }) => feature?.name ?? requirement);
  const why = verdict.findings.filter(({ level }) => level === 'error').map(({ message }) => message);
  return [
    ...(verdict.outcome === one.expect ? [] : why.length > 0 ? why : [`the verdict is ${verdict.outcome}`]),
    ...(lacks.length > 0 ? [`not missing: ${lacks.join(', ')}`] : []),
    ...(more.length > 0 ? [`also missing: ${more.join(', ')}`] : []),
  ];
}
