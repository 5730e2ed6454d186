/** Evidence and policy to verdict. Pure; nothing but its arguments decides. */
import { bindFiles } from '../certificate/binding.ts';
import type { Evidence } from '../certificate/certificate.ts';
import type { ServiceIds } from '../errors.ts';
import type { AppKind, EvidenceMode, GateMode, SignMethod } from '../options/run-request.ts';
import { compareWithBaseline } from './baseline.ts';
import { identityFindings } from './identity-findings.ts';
import { NOTHING_REQUIRED } from './plan.ts';
import { stricterEvidence } from './policy-chain.ts';
import { judgeRule, lookedFor, type RuleJudgement } from './requirement.ts';
import type { PolicyPlan, Rule } from './rule.ts';
import { selectPlatform } from './rules-of-platform.ts';
import { type Sources, selectSources } from './sources.ts';
import type {
  Binding,
  CertificateVerification,
  Finding,
  RequirementResult,
  Verdict,
  VerdictOutcome,
} from './verdict.ts';
import { findingsOf } from './verdict-findings.ts';
import { applyWaivers, waiverFindings } from './waivers.ts';

/** What the certificate must be about, and what counts as evidence. Absent ids were not asked for. */
export interface Expectation extends ServiceIds {
  mode: 'run' | 'gate';
  /** Of the bytes that were uploaded, lower-case hex. */
  originalSha256?: string | undefined;
  /** Of the protected app as downloaded, or as given with `--app`. */
  finalSha256?: string | undefined;
  sign?: SignMethod | undefined;
  kind?: AppKind | undefined;
  evidenceMode: EvidenceMode;
  gate: GateMode;
  /** Milliseconds since the epoch; absent = no waiver holds, since nobody knows whether it has expired. */
  now?: number | undefined;
  /** What the service answered when it was asked about the certificate. */
  verification?: CertificateVerification | undefined;
}

/**
 * Judges.
 *
 * Outcome: `error` over `fail` over `pass`. `pass` needs at least one enforceable rule that is satisfied, every enforceable rule
 * satisfied or waived, and no finding of level `error` besides. What leads where (design, "The verdict"; U = usable: read, with a
 * feature list that is not empty):
 *
 * | what is found | outcome | finding |
 * | --- | --- | --- |
 * | gate disabled | not-evaluated | - |
 * | no rule that could fail, or all of them waived | error | usage.invalid |
 * | neither document readable | error | certificate.none and each reading |
 * | PDF U; JSON absent, HTML, array, null, damaged, list empty | judged on the PDF | a warning |
 * | PDF U; JSON valid, of unknown shape | judged on the PDF | a note with its top-level keys and types |
 * | PDF absent, damaged or without a list; JSON U | judged on the JSON, `inferred` | warnings |
 * | no document U | error | why, for each |
 * | `evidence: pdf` or `json`, that one not U | error | evidence.insufficient |
 * | `evidence: both`, one not U | error | evidence.insufficient |
 * | an id in two values in one document, or differing between them | error | certificate.contradiction, .disagreement |
 * | build, Fusion Set, app or team id other than asked | error | identity.mismatch |
 * | build or Fusion Set id asked, stated nowhere | error | identity.unproven |
 * | build id asked, not stated in the very document that proves | error | identity.unproven |
 * | app id asked, stated nowhere (the build id holds) | judged | a warning |
 * | hash of another file (not private, auto-dev, SDK) | error | binding.mismatch |
 * | shown by the PDF, in the JSON absent or with an unreadable value | satisfied | a warning |
 * | shown by one, denied by the other or by itself | error | certificate.disagreement, .contradiction |
 * | only denied | fail (denied) | feature.denied |
 * | shown by the JSON, not in a PDF whose list is whole | fail (missing): JSON cannot add to it, `evidence: json` or not | feature.missing |
 * | shown by the JSON, not in a PDF whose list is not whole | satisfied, `inferred` | a warning |
 * | named with null, "failed", an unknown word; no PDF with a whole list | error (unproven) | feature.unproven |
 * | the same beside a whole PDF list without it | fail (missing) | feature.missing |
 * | shown by one under `evidence: both` | error (unproven) | feature.unproven |
 * | not found | fail (missing) | feature.missing, and the unclaimed names |
 * | shown in In-App Detection, listener missing | fail (no-listener) | feature.no-listener |
 * | a listener missing besides | judged | a warning |
 * | asked for a Threat-Events mode that no document shows | error (unproven) | feature.unproven |
 * | another mode than asked for | fail (denied) | feature.denied |
 * | forbidden, shown | fail (denied) | feature.denied |
 * | forbidden, no whole list without it | error (unproven) | feature.unproven |
 * | a build fact other than asked for | fail (denied) | feature.denied |
 * | a build fact that no document states, or that cannot be compared | error (unproven) | feature.unproven |
 * | rules of one platform, and no document states the platform | error | identity.unproven |
 * | the app is of another platform than the certificate states | error | identity.platform |
 * | a rule that a waiver lifts today for this very build | waived | waiver.expires-soon in its last 14 days |
 * | gone, weaker, or a listener newly missing since the baseline | fail | baseline.* |
 * | the service was asked about the certificate and did not say yes | judged | a note |
 *
 * Where identity or binding fails, or no document can be judged, every requirement is `not-evaluated`: what another build's
 * certificate shows is no answer. A denial counts whatever `evidence` says: the option chooses what proves, not what may object.
 */
