/** From evidence and policy to verdict. Pure: only its arguments decide. */

import { isLoopback, SERVICE_ORIGIN } from '../../api/origin.ts';
import { factValues, isRehearsal, readDocuments } from '../../certificate/identity.ts';
import { printedTime } from '../../certificate/printed-time.ts';
import type { Evidence } from '../../model/certificate.ts';
import { CLOCK_SKEW_MS } from '../../model/clock.ts';
import { defined } from '../../model/defined.ts';
import type { ServiceIds } from '../../model/errors.ts';
import type { AppListening } from '../../model/listening.ts';
import type { AppKind, EvidenceMode, GateMode, SignMethod } from '../../model/run-request.ts';
import type { Binding, Finding, RequirementResult, Verdict, VerdictOutcome } from '../../model/verdict.ts';
import { DAY_MS, dayOf } from '../../text/calendar-day.ts';
import { formatDuration } from '../../text/parse-duration.ts';
import { compareWithBaseline } from '../baseline/baseline.ts';
import { bindFiles } from '../binding/binding.ts';
import { stricterEvidence } from '../file/policy-chain.ts';
import { applyWaivers, settleWaivers } from '../waivers/waivers.ts';
import { waivedProtections } from './app-listeners.ts';
import { subjectsOf } from './condition.ts';
import { claimFindings, identityFindings } from './identity-findings.ts';
import { notJudged, requirementResultOf } from './not-judged.ts';
import { isProtective, nothingRequired } from './plan.ts';
import { judgeRule, type RuleJudgement } from './requirement.ts';
import type { PolicyPlan, Rule, SubjectCondition } from './rule.ts';
import { selectPlatform } from './rules-of-platform.ts';
import { type Sources, selectSources, settingsOf } from './sources.ts';
import { acceptedFinding, acceptHint, doubtsAbout, quoted, together, understand, unreadFinding } from './understood.ts';
import { findingsOf } from './verdict-findings.ts';

/** What the certificate must be about, and what counts as evidence. Absent ids are not checked. */
export interface Expectation extends ServiceIds {
  mode: 'run' | 'gate';
  /** Of the bytes that were uploaded, lower-case hex. */
  originalSha256?: string | undefined;
  /** Of the app given for a build that this run did not start: through `build-id` or a journal. */
  claimedOriginalSha256?: string | undefined;
  /** Of the protected app as downloaded, or as given with `--app`. */
  finalSha256?: string | undefined;
  /** How this run asked to sign. */
  sign?: SignMethod | undefined;
  kind?: AppKind | undefined;
  evidenceMode: EvidenceMode;
  gate: GateMode;
  /** Who set the gate, for the finding that reports it: `the environment variable FUSEGATE_GATE`. */
  gateSetBy?: string | undefined;
  /** What the check of the app found before the upload; absent = it was not made. */
  listening?: AppListening | undefined;
  /** Milliseconds since the epoch; absent = no waiver applies, since any may have expired. */
  now?: number | undefined;
}

