/** Evidence and policy to verdict. Pure; nothing but its arguments decides. */
import { bindFiles } from '../certificate/binding.ts';
import type { Evidence } from '../certificate/certificate.ts';
import type { ServiceIds } from '../errors.ts';
import type { AppKind, EvidenceMode, GateMode, SignMethod } from '../options/run-request.ts';
import { identityFindings } from './identity-findings.ts';
import { NOTHING_REQUIRED } from './plan.ts';
import { judgeRule, lookedFor, type RuleJudgement } from './requirement.ts';
import type { PolicyPlan, Rule } from './rule.ts';
import { type Sources, selectSources } from './sources.ts';
import type { Binding, Finding, RequirementResult, Verdict, VerdictOutcome } from './verdict.ts';
import { findingsOf } from './verdict-findings.ts';

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
 * | shown by the JSON, not in a PDF whose list is whole | fail (missing): JSON cannot add to it | feature.missing |
 * | shown by the JSON, not in a PDF whose list is not whole | satisfied, `inferred` | a warning |
 * | named with null, "failed", an unknown word; no PDF with a whole list | error (unproven) | feature.unproven |
 * | the same beside a whole PDF list without it | fail (missing) | feature.missing |
 * | shown by one under `evidence: both` | error (unproven) | feature.unproven |
 * | not found | fail (missing) | feature.missing, and the unclaimed names |
 * | shown in In-App Detection, listener missing | fail (no-listener) | feature.no-listener |
 * | a listener missing besides | judged | a warning |
 * | asked for a Threat-Events mode that no document shows | error (unproven) | feature.unproven |
 * | another mode than asked for | fail (denied) | feature.denied |
 *
 * Where identity or binding fails, or no document can be judged, every requirement is `not-evaluated`: what another build's
 * certificate shows is no answer. A denial counts whatever `evidence` says: the option chooses what proves, not what may object.
 */
export function evaluate(plan: PolicyPlan, evidence: Evidence, expectation: Expectation): Verdict {
  if (expectation.gate === 'disabled') {
    const binding: Binding = { level: 'none', message: 'Nothing was compared: the gate is disabled.' };
    return closed(plan, 'not-evaluated', [], binding, 'The gate is disabled');
  }
  const selected = selectSources(evidence, expectation.evidenceMode, expectation.mode === 'run');
  const { binding, finding: bindingFinding } = bindFiles(expectation, evidence);
  const aboutDocuments: Finding[] = [
    ...(plan.rules.some((rule) => rule.severity === 'error') ? [] : [NOTHING_REQUIRED]),
    ...selected.findings,
    ...(selected.sources.readable.length === 0
      ? []
      : identityFindings(expectation, expectation.mode === 'run', evidence, selected.sources)),
    ...(bindingFinding ? [bindingFinding] : []),
  ];
  if (!selected.usable || aboutDocuments.some((finding) => finding.level === 'error')) {
    return closed(plan, 'error', aboutDocuments, binding, 'No verdict could be had');
  }
  return judged(plan, selected.sources, aboutDocuments, binding);
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

function judged(plan: PolicyPlan, sources: Sources, aboutDocuments: Finding[], binding: Binding): Verdict {
  const judgements = plan.rules.map((rule) => ({ rule, judgement: judgeRule(rule, sources) }));
  const requirements = judgements.map(({ rule, judgement }) => requirement(rule, judgement));
  const evidenceKind = evidenceLevel(
    judgements.map(({ judgement }) => judgement),
    sources,
  );
  const findings = [...aboutDocuments, ...findingsOf(judgements, sources, evidenceKind)];
  const enforced = requirements.filter((one) => one.severity === 'error');
  if (enforced.every((one) => one.outcome === 'waived')) findings.push(NOTHING_REQUIRED);
  const unmet = enforced.filter((one) => one.outcome !== 'satisfied' && one.outcome !== 'waived');
  const failing: Finding['code'][] = ['feature.missing', 'feature.denied', 'feature.no-listener'];
  const noVerdict = findings.some((finding) => finding.level === 'error' && !failing.includes(finding.code));
  return {
    outcome: noVerdict ? 'error' : unmet.length > 0 ? 'fail' : 'pass',
    requirements,
    findings,
    missingFeatures: [...new Set(unmet.map((one) => one.feature?.name ?? plainRequirement(one)))].sort(),
    binding,
    evidence: evidenceKind,
  };
}

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