export function evaluate(plan: PolicyPlan, evidence: Evidence, expectation: Expectation): Verdict {
  if (expectation.gate === 'disabled') {
    const binding: Binding = { level: 'none', message: 'Nothing was compared: the gate is disabled.' };
    return closed(plan, 'not-evaluated', [], binding, 'The gate is disabled');
  }
  const evidenceMode = stricterEvidence(expectation.evidenceMode, plan.evidence ?? 'any');
  const selected = selectSources(evidence, evidenceMode, expectation.mode === 'run');
  if (plan.missingListeners !== undefined) selected.sources.missingListeners = plan.missingListeners;
  const { binding, finding: bindingFinding } = bindFiles(expectation, evidence);
  const platform = selectPlatform(plan, selected.sources);
  const here: PolicyPlan = { ...plan, rules: platform.rules };
  const aboutDocuments: Finding[] = [
    ...(here.rules.some((rule) => rule.severity === 'error') ? [] : [NOTHING_REQUIRED]),
    ...selected.findings,
    ...(selected.sources.readable.length === 0
      ? []
      : [
          ...identityFindings(expectation, expectation.mode === 'run', evidence, selected.sources),
          ...platform.findings,
        ]),
    ...(bindingFinding ? [bindingFinding] : []),
    ...verificationFinding(expectation.verification),
  ];
  const known = expectation.verification === undefined ? {} : { verification: expectation.verification };
  if (!selected.usable || aboutDocuments.some((finding) => finding.level === 'error')) {
    return { ...closed(here, 'error', aboutDocuments, binding, 'No verdict could be had'), ...known };
  }
  return { ...judged(here, selected.sources, aboutDocuments, binding, expectation.now), ...known };
}

/** That the service did not say yes is told and decides nothing (appdome-api.md §3.16: request and answer are not known). */
function verificationFinding(verification: CertificateVerification | undefined): Finding[] {
  if (verification === undefined || verification.outcome === 'confirmed') return [];
  const hint = 'Nothing; the verdict rests on the certificate itself.';
  return [{ code: 'certificate.unconfirmed', level: 'note', message: verification.message, hint }];
}

/** A verdict without a judgement of the rules. */
function closed(
  plan: PolicyPlan,
  outcome: VerdictOutcome,
  findings: Finding[],
  binding: Binding,
  why: string,
): Verdict {
  const requirements = plan.rules.map((rule) =>
    requirement(rule, { outcome: 'not-evaluated', message: why, evidence: [] }),
  );
  return { outcome, requirements, findings, missingFeatures: [], binding, evidence: 'none' };
}