/**
 * Judges.
 *
 * Outcome: `error` over `fail` over `pass`. `pass` needs at least one enforceable rule that asks for a protection and is satisfied, every
 * enforceable rule satisfied or waived, and no finding of level `error` besides. What leads to what (design, "The verdict"; U = usable:
 * readable, with a non-empty feature list). docs/verdict.md shows the same rows, and each has a test:
 *
 * | what is found | outcome | finding |
 * | --- | --- | --- |
 * | gate disabled | not-evaluated | gate.weakened |
 * | gate disabled or warn, and the policy pins a stricter one | judged under the policy's | - |
 * | gate warn | judged; exits 6 and 8 become 0 | gate.weakened |
 * | no enforceable rule asks for a protection on this platform | error | usage.invalid |
 * | every such rule is waived, and none of them holds without its waiver | error | policy.all-waived |
 * | neither document readable | error | certificate.none and each reading |
 * | PDF U; JSON absent, HTML, array, null, damaged, list empty | judged on the PDF | a warning |
 * | PDF U; JSON valid, of unknown shape | judged on the PDF | a note with its top-level keys and types |
 * | `evidence: any`; PDF absent, damaged or without a list; JSON U | judged on the JSON, `inferred` | evidence.inferred |
 * | no document U | error | why, for each |
 * | `evidence: pdf` (the default) or `json`, that one not U | error | evidence.insufficient |
 * | `evidence: both`, one not U | error | evidence.insufficient |
 * | wording in the PDF that is neither known nor accepted, wherever it is | judged | certificate.unread |
 * | wording that only the policy's `accept` makes understood | judged | policy.accepted |
 * | an id in two values in one document | error | certificate.contradiction |
 * | an id that differs between the documents | error | certificate.disagreement |
 * | build, Fusion Set, app or team id other than asked | error | identity.mismatch |
 * | build or Fusion Set id asked, stated nowhere | error | identity.unproven |
 * | build id asked, not stated in the very document that proves | error | identity.unproven |
 * | app id asked, stated nowhere (the build id holds) | judged | a warning |
 * | an app given for a build that it did not start, and no document prints the original's hash | error | identity.unproven |
 * | the original's hash is another app's | error | binding.mismatch |
 * | the hash of the original or the final app is ours, and text above it, outside the list, is not known | error | binding.unconfirmed |
 * | the final hash is another file's, and this run did not ask for private or auto-dev signing | error | binding.mismatch |
 * | the protected app is byte for byte the original | error | binding.mismatch |
 * | an app given to mode gate, and no document prints a hash to compare it with | error | binding.unconfirmed |
 * | signed on Appdome by this run, or an app given to mode gate, and the PDF shows no final hash that is understood | error | binding.unconfirmed |
 * | an app given to mode gate, no final hash, and all that the PDF says is understood, its part about signing being the one for private or auto-dev | judged, `unconfirmed` | binding.unconfirmed |
 * | an SDK given to mode gate, no final hash, and all that the PDF says is understood, with no part about signing | judged, `unconfirmed` | binding.unconfirmed |
 * | private or auto-dev signing | judged, `unconfirmed` | binding.unconfirmed |
 * | older than `max-certificate-age`, or of an age that cannot be read | error | certificate.too-old |
 * | a certificate of an embedded build service, and the policy pins another | error | server.rehearsal |
 * | rules of one platform, and no document states the platform | error | identity.unproven |
 * | the app is of another platform than the certificate states | error | identity.platform |
 * | shown by the PDF, its whole way understood | satisfied | - |
 * | shown by the PDF, in the JSON absent | satisfied | certificate.disagreement, a warning |
 * | shown by the PDF, below or beside wording that is not known | error (unproven) | feature.unproven |
 * | shown by the PDF, and its line names a mode that is not known | error (unproven) | feature.unproven |
 * | shown by the PDF, and the PDF speaks of it in words that are not understood | error (unproven) | feature.unproven |
 * | shown by the PDF, and another printed name holds its name | error (unproven) | feature.unproven |
 * | the same, and a rule asks for that very name as printed, or `accept` holds it | satisfied | - |
 * | shown by the PDF, and the JSON speaks of it without an understood yes | error (unproven) | certificate.contradiction |
 * | the same: the JSON lists it under a heading, or in a list with a word, that is not known | error (unproven) | certificate.contradiction |
 * | shown by the PDF, and listed by the JSON, which has something that is not known in another part | satisfied | - |
 * | shown by one, denied by the other | error | certificate.disagreement |
 * | shown and denied by the same document | error | certificate.contradiction |
 * | only denied | fail (denied) | feature.denied |
 * | shown by the JSON alone under `evidence: pdf` | fail (missing), with the option that would let it prove | feature.missing |
 * | shown by the JSON, not in a PDF whose list is whole | fail (missing): JSON cannot add to it, `evidence: json` or not | feature.missing |
 * | shown by the JSON, not in a PDF whose list is not whole, under `evidence: any` or `json` | satisfied, `inferred` | evidence.inferred |
 * | the same, in In-App Detection, and no PDF that lists missing listeners | satisfied | listener.unproven, a warning |
 * | shown by the JSON alone, and a value outside its lists is not a known fact | error (unproven) | feature.unproven |
 * | named by the JSON without an understood yes, and no PDF with a whole list | error (unproven) | feature.unproven |
 * | the same beside a whole PDF list without it | fail (missing) | feature.missing |
 * | shown by one under `evidence: both` | error (unproven) | feature.unproven |
 * | not found, and it is known how it is printed | fail (missing): switch it on | feature.missing |
 * | not found, and how it is printed has not been seen | fail (missing): find out how | feature.missing, and the unclaimed names |
 * | not found, and what is printed with its Threat-Events off is there | fail (missing): require that | feature.missing |
 * | shown by a name that only the policy's `aliases` pair with it | satisfied | policy.alias-used |
 * | shown in In-App Detection, or in no mode, and its listener missing | fail (no-listener) | feature.no-listener |
 * | shown in In-App Detection, and a missing listener pairs with nothing, or is not in the form of a name | error (unproven) | feature.unproven |
 * | the same, and only the policy's `aliases` pair the listener with another protection | satisfied | policy.alias-used |
 * | shown in In-App Detection, and a missing listener resembles its own, whatever `aliases` says | error (unproven) | feature.unproven |
 * | shown, and its line counts as understood only because `accept` holds it | as In-App Detection; unproven if a mode is asked for | feature.unproven |
 * | the same, and other text in the list is unread | error (unproven) | feature.unproven |
 * | shown in In-App Detection, and whether a listener is missing cannot be read | error (unproven) | feature.unproven |
 * | the same under `missing-threat-event-listeners: warn` or `ignore` | satisfied | a warning, or nothing |
 * | shown in In-App Detection or Threat-Memory, and the rule does not name that mode | satisfied | feature.not-enforced, a warning |
 * | a listener of another protection missing | judged | listener.missing |
 * | `missing-threat-event-listeners: fail`, and one is missing | fail (no-listener) | feature.no-listener |
 * | `missing-threat-event-listeners: fail`, and whether one is missing cannot be read | error (unproven) | listener.unproven |
 * | the same, since the JSON names a Threat-Event without an understood yes | error (unproven) | listener.unproven |
 * | `threat-event-listeners`, and the app does not listen for a needed event, by the check before the upload | fail (no-listener) | feature.no-listener |
 * | the same, and the check cannot tell, or was not made | error (unproven) | listener.unproven |
 * | asked for a Threat-Events mode that no document shows | error (unproven) | feature.unproven |
 * | another mode than asked for | fail (denied) | feature.denied |
 * | `any-of`, one proven | satisfied | - |
 * | `all-of`, one not proven | as the worst of them | as the worst of them |
 * | `at-least`, fewer proven than asked | as the worst of them | as the worst of them |
 * | forbidden, shown | fail (denied) | feature.denied |
 * | forbidden, no whole list without it, or something speaks of it, accepted or not | error (unproven) | feature.unproven |
 * | a build fact other than asked for | fail (denied) | feature.denied |
 * | a build fact or the end of the signature as asked for, and text above it, outside the list, is not known | error (unproven) | feature.unproven |
 * | a build fact as asked for, or a forbidden one stated as false, and the JSON states it outside the known parts of its record, or with another kind of value beside it | error (unproven) | feature.unproven |
 * | a build fact that no document states, or that cannot be compared | error (unproven) | feature.unproven |
 * | the signature ends sooner than asked for | fail (denied) | feature.denied |
 * | when the signature ends is not stated, or cannot be read | error (unproven) | feature.unproven |
 * | a rule that a waiver lifts today for this very build | waived | waiver.expires-soon in its last 14 days |
 * | gone, weaker, or a listener newly missing since the baseline | fail | baseline.* |
 * | in the baseline, and not understood now | error | feature.unproven, certificate.contradiction |
 *
 * If identity or binding fails, or no document can be judged, every requirement is `not-evaluated`: another build's certificate does not
 * answer the question. A denial counts whatever `evidence` says: the option chooses what proves, not what may object.
 */
export function evaluate(plan: PolicyPlan, evidence: Evidence, expectation: Expectation): Verdict {
  const gate = stricterGate(expectation.gate, plan.gate);
  const weakened = weakenedGate(gate, plan, expectation);
  if (gate === 'disabled') {
    const binding: Binding = { level: 'none', message: 'Nothing was compared: the gate is disabled.' };
    return closed(plan, 'not-evaluated', weakened, binding, 'The gate is disabled');
  }
  const understood = understand(evidence, plan.accept);
  const evidenceMode = stricterEvidence(expectation.evidenceMode, plan.evidence ?? 'any');
  const selected = selectSources(understood.evidence, evidenceMode, expectation.mode === 'run');
  const claimed = new Set(plan.rules.flatMap(({ condition }) => subjectsOf(condition)).flatMap(printedOf));
  const printed = plan.accept && readDocuments(understand(evidence).evidence);
  const sources: Sources = {
    ...selected.sources,
    ...settingsOf(plan),
    ...defined({ printed }),
    claimed,
    listening: expectation.listening,
    now: expectation.now,
  };
  const { binding, finding: bindingFinding } = bindFiles(expectation, understood.evidence);
  const platform = selectPlatform(plan, sources);
  const here: PolicyPlan = { ...plan, rules: platform.rules };
  const aboutDocuments: Finding[] = [
    ...nothingRequired(plan, here.rules),
    ...selected.findings,
    ...(sources.readable.length === 0
      ? []
      : [
          ...identityFindings(expectation, expectation.mode === 'run', understood.evidence, sources),
          ...claimFindings(expectation.claimedOriginalSha256, understood.evidence),
          ...ageFindings(plan, sources),
          ...rehearsalFindings(plan, evidence, expectation.mode === 'run' || expectation.buildId !== undefined),
          ...platform.findings,
        ]),
    ...(bindingFinding ? [bindingFinding] : []),
    ...weakened,
    ...unreadFinding(sources.readable, sources.policy),
    ...acceptedFinding(understood.accepted),
  ];
  const blocked = !selected.usable || aboutDocuments.some((finding) => finding.level === 'error');
  const verdict = blocked
    ? closed(here, 'error', aboutDocuments, binding, 'No verdict was possible')
    : judged(here, sources, aboutDocuments, binding);
  return { ...verdict, accepted: understood.accepted, findings: blockersFirst(verdict.findings) };
}