function judged(
  plan: PolicyPlan,
  sources: Sources,
  aboutDocuments: Finding[],
  binding: Binding,
  now: number | undefined,
): Verdict {
  const waived = applyWaivers(plan, sources, now);
  const judgements = waived.rules.map((rule) => ({ rule, judgement: judgeRule(rule, sources) }));
  const asked = judgements.map(({ rule, judgement }) => requirement(rule, judgement));
  const baseline = plan.baseline && compareWithBaseline(plan.baseline, sources, plan.missingListeners);
  const requirements = [...asked, ...(baseline?.requirements ?? [])];
  const evidenceKind = evidenceLevel(
    judgements.map(({ judgement }) => judgement),
    sources,
  );
  const findings = [
    ...aboutDocuments,
    ...findingsOf(judgements, sources, evidenceKind),
    ...waived.findings,
    ...waiverFindings(waived.active, asked, now),
    ...(baseline?.findings ?? []),
  ];
  const enforced = requirements.filter((one) => one.severity === 'error');
  // What a baseline asks for is no rule of the policy: where all of those are lifted, nothing is required.
  if (asked.filter((one) => one.severity === 'error').every((one) => one.outcome === 'waived'))
    findings.push(NOTHING_REQUIRED);
  const unmet = enforced.filter((one) => one.outcome !== 'satisfied' && one.outcome !== 'waived');
  const noVerdict = findings.some((finding) => finding.level === 'error' && !FAILURES.has(finding.code));
  return {
    outcome: noVerdict ? 'error' : unmet.length > 0 ? 'fail' : 'pass',
    requirements,
    findings,
    missingFeatures: [...new Set(unmet.map((one) => one.feature?.name ?? plainRequirement(one)))].sort(),
    binding,
    evidence: evidenceKind,
    ...(baseline ? { baseline: baseline.record } : {}),
  };
}

/** Findings of level `error` that are a failure of the app; every other one means that no verdict can be had. */
const FAILURES = new Set<Finding['code']>([
  'feature.missing',
  'feature.denied',
  'feature.no-listener',
  'baseline.gone',
  'baseline.weakened',
  'baseline.no-listener',
]);

/** One satisfied rule that rests on the JSON alone makes the whole verdict `inferred`. */
function evidenceLevel(judgements: RuleJudgement[], sources: Sources): Verdict['evidence'] {
  const jsonAlone = judgements.some((one) => one.basis.length > 0 && !one.basis.includes('pdf'));
  return jsonAlone || !sources.pdf || sources.mode === 'json' ? 'inferred' : 'verified';
}

/** `key: NAME` is listed by its printed name. */
function plainRequirement(one: RequirementResult): string {
  return one.rule === 'key' ? one.requirement.replace(/^key:\s*/iu, '') : one.requirement;
}

function requirement(
  rule: Rule,
  judgement: Pick<RuleJudgement, 'outcome' | 'message' | 'evidence'> & { hint?: string },
): RequirementResult {
  const { condition } = rule;
  const feature =
    condition.kind === 'feature'
      ? { name: condition.name, ...(condition.key === undefined ? {} : { key: condition.key }) }
      : undefined;
  return {
    id: rule.id,
    rule: condition.kind,
    requirement: rule.requirement,
    ...(feature ? { feature } : {}),
    severity: rule.severity,
    outcome: judgement.outcome,
    evidence: judgement.evidence,
    lookedFor: lookedFor(condition),
    source: rule.source,
    message: judgement.message,
    ...(judgement.hint === undefined ? {} : { hint: judgement.hint }),
    ...(judgement.outcome === 'waived' && rule.waivedBy !== undefined ? { waivedBy: rule.waivedBy } : {}),
  };
}