/** The printed name that a rule asks for. */
function printedOf(subject: SubjectCondition): string[] {
  return subject.kind === 'key' ? [subject.printed] : [];
}

/** The rules without which a policy asks for nothing: rule 1 of the verdict. */
function protectionRules({ rules }: PolicyPlan): PolicyPlan['rules'] {
  return rules.filter(isProtective);
}

const STRICTNESS: Record<GateMode, number> = { disabled: 0, warn: 1, enforce: 2 };

function stricterGate(a: GateMode, b: GateMode = 'disabled'): GateMode {
  return STRICTNESS[a] >= STRICTNESS[b] ? a : b;
}

/** Readers of a green run must learn who weakened the gate. */
function weakenedGate(gate: GateMode, plan: PolicyPlan, { gateSetBy }: Expectation): Finding[] {
  if (gate === 'enforce') return [];
  const by = gateSetBy ?? (plan.gate === gate ? `the policy (${plan.path ?? 'gate'})` : 'the option gate');
  const means = gate === 'disabled' ? 'nothing was judged' : 'a verdict that is not pass does not stop the run';
  return [
    {
      code: 'gate.weakened',
      level: 'warning',
      message: `The gate is set to ${gate} by ${by}: ${means}`,
      hint: 'Remove that setting, or pin `gate: enforce` in the policy, which no option or variable can weaken.',
    },
  ];
}

/** With files alone, no service was asked whose origin could be compared with the policy's: the certificate says where it comes from. */
function rehearsalFindings({ server, path }: PolicyPlan, evidence: Evidence, asked: boolean): Finding[] {
  if (server === undefined || isLoopback(new URL(server)) || !isRehearsal(evidence)) return [];
  // The service that the policy pins was asked, and may be an embedded one on another machine.
  if (asked && server !== SERVICE_ORIGIN) return [];
  return [
    {
      code: 'server.rehearsal',
      level: 'error',
      message: `An embedded build service issued the certificate, and ${path ?? 'the policy'} allows ${server} alone`,
      hint: 'Judge the certificate of a build at that service. To rehearse, leave `server` out of a copy of the policy.',
    },
  ];
}

const MINUTE_MS = 60 * 1000;

function ageFindings({ maxCertificateAgeMs: most }: PolicyPlan, { readable, now, policy }: Sources): Finding[] {
  if (most === undefined) return [];
  const facts = readable.flatMap((document) => factValues(document, 'certificate_created'));
  const limit = `max-certificate-age is ${formatDuration(most)}`;
  const refuse = (message: string, hint: string): Finding[] => [
    { code: 'certificate.too-old', level: 'error', message: `${message}; ${limit}`, hint },
  ];
  const read = 'Judge with the PDF certificate, which states when it was made.';
  if (facts.length === 0) return refuse('The certificate states no time at which it was made', read);
  if (now === undefined) return refuse('The age of the certificate is unknown, because the current date is', read);
  const ages = facts.map(({ value, where }) => ({
    age: now - (printedTime(value) ?? Number.NaN),
    at: `${value}, ${where}`,
  }));
  const unread = ages.find(({ age }) => Number.isNaN(age));
  if (unread) return refuse(`When the certificate was made cannot be read (${unread.at})`, read);
  // A certificate that is dated tomorrow or later has no usable age either.
  const future = ages.find(({ age }) => age < -CLOCK_SKEW_MS);
  if (future) {
    return refuse(
      `The certificate is from the future (${future.at}), and today is ${dayOf(now)}`,
      'Check the clock of this machine; where it is right, download the certificate again.',
    );
  }
  const old = ages.find(({ age }) => age > most);
  const doubts = doubtsAbout(facts);
  if (!old && doubts.length > 0) {
    return refuse(
      `The text above the time at which the certificate was made is not understood: ${quoted(doubts)}`,
      acceptHint(doubts, policy),
    );
  }
  if (!old) return [];
  return refuse(
    `The certificate is ${ageWords(old.age, most)} old (${old.at})`,
    'Build again, and judge the certificate of the new build.',
  );
}

/** In days, unless the days alone would not show that it is too old. */
function ageWords(age: number, most: number): string {
  const days = Math.floor(age / DAY_MS);
  return days > 1 && days * DAY_MS > most ? `${days} days` : formatDuration(Math.ceil(age / MINUTE_MS) * MINUTE_MS);
}

/** A verdict without judging the rules. */
function closed(
  plan: PolicyPlan,
  outcome: VerdictOutcome,
  findings: Finding[],
  binding: Binding,
  why: string,
): Verdict {
  const requirements = notJudged(plan, why);
  return {
    outcome,
    requirements,
    findings,
    missingFeatures: [],
    binding,
    evidence: 'none',
    waivers: [],
    accepted: [],
  };
}

function judged(plan: PolicyPlan, sources: Sources, aboutDocuments: Finding[], binding: Binding): Verdict {
  const { now } = sources;
  const waived = applyWaivers(plan, sources, now);
  const judgements = judgeAll(waived.rules, { ...sources, waived: waivedProtections(waived.rules) });
  const asked = judgements.map(({ rule, judgement }) => requirementResultOf(rule, judgement));
  const baseline = plan.baseline && compareWithBaseline(plan.baseline, sources, plan.missingListeners);
  const requirements = [...asked, ...(baseline?.requirements ?? [])];
  const evidenceKind = evidenceLevel(
    judgements.map(({ judgement }) => judgement),
    sources,
  );
  const settled = settleWaivers(waived.records, asked, now);
  const findings = [
    ...aboutDocuments,
    ...allWaivedFinding(plan, asked),
    ...findingsOf(judgements, { ...sources, waived: waivedProtections(waived.rules) }, evidenceKind),
    ...waived.findings,
    ...settled.findings,
    ...(baseline?.findings ?? []),
  ];
  const enforced = requirements.filter((one) => one.severity === 'error');
  const unmet = enforced.filter((one) => one.outcome !== 'satisfied' && one.outcome !== 'waived');
  return {
    outcome: findings.some(blocks) ? 'error' : unmet.length > 0 ? 'fail' : 'pass',
    requirements,
    findings,
    missingFeatures: [...new Set(unmet.map((one) => one.feature?.name ?? plainRequirement(one)))].sort(),
    binding,
    evidence: evidenceKind,
    waivers: settled.records,
    accepted: [],
    ...(baseline ? { baseline: baseline.record } : {}),
  };
}

/** Judged again if something has to be accepted: then each message prints the one line that settles everything. */
function judgeAll(rules: readonly Rule[], sources: Sources) {
  const judge = (policy: Sources['policy']) =>
    rules.map((rule) => ({ rule, judgement: judgeRule(rule, { ...sources, policy }) }));
  const judged = judge(sources.policy);
  const pending = together(judged.map(({ judgement }) => judgement.accept));
  return Object.keys(pending).length === 0 ? judged : judge({ ...sources.policy, pending });
}

/** What a baseline asks for does not count: if every rule of the policy itself is waived, there is nothing left to prove. */
function allWaivedFinding(plan: PolicyPlan, asked: readonly RequirementResult[]): Finding[] {
  const ids = new Set(protectionRules(plan).map(({ id }) => id));
  const waived = asked.filter((one) => ids.has(one.id));
  if (!waived.every((one) => one.outcome === 'waived')) return [];
  return [
    {
      code: 'policy.all-waived',
      level: 'error',
      message: `Every rule that asks for a protection is waived (${waived.map((one) => one.requirement).join(', ')}), so there is nothing left to prove`,
      hint: 'Remove one of the waivers, or require a protection that the app has.',
    },
  ];
}

/** Findings of level `error` that mean the app failed; all others mean that there is no verdict. */
export const FAILURES: ReadonlySet<Finding['code']> = new Set<Finding['code']>([
  'feature.missing',
  'feature.denied',
  'feature.no-listener',
  'listener.not-found',
  'baseline.gone',
  'baseline.weakened',
  'baseline.no-listener',
]);

function blocks({ level, code }: Finding): boolean {
  return level === 'error' && !FAILURES.has(code);
}

/** What blocks a verdict comes first as the headline, then failures, then what is worth a look. Otherwise the order is stable. */
function blockersFirst(findings: readonly Finding[]): Finding[] {
  const rank = (finding: Finding) =>
    blocks(finding) ? 0 : finding.level === 'error' ? 1 : finding.level === 'warning' ? 2 : 3;
  return [...findings].sort((a, b) => rank(a) - rank(b));
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
